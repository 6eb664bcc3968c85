#include "mailroll/consent/token.hpp"

#include <algorithm>
#include <span>

#include "sodium.hpp"

namespace mailroll {
namespace {

constexpr std::string_view version_prefix = "v1.";
constexpr std::size_t payload_size = 50;
constexpr std::size_t reference_size = 16;
constexpr std::size_t mac_size = 16;
using Mac = std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES>;

Mac hmac(const KeySecret& key, std::string_view label, std::span<const std::uint8_t> text) {
  crypto_auth_hmacsha256_state state;
  Mac mac{};
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(label.data()), label.size());
  crypto_auth_hmacsha256_update(&state, text.data(), text.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  return mac;
}

/// Octets in network order, one field after the other.
class Writer {
 public:
  void number(std::uint64_t value, int octets) {
    for (int octet = octets - 1; octet >= 0; --octet) put(static_cast<std::uint8_t>(value >> (8 * octet)));
  }
  template <typename Octets>
  void octets(const Octets& octets) {
    for (const std::uint8_t octet : octets) put(octet);
  }
  [[nodiscard]] std::span<const std::uint8_t> written() const { return {buffer_.data(), size_}; }

 private:
  void put(std::uint8_t octet) { buffer_[size_++] = octet; }
  std::array<std::uint8_t, payload_size + reference_size + mac_size> buffer_{};
  std::size_t size_ = 0;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> octets) : rest_(octets) {}
  std::uint64_t number(std::size_t octets) {
    std::uint64_t value = 0;
    for (const std::uint8_t octet : take(octets)) value = value << 8 | octet;
    return value;
  }
  template <std::size_t size>
  std::array<std::uint8_t, size> octets() {
    std::array<std::uint8_t, size> out{};
    std::ranges::copy(take(size), out.begin());
    return out;
  }

 private:
  std::span<const std::uint8_t> take(std::size_t count) {
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::span<const std::uint8_t> rest_;
};

}  // namespace

std::string_view to_string(Purpose purpose) {
  switch (purpose) {
    case Purpose::leave: return "leave";
    case Purpose::confirm: return "confirm";
    case Purpose::export_person: return "export";
    case Purpose::undo: return "undo";
  }
  return "";
}

std::optional<Purpose> parse_purpose(std::string_view word) {
  for (const Purpose purpose : {Purpose::leave, Purpose::confirm, Purpose::export_person, Purpose::undo}) {
    if (word == to_string(purpose)) return purpose;
  }
  return std::nullopt;
}

std::string_view to_string(TokenFault fault) {
  switch (fault) {
    case TokenFault::malformed: return "malformed";
    case TokenFault::unknown_key: return "unknown_key";
    case TokenFault::revoked_key: return "revoked_key";
    case TokenFault::wrong_mac: return "wrong_mac";
  }
  return "";
}

Uuid timed_reference(Time time, const Uuid& id) {
  Uuid reference = id;
  const auto octets = static_cast<std::uint64_t>(microseconds(time));
  for (std::size_t i = 0; i < 8; ++i) reference.bytes[i] = static_cast<std::uint8_t>(octets >> (56 - 8 * i));
  return reference;
}

Time reference_time(const Uuid& reference) {
  const std::uint64_t octets = Reader(std::span<const std::uint8_t>(reference.bytes)).number(8);
  return time_of(static_cast<std::int64_t>(octets));
}

bool refers_to(const Uuid& reference, const Uuid& id) {
  return std::equal(id.bytes.begin() + 8, id.bytes.end(), reference.bytes.begin() + 8);
}

TokenKey::TokenKey(const LinkKey& key, const Uuid& team) : id_(key.id), team_secret_{} {
  detail::require_sodium();
  // HKDF-Expand for one block: T(1) = HMAC(key, info | 0x01).
  std::array<std::uint8_t, 17> info{};
  std::ranges::copy(team.bytes, info.begin());
  info.back() = 1;
  team_secret_ = hmac(key.secret, "contacts/token/v1", info);
}

std::string TokenKey::sign(Token token) const {
  token.key = id_;
  Writer out;
  out.number(token.key, 1);
  out.number(static_cast<std::uint8_t>(token.purpose), 1);
  out.number(static_cast<std::uint32_t>(number_of(token.team)), 4);
  out.octets(token.contact.bytes);
  out.octets(token.topic ? token.topic->bytes : Uuid{}.bytes);
  out.octets(token.address_tag);
  out.number(token.epoch, 2);
  out.number(static_cast<std::uint64_t>(token.issued.time_since_epoch().count()), 2);
  if (token.reference) out.octets(token.reference->bytes);
  const Mac mac = hmac(team_secret_, "token", out.written());
  out.octets(std::span<const std::uint8_t>(mac).first<mac_size>());

  std::string text(max_token_length + 1, '\0');
  const std::size_t at = version_prefix.size();
  text.replace(0, at, version_prefix);
  sodium_bin2base64(text.data() + at, text.size() - at, out.written().data(), out.written().size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.resize(text.find('\0'));
  return text;
}

AddressTag TokenKey::address_tag(std::string_view address_key) const {
  const Mac mac =
      hmac(team_secret_, "address", {reinterpret_cast<const std::uint8_t*>(address_key.data()), address_key.size()});
  AddressTag tag{};
  std::copy_n(mac.begin(), tag.size(), tag.begin());
  return tag;
}

void TokenKeys::add(const TokenKey& key) { keys_[key.id()] = key; }

void TokenKeys::revoke(std::uint8_t id) {
  keys_[id].reset();
  revoked_[id] = true;
}

std::variant<Token, TokenFault> TokenKeys::read(std::string_view text) const {
  if (text.size() > max_token_length || !text.starts_with(version_prefix)) return TokenFault::malformed;
  text.remove_prefix(version_prefix.size());
  std::array<std::uint8_t, payload_size + reference_size + mac_size> octets{};
  std::size_t size = 0;
  if (sodium_base642bin(octets.data(), octets.size(), text.data(), text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
    return TokenFault::malformed;
  }
  if (size != octets.size() && size != octets.size() - reference_size) return TokenFault::malformed;
  const std::size_t signed_size = size - mac_size;

  Reader in(std::span<const std::uint8_t>(octets).first(signed_size));
  Token token;
  token.key = static_cast<std::uint8_t>(in.number(1));
  // Under a key that is not there the same work is done, so that the time tells nobody which keys there are.
  const std::optional<TokenKey>& key = keys_[token.key];
  const Mac mac =
      hmac(key ? key->team_secret_ : KeySecret{}, "token", std::span<const std::uint8_t>(octets).first(signed_size));
  const bool right = sodium_memcmp(mac.data(), octets.data() + signed_size, mac_size) == 0;
  if (revoked_[token.key]) return TokenFault::revoked_key;
  if (!key) return TokenFault::unknown_key;
  if (!right) return TokenFault::wrong_mac;

  const std::uint64_t purpose = in.number(1);
  if (purpose < 1 || purpose > 4) return TokenFault::malformed;
  token.purpose = static_cast<Purpose>(purpose);
  token.team = TeamNumber{static_cast<std::int32_t>(in.number(4))};
  token.contact = ContactId(Uuid{in.octets<16>()});
  const TopicId topic(Uuid{in.octets<16>()});
  if (!topic.is_nil()) token.topic = topic;
  token.address_tag = in.octets<8>();
  token.epoch = static_cast<std::uint16_t>(in.number(2));
  token.issued = std::chrono::sys_days(std::chrono::days(in.number(2)));
  if (signed_size > payload_size) token.reference = Uuid{in.octets<16>()};
  return token;
}

bool TokenKeys::same_address(const Token& token, std::string_view address_key) const {
  if (!keys_[token.key]) return false;
  const AddressTag tag = keys_[token.key]->address_tag(address_key);
  return sodium_memcmp(tag.data(), token.address_tag.data(), tag.size()) == 0;
}

}  // namespace mailroll
