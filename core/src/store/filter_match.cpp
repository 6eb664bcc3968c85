#include "mailroll/store/filter_match.hpp"

#include <algorithm>
#include <utility>

#include "mailroll/consent/decide.hpp"
#include "mailroll/store/store.hpp"
#include "store/filter_values.hpp"

namespace mailroll {

namespace {

using detail::compared;

Truth truth(bool holds) { return holds ? Truth::yes : Truth::no; }

Truth negated(Truth value) {
  if (value == Truth::unknown) return value;
  return truth(value == Truth::no);
}

/// Nothing: null.
std::optional<PropertyValue> value_of(const FilterValue& value, const FilterSubject& subject) {
  std::optional<PropertyValue> found;
  switch (value.kind) {
    case FilterValue::Kind::literal: found = value.literal; break;
    case FilterValue::Kind::now: found = subject.now; break;
    case FilterValue::Kind::field:
      if (subject.person.contact) found = detail::field_of(*subject.person.contact, value.field);
      break;
    case FilterValue::Kind::property:
      if (!subject.properties) {
        subject.properties.emplace();
        if (subject.person.contact) *subject.properties = subject.person.contact->properties.values();
      }
      if (const auto held = subject.properties->find(value.property); held != subject.properties->end()) {
        found = held->second;
      }
      break;
  }
  if (found && value.offset.count() != 0) {
    if (auto* time = std::get_if<Time>(&*found)) *time += value.offset;
  }
  return found;
}

Truth both(Truth one, Truth other) {
  if (one == Truth::no || other == Truth::no) return Truth::no;
  return one == Truth::yes && other == Truth::yes ? Truth::yes : Truth::unknown;
}

Truth any_of(Truth one, Truth other) { return negated(both(negated(one), negated(other))); }

constexpr std::size_t least_people_page = 256;
constexpr std::size_t people_page = 4096;

void take(Person& person, const CandidateQuery& query, Candidate& out) {
  out = Candidate{};
  out.id = person.id;
  out.standing = for_decide(person.permission.standing);
  if (query.topic != everything_scope) out.choice = for_decide(person.permission.choice(query.topic));
  if (!query.with_profile) return;
  out.email = std::move(person.contact->email);
  out.first_name = std::move(person.contact->first_name);
  out.last_name = std::move(person.contact->last_name);
}

bool is_receiving(const Filter& filter, const FilterSubject& subject) {
  const TopicNumber number{filter.number};
  const auto topic = std::ranges::find(subject.topics, number, &Topic::number);
  if (topic == subject.topics.end()) return false;
  const Mail mail{.transactional = false, .topic_default = topic->default_subscription, .at = subject.now};
  const Permission& permission = subject.person.permission;
  return receives(
      decide(subject.person.contact.has_value(), true, permission.standing, permission.choice(number), mail));
}

}  // namespace

Truth evaluate(const Filter& filter, const FilterSubject& subject) {
  const auto value = [&](std::size_t n) { return value_of(filter.values[n], subject); };
  const auto said = [&] { return subject.person.permission.choice(TopicNumber{filter.number}).said; };
  switch (filter.operation) {
    case FilterOperation::all: {
      Truth whole = Truth::yes;
      for (const Filter& part : filter.parts) whole = both(whole, evaluate(part, subject));
      return whole;
    }
    case FilterOperation::any: {
      Truth whole = Truth::no;
      for (const Filter& part : filter.parts) whole = any_of(whole, evaluate(part, subject));
      return whole;
    }
    case FilterOperation::negation: return negated(evaluate(filter.parts[0], subject));
    case FilterOperation::one_of: {
      const std::optional<PropertyValue> left = value(0);
      Truth whole = Truth::no;
      for (std::size_t n = 1; n < filter.values.size(); ++n) {
        whole = any_of(whole, compared(FilterOperation::equal, left, value(n)));
      }
      return whole;
    }
    case FilterOperation::between: {
      const std::optional<PropertyValue> middle = value(0);
      return both(compared(FilterOperation::at_least, middle, value(1)),
                  compared(FilterOperation::at_most, middle, value(2)));
    }
    case FilterOperation::like:
    case FilterOperation::starts_with: {
      const std::optional<PropertyValue> left = value(0);
      const auto* text = left ? std::get_if<std::string>(&*left) : nullptr;
      const auto* pattern = std::get_if<std::string>(&filter.values[1].literal);
      if (text == nullptr || pattern == nullptr) return Truth::unknown;
      return truth(filter.operation == FilterOperation::like ? detail::is_like(*text, *pattern)
                                                             : text->starts_with(*pattern));
    }
    case FilterOperation::is_null: return truth(!value(0).has_value());
    case FilterOperation::holds: return compared(FilterOperation::equal, value(0), PropertyValue(true));
    case FilterOperation::in_segment: return truth(subject.in_segment(SegmentNumber{filter.number}));
    case FilterOperation::opted_in: return truth(said() == Said::opt_in);
    case FilterOperation::opted_out: return truth(said() == Said::opt_out);
    case FilterOperation::receives: return truth(is_receiving(filter, subject));
    case FilterOperation::unsubscribed: return truth(subject.person.permission.standing.unsubscribed());
    default: return compared(filter.operation, value(0), value(1));
  }
}

void ask_segments(FilterSubject& subject, const std::map<SegmentNumber, Filter>& filters) {
  subject.in_segment = [&](SegmentNumber number) {
    const auto filter = filters.find(number);
    if (filter == filters.end()) return std::ranges::binary_search(subject.person.segments, number);
    return subject.person.contact.has_value() && evaluate(filter->second, subject) == Truth::yes;
  };
}

void match_people(Session& session, TeamNumber team, const FilterQuery& whom, const CandidateQuery& query,
                  std::vector<Candidate>& out) {
  out.clear();
  IdRange range = query.range;
  if (query.after && *query.after >= range.first) {
    if (*query.after >= range.last) return;
    range.first = next_id(*query.after);
  }
  std::vector<Person> page;
  while (out.size() < query.limit) {
    // A short list reads on a little: whoever asks for few of many would else ask the store for each.
    const std::size_t limit = std::clamp(query.limit - out.size(), least_people_page, people_page);
    session.people(team, range, {.contact = true, .permission = true, .segments = true}, limit, page);
    for (Person& person : page) {
      if (!person.contact) continue;
      FilterSubject subject{.person = person, .now = whom.now, .topics = whom.topics, .in_segment = {}};
      ask_segments(subject, whom.segments);
      if (evaluate(whom.filter, subject) != Truth::yes) continue;
      take(person, query, out.emplace_back());
      if (out.size() == query.limit) return;
    }
    if (page.size() < limit || page.back().id >= range.last) return;
    range.first = next_id(page.back().id);
  }
}

}  // namespace mailroll
