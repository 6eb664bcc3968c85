#include "roll/change_log.hpp"

namespace mailroll::detail {

namespace {

constexpr std::int64_t kept_changes = 1'000'000;

}  // namespace

bool publish_changes(Session& session, TeamNumber team) {
  return session.publish_changes(team, changes_at_once) < changes_at_once;
}

void publish_changes(RollState& roll) {
  while (!roll.write([&](Session& session) { return publish_changes(session, roll.team.number); })) {
  }
}

void forget_old_changes(Session& session, TeamNumber team, const ChangeBounds& bounds) {
  if (bounds.newest - bounds.forgotten <= kept_changes) return;
  session.forget_changes(team, bounds.newest - kept_changes, changes_at_once);
}

}  // namespace mailroll::detail
