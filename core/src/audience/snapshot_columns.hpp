/// What a snapshot holds: who there is, which segments hold them, and how each is judged for each kind of mail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "audience/bits.hpp"
#include "audience/segment_rules.hpp"
#include "audience/snapshot_ids.hpp"
#include "mailroll/consent/decide.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/store/people_columns.hpp"
#include "mailroll/time.hpp"

namespace mailroll::detail {

/// Contacts by the reason that decide() gave for one kind of mail: disjoint sets that together are everybody.
struct Judged {
  std::array<std::shared_ptr<const Bits>, reason_count> by_reason;  ///< nothing: nobody
  std::shared_ptr<const Bits> by_override;                          ///< of those who receive it; nothing: nobody
  std::array<std::uint64_t, reason_count> counts{};                 ///< of each set
  std::size_t commonest = 0;                                        ///< the reason of most: what the others leave

  /// Counts each set, and finds the commonest.
  void count();
};

/// Consent that runs out, of somebody who may have said something else since.
struct Expiring {
  Time at{};
  std::uint32_t ordinal = 0;

  auto operator<=>(const Expiring&) const = default;
};

struct SnapshotFields;

/// All sets have words() words; bit n of each is the contact with ordinal n.
struct SnapshotColumns {
  Uuid team;
  Time as_of{};
  bool incomplete = false;
  std::optional<std::int64_t> cursor;                ///< of the log of changes; nothing: there was none
  std::vector<Segment> segments;                     ///< by number
  std::vector<std::shared_ptr<const Bits>> members;  ///< of each segment
  std::shared_ptr<const SegmentRules> rules;         ///< nothing: no segment is dynamic
  std::vector<Topic> topics;                         ///< by number
  std::vector<Judged> mails;                         ///< without a topic, then of each topic
  SnapshotIds ids;
  std::shared_ptr<const SnapshotFields> fields;  ///< only of a snapshot as it was loaded; nothing: none were named
  /// Ascending: whoever is to be judged anew as time goes by. At least all whose consent runs out behind as_of.
  std::shared_ptr<const std::vector<Expiring>> expiring = std::make_shared<const std::vector<Expiring>>();

  [[nodiscard]] std::size_t words() const { return (ids.capacity() + word_bits - 1) / word_bits; }
  /// An empty set.
  [[nodiscard]] Bits nobody() const;
};

/// The same snapshot with ordinals as if it were loaded.
SnapshotColumns numbered_anew(const SnapshotColumns& columns);

/// How somebody is judged for one kind of mail.
struct Judgement {
  Reason reason{};
  bool by_override = false;

  bool operator==(const Judgement&) const = default;
};
Judgement judge(const Standing& standing, const ScopeState& choice, const Mail& mail);

/// Whether it is consent that counts at `time` and will not for ever.
bool runs_out_behind(Time time, const ScopeState& choice);

/// The kinds of mail of a team as SnapshotColumns::mails, at one time.
std::vector<Mail> mails_of(const std::vector<Topic>& topics, Time at);

/// Makes the columns of people who are added in the order of their ids.
class ColumnsOfPeople {
 public:
  /// Everybody is judged as of `as_of`.
  ColumnsOfPeople(std::vector<Segment> segments, std::vector<Topic> topics, Time as_of);
  void add(const PeopleColumns& people);
  /// Somebody who was added is in this segment, too. The place is that of the segment among those given to the constructor.
  void put(const ContactId& contact, std::size_t segment);
  /// Those of `others` come behind all that are here.
  void append(ColumnsOfPeople&& others);
  [[nodiscard]] SnapshotColumns finish() &&;

 private:
  struct Judging {
    std::array<Bits, reason_count> by_reason;
    Bits by_override;
  };
  void judge_for_all(std::size_t ordinal, const Standing& standing);

  std::vector<Segment> segments_;
  std::vector<Topic> topics_;
  Time as_of_;
  std::vector<std::size_t> segment_at_;  // by number: its place, or `unknown`
  std::vector<std::size_t> topic_at_;
  std::vector<ContactId> ids_;
  std::vector<Bits> members_;
  std::vector<Mail> mails_;
  std::vector<Judging> judging_;  // as mails_
  std::vector<Expiring> expiring_;
  std::vector<const ScopeState*> chosen_;  // of the contact that is being judged, as mails_
};

}  // namespace mailroll::detail
