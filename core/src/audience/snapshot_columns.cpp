#include "audience/snapshot_columns.hpp"

#include <algorithm>
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

ColumnsOfPeople::ColumnsOfPeople(std::vector<Segment> segments, std::vector<Topic> topics, Time as_of)
    : segments_(std::move(segments)),
      topics_(std::move(topics)),
      as_of_(as_of),
      segment_at_(places_of(segments_)),
      topic_at_(places_of(topics_)),
      members_(segments_.size()),
      mails_(topics_.size() + 1),
      chosen_(mails_.size(), &nothing_said) {
  for (Judging& judging : mails_) judging.mail.at = as_of;
  for (std::size_t i = 0; i < topics_.size(); ++i) mails_[i + 1].mail.topic_default = topics_[i].default_subscription;
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
      }
    }
    const bool has_standing = stands != people.standings.end() && stands->contact == contact;
    judge(first + contact, has_standing ? stands->standing : no_standing);
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

void ColumnsOfPeople::judge(std::size_t ordinal, const Standing& standing) {
  for (std::size_t i = 0; i < mails_.size(); ++i) {
    const Reason reason = decide(true, true, standing, *chosen_[i], mails_[i].mail);
    mails_[i].by_reason[static_cast<std::size_t>(reason)].set(ordinal);
    if (receives(reason) && (chosen_[i]->by_override || standing.everything.by_override)) {
      mails_[i].by_override.set(ordinal);
    }
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
  for (std::size_t i = 0; i < mails_.size(); ++i) {
    for (std::size_t r = 0; r < reason_count; ++r) move_behind(mails_[i].by_reason[r], others.mails_[i].by_reason[r]);
    move_behind(mails_[i].by_override, others.mails_[i].by_override);
  }
}

SnapshotColumns ColumnsOfPeople::finish() && {
  SnapshotColumns columns;
  columns.as_of = as_of_;
  columns.segments = std::move(segments_);
  columns.topics = std::move(topics_);
  auto ids = std::make_shared<const std::vector<ContactId>>(std::move(ids_));
  const std::size_t contacts = ids->size();
  columns.ids = *ids;
  columns.keeps_ids = std::move(ids);
  columns.members = std::move(members_);
  for (Bits& members : columns.members) members.fit(contacts);
  // Most of what keeps mail from somebody keeps all mail from them: such sets are kept once.
  const auto keep = [&](Bits& bits, const std::shared_ptr<const Bits>& without_topic) -> std::shared_ptr<const Bits> {
    bits.fit(contacts);
    if (bits.count() == 0) return nullptr;
    if (without_topic && *without_topic == bits) return without_topic;
    return std::make_shared<const Bits>(std::move(bits));
  };
  columns.mails.resize(mails_.size());
  for (std::size_t i = 0; i < mails_.size(); ++i) {
    Judged& judged = columns.mails[i];
    std::uint64_t most = 0;
    for (std::size_t r = 0; r < reason_count; ++r) {
      judged.by_reason[r] = keep(mails_[i].by_reason[r], columns.mails[0].by_reason[r]);
      mails_[i].by_reason[r] = Bits();
      const std::uint64_t count = judged.by_reason[r] ? judged.by_reason[r]->count() : 0;
      if (count > most) {
        most = count;
        judged.commonest = r;
      }
    }
    judged.by_override = keep(mails_[i].by_override, columns.mails[0].by_override);
  }
  return columns;
}

}  // namespace mailroll::detail
