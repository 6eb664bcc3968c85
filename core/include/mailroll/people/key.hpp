/// Keys: what contact ids are computed under, and what links are signed with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/export.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// What a key is for. The numbers are stored.
enum class KeyKind : std::uint8_t {
  hash = 1,  ///< contact ids
  link = 2,  ///< tokens in links
};

/// The numbers are stored.
enum class KeyState : std::uint8_t {
  signing = 1,  ///< the one of its kind that new ids or tokens are made with
  retired = 2,  ///< makes nothing new; verifies links, and finds people, for ever
  revoked = 3,  ///< leaked: links under it are no longer believed. Link keys only
};

MAILROLL_EXPORT std::string_view to_string(KeyKind kind);    ///< "hash", "link"
MAILROLL_EXPORT std::string_view to_string(KeyState state);  ///< "signing", "retired", "revoked"
MAILROLL_EXPORT std::optional<KeyKind> parse_key_kind(std::string_view word);

/// A key as a store knows it. The secret is there only where the store keeps it (an embedded file's default);
/// otherwise the fingerprint tells whether the key given from outside is the right one.
struct StoredKey {
  KeyKind kind = KeyKind::hash;
  std::int32_t id = 0;  ///< from 1, within its kind; of a link key at most 255
  KeyState state = KeyState::signing;
  std::string fingerprint;          ///< fingerprint(KeySecret)
  std::optional<KeySecret> secret;  ///< nothing: kept in a file or environment variable
  Time created_at{};
  std::optional<Time> changed_at;  ///< when it was retired or revoked

  bool operator==(const StoredKey&) const = default;
};

}  // namespace mailroll
