// Whatever the bytes: a fault, or a token that is spelled in one way only. The first byte chooses: the text as it is, or the
// rest as a payload that is signed rightly, since no fuzzer guesses a MAC.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <sodium.h>

#include "mailroll/consent/token.hpp"
#include "require.hpp"

namespace {

using mailroll::fuzz::require;

using namespace mailroll;

const LinkKey& link_key() {
  static const LinkKey key{7, {1, 2, 3}};
  return key;
}
const Uuid team{{4, 5, 6}};

const TokenKey& key() {
  static const TokenKey made(link_key(), team);
  return made;
}

const TokenKeys& keys() {
  static const TokenKeys made = [] {
    TokenKeys all;
    all.add(key());
    all.revoke(8);
    return all;
  }();
  return made;
}

/// As docs/tokens.md has it: derived again here, by libsodium alone.
std::array<unsigned char, 32> team_secret() {
  std::string info = "contacts/token/v1";
  info.append(reinterpret_cast<const char*>(team.bytes.data()), team.bytes.size()).push_back('\1');
  std::array<unsigned char, 32> secret{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, link_key().secret.data(), link_key().secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(info.data()), info.size());
  crypto_auth_hmacsha256_final(&state, secret.data());
  return secret;
}

std::string signed_text(std::string payload) {
  static const std::array<unsigned char, 32> secret = team_secret();
  if (!payload.empty()) payload[0] = 7;
  const std::string labelled = "token" + payload;
  std::array<unsigned char, 32> mac{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, secret.data(), secret.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(labelled.data()), labelled.size());
  crypto_auth_hmacsha256_final(&state, mac.data());
  payload.append(reinterpret_cast<const char*>(mac.data()), 16);
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(payload.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(payload.data()), payload.size(),
                    variant);
  text.pop_back();
  return "v1." + text;
}

void must_read_alike(std::string_view text, bool right_mac) {
  const auto read = keys().read(text);
  if (const TokenFault* fault = std::get_if<TokenFault>(&read)) {
    require(!right_mac || *fault == TokenFault::malformed);
    require(!to_string(*fault).empty());
    return;
  }
  const Token& token = std::get<Token>(read);
  require(text.size() <= max_token_length && token.key == 7);
  require(key().sign(token) == text);
  require(!to_string(token.purpose).empty() && parse_purpose(to_string(token.purpose)) == token.purpose);
  static_cast<void>(keys().same_address(token, text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    must_read_alike(rest, false);
  } else {
    must_read_alike(signed_text(std::string(rest)), true);
  }
  return 0;
}
