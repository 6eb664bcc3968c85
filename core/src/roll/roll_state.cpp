#include "roll/roll_state.hpp"

#include <algorithm>

namespace mailroll::detail {

PooledSession::PooledSession(RollState& state, std::unique_ptr<Session> session)
    : state_(state), session_(std::move(session)) {}

PooledSession::~PooledSession() {
  const std::lock_guard guard(state_.pool_mutex);
  state_.idle.push_back(std::move(session_));
  state_.pool_free.notify_one();
}

PooledSession RollState::session() {
  std::unique_lock guard(pool_mutex);
  pool_free.wait(guard, [this] { return !idle.empty() || opened < store->max_sessions(); });
  return {*this, take_session(guard)};
}

std::optional<PooledSession> RollState::session_if_free() {
  std::unique_lock guard(pool_mutex);
  if (idle.empty() && opened >= store->max_sessions()) return std::nullopt;
  return std::optional<PooledSession>(std::in_place, *this, take_session(guard));
}

/// One that is idle or may be opened.
std::unique_ptr<Session> RollState::take_session(std::unique_lock<std::mutex>& guard) {
  if (!idle.empty()) {
    std::unique_ptr<Session> taken = std::move(idle.back());
    idle.pop_back();
    return taken;
  }
  ++opened;
  guard.unlock();
  try {
    return store->connect();
  } catch (...) {
    guard.lock();
    --opened;
    pool_free.notify_one();
    throw;
  }
}

std::shared_ptr<const OpenKeys> RollState::keys() const {
  const std::lock_guard guard(keys_mutex_);
  return keys_;
}

bool RollState::reload_keys(Session& session) {
  const std::shared_ptr<const OpenKeys> before = keys();
  const std::shared_ptr<const OpenKeys> now = reopen_keys(before, session.keys(), team.id);
  if (now == before) return false;
  const std::lock_guard guard(keys_mutex_);
  keys_ = now;
  return true;
}

void RollState::name_key_file(const std::string& file) {
  const std::lock_guard guard(keys_mutex_);
  if (!keys_->outside.file.empty()) return;
  auto named = std::make_shared<OpenKeys>(*keys_);
  named->outside.file = file;
  keys_ = std::move(named);
}

std::string why_not_forgotten(const RollState& roll) {
  if (roll.store->capabilities().contains(Capability::forgets)) {
    return "but the store's own log could not be emptied yet: somebody reads from it";
  }
  return "but the engine's own files and logs hold what was deleted for a while; docs/erasure.md says how long";
}

bool RollState::incomplete(Session& session) const {
  const std::vector<Run> runs = session.runs(team.number);
  return std::any_of(runs.begin(), runs.end(), [](const Run& run) { return !run.finished_at; });
}

}  // namespace mailroll::detail
