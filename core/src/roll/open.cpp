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

bool has_kind(const std::vector<StoredKey>& keys, KeyKind kind) {
  return std::any_of(keys.begin(), keys.end(), [&](const StoredKey& key) { return key.kind == kind; });
}

/// The newest of the keys given from outside; else a new one, which the store keeps.
template <typename Given>
StoredKey first_key(KeyKind kind, const std::vector<Given>& outside, Time now) {
  StoredKey stored{.kind = kind, .id = 1, .fingerprint = {}, .secret = {}, .created_at = now, .changed_at = {}};
  if (outside.empty()) {
    stored.secret = make_key_secret();
    stored.fingerprint = fingerprint(*stored.secret);
  } else {
    const Given& newest =
        *std::max_element(outside.begin(), outside.end(), [](const Given& a, const Given& b) { return a.id < b.id; });
    stored.id = newest.id;
    stored.fingerprint = fingerprint(newest.secret);
  }
  return stored;
}

/// Inside a write transaction: an empty store gets its first keys, and the default team if it is asked for.
void make_missing(Session& session, const OpenOptions& options, const detail::OutsideKeys& outside) {
  if (!has_kind(session.keys(), KeyKind::hash)) {
    for (const Team& team : session.teams()) {
      if (session.counts(team.number).contacts == 0) continue;
      throw Error(ErrorKind::storage, "this store has contacts but no hash key any more; restore it from a copy",
                  {{"reason", "lost_key"}});
    }
    session.put_key(first_key(KeyKind::hash, outside.hash, options.clock()));
  }
  if (!has_kind(session.keys(), KeyKind::link)) {
    session.put_key(first_key(KeyKind::link, outside.link, options.clock()));
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
  const detail::OutsideKeys outside = detail::read_keyring(options.key_file);
  std::shared_ptr<Store> store = open_store(url);
  std::unique_ptr<Session> session = store->connect();
  const std::vector<StoredKey> found = session->keys();
  if (!has_kind(found, KeyKind::hash) || !has_kind(found, KeyKind::link) ||
      (options.team == "default" && find_team(session->teams(), "default") == nullptr)) {
    session->begin_write();
    try {
      // Two processes that open an empty store at once must not each make the first key.
      session->lock_shared(TeamNumber{0}, 0);
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
                                                   detail::open_keys(session->keys(), outside, team->id));
  if (options.log) state->log = options.log;
  for (const StoredKey& key : state->keys()->stored) {
    if (detail::is_given(key, outside)) continue;
    state->log("link key " + std::to_string(key.id) +
               " is retired, and its secret is nowhere: links that it signed are not believed");
  }
  state->opened = 1;
  state->idle.push_back(std::move(session));
  return Roll(std::move(state));
}

std::string_view version() { return MAILROLL_VERSION; }

}  // namespace mailroll
