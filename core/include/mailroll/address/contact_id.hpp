/// Contact ids: a keyed hash of team and address key, so that one address is one id.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"

namespace mailroll {

/// What a hash key or a link key keeps secret: 256 random bits.
using KeySecret = std::array<std::uint8_t, 32>;

/// A new random secret.
MAILROLL_EXPORT KeySecret make_key_secret();

/// Sixteen hex digits that tell two secrets apart and say nothing of them.
MAILROLL_EXPORT std::string fingerprint(const KeySecret& secret);

/// A secret under which contact ids are computed. Lose it, and nobody can tell which id an address has.
struct HashKey {
  std::int32_t id = 1;  ///< which key, within a store; from 1
  KeySecret secret{};
};

/// Computes contact ids of one team under one key: BLAKE2b-128 (RFC 7693), keyed, over the team's 16 id bytes and the
/// address key; as UUID version 8. Copies are independent; one copy may be used by several threads.
class MAILROLL_EXPORT ContactIdHash {
 public:
  ContactIdHash(const HashKey& key, const Uuid& team);
  /// `address_key` is EmailAddress::key().
  [[nodiscard]] ContactId operator()(std::string_view address_key) const;

 private:
  alignas(64) std::array<unsigned char, 384> keyed_state_;  // BLAKE2b after key and team, copied for each address
};

/// HMAC-SHA-256 of a cell's text under the key, 32 hex digits: tells in a rejects file which cells were equal, without
/// telling what stood in them.
MAILROLL_EXPORT std::string value_hmac(const HashKey& key, std::string_view value);

/// UUIDv8 id of a statement read from a file: the same contact, scope, source and action give the same event, however
/// often it is read. Unkeyed BLAKE2b-128, since the contact id is already keyed.
MAILROLL_EXPORT EventId derived_event_id(const ContactId& contact, TopicNumber topic, std::string_view source,
                                         std::uint8_t action);

}  // namespace mailroll
