// Keys are the store's, not a team's, and can only be put: so these cases are the last.
#include "conformance/case.hpp"
#include "conformance/random_values.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {
namespace {

void keys_are_kept_by_kind_and_id(Trial& trial) {
  const auto session = trial.connect();
  std::map<std::pair<KeyKind, std::int32_t>, StoredKey> expected;
  for (const StoredKey& key : session->keys()) expected[{key.kind, key.id}] = key;
  RandomValues random(trial.seed(0));
  for (int times = 0; times < 60; ++times) {
    StoredKey key;
    key.kind = static_cast<KeyKind>(1 + random.below(2));
    key.id = 1 + random.below(255);
    key.state = static_cast<KeyState>(1 + random.below(3));
    key.fingerprint = random.word();
    key.created_at = random.time();
    key.changed_at = random.maybe_time();
    if (random.chance(2)) {
      for (auto& byte : key.secret.emplace()) byte = static_cast<std::uint8_t>(random.below(4) * 85);
    }
    session->put_key(key);
    expected[{key.kind, key.id}] = key;
    std::vector<StoredKey> keys;
    keys.reserve(expected.size());
    for (const auto& entry : expected) keys.push_back(entry.second);
    expect_same(shown(session->keys()), shown(keys), "the keys, by kind and id");
  }
  const std::string before = shown(session->keys());
  session->begin_write();
  StoredKey key = expected.begin()->second;
  key.state = KeyState::revoked;
  key.fingerprint = "another";
  session->put_key(key);
  session->rollback();
  expect_same(shown(session->keys()), before, "the keys after a rollback");
}

}  // namespace

std::vector<Case> key_cases() { return {{"keys_are_kept_by_kind_and_id", {}, keys_are_kept_by_kind_and_id}}; }

}  // namespace mailroll::conformance
