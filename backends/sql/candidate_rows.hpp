/// Reading an audience's candidates, on every engine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/row_limit.hpp"
#include "sql/statements/candidates_sql.hpp"

namespace mailroll::detail {

/// Makes `id` the next one; false where there is none.
inline bool increase(ContactId& id) {
  for (std::uint8_t& byte : std::ranges::reverse_view(id.bytes)) {
    if (++byte != 0) return true;
  }
  return false;
}

/// said, valid_until, by_override, from `column` on; NULL where the contact has no such row, -1 where it is there to
/// be locked only.
template <typename Row>
void read_candidate_scope(const Row& row, int column, ScopeState& out) {
  out.said = static_cast<Said>(std::max(row.number(column), 0));
  out.valid_until = row.optional_time(column + 1);
  out.by_override = row.number(column + 2) != 0;
}

/// Session::candidates().
template <typename Engine>
void read_candidates(Engine& engine, TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) {
  IdRange range = query.range;
  if (query.after && *query.after >= range.first) {
    range.first = *query.after;
    if (!increase(range.first)) {
      out.clear();
      return;
    }
  }
  const typename Engine::Held held(engine);
  const bool with_topic = query.topic != everything_scope;
  typename Engine::Rows row(engine, with_topic ? sql::select_candidates_with_topic : sql::select_candidates);
  if (with_topic) row.bind(number_of(query.topic));
  row.bind(number_of(team)).bind(number_of(query.segment)).bind(range.first).bind(range.last);
  row.bind(row_limit(query.limit));

  std::size_t count = 0;
  for (; row.step(); ++count) {
    if (out.size() == count) out.emplace_back();
    Candidate& candidate = out[count];  // its strings keep their memory from page to page
    row.read_id(0, candidate.id);
    if (query.with_profile) {
      candidate.email.assign(row.text(1));
      candidate.first_name.assign(row.text(2));
      candidate.last_name.assign(row.text(3));
    } else {
      candidate.email.clear();
      candidate.first_name.clear();
      candidate.last_name.clear();
    }
    read_candidate_scope(row, 4, candidate.standing.everything);
    candidate.standing.erased = row.number(7) != 0;
    candidate.standing.suppressions = static_cast<std::uint8_t>(row.number(8));
    if (with_topic) {
      read_candidate_scope(row, 9, candidate.choice);
    } else {
      candidate.choice = ScopeState{};
    }
  }
  out.resize(count);
}

}  // namespace mailroll::detail
