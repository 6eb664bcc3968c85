// Links and the header fields made of them, and reading forms.
#include <regex>

#include <gtest/gtest.h>

#include "page_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;

class Links : public PageWorld {
 protected:
  std::string outcome_with_base(const std::string& url) {
    return outcome_of(
        [&] { (void)roll.link("ada@example.com", news, Purpose::leave, {.base_url = url, .message = {}}); });
  }
  std::string outcome_with_mailto(const std::string& mailto) {
    return outcome_of([&] {
      (void)roll.list_unsubscribe_headers("ada@example.com", news,
                                          {.base_url = base_url, .mailto = mailto, .message = {}});
    });
  }
};
INSTANTIATE_TEST_SUITE_P(, Links, ::testing::Values("memory", "sqlite"), store_of);

TEST_P(Links, a_link_is_the_base_url_and_a_token_without_the_address) {
  roll.contacts().add({.email = "ada.lovelace@example.com"});
  for (const char* base : {"https://mail.example.com", "https://mail.example.com/", "https://mail.example.com//"}) {
    const std::string link =
        roll.link("ada.lovelace@example.com", news, Purpose::leave, {.base_url = base, .message = {}});
    EXPECT_TRUE(std::regex_match(link, std::regex("https://mail\\.example\\.com/u/v1\\.[A-Za-z0-9_-]{88}"))) << link;
    EXPECT_EQ(link.find("ada"), std::string::npos);
    EXPECT_EQ(link.find('@'), std::string::npos);
  }
  const std::string longest =
      token_of(roll.link("ada.lovelace@example.com", news, Purpose::leave,
                         {.base_url = base_url, .message = *parse_uuid("0195f3c2-ffff-7aaa-bbbb-cccccccccccc")}));
  EXPECT_LT(longest.size(), 120U);
}

TEST_P(Links, only_https_bases_and_those_of_this_machine_make_links) {
  for (const char* good : {"https://mail.example.com", "https://mail.example.com:8443/prefs", "http://localhost:8080",
                           "http://127.0.0.1", "https://xn--bcher-kva.example/a~b/%C3%A9"}) {
    EXPECT_EQ(outcome_with_base(good), "done") << good;
  }
  for (const std::string bad : {"",
                                "mail.example.com",
                                "http://mail.example.com",
                                "HTTPS://",
                                "https://",
                                "https:///u",
                                "ftp://example.com",
                                "javascript:alert(1)",
                                "https://user:pass@example.com",
                                "https://user@example.com",
                                "https://example.com/a b",
                                "https://example.com/\r\nBcc: x",
                                "https://example.com/\"",
                                "https://example.com/<x>",
                                "https://example.com/?q=1",
                                "https://example.com/#top",
                                "https://example.com:port",
                                "https://example.com:",
                                "https://b\u00fccher.example",
                                "https://example.com/\u00e9",
                                "https://example.com/a,b",
                                "http://localhost.example.com",
                                "http://127.0.0.1.example.com",
                                "https://example.com/\\"}) {
    EXPECT_EQ(outcome_with_base(bad), "invalid:base_url") << bad;
  }
  EXPECT_EQ(outcome_with_base(std::string("https://example.com/\0", 21)), "invalid:base_url");
}

TEST_P(Links, the_two_header_fields_are_as_rfc_8058_and_2369_want_them) {
  roll.contacts().add({.email = "ada@example.com"});
  const std::vector<Header> headers = roll.list_unsubscribe_headers(
      "ada@example.com", news, {.base_url = base_url, .mailto = "Leave+List@Example.com", .message = {}});
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].name, "List-Unsubscribe");
  std::smatch parts;
  const std::regex form(
      "<https://mail\\.example\\.com/u/(v1\\.[A-Za-z0-9_-]+)>, "
      "<mailto:Leave%2BList@example\\.com\\?subject=(v1\\.[A-Za-z0-9_-]+)>");
  ASSERT_TRUE(std::regex_match(headers[0].value, parts, form)) << headers[0].value;
  EXPECT_EQ(parts[1], parts[2]) << "the same person and scope by web and by mail";
  EXPECT_EQ(headers[1].name, "List-Unsubscribe-Post");
  EXPECT_EQ(headers[1].value, "List-Unsubscribe=One-Click");
  const auto without =
      roll.list_unsubscribe_headers("ada@example.com", everything, {.base_url = base_url, .mailto = "", .message = {}});
  EXPECT_TRUE(std::regex_match(without[0].value, std::regex("<https://[^,<> ]+>"))) << without[0].value;
}

TEST_P(Links, whatever_is_given_a_header_field_is_one_line_of_ascii_below_998_octets) {
  const std::string longest_local(64, 'a');
  const std::string longest_domain =
      std::string(60, 'b') + "." + std::string(60, 'c') + "." + std::string(60, 'd') + ".example";
  for (const std::string& mailto :
       std::vector<std::string>{"unsub@example.com", "s\u00f8ren@b\u00fccher.example", "o'brien&x=1?y#z%{}@example.com",
                                longest_local.substr(0, 40) + "@" + longest_domain}) {
    for (const std::string& base : {base_url, "https://example.com/" + std::string(300, 'p')}) {
      const auto headers =
          roll.list_unsubscribe_headers("ada@example.com", news, {.base_url = base, .mailto = mailto, .message = {}});
      for (const Header& header : headers) {
        const std::string line = header.name + ": " + header.value;
        EXPECT_LT(line.size(), 998U);
        EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; })) << line;
      }
      EXPECT_EQ(std::count(headers[0].value.begin(), headers[0].value.end(), '<'), 2);
      EXPECT_EQ(std::count(headers[0].value.begin(), headers[0].value.end(), ','), 1);
    }
  }
  EXPECT_EQ(outcome_of([&] {
              (void)roll.list_unsubscribe_headers(
                  "ada@example.com", news,
                  {.base_url = "https://example.com/" + std::string(1000, 'p'), .mailto = "", .message = {}});
            }),
            "invalid:base_url");
  for (const std::string bad : {"unsub", "unsub@example.com\r\nBcc: x@example.com", "mailto:unsub@example.com",
                                "<unsub@example.com>", "a@example.com, b@example.com"}) {
    EXPECT_EQ(outcome_with_mailto(bad), "invalid:mailto") << bad;
  }
}

TEST_P(Links, a_link_needs_somebody_and_a_purpose_that_is_for_mail) {
  const auto made = [&](const Who& who, const Scope& scope, Purpose purpose, std::optional<Uuid> message = {}) {
    return outcome_of([&] { (void)roll.link(who, scope, purpose, {.base_url = base_url, .message = message}); });
  };
  EXPECT_EQ(made("ada@example.com", news, Purpose::leave), "done") << "who is no contact may have had mail, too";
  EXPECT_EQ(made("ada@example.com", everything, Purpose::export_person), "done");
  EXPECT_EQ(made("ada@example.com", news, Purpose::export_person), "invalid:purpose");
  EXPECT_EQ(made("ada@example.com", everything, Purpose::export_person, Uuid{}), "invalid:purpose");
  EXPECT_EQ(made("ada@example.com", news, Purpose::confirm), "invalid:purpose");
  EXPECT_EQ(made("ada@example.com", news, Purpose::undo), "invalid:purpose");
  EXPECT_EQ(made("ada@example.com", "Nothing", Purpose::leave), "not_found:topic_not_found");
  EXPECT_EQ(made("0195f3c2-ffff-7aaa-bbbb-cccccccccccc", news, Purpose::leave), "not_found:contact_not_found");
  EXPECT_EQ(made("ada@@example.com", news, Purpose::leave), "invalid:address_syntax");
}

FormFields form(std::initializer_list<std::pair<std::string, std::string>> fields) { return fields; }

TEST(Form, urlencoded_bodies_are_read_as_browsers_write_them) {
  EXPECT_EQ(parse_form("List-Unsubscribe=One-Click"), one_click);
  EXPECT_EQ(parse_form("a=1&b=2&a=3"), form({{"a", "1"}, {"b", "2"}, {"a", "3"}}));
  EXPECT_EQ(parse_form("na%6De=a+b%20c%2B%26%3D"), form({{"name", "a b c+&="}}));
  EXPECT_EQ(parse_form("a=1=2"), form({{"a", "1=2"}}));
  EXPECT_EQ(parse_form("&&a&=b&"), form({{"a", ""}, {"", "b"}}));
  EXPECT_EQ(parse_form("a=%&b=%4&c=%zz&d=%4G%41"), form({{"a", "%"}, {"b", "%4"}, {"c", "%zz"}, {"d", "%4GA"}}));
  EXPECT_EQ(parse_form(""), form({}));
  EXPECT_EQ(parse_form(std::string_view("a=\0b", 4)), form({{"a", std::string("\0b", 2)}}));
}

TEST(Form, multipart_bodies_are_read_without_their_header) {
  // As Gmail's documentation and curl -F write it.
  EXPECT_EQ(
      parse_form("--------------------------5a2f\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n"
                 "One-Click\r\n--------------------------5a2f--\r\n"),
      one_click);
  EXPECT_EQ(
      parse_form("--x\r\ncontent-disposition: form-data; filename=\"f\"; name=a\r\nContent-Type: text/plain\r\n\r\n"
                 "1\r\n2\r\n--x\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--x--\r\n"),
      form({{"a", "1\r\n2"}, {"b", ""}}));
  EXPECT_EQ(parse_form("--x\nContent-Disposition: form-data; name=\"a\"\n\n1\n--x--\n"), form({{"a", "1"}}));
  EXPECT_EQ(parse_form("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off"), form({}));
  EXPECT_EQ(parse_form("--x\r\nX: y\r\n\r\nnameless\r\n--x--"), form({}));
  EXPECT_EQ(parse_form("--"), form({}));
  EXPECT_EQ(parse_form("--x"), form({}));
}

TEST(Form, a_body_that_is_too_large_is_not_read_by_half) {
  std::string body = "action=save";
  while (body.size() <= 16 * 1024) body += "&shown=0195f3c2-1a2b-7c3d-8e4f-5a6b7c8d9e0f";
  EXPECT_EQ(parse_form(body), form({}));
  std::string many;
  for (int i = 0; i < 2001; ++i) many += "a&";
  EXPECT_EQ(parse_form(many), form({}));
  EXPECT_EQ(parse_form(std::string_view(many).substr(2)).size(), 2000U);
}

}  // namespace
