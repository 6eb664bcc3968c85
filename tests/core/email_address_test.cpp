#include "mailroll/address/email_address.hpp"

#include <gtest/gtest.h>

#include "core/address_table.hpp"
#include "mailroll/error.hpp"

namespace mailroll {
namespace {

std::string code_of(std::string_view text) {
  AddressProblem problem{};
  EmailAddress::parse(text, &problem);
  return std::string(reason_code(problem));
}

TEST(EmailAddress, accepted_texts_of_the_document_have_the_spellings_it_gives) {
  const auto rows = tests::table_of_addresses("Accepted");
  ASSERT_GT(rows.size(), 35U);
  for (const auto& cells : rows) {
    ASSERT_EQ(cells.size(), 4U) << cells[0];
    AddressProblem problem{};
    const auto address = EmailAddress::parse(cells[0], &problem);
    ASSERT_TRUE(address) << cells[0] << ": " << reason_code(problem);
    EXPECT_EQ(problem, AddressProblem::none);
    const std::string delivery = cells[2].empty() ? cells[1] : cells[2];
    EXPECT_EQ(address->key(), cells[1]) << cells[0];
    EXPECT_EQ(address->delivery(), delivery) << cells[0];
    EXPECT_EQ(address->display(), cells[3].empty() ? delivery : cells[3]) << cells[0];
  }
}

TEST(EmailAddress, rejected_texts_of_the_document_have_the_codes_it_gives) {
  const auto rows = tests::table_of_addresses("Rejected");
  ASSERT_GT(rows.size(), 90U);
  for (const auto& cells : rows) EXPECT_EQ(code_of(cells[0]), cells[1]) << cells[0];
}

TEST(EmailAddress, every_code_of_the_document_rejects_something) {
  std::map<std::string, int> seen;
  for (const auto& cells : tests::table_of_addresses("Rejected")) ++seen[cells[1]];
  for (const auto& cells : tests::table_of_addresses("Reason codes")) {
    EXPECT_GT(seen[cells[0]], 0) << cells[0];
    seen.erase(cells[0]);
  }
  EXPECT_TRUE(seen.empty());
}

TEST(EmailAddress, an_exception_carries_the_code_and_never_the_text) {
  try {
    const EmailAddress address("secret.person@nowhere");
    FAIL() << "a single label is no domain";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(error.reason(), "address_domain");
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("nowhere"), std::string::npos);
  }
}

TEST(EmailAddress, a_constructed_address_is_the_parsed_one) {
  const EmailAddress address(" Ann@Example.com ");
  EXPECT_EQ(address.key(), "ann@example.com");
  EXPECT_EQ(address.delivery(), "Ann@example.com");
  EXPECT_EQ(address, *EmailAddress::parse("aNN@example.COM"));
}

TEST(EmailAddress, smtputf8_is_needed_for_the_local_part_alone) {
  EXPECT_TRUE(EmailAddress("jürgen@example.com").smtputf8());
  EXPECT_FALSE(EmailAddress("jurgen@bücher.example").smtputf8());
  EXPECT_FALSE(EmailAddress("ann@example.com").smtputf8());
}

TEST(EmailAddress, a_reason_is_optional_for_the_caller) {
  EXPECT_TRUE(EmailAddress::parse("ann@example.com"));
  EXPECT_FALSE(EmailAddress::parse("ann"));
}

TEST(EmailAddress, a_very_long_text_is_too_long_or_badly_encoded_and_nothing_else) {
  std::string text(10'000'000, 'a');
  EXPECT_EQ(code_of(text), "address_too_long");
  text[9'000'000] = '\xFF';
  EXPECT_EQ(code_of(text), "encoding");
}

TEST(EmailAddress, the_version_tells_algorithm_and_unicode_tables) {
  EXPECT_EQ(address_key_version() / 1000, 1);
  EXPECT_GE(address_key_version() % 1000, 14);
}

}  // namespace
}  // namespace mailroll
