#include "mailroll/store/filter_match.hpp"

#include <algorithm>
#include <utility>

#include "mailroll/consent/decide.hpp"
#include "mailroll/store/store.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

Truth truth(bool holds) { return holds ? Truth::yes : Truth::no; }

Truth negated(Truth value) {
  if (value == Truth::unknown) return value;
  return truth(value == Truth::no);
}

std::optional<PropertyValue> some(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<PropertyValue>(text);
}

std::optional<PropertyValue> field_of(const Contact& contact, FilterField field) {
  switch (field) {
    case FilterField::email: return some(contact.email);
    case FilterField::email_domain: return some(contact.email.substr(contact.email.rfind('@') + 1));
    case FilterField::first_name: return some(contact.first_name);
    case FilterField::last_name: return some(contact.last_name);
    case FilterField::created_at: return contact.created_at;
    case FilterField::updated_at: return contact.updated_at;
  }
  return {};
}

/// Nothing: null.
std::optional<PropertyValue> value_of(const FilterValue& value, const FilterSubject& subject) {
  std::optional<PropertyValue> found;
  switch (value.kind) {
    case FilterValue::Kind::literal: found = value.literal; break;
    case FilterValue::Kind::now: found = subject.now; break;
    case FilterValue::Kind::field:
      if (subject.person.contact) found = field_of(*subject.person.contact, value.field);
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

Truth compared(FilterOperation operation, const std::optional<PropertyValue>& left,
               const std::optional<PropertyValue>& right) {
  // A property whose definition went and came back may hold a value of another type: it is none of this one.
  if (!left || !right || left->index() != right->index()) return Truth::unknown;
  switch (operation) {
    case FilterOperation::equal: return truth(*left == *right);
    case FilterOperation::unequal: return truth(*left != *right);
    case FilterOperation::less: return truth(*left < *right);
    case FilterOperation::at_most: return truth(*left <= *right);
    case FilterOperation::greater: return truth(*left > *right);
    case FilterOperation::at_least: return truth(*left >= *right);
    default: return Truth::unknown;
  }
}

/// Bytes of the letter that begins here.
std::size_t letter_at(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80U) ++length;
  return length;
}

/// % any letters, _ one letter, \ takes the next letter as it is.
bool is_like(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t behind_any = std::string_view::npos;  // in the pattern, behind the last %
  std::size_t tried = 0;
  while (at < text.size()) {
    const char wanted = in < pattern.size() ? pattern[in] : '\0';
    if (in < pattern.size() && wanted == '%') {
      behind_any = ++in;
      tried = at;
      continue;
    }
    const std::size_t letter = letter_at(text, at);
    const std::size_t from = wanted == '\\' ? in + 1 : in;
    const std::size_t length = from < pattern.size() ? letter_at(pattern, from) : 0;
    if (in < pattern.size() &&
        (wanted == '_' || (length > 0 && text.substr(at, letter) == pattern.substr(from, length)))) {
      at += letter;
      in = wanted == '_' ? in + 1 : from + length;
      continue;
    }
    if (behind_any == std::string_view::npos) return false;
    tried += letter_at(text, tried);
    at = tried;
    in = behind_any;
  }
  while (in < pattern.size() && pattern[in] == '%') ++in;
  return in == pattern.size();
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
  const auto to_decide = [](const ScopeState& state) {
    ScopeState kept;
    kept.said = state.said;
    kept.valid_until = state.valid_until;
    kept.by_override = state.by_override;
    return kept;
  };
  const Standing& standing = person.permission.standing;
  out.standing.everything = to_decide(standing.everything);
  out.standing.erased = standing.erased;
  out.standing.suppressions = standing.suppressions;
  if (query.topic != everything_scope) out.choice = to_decide(person.permission.choice(query.topic));
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
      return truth(filter.operation == FilterOperation::like ? is_like(*text, *pattern) : text->starts_with(*pattern));
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
    range.first = detail::next_id(*query.after);
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
    range.first = detail::next_id(page.back().id);
  }
}

}  // namespace mailroll
