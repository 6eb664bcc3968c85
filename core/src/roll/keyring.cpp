#include "roll/keyring.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <ranges>
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
    OutsideKeys keys = parse(lines, "MAILROLL_KEYS");
    keys.file = file;
    return keys;
  }
  return file.empty() ? OutsideKeys{} : read_key_file(file);
}

OutsideKeys read_key_file(const std::string& file) {
  std::ifstream lines(file);
  if (!lines) throw lost("the key file " + file + " cannot be read; give the file that holds this store's keys");
  OutsideKeys keys = parse(lines, "the key file " + file);
  keys.file = file;
  return keys;
}

namespace {

template <typename Given>
std::optional<KeySecret> given_secret(const StoredKey& key, const std::vector<Given>& outside) {
  bool another = false;
  for (const Given& one : outside) {
    if (one.id != key.id) continue;
    if (fingerprint(one.secret) == key.fingerprint) return one.secret;
    another = true;
  }
  if (another) {
    throw lost("the " + std::string(to_string(key.kind)) + " key given (id " + std::to_string(key.id) +
               ") is not this store's; give the one it was made with, or every address would get a second identity");
  }
  return std::nullopt;
}

KeySecret secret_of(const StoredKey& key, const OutsideKeys& outside) {
  const std::optional<KeySecret> secret = find_secret(key, outside);
  if (secret) return *secret;
  throw lost("this store's " + std::string(to_string(key.kind)) + " key (id " + std::to_string(key.id) +
             ") is kept outside it and was not given; set MAILROLL_KEYS or name the key file (--key-file)");
}

const StoredKey* signing_of(const std::vector<StoredKey>& stored, KeyKind kind) {
  const StoredKey* found = nullptr;
  for (const StoredKey& key : stored) {
    if (key.kind == kind && key.state == KeyState::signing) found = &key;  // by id: the newest counts
  }
  return found;
}

std::shared_ptr<const LinkKeys> link_keys(const std::vector<StoredKey>& stored, const OutsideKeys& outside,
                                          const Uuid& team) {
  const StoredKey* newest = signing_of(stored, KeyKind::link);
  if (newest == nullptr) throw lost("this store has no link key that signs; restore it from a copy");
  const auto token_key = [&](const StoredKey& key, const KeySecret& secret) {
    return TokenKey({static_cast<std::uint8_t>(key.id), secret}, team);
  };
  auto keys = std::make_shared<LinkKeys>(LinkKeys{token_key(*newest, secret_of(*newest, outside)), {}});
  for (const StoredKey& key : stored) {
    if (key.kind != KeyKind::link) continue;
    if (key.state == KeyState::revoked) {
      keys->all.revoke(static_cast<std::uint8_t>(key.id));
    } else if (const std::optional<KeySecret> secret = find_secret(key, outside)) {
      keys->all.add(token_key(key, *secret));
    }
  }
  return keys;
}

}  // namespace

std::optional<KeySecret> find_secret(const StoredKey& key, const OutsideKeys& outside) {
  if (!key.secret) {
    return key.kind == KeyKind::hash ? given_secret(key, outside.hash) : given_secret(key, outside.link);
  }
  if (fingerprint(*key.secret) != key.fingerprint) {
    throw lost("the " + std::string(to_string(key.kind)) + " key (id " + std::to_string(key.id) +
               ") in this store is damaged; restore the store from a copy");
  }
  return key.secret;
}

bool is_given(const StoredKey& key, const OutsideKeys& outside) {
  return key.state == KeyState::revoked || find_secret(key, outside).has_value();
}

std::shared_ptr<const OpenKeys> open_keys(const std::vector<StoredKey>& stored, const OutsideKeys& outside,
                                          const Uuid& team) {
  const StoredKey* signing = signing_of(stored, KeyKind::hash);
  if (signing == nullptr) throw lost("this store has no hash key that signs; restore it from a copy");
  const auto team_key = [&](const StoredKey& key) {
    const HashKey hash_key{key.id, secret_of(key, outside)};
    return TeamHashKey{hash_key, ContactIdHash(hash_key, team)};
  };
  auto keys = std::make_shared<OpenKeys>(OpenKeys{.stored = stored,
                                                  .outside = outside,
                                                  .signing = team_key(*signing),
                                                  .retired = {},
                                                  .links = link_keys(stored, outside, team)});
  for (const StoredKey& key : std::ranges::reverse_view(stored)) {
    if (key.kind == KeyKind::hash && key.id != signing->id) keys->retired.push_back(team_key(key));
  }
  return keys;
}

std::shared_ptr<const OpenKeys> reopen_keys(const std::shared_ptr<const OpenKeys>& keys, std::vector<StoredKey> stored,
                                            const Uuid& team) {
  if (stored == keys->stored) return keys;
  OutsideKeys known = keys->outside;
  for (const StoredKey& key : keys->stored) {
    if (!key.secret) continue;
    if (key.kind == KeyKind::hash)
      known.hash.push_back({key.id, *key.secret});
    else
      known.link.push_back({static_cast<std::uint8_t>(key.id), *key.secret});
  }
  if (!std::ranges::all_of(stored, [&](const StoredKey& key) { return is_given(key, known); })) {
    const OutsideKeys read = read_keyring(known.file);
    known.hash.insert(known.hash.end(), read.hash.begin(), read.hash.end());
    known.link.insert(known.link.end(), read.link.begin(), read.link.end());
  }
  return open_keys(stored, known, team);
}

}  // namespace mailroll::detail
