#include "audience/snapshot_columns.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace mailroll::detail {

namespace {

constexpr std::size_t unknown = static_cast<std::size_t>(-1);
const ScopeState nothing_said;

template <typename Definition>
std::vector<std::size_t> places_of(const std::vector<Definition>& definitions) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const auto number = static_cast<std::size_t>(number_of(definitions[i].number));
    if (number >= places.size()) places.resize(number + 1, unknown);
    places[number] = i;
  }
  return places;
}

template <typename Number>
std::size_t place_of(Number number, const std::vector<std::size_t>& places) {
  const auto index = static_cast<std::size_t>(number_of(number));  // a negative one becomes too large
  return index < places.size() ? places[index] : unknown;
}

}  // namespace

void Judged::count() {
  commonest = 0;
  for (std::size_t r = 0; r < reason_count; ++r) {
    counts[r] = by_reason[r] ? by_reason[r]->count() : 0;
    if (counts[r] > counts[commonest]) commonest = r;
  }
}

Bits SnapshotColumns::nobody() const {
  Bits bits;
  bits.fit(words() * word_bits);
  return bits;
}

Judgement judge(const Standing& standing, const ScopeState& choice, const Mail& mail) {
  const Reason reason = decide(true, true, standing, choice, mail);
  return {.reason = reason, .by_override = receives(reason) && (choice.by_override || standing.everything.by_override)};
}

bool runs_out_behind(Time time, const ScopeState& choice) {
  return choice.said == Said::opt_in && choice.valid_until && *choice.valid_until > time;
}

std::vector<Mail> mails_of(const std::vector<Topic>& topics, Time at) {
  std::vector<Mail> mails{{.transactional = false, .topic_default = {}, .at = at}};
  for (const Topic& topic : topics) {
    mails.push_back({.transactional = false, .topic_default = topic.default_subscription, .at = at});
  }
  return mails;
}

ColumnsOfPeople::ColumnsOfPeople(std::vector<Segment> segments, std::vector<Topic> topics, Time as_of)
    : segments_(std::move(segments)),
      topics_(std::move(topics)),
      as_of_(as_of),
      segment_at_(places_of(segments_)),
      topic_at_(places_of(topics_)),
      members_(segments_.size()),
      mails_(mails_of(topics_, as_of)),
      judging_(mails_.size()),
      chosen_(mails_.size(), &nothing_said) {
  // Rows of a segment whose filter is asked are of a materialisation that is not through.
  for (const Segment& segment : segments_) {
    if (!segment.has_rows()) segment_at_[static_cast<std::size_t>(number_of(segment.number))] = unknown;
  }
}

void ColumnsOfPeople::add(const PeopleColumns& people) {
  const std::size_t first = ids_.size();
  ids_.insert(ids_.end(), people.contacts.begin(), people.contacts.end());
  auto stands = people.standings.begin();
  auto chose = people.choices.begin();
  const Standing no_standing;
  for (std::size_t contact = 0; contact < people.contacts.size(); ++contact) {
    const auto first_choice = chose;
    for (; chose != people.choices.end() && chose->contact == contact; ++chose) {
      if (const std::size_t topic = place_of(chose->topic, topic_at_); topic != unknown) {
        chosen_[topic + 1] = &chose->state;
        if (runs_out_behind(as_of_, chose->state)) {
          expiring_.push_back(
              {.at = *chose->state.valid_until, .ordinal = static_cast<std::uint32_t>(first + contact)});
        }
      }
    }
    const bool has_standing = stands != people.standings.end() && stands->contact == contact;
    judge_for_all(first + contact, has_standing ? stands->standing : no_standing);
    if (has_standing) ++stands;
    if (first_choice != chose) std::ranges::fill(chosen_, &nothing_said);
  }
  for (const auto& [contact, number] : people.memberships) {
    if (const std::size_t segment = place_of(number, segment_at_); segment != unknown) {
      members_[segment].set(first + contact);
    }
  }
}

void ColumnsOfPeople::put(const ContactId& contact, std::size_t segment) {
  const auto found = std::ranges::lower_bound(ids_, contact);
  if (found == ids_.end() || *found != contact) return;
  members_.at(segment).set(static_cast<std::size_t>(found - ids_.begin()));
}

void ColumnsOfPeople::judge_for_all(std::size_t ordinal, const Standing& standing) {
  for (std::size_t i = 0; i < mails_.size(); ++i) {
    const Judgement judgement = judge(standing, *chosen_[i], mails_[i]);
    judging_[i].by_reason[static_cast<std::size_t>(judgement.reason)].set(ordinal);
    if (judgement.by_override) judging_[i].by_override.set(ordinal);
  }
}

void ColumnsOfPeople::append(ColumnsOfPeople&& others) {
  const std::size_t at = ids_.size();
  ids_.insert(ids_.end(), others.ids_.begin(), others.ids_.end());
  const auto move_behind = [at](Bits& mine, Bits& theirs) {
    mine.append(theirs, at);
    theirs = Bits();  // not twice in memory longer than needed
  };
  for (std::size_t i = 0; i < members_.size(); ++i) move_behind(members_[i], others.members_[i]);
  for (std::size_t i = 0; i < judging_.size(); ++i) {
    Judging& mine = judging_[i];
    Judging& theirs = others.judging_[i];
    for (std::size_t r = 0; r < reason_count; ++r) move_behind(mine.by_reason[r], theirs.by_reason[r]);
    move_behind(mine.by_override, theirs.by_override);
  }
  for (const Expiring& expiring : others.expiring_) {
    expiring_.push_back({.at = expiring.at, .ordinal = static_cast<std::uint32_t>(expiring.ordinal + at)});
  }
}

SnapshotColumns ColumnsOfPeople::finish() && {
  SnapshotColumns columns;
  columns.as_of = as_of_;
  columns.segments = std::move(segments_);
  columns.topics = std::move(topics_);
  const auto ids = std::make_shared<const std::vector<ContactId>>(std::move(ids_));
  columns.ids = SnapshotIds(*ids, ids, false);
  const std::size_t bits = columns.words() * word_bits;
  for (Bits& members : members_) {
    members.fit(bits);
    columns.members.push_back(std::make_shared<const Bits>(std::move(members)));
  }
  // Most of what keeps mail from somebody keeps all mail from them: such sets are kept once.
  const auto keep = [&](Bits& set, const std::shared_ptr<const Bits>& without_topic) -> std::shared_ptr<const Bits> {
    set.fit(bits);
    if (set.count() == 0) return nullptr;
    if (without_topic && *without_topic == set) return without_topic;
    return std::make_shared<const Bits>(std::move(set));
  };
  columns.mails.resize(mails_.size());
  for (std::size_t i = 0; i < judging_.size(); ++i) {
    Judged& judged = columns.mails[i];
    for (std::size_t r = 0; r < reason_count; ++r) {
      judged.by_reason[r] = keep(judging_[i].by_reason[r], columns.mails[0].by_reason[r]);
      judging_[i].by_reason[r] = Bits();
    }
    judged.by_override = keep(judging_[i].by_override, columns.mails[0].by_override);
    judged.count();
  }
  std::ranges::sort(expiring_);
  columns.expiring = std::make_shared<const std::vector<Expiring>>(std::move(expiring_));
  return columns;
}

SnapshotColumns numbered_anew(const SnapshotColumns& columns) {
  struct Run {
    std::size_t first = 0;
    std::size_t count = 0;
  };
  std::vector<Run> runs;  // of ordinals that also stay neighbours
  std::vector<ContactId> ids;
  ids.reserve(columns.ids.contacts());
  constexpr auto gone = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> moved_to(columns.ids.ordinals(), gone);
  columns.ids.each([&](std::size_t ordinal) {
    moved_to[ordinal] = static_cast<std::uint32_t>(ids.size());
    ids.push_back(columns.ids[ordinal]);
    if (runs.empty() || runs.back().first + runs.back().count != ordinal) runs.push_back({.first = ordinal});
    ++runs.back().count;
  });
  SnapshotColumns anew = columns;
  const auto kept = std::make_shared<const std::vector<ContactId>>(std::move(ids));
  anew.ids = SnapshotIds(*kept, kept, false);
  std::map<const Bits*, std::shared_ptr<const Bits>> moved;
  const auto move = [&](std::shared_ptr<const Bits>& set) {
    if (!set) return;
    std::shared_ptr<const Bits>& known = moved[set.get()];
    if (!known) {
      Bits bits = anew.nobody();
      std::size_t at = 0;
      for (const Run& run : runs) {
        bits.copy_into(at, *set, run.first, run.count);
        at += run.count;
      }
      known = std::make_shared<const Bits>(std::move(bits));
    }
    set = known;
  };
  for (auto& members : anew.members) move(members);
  for (Judged& judged : anew.mails) {
    for (auto& set : judged.by_reason) move(set);
    move(judged.by_override);
  }
  std::vector<Expiring> expiring;
  for (Expiring one : *columns.expiring) {
    one.ordinal = moved_to[one.ordinal];
    if (one.ordinal != gone) expiring.push_back(one);
  }
  std::ranges::sort(expiring);
  anew.expiring = std::make_shared<const std::vector<Expiring>>(std::move(expiring));
  return anew;
}

}  // namespace mailroll::detail
