/// Tokens: what stands in a link, signed. They name team, person and scope, and carry no address. docs/tokens.md describes
/// them octet by octet for other languages.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// What a link's bearer may do. The numbers stand in the token.
enum class Purpose : std::uint8_t {
  leave = 1,          ///< leave for ever; while it is fresh, also choose topics: the link in every mail
  confirm = 2,        ///< confirm one double opt-in
  export_person = 3,  ///< read everything held on the person
  undo = 4,           ///< take back one act; stands in the page that answered it
};

MAILROLL_EXPORT std::string_view to_string(Purpose purpose);  ///< "leave", "confirm", "export", "undo"
MAILROLL_EXPORT std::optional<Purpose> parse_purpose(std::string_view word);

/// A key that signs links.
struct LinkKey {
  std::uint8_t id = 1;
  KeySecret secret{};
};

/// First eight octets of an HMAC-SHA-256 of the address key: tells whether the mail went to the address that is there now.
using AddressTag = std::array<std::uint8_t, 8>;

/// What a token says.
struct Token {
  std::uint8_t key = 1;  ///< LinkKey::id
  Purpose purpose = Purpose::leave;
  TeamNumber team{};
  ContactId contact;
  std::optional<TopicId> topic;    ///< nothing: everything
  AddressTag address_tag{};        ///< zeros where the address was not known
  std::uint16_t epoch = 0;         ///< of the contact's links
  std::chrono::sys_days issued{};  ///< 1970-01-01 to 2149-06-06
  /// confirm: timed_reference of its end and the pending event; undo: of the act's time; leave: the message, where given.
  std::optional<Uuid> reference;

  bool operator==(const Token&) const = default;
};

/// A reference of a time, in its first eight octets as microseconds since 1970, and the last eight octets of an id.
MAILROLL_EXPORT Uuid timed_reference(Time time, const Uuid& id = {});
MAILROLL_EXPORT Time reference_time(const Uuid& reference);
/// Whether the reference was made of this id, by its last eight octets.
MAILROLL_EXPORT bool refers_to(const Uuid& reference, const Uuid& id);

/// Why a token is not believed. Only ever for a log: to the outside all of them look the same.
enum class TokenFault : std::uint8_t {
  malformed,    ///< too long, too short, not base64url, a version or purpose that does not exist
  unknown_key,  ///< signed under a key that this store does not have
  revoked_key,
  wrong_mac,  ///< altered, or signed by somebody else or for another team
};
MAILROLL_EXPORT std::string_view to_string(TokenFault fault);

inline constexpr std::size_t max_token_length = 119;  ///< characters

/// Signs and reads one team's tokens under one link key. The key of a team is HKDF-Expand (RFC 5869) of the link key with
/// info "contacts/token/v1" and the team's 16 id bytes; the MAC is HMAC-SHA-256, its first 16 octets. Copies are
/// independent; one may be used by several threads.
class MAILROLL_EXPORT TokenKey {
 public:
  TokenKey(const LinkKey& key, const Uuid& team);
  [[nodiscard]] std::uint8_t id() const { return id_; }
  /// "v1." and base64url; `token.key` is replaced by this key's id. At most max_token_length characters.
  [[nodiscard]] std::string sign(Token token) const;
  [[nodiscard]] AddressTag address_tag(std::string_view address_key) const;

 private:
  friend class TokenKeys;
  std::uint8_t id_;
  KeySecret team_secret_;
};

/// All link keys of a team.
class MAILROLL_EXPORT TokenKeys {
 public:
  /// `revoked` keys are known only by their id.
  void add(const TokenKey& key);
  void revoke(std::uint8_t id);
  /// Strict about the form, length first: one token has one spelling. The MAC is compared in constant time, and computed
  /// whether or not there is such a key. Says nothing of whether the token is fresh, its person known or its team this
  /// one: `team` is what stands in the token.
  [[nodiscard]] std::variant<Token, TokenFault> read(std::string_view text) const;
  /// Whether the tag is that of the address under the token's key.
  [[nodiscard]] bool same_address(const Token& token, std::string_view address_key) const;

 private:
  std::array<std::optional<TokenKey>, 256> keys_;
  std::array<bool, 256> revoked_{};
};

}  // namespace mailroll
