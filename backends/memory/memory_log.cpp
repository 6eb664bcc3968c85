// The log of changes as sessions show it.
#include "memory/memory_session.hpp"

namespace mailroll::detail {

std::optional<ChangeBounds> MemorySession::change_bounds(TeamNumber team) { return team_of(team)->changes->bounds(); }

std::size_t MemorySession::publish_changes(TeamNumber team, std::size_t limit) {
  return changing([&] { return own(team).changes.write(transaction_).publish(limit, transaction_); });
}

void MemorySession::changes(TeamNumber team, std::int64_t after, std::size_t limit, std::vector<PersonChange>& out) {
  team_of(team)->changes->read(after, limit, out);
}

std::size_t MemorySession::forget_changes(TeamNumber team, std::int64_t up_to, std::size_t limit) {
  return changing([&] { return own(team).changes.write(transaction_).forget(up_to, limit, transaction_); });
}

}  // namespace mailroll::detail
