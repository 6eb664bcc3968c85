/// Reading an audience's candidates through SQLite's own cursor.
#pragma once

#include <vector>

#include "mailroll/store/store.hpp"
#include "sqlite/native.hpp"

namespace mailroll::detail {

/// Session::candidates().
void read_candidates(Native& native, TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out);

}  // namespace mailroll::detail
