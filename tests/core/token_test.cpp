// Tokens: the published vectors both ways, and what must not be believed.
#include "mailroll/consent/token.hpp"

#include <fstream>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mailroll/consent/event.hpp"
#include "source_folder.hpp"

namespace {

using namespace mailroll;
using Json = nlohmann::json;

const Json& vectors() {
  static const Json read = [] {
    std::ifstream file(mailroll::tests::source_folder() / "docs/tokens.json");
    return Json::parse(file);
  }();
  return read;
}

std::uint8_t digit(char hex) { return static_cast<std::uint8_t>(hex <= '9' ? hex - '0' : hex - 'a' + 10); }

template <std::size_t size>
std::array<std::uint8_t, size> octets(const std::string& hex) {
  std::array<std::uint8_t, size> out{};
  EXPECT_EQ(hex.size(), 2 * size);
  for (std::size_t i = 0; i < size && 2 * i + 1 < hex.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  }
  return out;
}

Uuid team() { return *parse_uuid(vectors()["team"]["id"].get<std::string>()); }

/// The keys of the vectors that sign or verify, by id.
std::map<int, TokenKey> team_keys() {
  std::map<int, TokenKey> keys;
  for (const Json& key : vectors()["keys"]) {
    if (key["state"] == "revoked") continue;
    const LinkKey link{key["id"].get<std::uint8_t>(), octets<32>(key["secret"].get<std::string>())};
    keys.emplace(link.id, TokenKey(link, team()));
  }
  return keys;
}

TokenKeys all_keys() {
  TokenKeys all;
  for (const auto& [id, key] : team_keys()) all.add(key);
  for (const Json& key : vectors()["keys"]) {
    if (key["state"] == "revoked") all.revoke(key["id"].get<std::uint8_t>());
  }
  return all;
}

Token token_of(const Json& vector) {
  Token token;
  token.key = vector["key"].get<std::uint8_t>();
  token.purpose = *parse_purpose(vector["purpose"].get<std::string>());
  token.team = TeamNumber{vector["team"].get<std::int32_t>()};
  token.contact = ContactId(*parse_uuid(vector["contact"].get<std::string>()));
  if (!vector["topic"].is_null()) token.topic = TopicId(*parse_uuid(vector["topic"].get<std::string>()));
  token.address_tag = octets<8>(vector["address_tag"].get<std::string>());
  token.epoch = vector["epoch"].get<std::uint16_t>();
  token.issued = std::chrono::floor<std::chrono::days>(*parse_time(vector["issued"].get<std::string>()));
  if (!vector["reference"].is_null()) token.reference = *parse_uuid(vector["reference"].get<std::string>());
  return token;
}

/// The fault's word, or "believed".
std::string fault_of(const TokenKeys& keys, std::string_view text) {
  const auto read = keys.read(text);
  const TokenFault* fault = std::get_if<TokenFault>(&read);
  return fault == nullptr ? "believed" : std::string(to_string(*fault));
}

TEST(Token, every_published_token_is_made_from_its_fields_and_read_back_to_them) {
  const std::map<int, TokenKey> keys = team_keys();
  const TokenKeys all = all_keys();
  ASSERT_GE(vectors()["valid"].size(), 8U);
  std::set<Purpose> purposes;
  for (const Json& vector : vectors()["valid"]) {
    SCOPED_TRACE(vector["name"].get<std::string>());
    const std::string text = vector["token"].get<std::string>();
    const Token token = token_of(vector);
    purposes.insert(token.purpose);
    EXPECT_EQ(keys.at(token.key).sign(token), text);
    const auto read = all.read(text);
    ASSERT_TRUE(std::holds_alternative<Token>(read)) << fault_of(all, text);
    EXPECT_EQ(std::get<Token>(read), token);
    if (vector["address_key"].is_null()) continue;
    const std::string address_key = vector["address_key"].get<std::string>();
    EXPECT_EQ(keys.at(token.key).address_tag(address_key), token.address_tag);
    EXPECT_TRUE(all.same_address(token, address_key));
    EXPECT_FALSE(all.same_address(token, address_key + "x"));
  }
  EXPECT_EQ(purposes.size(), 4U) << "one of each purpose";
}

TEST(Token, no_published_invalid_token_is_believed_and_each_has_its_fault) {
  const TokenKeys all = all_keys();
  std::set<std::string> faults;
  for (const Json& vector : vectors()["invalid"]) {
    SCOPED_TRACE(vector["name"].get<std::string>());
    EXPECT_EQ(fault_of(all, vector["token"].get<std::string>()), vector["fault"].get<std::string>());
    faults.insert(vector["fault"].get<std::string>());
  }
  EXPECT_EQ(faults.size(), 4U) << "one of each fault";
}

TEST(Token, no_token_is_as_long_as_120_characters_and_none_shows_the_address) {
  for (const Json& vector : vectors()["valid"]) {
    const std::string text = vector["token"].get<std::string>();
    EXPECT_LT(text.size(), 120U);
    EXPECT_LE(text.size(), max_token_length);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
              std::string::npos)
        << "fit for a URL as it is";
  }
}

TEST(Token, one_letter_altered_anywhere_is_not_believed) {
  const TokenKeys all = all_keys();
  for (const Json& vector : vectors()["valid"]) {
    const std::string text = vector["token"].get<std::string>();
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (const char other : std::string("Aa0-_.+ B")) {
        if (text[at] == other) continue;
        std::string altered = text;
        altered[at] = other;
        EXPECT_NE(fault_of(all, altered), "believed") << vector["name"] << " at " << at << " " << other;
      }
    }
  }
}

TEST(Token, a_token_cut_anywhere_is_malformed) {
  const TokenKeys all = all_keys();
  const std::string text = vectors()["valid"][2]["token"].get<std::string>();
  for (std::size_t length = 0; length < text.size(); ++length) {
    const std::string fault = fault_of(all, std::string_view(text).substr(0, length));
    // 91 letters are the length of a token without a reference: there the MAC tells.
    EXPECT_EQ(fault, length == 91 ? "wrong_mac" : "malformed") << length;
  }
  EXPECT_EQ(fault_of(all, std::string(1'000'000, 'A')), "malformed");
  EXPECT_EQ(fault_of(all, std::string_view("v1.\0AAAA", 8)), "malformed");
}

TEST(Token, a_revoked_key_stays_revoked_until_it_is_given_again) {
  TokenKeys keys = all_keys();
  const std::string text = vectors()["valid"][0]["token"].get<std::string>();
  EXPECT_EQ(fault_of(keys, text), "believed");
  keys.revoke(1);
  EXPECT_EQ(fault_of(keys, text), "revoked_key");
  EXPECT_FALSE(keys.same_address(token_of(vectors()["valid"][0]), "ada.lovelace@example.com"));
}

TEST(Token, a_timed_reference_gives_back_its_time_and_knows_its_id) {
  const Uuid id = *parse_uuid("0195f3c2-2222-7333-8444-555566667777");
  const Uuid other = *parse_uuid("0195f3c2-2222-7333-8444-555566667778");
  for (const char* text : {"2026-03-01T12:00:00.000001Z", "1970-01-01", "1969-12-31T23:59:59.999999Z", "9999-12-31"}) {
    const Time time = *parse_time(text);
    const Uuid reference = timed_reference(time, id);
    EXPECT_EQ(reference_time(reference), time) << text;
    EXPECT_TRUE(refers_to(reference, id));
    EXPECT_FALSE(refers_to(reference, other));
  }
  // As the published vectors have it.
  EXPECT_EQ(to_string(timed_reference(*parse_time("2026-03-01T12:00:00Z"))),
            vectors()["valid"][8]["reference"].get<std::string>());
}

TEST(Token, the_hash_of_a_shown_text_is_sha_256) {
  // FIPS 180-4's own examples (NIST, SHA256.pdf).
  EXPECT_EQ(text_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(text_hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(text_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

}  // namespace
