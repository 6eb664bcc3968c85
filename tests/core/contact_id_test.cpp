#include "mailroll/address/contact_id.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace mailroll {
namespace {

// The expected values below were made with Python's hashlib and hmac, which share no code with libsodium.
HashKey counting_key() {
  HashKey key;
  for (std::size_t i = 0; i < key.secret.size(); ++i) key.secret[i] = static_cast<std::uint8_t>(i);
  return key;
}

const Uuid team = *parse_uuid("0195d3a0-1b2c-7def-8123-456789abcdef");

TEST(ContactIdHash, is_blake2b_of_team_and_address_key_under_the_secret) {
  const ContactIdHash hash(counting_key(), team);
  EXPECT_EQ(to_string(hash("ann@example.com")), "13710dae-78f7-8288-8341-e667eaff3d54");
  EXPECT_EQ(to_string(hash("jürgen@xn--bcher-kva.example")), "6a4e3424-4089-8f31-937c-af32b257324b");
  EXPECT_EQ(to_string(hash("")), "a41cc4aa-2a85-8f05-a1a4-ba9d02ba44f4");
  const std::string longest = std::string(64, 'a') + '@' + std::string(63, 'b') + '.' + std::string(63, 'c') + '.' +
                              std::string(57, 'd') + ".com";
  EXPECT_EQ(to_string(hash(longest)), "bc396d34-0852-89e7-bf7e-aa76023ee9e1");
}

TEST(ContactIdHash, another_secret_or_team_gives_another_id) {
  EXPECT_EQ(to_string(ContactIdHash(HashKey{}, team)("ann@example.com")), "f3ce6bb9-b3e3-8d63-a76f-eea82003429e");
  EXPECT_EQ(to_string(ContactIdHash(counting_key(), Uuid{})("ann@example.com")),
            "34caaab0-63d1-81fa-bea6-1313fe6e0a1c");
}

TEST(ContactIdHash, asking_again_or_asking_a_copy_gives_the_same_id) {
  const ContactIdHash hash(counting_key(), team);
  const ContactId first = hash("ann@example.com");
  EXPECT_NE(hash("bob@example.com"), first);
  const ContactIdHash copy = hash;
  EXPECT_EQ(hash("ann@example.com"), first);
  EXPECT_EQ(copy("ann@example.com"), first);
}

TEST(ContactIdHash, many_addresses_have_distinct_ids_spread_evenly) {
  const ContactIdHash hash(counting_key(), team);
  std::set<ContactId> ids;
  int in_first_quarter = 0;
  for (int i = 0; i < 20'000; ++i) {
    const ContactId id = hash("person" + std::to_string(i) + "@example.com");
    ids.insert(id);
    if (id <= ContactId(id_partition(1, 4).last)) ++in_first_quarter;
  }
  EXPECT_EQ(ids.size(), 20'000U);
  EXPECT_NEAR(in_first_quarter, 5'000, 300);  // five standard deviations
}

TEST(KeySecrets, are_random) {
  const KeySecret one = make_key_secret();
  EXPECT_NE(one, make_key_secret());
  EXPECT_NE(one, KeySecret{});
}

TEST(KeySecrets, a_fingerprint_tells_them_apart) {
  KeySecret secret = counting_key().secret;
  EXPECT_EQ(fingerprint(secret), "3ced6dff34723b1c");
  secret[31] ^= 1;
  EXPECT_NE(fingerprint(secret), "3ced6dff34723b1c");
}

TEST(ValueHmac, is_the_first_half_of_hmac_sha_256) {
  EXPECT_EQ(value_hmac(counting_key(), "ann@example.com"), "7fd723e36b1c9108cdb7920372eed445");
  EXPECT_EQ(value_hmac(counting_key(), ""), "d38b42096d80f45f826b44a9d5607de7");
  EXPECT_NE(value_hmac(HashKey{}, "ann@example.com"), "7fd723e36b1c9108cdb7920372eed445");
}

TEST(DerivedEventId, is_blake2b_of_contact_scope_action_and_source) {
  const ContactId contact(*parse_uuid("0f1e2d3c-4b5a-8978-8796-a5b4c3d2e1f0"));
  EXPECT_EQ(to_string(derived_event_id(contact, TopicNumber{7}, "audience:78261eea", 2)),
            "31bd974b-d245-86aa-8e69-b6aedf32f62a");
  EXPECT_EQ(to_string(derived_event_id(contact, everything_scope, "", 5)), "ae54a974-05cd-858d-9ca1-a75972cf15d6");
}

TEST(DerivedEventId, differs_with_each_part_of_the_statement) {
  const ContactId contact(*parse_uuid("0f1e2d3c-4b5a-8978-8796-a5b4c3d2e1f0"));
  const std::set<EventId> ids{derived_event_id(contact, TopicNumber{7}, "audience:a", 2),
                              derived_event_id(contact, TopicNumber{8}, "audience:a", 2),
                              derived_event_id(contact, TopicNumber{7}, "audience:b", 2),
                              derived_event_id(contact, TopicNumber{7}, "audience:a", 5),
                              derived_event_id(ContactId{}, TopicNumber{7}, "audience:a", 2)};
  EXPECT_EQ(ids.size(), 5U);
}

}  // namespace
}  // namespace mailroll
