/// What a snapshot holds: who there is, which segments hold them, and how each is judged for each kind of mail.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audience/bits.hpp"
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
  std::size_t commonest = 0;                                        ///< the reason of most: what the others leave
};

/// Sets of bits are as long as there are contacts; the contact with ordinal n is `ids[n]`.
struct SnapshotColumns {
  Uuid team;
  Time as_of{};
  bool incomplete = false;
  std::vector<Segment> segments;  ///< by number
  std::vector<Bits> members;      ///< of each segment
  std::vector<Topic> topics;      ///< by number
  std::vector<Judged> mails;      ///< without a topic, then of each topic
  std::span<const ContactId> ids;
  std::shared_ptr<const void> keeps_ids;
  bool ids_are_mapped = false;

  [[nodiscard]] std::size_t words() const { return (ids.size() + word_bits - 1) / word_bits; }
};

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
    Mail mail;
    std::array<Bits, reason_count> by_reason;
    Bits by_override;
  };
  void judge(std::size_t ordinal, const Standing& standing);

  std::vector<Segment> segments_;
  std::vector<Topic> topics_;
  Time as_of_;
  std::vector<std::size_t> segment_at_;  // by number: its place, or `unknown`
  std::vector<std::size_t> topic_at_;
  std::vector<ContactId> ids_;
  std::vector<Bits> members_;
  std::vector<Judging> mails_;
  std::vector<const ScopeState*> chosen_;  // of the contact that is being judged, as mails_
};

}  // namespace mailroll::detail
