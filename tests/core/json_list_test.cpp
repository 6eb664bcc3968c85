#include "mailroll/transfer/json_list.hpp"

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

Rows read(const std::string& content, std::size_t block = InputFile::usual_block) {
  const FileOf file(content, ".json");
  return rows_of(*open_json_list(InputFile::open(file.path(), nullptr, block)));
}

TEST(JsonListTest, the_elements_of_data_are_rows_without_lines) {
  const std::string content =
      "{\"has_more\": false, \"object\": \"list\", \"data\": [\n {\"id\": \"7\", \"email\": \"a@b.org\", "
      "\"first_name\": null, "
      "\"unsubscribed\": true},\n {\"email\": \"b@b.org\"}], \"x\": {\"y\": []}}\n";
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}, InputFile::usual_block}) {
    EXPECT_EQ(read(content, block), (Rows{"1/0 email=a@b.org id=7 unsubscribed=true", "2/0 email=b@b.org"}));
  }
}

TEST(JsonListTest, data_alone_and_no_data_rows_are_lists_too) {
  EXPECT_EQ(read("\xEF\xBB\xBF{\"data\":[]}"), Rows{});
  EXPECT_EQ(read(R"({"data":[{}]})"), Rows{"1/0"});
}

TEST(JsonListTest, json_that_is_cut_off_is_an_error_with_file_and_what_was_expected) {
  const std::string whole = R"({"object":"list","data":[{"email":"a@b.org"},{"email":"b@b.org"}],"has_more":false})";
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const FileOf file(whole.substr(0, length), ".json");
    const Error error = error_of([&] { rows_of(*open_json_list(InputFile::open(file.path()))); });
    EXPECT_EQ(error.kind(), ErrorKind::invalid) << length;
    EXPECT_EQ(error.details().at("file"), file.path());
    EXPECT_NE(std::string(error.what()).find("expected {\"object\": \"list\""), std::string::npos) << error.what();
  }
  EXPECT_EQ(error_of([&] { read(whole.substr(0, 40)); }).reason(), "json_cut_off");
}

TEST(JsonListTest, json_of_another_shape_is_an_error_that_says_what_was_expected) {
  for (const std::string content :
       {"[]", "3", "\"x\"", "null", "{}", R"({"object":"list"})", R"({"data":{}})", R"({"data":null})",
        R"({"object":"contact","data":[]})", R"({"object":3,"data":[]})", R"([{"email":"a@b.org"}])",
        R"({"data":[],"data":[{"email":"a@b.org"}]})"}) {
    const Error error = error_of([&] { read(content); });
    EXPECT_EQ(error.reason(), "json_shape") << content;
    EXPECT_NE(std::string(error.what()).find("expected {\"object\": \"list\""), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("a@b.org"), std::string::npos);
  }
}

TEST(JsonListTest, a_document_that_is_no_json_is_an_error_with_its_line) {
  const Error error = error_of([] { read("{\"data\":[\n{\"email\":\"a@b.org\"},\n{\"email\":bad}]}"); });
  EXPECT_EQ(error.reason(), "json_syntax");
  EXPECT_EQ(error.details().at("line"), "3");
  for (const std::string content : {R"({"data":[{"a":1}{"b":2}]})", R"({"data":[{"a":1},]})", R"({"data":[]}{})",
                                    R"({"data":[],})", R"({"data":[{"a":1}],"x":})"}) {
    EXPECT_EQ(error_of([&] { read(content); }).reason(), "json_syntax") << content;
  }
}

TEST(JsonListTest, an_element_that_is_no_object_breaks_its_row_and_the_rest_goes_on) {
  EXPECT_EQ(
      read(R"({"data":[[{"email":"x"}],3,null,"s",{"email":"a@b.org"}]})"),
      (Rows{"1/0 !row_shape[]", "2/0 !row_shape[]", "3/0 !row_shape[]", "4/0 !row_shape[]", "5/0 email=a@b.org"}));
}

TEST(JsonListTest, nested_values_break_their_row_and_the_rest_goes_on) {
  EXPECT_EQ(read(R"({"data":[{"email":"a@b.org","x":{"y":[1]},"unsubscribed":true},{"email":"b@b.org"}]})"),
            (Rows{"1/0 !value_type[x=] email=a@b.org unsubscribed=true", "2/0 email=b@b.org"}));
}

TEST(JsonListTest, a_cell_that_is_not_utf8_breaks_its_row_alone) {
  EXPECT_EQ(read("{\"data\":[{\"email\":\"a@b.org\",\"first_name\":\"\xFF\"},{\"email\":\"b@b.org\",\"first_name\":"
                 "\"\xC3\xA9\"}]}"),
            (Rows{"1/0 !encoding[first_name=\x7F] email=a@b.org", "2/0 email=b@b.org first_name=\xC3\xA9"}));
}

TEST(JsonListTest, an_empty_file_and_utf16_are_errors) {
  EXPECT_EQ(error_of([] { read(""); }).reason(), "empty");
  EXPECT_EQ(error_of([] { read("\xEF\xBB\xBF \n"); }).reason(), "empty");
  EXPECT_EQ(error_of([] { read(std::string("\xFF\xFE{\0", 4)); }).reason(), "encoding");
}

}  // namespace
}  // namespace mailroll
