/// A snapshot: one team in memory, in columns, to count and compare in milliseconds what the store would answer in seconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/audience/audience.hpp"
#include "mailroll/audience/snapshot_people.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

namespace detail {
struct SnapshotColumns;
}

/// How many contacts each two segments, or expressions, have in common.
struct SegmentOverlap {
  std::vector<std::string> segments;  ///< as asked for: names, ids or expressions
  std::vector<std::uint64_t> pairs;   ///< row by row, one row and one column for each of `segments`

  /// Members of both; of one and the same: its members. Places in `segments`, from 0.
  [[nodiscard]] std::uint64_t at(std::size_t one, std::size_t other) const {
    return pairs.at(one * segments.size() + other);
  }
};

/// Every segment by every topic by reason.
struct SnapshotMatrix {
  std::vector<Segment> segments;             ///< by number
  std::vector<std::optional<Topic>> topics;  ///< nothing (mail without a topic), then by number
  std::vector<Counts> cells;                 ///< row by row: a row for each segment, a column for each of `topics`

  /// Places in `segments` and `topics`, from 0.
  [[nodiscard]] const Counts& at(std::size_t segment, std::size_t topic) const {
    return cells.at(segment * topics.size() + topic);
  }
};

/// What is another in a snapshot than in an older one of the same team. Who left the team also left its segments and lost its
/// mail. Segments and topics are those of the newer snapshot; one that the older one did not have was nobody's there.
struct SnapshotDiff {
  struct OfSegment {
    Segment segment;
    std::uint64_t joined = 0;
    std::uint64_t left = 0;
  };
  struct OfTopic {
    std::optional<Topic> topic;  ///< nothing: mail without a topic
    std::uint64_t gained = 0;    ///< contacts who may receive it now, and could not then
    std::uint64_t lost = 0;
  };
  std::uint64_t added = 0;  ///< contacts
  std::uint64_t removed = 0;
  std::vector<OfSegment> segments;  ///< by number
  std::vector<OfTopic> topics;      ///< nothing, then by number
};

/// Who gained and who lost a kind of mail, each ascending.
struct AudienceDiff {
  std::vector<ContactId> gained;
  std::vector<ContactId> lost;
};

/// One team as its store had it at one moment: contacts, segments, and how decide() judges each contact for each topic.
/// Every answer is the one that the store's audience gives of that state at as_of(): what happened since, consent that ran
/// out since included, is not in it. So a snapshot counts and compares; whoever sends mail leases people from the store,
/// which judges them anew.
///
/// Never changes; copies are cheap and share it; may be used by many threads. Holds ids, and no addresses unless
/// it was told to. Takes, for each
/// contact, 16 bytes and one bit for each segment, each reason that occurs, and each topic by each reason that is particular to it.
class MAILROLL_EXPORT Snapshot {
 public:
  /// When it was read from the store, by the roll's clock: the time at which consent was judged.
  [[nodiscard]] Time as_of() const;
  /// How old that is at `now`; never negative.
  [[nodiscard]] std::chrono::microseconds age(Time now = system_now()) const;
  /// The position in the store's log of changes up to which everything is in it; nothing where that is not known, as in a store
  /// that keeps no log. Roll::refresh() goes on behind it.
  [[nodiscard]] std::optional<std::int64_t> cursor() const;
  /// As Counts::incomplete, when it was read.
  [[nodiscard]] bool incomplete() const;
  [[nodiscard]] std::uint64_t contacts() const;
  /// By number. Those of a mapped snapshot have no filters, which may hold addresses.
  [[nodiscard]] const std::vector<Segment>& segments() const;
  [[nodiscard]] const std::vector<Topic>& topics() const;  ///< by number
  /// Octets that it takes in memory: ids, sets of contacts, and the columns that filters ask for.
  struct Memory {
    std::uint64_t ids = 0;  ///< 0 where they are read from a mapped file
    std::uint64_t sets = 0;
    std::uint64_t columns = 0;  ///< 0 where it was loaded without
  };
  [[nodiscard]] Memory memory() const;

  // A segment is a name, an id or an expression, as in Roll::audience(), with its errors; names and ids, also of topics, are
  // those of the snapshot.

  [[nodiscard]] Counts count(const SegmentRef& segment, const TopicRef& topic) const;
  /// Who may receive it, ascending.
  [[nodiscard]] std::vector<ContactId> people(const SegmentRef& segment, const TopicRef& topic) const;
  /// `size` of them, ascending; all of them where there are no more. Each set of that size is as likely as any other; the same
  /// seed takes the same people out of the same audience, on every machine.
  [[nodiscard]] std::vector<ContactId> sample(const SegmentRef& segment, const TopicRef& topic, std::size_t size,
                                              std::uint64_t seed) const;
  [[nodiscard]] SegmentOverlap overlap(const std::vector<SegmentRef>& segments) const;
  [[nodiscard]] SnapshotMatrix matrix() const;

  /// Whom a segment or an expression means.
  [[nodiscard]] SnapshotPeople meant(const SegmentRef& segment) const;
  /// Whom a filter means (docs/segments.md), at as_of(): everybody of whom it is true. Errors as check_filter(), by the names that
  /// the snapshot has; invalid, reason not_loaded, where the snapshot was loaded without the columns that it asks for.
  [[nodiscard]] SnapshotPeople where(std::string_view filter) const;

  // The same questions of people of this snapshot. Invalid (reason other_snapshot) where they are another's.

  [[nodiscard]] Counts count(const SnapshotPeople& people, const TopicRef& topic) const;
  [[nodiscard]] std::vector<ContactId> people(const SnapshotPeople& people, const TopicRef& topic) const;
  [[nodiscard]] std::vector<ContactId> sample(const SnapshotPeople& people, const TopicRef& topic, std::size_t size,
                                              std::uint64_t seed) const;
  [[nodiscard]] SegmentOverlap overlap_of(std::span<const SnapshotPeople> people) const;

  /// Invalid (reason other_team) where `older` is of another team.
  [[nodiscard]] SnapshotDiff diff(const Snapshot& older) const;
  /// Segments and topic are those that are meant here, also where the older one had them under other names.
  [[nodiscard]] AudienceDiff diff(const Snapshot& older, const SegmentRef& segment, const TopicRef& topic) const;

  /// Writes it into a file, which it makes readable for its owner alone, or takes the place of what is there once it is whole.
  /// Holds ids, names of segments and topics, and neither addresses nor columns. Error(storage), reason full or failed.
  void save(const std::string& path) const;
  /// The snapshot in a file. Checks all of it, reads the sets, and leaves the ids in the file, which must not be changed in
  /// place while any copy lives (saving anew does not). Needs no store. Error(storage) with details["file"]: not_a_snapshot;
  /// newer_snapshot, of a newer mailroll; corrupt, where it is not what was saved. not_found where there is no file.
  [[nodiscard]] static Snapshot map(const std::string& path);

 private:
  friend class Roll;
  void require_own(const SnapshotPeople& people) const;
  explicit Snapshot(std::shared_ptr<const detail::SnapshotColumns> columns) : columns_(std::move(columns)) {}
  std::shared_ptr<const detail::SnapshotColumns> columns_;
};

/// What Roll::refresh() made of an older snapshot.
struct Refreshed {
  Snapshot snapshot;
  std::uint64_t changes = 0;  ///< that it took from the log
  bool reloaded = false;      ///< the whole team was read instead
};

}  // namespace mailroll
