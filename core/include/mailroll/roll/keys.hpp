/// Keys, as staff handle them. They belong to the store, not to a team.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/people/key.hpp"
#include "mailroll/progress.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

/// A key without its secret.
struct KeyInfo {
  KeyKind kind{};
  std::int32_t id = 0;
  KeyState state{};
  std::string fingerprint;
  bool in_store = false;  ///< the secret is kept in the store
  /// False: the secret is neither in the store nor given from outside. Only of link keys that do not sign: links under a
  /// retired one are not believed, since nobody can check them.
  bool given = true;
  std::uint64_t people = 0;  ///< hash keys: profiles of this team whose id is computed under it
  Time created_at{};
  std::optional<Time> changed_at;
};

/// What a rekey did. looked_at = moved + collisions + unreadable + those whose id stays the same.
struct RekeyReport {
  std::uint64_t looked_at = 0;   ///< whose id was computed under another key or Unicode version
  std::uint64_t moved = 0;       ///< that have a new id; the old one is an alias of theirs
  std::uint64_t collisions = 0;  ///< whose new id another contact has: left as they are; `contacts merge` joins them
  std::uint64_t unreadable = 0;  ///< whose address this version takes for none: left as they are
  /// Ids of which nobody knows the address: removed, erased, or never a contact. Each stays under the key it was computed
  /// under, which look-ups go on computing.
  std::uint64_t without_address = 0;
  std::vector<std::pair<std::string, std::string>> collided;  ///< the ids of each two, the first 100
};

class MAILROLL_EXPORT Keys {
 public:
  [[nodiscard]] std::vector<KeyInfo> list() const;  ///< by kind, then id
  /// Makes a key that signs from now on; the one that signed is retired. Where the signing key's secret is kept outside
  /// the store, the new one must be given there first (a line `hash ID HEX` or `link ID HEX` in the keyring, with a higher
  /// id: invalid, key_missing); else its secret is random and kept in the store. A new hash key changes no id by itself:
  /// rekey() does, and every change of a person finds them under the old key and moves them.
  KeyInfo add(KeyKind kind);
  /// Takes a key out of signing: it verifies for ever. Nothing changes where it does not sign. Refused (only_key) for the
  /// only one that signs; not_found (key_not_found).
  KeyInfo retire(KeyKind kind, std::int32_t id);
  /// A leaked link key: links under it are no longer believed, and its secret is forgotten. Refused for hash keys (hash_key;
  /// rekey moves what is under them) and for the only key that signs (only_key; add another first).
  KeyInfo revoke(KeyKind kind, std::int32_t id);
  /// Writes all secrets that the store keeps to a new file (mode 0600, never over another file: conflict, file_exists),
  /// proves that it can be read, then takes them out of the store and overwrites them there. Answers how many went; where
  /// the store keeps none, no file is made. From then on every open needs the file (OpenOptions::key_file).
  std::size_t move_out(const std::string& file);
  /// Moves every contact of the team whose id was computed under another key or Unicode version to its id under the
  /// signing key, with everything it has, in chunks of a thousand; suppressed addresses without a contact too. Begun again
  /// it goes on where it was stopped; until it is done, audiences and check() say that they are incomplete. Old ids stay as
  /// aliases.
  RekeyReport rekey(const ProgressFunction& progress = {});

 private:
  friend class Roll;
  explicit Keys(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
