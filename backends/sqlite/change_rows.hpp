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

/// Deletes the first `limit` rows that `select` names for (team, number), with `erase` for (team, contact, number).
std::size_t remove_rows(Native& native, std::string_view select, std::string_view erase, std::int32_t team,
                        std::int32_t number, std::size_t limit);

}  // namespace mailroll::detail
