/// Reading people: the tables asked for, walked side by side in the order of contact ids.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "mailroll/store/person.hpp"
#include "sqlite/native.hpp"
#include "sqlite/sources.hpp"

namespace mailroll::detail {

/// Session::people(), inside a transaction.
void read_people(Native& native, Sources& sources, TeamNumber team, const IdRange& range, const Parts& parts,
                 std::size_t limit, std::vector<Person>& out);

/// A row of suppressions_sql: contact_id, reason, email, at.
void read_suppression(const Cursor& row, Suppression& out);

/// A limit as SQLite takes it: a negative one would mean none.
inline std::int64_t row_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min(limit, static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max())));
}

}  // namespace mailroll::detail
