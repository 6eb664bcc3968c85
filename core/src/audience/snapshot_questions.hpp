/// What the questions to a snapshot share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "audience/block_set.hpp"
#include "audience/snapshot_columns.hpp"
#include "mailroll/audience/audience.hpp"
#include "mailroll/audience/expression.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// The place in SnapshotColumns::mails; errors as find_topic().
std::size_t mail_of(const SnapshotColumns& columns, const TopicRef& topic);
/// Whom the text means; errors as Roll::audience().
SegmentSet people_meant(const SnapshotColumns& columns, const SegmentRef& text);
/// The people; valid as long as the columns are. A segment that these do not have is nobody's.
BlockSet set_of(const SnapshotColumns& columns, const SegmentSet& people);
/// The same as bits of its own.
Bits bits_of(const SnapshotColumns& columns, BlockSet& people);
/// By reason.
Counts counts_of(const SnapshotColumns& columns, BlockSet& people, std::size_t mail);
/// Those of `people` who may receive the mail.
Bits audience_of(const SnapshotColumns& columns, BlockSet& people, std::size_t mail);
Bits audience_of(const SnapshotColumns& columns, const SegmentSet& people, std::size_t mail);
/// Ids of `size` of them, ascending; the same for the same seed.
std::vector<ContactId> sample_of(const SnapshotColumns& columns, const Bits& who, std::size_t size, std::uint64_t seed);
/// Their ids, ascending.
std::vector<ContactId> ids_of(const SnapshotColumns& columns, const Bits& people);
/// Everybody in the team who may receive a mail.
Bits who_receives(const SnapshotColumns& columns, std::size_t mail);

}  // namespace mailroll::detail
