#include "mailroll/address/contact_id.hpp"

#include "hex.hpp"
#include "sodium.hpp"

namespace mailroll {
namespace {

constexpr std::size_t hash_size = 16;
using Hash = std::array<std::uint8_t, hash_size>;

void update(crypto_generichash_state& state, const void* data, std::size_t size) {
  crypto_generichash_update(&state, static_cast<const unsigned char*>(data), size);
}

Hash finish(crypto_generichash_state& state) {
  Hash hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  return hash;
}

}  // namespace

KeySecret make_key_secret() {
  detail::require_sodium();
  KeySecret secret{};
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string fingerprint(const KeySecret& secret) {
  constexpr std::string_view label = "mailroll hash key";
  crypto_generichash_state state;
  crypto_generichash_init(&state, secret.data(), secret.size(), hash_size);
  update(state, label.data(), label.size());
  return detail::to_hex(finish(state).data(), 8);
}

ContactIdHash::ContactIdHash(const HashKey& key, const Uuid& team) : keyed_state_{} {
  static_assert(sizeof(crypto_generichash_state) == sizeof keyed_state_);
  static_assert(alignof(crypto_generichash_state) == 64);
  detail::require_sodium();
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.secret.data(), key.secret.size(), hash_size);
  update(state, team.bytes.data(), team.bytes.size());
  std::memcpy(keyed_state_.data(), &state, sizeof state);
}

ContactId ContactIdHash::operator()(std::string_view address_key) const {
  crypto_generichash_state state;
  std::memcpy(&state, keyed_state_.data(), sizeof state);
  update(state, address_key.data(), address_key.size());
  return ContactId(make_uuid_v8(finish(state)));
}

std::string value_hmac(const HashKey& key, std::string_view value) {
  static_assert(crypto_auth_hmacsha256_KEYBYTES == sizeof key.secret);
  std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(value.data()), value.size(),
                         key.secret.data());
  return detail::to_hex(mac.data(), 16);
}

EventId derived_event_id(const ContactId& contact, TopicNumber topic, std::string_view source, std::uint8_t action) {
  const auto number = static_cast<std::uint32_t>(number_of(topic));
  const std::array<std::uint8_t, 5> scope_and_action{
      static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
      static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number), action};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash_size);
  update(state, contact.bytes.data(), contact.bytes.size());
  update(state, scope_and_action.data(), scope_and_action.size());
  update(state, source.data(), source.size());  // last, since its length is not fixed
  return EventId(make_uuid_v8(finish(state)));
}

}  // namespace mailroll
