/// Writing people: a set of changes as prepared statements, each table after the other.
#pragma once

#include <cstddef>
#include <string_view>

#include "mailroll/store/person.hpp"
#include "sqlite/native.hpp"
#include "sqlite/sources.hpp"

namespace mailroll::detail {

/// Session::write(), inside the write transaction. What is removed goes before what is added.
void write_changes(Native& native, Sources& sources, TeamNumber team, const ChangeSet& changes);

/// Deletes up to `limit` memberships of the segment; answers how many.
std::size_t remove_members(Native& native, TeamNumber team, SegmentNumber segment, std::size_t limit);

}  // namespace mailroll::detail
