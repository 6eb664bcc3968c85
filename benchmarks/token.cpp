/// Claim: checking the token of a link takes less than 5 microseconds, whether it is believed or not. Beside it, the MAC
/// alone: libsodium's HMAC-SHA-256 over the same octets, without reading the text or the fields.
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <mailroll/address/contact_id.hpp>
#include <mailroll/consent/token.hpp>
#include <sodium.h>

#include "pairs.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::benchmark;

constexpr std::size_t signed_octets = 50;  // docs/tokens.md: what stands before the MAC of a leave token

/// What a mailing sends: one token for each person.
std::vector<std::string> tokens_of(const TokenKey& key, std::uint64_t count) {
  std::vector<std::string> tokens;
  tokens.reserve(count);
  Token token;
  token.team = TeamNumber{1};
  token.topic = TopicId(Uuid{{7, 7, 7}});
  token.issued = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  for (std::uint64_t number = 0; number < count; ++number) {
    for (std::size_t i = 0; i < 8; ++i) token.contact.bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
    token.address_tag = key.address_tag(std::to_string(number));
    tokens.push_back(key.sign(token));
  }
  return tokens;
}

/// Microseconds a token.
double check_all(const TokenKeys& keys, const std::vector<std::string>& tokens, bool believed) {
  std::uint64_t read = 0;
  const double milliseconds = milliseconds_of([&] {
    for (const std::string& token : tokens) read += std::holds_alternative<Token>(keys.read(token)) ? 1 : 0;
  });
  if (read != (believed ? tokens.size() : 0)) throw std::runtime_error("not every token was judged as it should be");
  return milliseconds * 1e3 / static_cast<double>(tokens.size());
}

using Octets = std::array<unsigned char, signed_octets>;

double bare_macs(const std::vector<Octets>& payloads) {
  const std::array<unsigned char, crypto_auth_hmacsha256_KEYBYTES> key{1, 2, 3};
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  unsigned octet = 0;
  const double milliseconds = milliseconds_of([&] {
    for (const Octets& payload : payloads) {
      crypto_auth_hmacsha256_state state;
      crypto_auth_hmacsha256_init(&state, key.data(), key.size());
      crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>("token"), 5);
      crypto_auth_hmacsha256_update(&state, payload.data(), payload.size());
      crypto_auth_hmacsha256_final(&state, mac.data());
      octet |= mac[0];
    }
  });
  if (octet == 0) throw std::runtime_error("floor: no MAC");
  return milliseconds * 1e3 / static_cast<double>(payloads.size());
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Checking tokens beside the bare MAC.", {50'000});
  const TokenKey signing(LinkKey{.id = 2, .secret = make_key_secret()}, Uuid{{9, 9, 9}});
  TokenKeys keys;
  keys.add(TokenKey(LinkKey{.id = 1, .secret = make_key_secret()}, Uuid{{9, 9, 9}}));
  keys.add(signing);
  const std::vector<std::string> tokens = tokens_of(signing, settings.rows.front());
  // Under the right key's number, signed with another.
  const std::vector<std::string> forged =
      tokens_of(TokenKey(LinkKey{.id = 2, .secret = make_key_secret()}, Uuid{{9, 9, 9}}), settings.rows.front());
  std::vector<Octets> payloads(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i)
    std::copy_n(tokens[i].begin() + 3, signed_octets, payloads[i].begin());

  Claim beside = run_pairs(
      "token check beside a bare MAC", settings.pairs, [&] { return check_all(keys, tokens, true); },
      "HMAC-SHA-256 of as many octets (us)", [&] { return bare_macs(payloads); });
  beside.bar = Bar::none;
  Claim checked{.name = "token check", .unit = "us", .floor_name = {}, .bar = Bar::below, .limit = 5};
  checked.ours = checked.values = beside.ours;
  Claim refused{.name = "check of a forged token", .unit = "us", .floor_name = {}, .bar = Bar::below, .limit = 5};
  for (int pair = 0; pair < settings.pairs; ++pair) refused.values.push_back(check_all(keys, forged, false));
  refused.ours = refused.values;
  const std::vector<Claim> claims{checked, refused, beside};
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "token", claims);
}
