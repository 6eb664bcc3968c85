#include "roll/keyring.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sodium.h>

#include "mailroll/error.hpp"

namespace mailroll::detail {

namespace {

bool read_secret(const std::string& hex, KeySecret& secret) {
  std::size_t size = 0;
  return hex.size() == 2 * secret.size() &&
         sodium_hex2bin(secret.data(), secret.size(), hex.data(), hex.size(), nullptr, &size, nullptr) == 0 &&
         size == secret.size();
}

OutsideKeys parse(std::istream& lines, const std::string& where) {
  OutsideKeys keys;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string kind;
    if (!(words >> kind) || kind.front() == '#') continue;
    std::int32_t id = 0;
    KeySecret secret{};
    std::string hex;
    std::string rest;
    const std::optional<KeyKind> known = parse_key_kind(kind);
    const bool read = known && (words >> id >> hex) && !(words >> rest) && id > 0 &&
                      (known == KeyKind::hash || id <= 255) && read_secret(hex, secret);
    if (!read) {
      throw Error(ErrorKind::invalid,
                  where + ", line " + std::to_string(number) +
                      ": not a key; write `hash ID HEX` or `link ID HEX` with 64 hex digits",
                  {{"reason", "keyring"}, {"line", std::to_string(number)}});
    }
    if (known == KeyKind::hash) {
      keys.hash.push_back({id, secret});
    } else {
      keys.link.push_back({static_cast<std::uint8_t>(id), secret});
    }
  }
  if (keys.hash.empty() && keys.link.empty()) {
    throw Error(ErrorKind::invalid, where + " has no key in it", {{"reason", "keyring"}});
  }
  return keys;
}

Error lost(const std::string& message) { return {ErrorKind::storage, message, {{"reason", "lost_key"}}}; }

}  // namespace

OutsideKeys read_keyring(const std::string& file) {
  if (const char* environment = std::getenv("MAILROLL_KEYS"); environment != nullptr && *environment != '\0') {
    std::istringstream lines{std::string(environment)};
    return parse(lines, "MAILROLL_KEYS");
  }
  if (file.empty()) return {};
  std::ifstream lines(file);
  if (!lines) throw lost("the key file " + file + " cannot be read; give the file that holds this store's keys");
  return parse(lines, "the key file " + file);
}

namespace {

/// The secret of a key, from the store or from outside.
template <typename Given>
KeySecret secret_of(const StoredKey& key, const std::vector<Given>& outside) {
  const std::string name = std::string(to_string(key.kind)) + " key";
  if (key.secret) {
    if (fingerprint(*key.secret) != key.fingerprint) {
      throw lost("the " + name + " in this store is damaged; restore the store from a copy");
    }
    return *key.secret;
  }
  const auto given = std::find_if(outside.begin(), outside.end(), [&](const Given& one) { return one.id == key.id; });
  if (given == outside.end()) {
    throw lost("this store's " + name + " (id " + std::to_string(key.id) +
               ") is kept outside it and was not given; set MAILROLL_KEYS or name the key file (--key-file)");
  }
  if (fingerprint(given->secret) != key.fingerprint) {
    throw lost("the " + name + " given (id " + std::to_string(key.id) +
               ") is not this store's; give the one it was made with, or every address would get a second identity");
  }
  return given->secret;
}

const StoredKey* signing_of(const std::vector<StoredKey>& stored, KeyKind kind) {
  const StoredKey* found = nullptr;
  for (const StoredKey& key : stored) {
    if (key.kind == kind && key.state == KeyState::signing) found = &key;  // by id: the newest counts
  }
  return found;
}

}  // namespace

HashKey signing_key(const std::vector<StoredKey>& stored, const OutsideKeys& outside) {
  const StoredKey* key = signing_of(stored, KeyKind::hash);
  if (key == nullptr) throw lost("this store has no hash key that signs; restore it from a copy");
  return {key->id, secret_of(*key, outside.hash)};
}

std::shared_ptr<const LinkKeys> link_keys(const std::vector<StoredKey>& stored, const OutsideKeys& outside,
                                          const Uuid& team) {
  const StoredKey* newest = signing_of(stored, KeyKind::link);
  if (newest == nullptr) throw lost("this store has no link key that signs; `mailroll keys add link` makes one");
  const auto token_key = [&](const StoredKey& key) {
    return TokenKey({static_cast<std::uint8_t>(key.id), secret_of(key, outside.link)}, team);
  };
  auto keys = std::make_shared<LinkKeys>(LinkKeys{token_key(*newest), {}});
  for (const StoredKey& key : stored) {
    if (key.kind != KeyKind::link) continue;
    if (key.state == KeyState::revoked) {
      keys->all.revoke(static_cast<std::uint8_t>(key.id));
    } else {
      keys->all.add(token_key(key));
    }
  }
  return keys;
}

}  // namespace mailroll::detail
