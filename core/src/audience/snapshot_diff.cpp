#include <algorithm>
#include <iterator>

#include "audience/snapshot_questions.hpp"
#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"

namespace mailroll {

namespace {

constexpr std::uint32_t gone = static_cast<std::uint32_t>(-1);

/// Sets of an older snapshot, seen beside those of a newer one.
class Older {
 public:
  Older(const detail::SnapshotColumns& older, const detail::SnapshotColumns& newer) : newer_(newer) {
    moved_to_.resize(older.ids.ordinals(), gone);
    std::vector<std::uint32_t> by_id;
    by_id.reserve(newer.ids.contacts());
    newer.ids.each([&](std::size_t ordinal) { by_id.push_back(static_cast<std::uint32_t>(ordinal)); });
    std::size_t at = 0;
    older.ids.each([&](std::size_t ordinal) {
      const ContactId& id = older.ids[ordinal];
      while (at < by_id.size() && newer.ids[by_id[at]] < id) ++at;
      if (at == by_id.size() || newer.ids[by_id[at]] != id) return;
      moved_to_[ordinal] = by_id[at];
      ++stayed_;
    });
  }

  [[nodiscard]] std::uint64_t stayed() const { return stayed_; }

  struct Change {
    std::uint64_t come = 0;
    std::uint64_t gone = 0;
  };
  /// `before` is a set of the older snapshot, `now` one of the newer.
  [[nodiscard]] Change change(const detail::Bits& before, const detail::Bits& now) const {
    detail::Bits moved = newer_.nobody();
    std::uint64_t all_before = 0;
    before.each([&](std::size_t ordinal) {
      ++all_before;
      if (moved_to_[ordinal] != gone) moved.set(moved_to_[ordinal]);
    });
    const std::uint64_t both = detail::count_both(moved.words(), now.words(), now.word_count());
    return {.come = now.count() - both, .gone = all_before - both};
  }

 private:
  const detail::SnapshotColumns& newer_;
  std::vector<std::uint32_t> moved_to_;  // by older ordinal: the newer one
  std::uint64_t stayed_ = 0;
};

void require_same_team(const detail::SnapshotColumns& one, const detail::SnapshotColumns& other) {
  if (one.team == other.team) return;
  throw Error(ErrorKind::invalid, "the older snapshot is of another team; compare two of the same",
              {{"reason", "other_team"}});
}

/// The place of what has the same number, which nobody gets again; nothing where there is none.
template <typename Definition>
std::optional<std::size_t> same_of(const std::vector<Definition>& definitions, const Definition& wanted) {
  const auto found = std::ranges::find(definitions, wanted.number, &Definition::number);
  if (found == definitions.end()) return std::nullopt;
  return static_cast<std::size_t>(found - definitions.begin());
}

/// The place of a mail of `newer` among those of `older`; nothing where its topic was not there yet.
std::optional<std::size_t> same_mail(const detail::SnapshotColumns& older, const detail::SnapshotColumns& newer,
                                     std::size_t mail) {
  if (mail == 0) return 0;
  const std::optional<std::size_t> topic = same_of(older.topics, newer.topics[mail - 1]);
  return topic ? std::optional(*topic + 1) : std::nullopt;
}

}  // namespace

SnapshotDiff Snapshot::diff(const Snapshot& older) const {
  const detail::SnapshotColumns& now = *columns_;
  const detail::SnapshotColumns& then = *older.columns_;
  require_same_team(now, then);
  const Older before(then, now);
  const detail::Bits nobody;

  SnapshotDiff diff;
  diff.added = now.ids.contacts() - before.stayed();
  diff.removed = then.ids.contacts() - before.stayed();
  for (std::size_t i = 0; i < now.segments.size(); ++i) {
    const std::optional<std::size_t> place = same_of(then.segments, now.segments[i]);
    const Older::Change change = before.change(place ? *then.members[*place] : nobody, *now.members[i]);
    diff.segments.push_back({.segment = now.segments[i], .joined = change.come, .left = change.gone});
  }
  for (std::size_t mail = 0; mail < now.mails.size(); ++mail) {
    std::optional<Topic> topic;
    if (mail != 0) topic = now.topics[mail - 1];
    const std::optional<std::size_t> place = same_mail(then, now, mail);
    const detail::Bits then_received = place ? detail::who_receives(then, *place) : detail::Bits();
    const Older::Change change = before.change(then_received, detail::who_receives(now, mail));
    diff.topics.push_back({.topic = std::move(topic), .gained = change.come, .lost = change.gone});
  }
  return diff;
}

AudienceDiff Snapshot::diff(const Snapshot& older, const SegmentRef& segment, const TopicRef& topic) const {
  require_same_team(*columns_, *older.columns_);
  const SegmentSet meant = detail::people_meant(*columns_, segment);
  const std::size_t mail = detail::mail_of(*columns_, topic);
  const std::vector<ContactId> now = detail::ids_of(*columns_, detail::audience_of(*columns_, meant, mail));
  std::vector<ContactId> then;
  if (const std::optional<std::size_t> place = same_mail(*older.columns_, *columns_, mail)) {
    then = detail::ids_of(*older.columns_, detail::audience_of(*older.columns_, meant, *place));
  }
  AudienceDiff diff;
  std::ranges::set_difference(now, then, std::back_inserter(diff.gained));
  std::ranges::set_difference(then, now, std::back_inserter(diff.lost));
  return diff;
}

}  // namespace mailroll
