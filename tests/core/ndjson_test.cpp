#include "mailroll/transfer/ndjson.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/transfer_files.hpp"

namespace mailroll {
namespace {

using testing::error_of;
using testing::FileOf;
using testing::rows_of;
using Rows = std::vector<std::string>;

Rows read(const std::string& content, std::size_t block = InputFile::usual_block, ColumnMap map = {}) {
  const FileOf file(content, ".ndjson");
  return rows_of(*open_ndjson(InputFile::open(file.path(), nullptr, block), std::move(map)));
}

TEST(NdjsonTest, an_object_a_line_is_a_row_whatever_the_order_and_case_of_its_keys) {
  EXPECT_EQ(read("{\"Plan\":\"pro\",\"First Name\":\"Ada\",\"E-Mail\":\"a@b.org\"}\n{\"email\":\"b@b.org\"}"),
            (Rows{"1/1 email=a@b.org first_name=Ada Plan:pro", "2/2 email=b@b.org"}));
}

TEST(NdjsonTest, words_and_numbers_keep_their_text_and_null_is_absent) {
  EXPECT_EQ(
      read(
          R"({"email":"a@b.org","unsubscribed":true,"a":12.50,"b":12345678901234567890123,"c":-1e3 ,"d":false,"e":null,"f":""})"),
      Rows{"1/1 email=a@b.org unsubscribed=true a:12.50 b:12345678901234567890123 c:-1e3 d:false"});
}

TEST(NdjsonTest, escapes_are_undone) {
  EXPECT_EQ(read(R"({"email":"a\u0040b.org","n":"\u00e9\ud83d\ude00\n\""})"),
            Rows{"1/1 email=a@b.org n:\xC3\xA9\xF0\x9F\x98\x80\n\""});
}

TEST(NdjsonTest, of_a_key_given_twice_the_last_value_holds) {
  EXPECT_EQ(read(R"({"email":"a@b.org","email":"b@b.org","x":"1","x":"2","y":"1","y":null})"),
            Rows{"1/1 email=b@b.org x:2"});
}

TEST(NdjsonTest, an_object_of_properties_is_taken_apart) {
  EXPECT_EQ(read(R"({"email":"a@b.org","properties":{"plan":"pro","age":{"type":"number","value":7},"none":null}})"),
            Rows{"1/1 email=a@b.org plan:pro age:7"});
}

TEST(NdjsonTest, arrays_and_objects_as_values_break_the_row_name_the_column_and_spare_the_rest) {
  EXPECT_EQ(read(R"({"email":"a@b.org","tags":["x",{"y":[1]}],"unsubscribed":true})"),
            Rows{"1/1 !value_type[tags=] email=a@b.org unsubscribed=true"});
  EXPECT_EQ(read(R"({"email":{"a":1},"unsubscribed":true})"), Rows{"1/1 !value_type[email=] unsubscribed=true"});
  EXPECT_EQ(read(R"({"properties":{"a":{"b":1},"c":[]},"email":"a@b.org"})"),
            Rows{"1/1 !value_type[a=] email=a@b.org"});
  EXPECT_EQ(read(R"({"properties":[1],"email":"a@b.org"})"), Rows{"1/1 !value_type[properties=] email=a@b.org"});
}

TEST(NdjsonTest, a_malformed_line_breaks_its_row_and_the_rest_goes_on) {
  for (const std::string bad :
       {"{\"email\"", "{\"email\":}", "nonsense", "{\"email\":\"x\"", "{\"email\":\"x}", "{'email':'x'}", "{} {}",
        "{}x", "{\"a\" 1}", "{\"a\":1,}", "}", "{\"a\":tru}", "{\"a\":nul}"}) {
    const Rows rows = read("{\"email\":\"a@b.org\"}\n" + bad + "\n{\"email\":\"c@b.org\"}\n");
    ASSERT_EQ(rows.size(), 3U) << bad;
    EXPECT_EQ(rows[1].substr(0, 16), "2/2 !row_shape[]") << bad;
    EXPECT_EQ(rows[2], "3/3 email=c@b.org") << bad;
  }
}

TEST(NdjsonTest, a_line_that_is_no_object_breaks_its_row) {
  EXPECT_EQ(read("[1]\n\"x\"\n3\nnull\n{}\n"),
            (Rows{"1/1 !row_shape[]", "2/2 !row_shape[]", "3/3 !row_shape[]", "4/4 !row_shape[]", "5/5"}));
}

TEST(NdjsonTest, a_last_line_that_is_cut_off_breaks_its_row) {
  EXPECT_EQ(read("{\"email\":\"a@b.org\"}\n{\"email\":\"b@b.o"), (Rows{"1/1 email=a@b.org", "2/2 !row_shape[]"}));
}

TEST(NdjsonTest, what_stood_before_a_flaw_is_there) {
  EXPECT_EQ(read(R"({"email":"a@b.org","unsubscribed":true,"x":bad})"),
            Rows{"1/1 !row_shape[] email=a@b.org unsubscribed=true"});
}

TEST(NdjsonTest, a_cell_that_is_not_utf8_breaks_its_row_and_the_others_are_there) {
  EXPECT_EQ(read("{\"email\":\"a@b.org\",\"first_name\":\"M\xFCller\",\"last_name\":\"\xC3\xA9\",\"unsubscribed\":true}"
                 "\n{\"email\":\"b@b.org\"}\n"),
            (Rows{"1/1 !encoding[first_name=M\x7Fller] email=a@b.org last_name=\xC3\xA9 unsubscribed=true",
                  "2/2 email=b@b.org"}));
}

TEST(NdjsonTest, a_nul_and_half_a_surrogate_pair_break_the_row) {
  using namespace std::string_literals;
  EXPECT_EQ(read(R"({"x":"a\u0000","email":"a@b.org"})"), Rows{"1/1 !encoding[x=a\0] email=a@b.org"s});
  EXPECT_EQ(read(R"({"x":"\ud800","email":"a@b.org"})"), Rows{"1/1 !encoding[x=] email=a@b.org"});
}

TEST(NdjsonTest, blank_lines_and_a_byte_order_mark_are_passed_over_and_lines_may_end_in_crlf) {
  EXPECT_EQ(read("\xEF\xBB\xBF{\"email\":\"a@b.org\"}\r\n\r\n  \n{\"email\":\"b@b.org\"}\r\n\n"),
            (Rows{"1/1 email=a@b.org", "2/4 email=b@b.org"}));
}

TEST(NdjsonTest, a_value_of_ten_megabytes_breaks_its_row_and_the_rest_goes_on) {
  const std::string two(2'000'000, 'x');
  const std::string ten(10'000'000, 'x');
  for (const std::size_t block : {std::size_t{4093}, InputFile::usual_block}) {
    EXPECT_EQ(read("{\"email\":\"a@b.org\",\"note\":\"" + two + "\",\"unsubscribed\":true}\n{\"note\":\"" + ten +
                       "\"}\n{\"email\":\"c@b.org\"}",
                   block)
                  .at(1),
              "2/2 !row_shape[]");
  }
  const Rows rows =
      read("{\"email\":\"a@b.org\",\"note\":\"" + two + "\",\"unsubscribed\":true}\n{\"email\":\"c@b.org\"}");
  EXPECT_EQ(rows[0].substr(0, 21), "1/1 !row_shape[note=]");
  EXPECT_TRUE(rows[0].ends_with(" email=a@b.org unsubscribed=true"));
  EXPECT_EQ(rows[1], "2/2 email=c@b.org");
}

TEST(NdjsonTest, rows_are_the_same_wherever_blocks_end) {
  const std::string content =
      "\xEF\xBB\xBF{\"email\":\"a@b.org\",\"x\":\"\\u00e9\"}\r\n\n{\"email\":\"\xFF\"}\n{]\n{\"email\":\"b@b.org\","
      "\"properties\":{\"a\":1}}";
  const Rows whole = read(content);
  ASSERT_EQ(whole.size(), 4U);
  for (std::size_t block = 1; block <= content.size() + 1; ++block) ASSERT_EQ(read(content, block), whole) << block;
}

// Found by the fuzzer: simdjson looks at the byte behind a document, which an earlier line had left there.
TEST(NdjsonTest, what_an_earlier_line_left_in_memory_does_not_reach_the_last_one) {
  const std::string last = "{\"email\":\"a@b.org\"\"y\":[2]}},{\"z\":1}";
  for (std::size_t longer = 1; longer < 80; ++longer) {
    const std::string first = "{\"x\":\"" + std::string(longer, '}') + "\"}\n";
    EXPECT_EQ(read(first + last).at(1), read(last, 8).at(0).replace(0, 3, "2/2"));
  }
}

TEST(NdjsonTest, an_empty_file_and_utf16_are_errors) {
  EXPECT_EQ(error_of([] { read(""); }).reason(), "empty");
  EXPECT_EQ(error_of([] { read("\n \r\n"); }).reason(), "empty");
  EXPECT_EQ(error_of([] { read(std::string("\xFF\xFE{\0", 4)); }).reason(), "encoding");
}

TEST(NdjsonTest, a_map_gives_keys_another_meaning) {
  const std::vector<std::string> entries{"mail=email", "klasse=plan", "email="};
  EXPECT_EQ(read(R"({"mail":"a@b.org","klasse":"pro","email":"old"})", 64, ColumnMap::parse(entries)),
            Rows{"1/1 email=a@b.org plan:pro"});
}

TEST(NdjsonTest, a_new_key_in_each_row_is_read_like_any_other) {
  std::string content;
  for (int i = 0; i < 6000; ++i)
    content += "{\"email\":\"a@b.org\",\"k" + std::to_string(i) + "\":" + std::to_string(i) + "}\n";
  const Rows rows = read(content);
  ASSERT_EQ(rows.size(), 6000U);
  EXPECT_EQ(rows.back(), "6000/6000 email=a@b.org k5999:5999");
}

}  // namespace
}  // namespace mailroll
