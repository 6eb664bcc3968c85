/// What the questions to a snapshot share.
#pragma once

#include <cstddef>

#include "audience/block_set.hpp"
#include "audience/snapshot_columns.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// The place in SnapshotColumns::mails; errors as find_topic().
std::size_t mail_of(const SnapshotColumns& columns, const TopicRef& topic);
/// The place in SnapshotColumns::segments; errors as find_segment().
std::size_t segment_of(const SnapshotColumns& columns, const SegmentRef& segment);
/// The members; valid as long as the columns are.
BlockSet set_of(const SnapshotColumns& columns, const SegmentRef& segment);
/// Everybody in the team who may receive a mail.
Bits who_receives(const SnapshotColumns& columns, std::size_t mail);

}  // namespace mailroll::detail
