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
  bool in_store = false;     ///< the secret is kept in the store
  std::uint64_t people = 0;  ///< hash keys: profiles of this team whose id is computed under it
  Time created_at{};
  std::optional<Time> changed_at;
};

/// What a rekey did.
struct RekeyReport {
  std::uint64_t looked_at = 0;
  std::uint64_t moved = 0;  ///< contacts that have a new id; the old one is an alias of theirs
  std::uint64_t collisions =
      0;  ///< contacts whose new id another contact has: left as they are; `contacts merge` joins them
  std::uint64_t without_address = 0;  ///< ids that stay under their retired key, since nobody knows the address
  std::vector<std::pair<std::string, std::string>> collided;  ///< the ids of each two, the first 100
};

class MAILROLL_EXPORT Keys {
 public:
  [[nodiscard]] std::vector<KeyInfo> list() const;  ///< by kind, then id
  /// Makes a key that signs from now on; the one that signed is retired. Where the signing key's secret is kept outside
  /// the store, the new one must be given there first (a line `hash ID HEX` or `link ID HEX` in the keyring); else its
  /// secret is random and kept in the store. A new hash key changes no id until rekey().
  KeyInfo add(KeyKind kind);
  /// Takes a key out of signing: it verifies for ever. Refused for the only key that could sign.
  KeyInfo retire(KeyKind kind, std::int32_t id);
  /// A leaked link key: links under it are no longer believed. Refused for hash keys (rekey moves what is under them) and for
  /// the signing key (add another first).
  KeyInfo revoke(KeyKind kind, std::int32_t id);
  /// Writes all secrets that the store keeps to a new file (mode 0600, never over another file), proves that it can be read,
  /// then takes them out of the store and overwrites them there. Answers how many went.
  std::size_t move_out(const std::string& file);
  /// Moves every contact of the team whose id was computed under another key or Unicode version to its id under the
  /// signing key, with everything it has, in chunks; begun again it goes on. Old ids stay as aliases.
  RekeyReport rekey(const ProgressFunction& progress = {});

 private:
  friend class Roll;
  explicit Keys(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
