/// Following the log of changes: what those who keep an answer over many people up to date have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "roll/roll_state.hpp"

namespace mailroll::detail {

inline constexpr std::size_t changes_at_once = 10'000;

/// Inside a write transaction: gives positions to what is committed. True: to all of it, as of this transaction.
bool publish_changes(Session& session, TeamNumber team);

/// The same in as many transactions as it takes.
void publish_changes(RollState& roll);

/// Inside a write transaction: forgets some of what is older than the last 1,000,000 positions; whoever is further behind reads
/// everything anew.
void forget_old_changes(Session& session, TeamNumber team, const ChangeBounds& bounds);

/// Calls visit(change) for those behind a position, ascending, until it answers false.
template <typename Visit>
void each_change(Session& session, TeamNumber team, std::int64_t after, const Visit& visit) {
  std::vector<PersonChange> page;
  do {
    session.changes(team, after, changes_at_once, page);
    for (const PersonChange& change : page) {
      if (!visit(change)) return;
    }
    if (!page.empty()) after = page.back().position;
  } while (page.size() == changes_at_once);
}

}  // namespace mailroll::detail
