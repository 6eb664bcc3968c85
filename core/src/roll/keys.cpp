#include "mailroll/roll/keys.hpp"

#include <algorithm>
#include <filesystem>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/key_file.hpp"
#include "roll/keyring.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::int32_t last_link_key = 255;  // one octet in a token

KeyInfo describe(detail::RollState& roll, Session& session, const StoredKey& key) {
  return {.kind = key.kind,
          .id = key.id,
          .state = key.state,
          .fingerprint = key.fingerprint,
          .in_store = key.secret.has_value(),
          .given = key.state != KeyState::revoked && detail::find_secret(key, roll.keys()->outside).has_value(),
          .people = key.kind == KeyKind::hash ? session.count_contacts(roll.team.number, key.id) : 0,
          .created_at = key.created_at,
          .changed_at = key.changed_at};
}

std::string name_of(KeyKind kind, std::int32_t id) {
  return std::string(to_string(kind)) + " key " + std::to_string(id);
}

StoredKey find(Session& session, KeyKind kind, std::int32_t id) {
  for (StoredKey& key : session.keys()) {
    if (key.kind == kind && key.id == id) return std::move(key);
  }
  throw Error(ErrorKind::not_found, "there is no " + name_of(kind, id) + "; `mailroll keys list` shows those there are",
              {{"reason", "key_not_found"}});
}

bool another_signs(Session& session, const StoredKey& than) {
  const std::vector<StoredKey> keys = session.keys();
  return std::ranges::any_of(keys, [&](const StoredKey& key) {
    return key.kind == than.kind && key.id != than.id && key.state == KeyState::signing;
  });
}

void require_another_signs(Session& session, const StoredKey& than) {
  if (than.state != KeyState::signing || another_signs(session, than)) return;
  const std::string kind(to_string(than.kind));
  throw Error(ErrorKind::refused,
              name_of(than.kind, than.id) + " is the only " + kind + " key that signs; `mailroll keys add " + kind +
                  "` makes another and retires this one",
              {{"reason", "only_key"}});
}

template <typename Given>
const Given* newest_above(const std::vector<Given>& given, std::int32_t id) {
  const Given* newest = nullptr;
  for (const Given& one : given) {
    if (one.id > id && (newest == nullptr || one.id > newest->id)) newest = &one;
  }
  return newest;
}

/// A key whose secret is given from outside, above all that there are.
StoredKey from_outside(KeyKind kind, std::int32_t highest, const detail::OutsideKeys& outside) {
  StoredKey made{.kind = kind, .fingerprint = {}, .secret = {}, .changed_at = {}};
  const auto take = [&](const auto* given) {
    if (given == nullptr) {
      const std::string line = std::string(to_string(kind)) + ' ' + std::to_string(highest + 1);
      throw Error(ErrorKind::invalid,
                  "the secrets of this store's " + std::string(to_string(kind)) +
                      " keys are kept outside it; first add a line `" + line +
                      " HEX` to the keyring (64 random hex digits)",
                  {{"reason", "key_missing"}});
    }
    made.id = given->id;
    made.fingerprint = fingerprint(given->secret);
  };
  if (kind == KeyKind::hash)
    take(newest_above(outside.hash, highest));
  else
    take(newest_above(outside.link, highest));
  return made;
}

StoredKey make_key(const std::vector<StoredKey>& keys, KeyKind kind, const std::string& key_file) {
  std::int32_t highest = 0;
  bool outside = false;
  for (const StoredKey& key : keys) {
    if (key.kind != kind) continue;
    highest = std::max(highest, key.id);
    if (key.state == KeyState::signing) outside = !key.secret;
  }
  if (kind == KeyKind::link && highest >= last_link_key) {
    throw Error(ErrorKind::refused, "there are 255 link keys already, and a token has no room for more",
                {{"reason", "too_many_keys"}});
  }
  if (!outside) {
    const KeySecret secret = make_key_secret();
    return {.kind = kind, .id = highest + 1, .fingerprint = fingerprint(secret), .secret = secret, .changed_at = {}};
  }
  StoredKey made = from_outside(kind, highest, detail::read_keyring(key_file));
  const auto same = std::ranges::find_if(
      keys, [&](const StoredKey& key) { return key.kind == kind && key.fingerprint == made.fingerprint; });
  if (same != keys.end()) {
    throw Error(ErrorKind::invalid,
                name_of(kind, made.id) + " in the keyring has the secret of " + name_of(kind, same->id) +
                    "; give it one of its own",
                {{"reason", "same_secret"}});
  }
  return made;
}

}  // namespace

std::vector<KeyInfo> Keys::list() const {
  const detail::PooledSession session = roll_->session();
  roll_->reload_keys(*session);
  std::vector<KeyInfo> keys;
  for (const StoredKey& key : session->keys()) keys.push_back(describe(*roll_, *session, key));
  return keys;
}

KeyInfo Keys::add(KeyKind kind) {
  const StoredKey added = roll_->write([&](Session& session) {
    session.lock_shared(TeamNumber{0}, 0);
    const std::vector<StoredKey> keys = session.keys();
    const Time now = roll_->clock();
    StoredKey made = make_key(keys, kind, roll_->keys()->outside.file);
    made.state = KeyState::signing;
    made.created_at = now;
    for (StoredKey key : keys) {
      if (key.kind != kind || key.state != KeyState::signing) continue;
      key.state = KeyState::retired;
      key.changed_at = now;
      session.put_key(key);
    }
    session.put_key(made);
    return made;
  });
  const detail::PooledSession session = roll_->session();
  roll_->reload_keys(*session);
  return describe(*roll_, *session, added);
}

KeyInfo Keys::retire(KeyKind kind, std::int32_t id) {
  const StoredKey retired = roll_->write([&](Session& session) {
    session.lock_shared(TeamNumber{0}, 0);
    StoredKey key = find(session, kind, id);
    require_another_signs(session, key);
    if (key.state != KeyState::signing) return key;
    key.state = KeyState::retired;
    key.changed_at = roll_->clock();
    session.put_key(key);
    return key;
  });
  const detail::PooledSession session = roll_->session();
  roll_->reload_keys(*session);
  return describe(*roll_, *session, retired);
}

KeyInfo Keys::revoke(KeyKind kind, std::int32_t id) {
  if (kind == KeyKind::hash) {
    throw Error(
        ErrorKind::refused,
        "a hash key cannot be revoked: whoever is under it could no longer be found; `mailroll keys add hash` and "
        "`mailroll rekey` move them to a new one",
        {{"reason", "hash_key"}});
  }
  const StoredKey revoked = roll_->write([&](Session& session) {
    session.lock_shared(TeamNumber{0}, 0);
    StoredKey key = find(session, kind, id);
    require_another_signs(session, key);
    if (key.state == KeyState::revoked) return key;
    key.state = KeyState::revoked;
    key.secret.reset();
    key.changed_at = roll_->clock();
    session.put_key(key);
    return key;
  });
  const detail::PooledSession session = roll_->session();
  roll_->reload_keys(*session);
  return describe(*roll_, *session, revoked);
}

std::size_t Keys::move_out(const std::string& file) {
  const std::size_t moved = roll_->write([&](Session& session) {
    session.lock_shared(TeamNumber{0}, 0);
    std::vector<StoredKey> kept = session.keys();
    std::erase_if(kept, [](const StoredKey& key) { return !key.secret; });
    if (kept.empty()) return kept.size();
    detail::KeyFile written(file, kept);
    for (StoredKey key : kept) {
      key.secret.reset();
      session.put_key(key);
    }
    // From here on it stays: should the commit fail, two copies are better than none.
    written.keep();
    return kept.size();
  });
  if (moved == 0) return moved;
  const detail::PooledSession session = roll_->session();
  roll_->reload_keys(*session);
  roll_->name_key_file(std::filesystem::absolute(file).string());
  if (!session->forget()) {
    roll_->log("the keys are moved out; " + detail::why_not_forgotten(*roll_));
  }
  return moved;
}

}  // namespace mailroll
