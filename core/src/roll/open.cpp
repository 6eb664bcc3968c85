#include <algorithm>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"
#include "roll/keyring.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

const Team* find_team(const std::vector<Team>& teams, const std::string& name) {
  const auto found = std::find_if(teams.begin(), teams.end(), [&](const Team& team) { return team.name == name; });
  return found == teams.end() ? nullptr : &*found;
}

/// Inside a write transaction: an empty store gets its first key, and the default team if it is asked for.
void make_missing(Session& session, const OpenOptions& options, const std::vector<HashKey>& outside) {
  if (session.keys().empty()) {
    for (const Team& team : session.teams()) {
      if (session.counts(team.number).contacts == 0) continue;
      throw Error(ErrorKind::storage, "this store has contacts but no hash key any more; restore it from a copy",
                  {{"reason", "lost_key"}});
    }
    const bool given = !outside.empty();
    const HashKey key = given ? *std::max_element(outside.begin(), outside.end(),
                                                  [](const HashKey& a, const HashKey& b) { return a.id < b.id; })
                              : make_hash_key(1);
    StoredKey stored{.id = key.id, .fingerprint = fingerprint(key), .secret = {}, .created_at = options.clock()};
    if (!given) stored.secret = key;
    session.put_key(stored);
  }
  if (options.team == "default" && find_team(session.teams(), options.team) == nullptr) {
    const Time now = options.clock();
    session.add_team(make_uuid_v7(now), options.team, now);
  }
}

}  // namespace

Roll open(const std::string& url, const OpenOptions& options) {
  if (options.actor != Actor::api && options.actor != Actor::operator_) {
    throw Error(ErrorKind::invalid, "a roll is opened by api or operator; a person acts through a signed link",
                {{"reason", "actor"}});
  }
  const std::vector<HashKey> outside = detail::read_keyring(options.key_file);
  std::shared_ptr<Store> store = open_store(url);
  std::unique_ptr<Session> session = store->connect();
  if (session->keys().empty() || (options.team == "default" && find_team(session->teams(), "default") == nullptr)) {
    session->begin_write();
    try {
      make_missing(*session, options, outside);
      session->commit();
    } catch (...) {
      session->rollback();
      throw;
    }
  }
  const std::vector<Team> teams = session->teams();
  const Team* team = find_team(teams, options.team);
  if (team == nullptr) {
    throw Error(ErrorKind::not_found, "there is no team of that name; `mailroll teams create NAME` makes one",
                {{"reason", "team_not_found"}});
  }
  auto state = std::make_shared<detail::RollState>(std::move(store), *team, options.actor, options.clock,
                                                   detail::signing_key(session->keys(), outside));
  state->opened = 1;
  state->idle.push_back(std::move(session));
  return Roll(std::move(state));
}

std::string_view version() { return MAILROLL_VERSION; }

}  // namespace mailroll
