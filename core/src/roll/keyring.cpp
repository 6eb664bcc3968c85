#include "roll/keyring.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sodium.h>

#include "mailroll/error.hpp"

namespace mailroll::detail {

namespace {

std::vector<HashKey> parse(std::istream& lines, const std::string& where) {
  std::vector<HashKey> keys;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string kind;
    if (!(words >> kind) || kind.front() == '#') continue;
    HashKey key;
    std::string hex;
    std::string rest;
    std::size_t size = 0;
    const bool read =
        kind == "hash" && (words >> key.id >> hex) && !(words >> rest) && key.id > 0 &&
        sodium_hex2bin(key.secret.data(), key.secret.size(), hex.data(), hex.size(), nullptr, &size, nullptr) == 0 &&
        size == key.secret.size() && hex.size() == 2 * key.secret.size();
    if (!read) {
      throw Error(ErrorKind::invalid,
                  where + ", line " + std::to_string(number) + ": not a key; write `hash ID HEX` with 64 hex digits",
                  {{"reason", "keyring"}, {"line", std::to_string(number)}});
    }
    keys.push_back(key);
  }
  if (keys.empty()) throw Error(ErrorKind::invalid, where + " has no key in it", {{"reason", "keyring"}});
  return keys;
}

Error lost(const std::string& message) { return {ErrorKind::storage, message, {{"reason", "lost_key"}}}; }

}  // namespace

std::vector<HashKey> read_keyring(const std::string& file) {
  if (const char* environment = std::getenv("MAILROLL_KEYS"); environment != nullptr && *environment != '\0') {
    std::istringstream lines{std::string(environment)};
    return parse(lines, "MAILROLL_KEYS");
  }
  if (file.empty()) return {};
  std::ifstream lines(file);
  if (!lines) throw lost("the key file " + file + " cannot be read; give the file that holds this store's hash key");
  return parse(lines, "the key file " + file);
}

HashKey signing_key(const std::vector<StoredKey>& stored, const std::vector<HashKey>& outside) {
  const StoredKey& newest = *std::max_element(stored.begin(), stored.end(),
                                              [](const StoredKey& a, const StoredKey& b) { return a.id < b.id; });
  if (newest.secret) {
    if (fingerprint(*newest.secret) != newest.fingerprint) {
      throw lost("the hash key in this store is damaged; restore the store from a copy");
    }
    return *newest.secret;
  }
  const auto given =
      std::find_if(outside.begin(), outside.end(), [&](const HashKey& key) { return key.id == newest.id; });
  if (given == outside.end()) {
    throw lost("this store's hash key (id " + std::to_string(newest.id) +
               ") is kept outside it and was not given; set MAILROLL_KEYS or name the key file (--key-file)");
  }
  if (fingerprint(*given) != newest.fingerprint) {
    throw lost("the hash key given (id " + std::to_string(newest.id) +
               ") is not this store's; give the one it was made with, or every address would get a second identity");
  }
  return *given;
}

}  // namespace mailroll::detail
