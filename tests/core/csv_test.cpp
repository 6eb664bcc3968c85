#include "mailroll/transfer/csv.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/transfer_files.hpp"
#include "mailroll/error.hpp"

namespace mailroll {
namespace {

using testing::error_of;
using testing::FileOf;
using testing::rows_of;

std::vector<std::string> read(const std::string& content, std::size_t block = InputFile::usual_block,
                              ColumnMap map = {}) {
  const FileOf file(content, ".csv");
  return rows_of(*open_csv(InputFile::open(file.path(), nullptr, block), map));
}

Error refused(const std::string& content, const ColumnMap& map = {}) {
  return error_of([&] { read(content, InputFile::usual_block, map); });
}

using Rows = std::vector<std::string>;

TEST(CsvTest, cells_are_given_under_the_names_of_the_header) {
  EXPECT_EQ(read("E-Mail,First Name,last_name,UNSUBSCRIBED,created at,id,Plan\na@b.org,Ada,L,yes,2024-01-01,7,pro\n"),
            Rows{"1/2 email=a@b.org id=7 first_name=Ada last_name=L unsubscribed=yes created_at=2024-01-01 Plan:pro"});
}

TEST(CsvTest, a_byte_order_mark_is_no_part_of_the_first_name) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "email\na@b.org\n"),
            Rows{"1/2 email=a@b.org"});
}

TEST(CsvTest, lines_may_end_in_lf_crlf_or_cr) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    EXPECT_EQ(read("email,id" + end + "a@b.org,1" + end + "b@b.org,2" + end + "c@b.org,3"),
              (Rows{"1/2 email=a@b.org id=1", "2/3 email=b@b.org id=2", "3/4 email=c@b.org id=3"}));
  }
}

TEST(CsvTest, quoted_cells_hold_commas_quotes_and_line_ends_and_the_next_line_number_is_right) {
  EXPECT_EQ(read("email,note\n\"a@b.org\",\"x, \"\"y\"\"\nz\r\nw\rv\"\nb@b.org,\"\"\n"),
            (Rows{"1/2 email=a@b.org note:x, \"y\"\nz\r\nw\rv", "2/6 email=b@b.org"}));
}

TEST(CsvTest, blank_lines_are_no_rows_but_are_counted_as_lines) {
  EXPECT_EQ(read("\n\nemail,id\r\n\r\n\r\na@b.org,1\n\n"), Rows{"1/6 email=a@b.org id=1"});
}

TEST(CsvTest, a_file_of_a_header_alone_has_no_rows) { EXPECT_EQ(read("email,id\n"), Rows{}); }

TEST(CsvTest, a_row_with_too_few_fields_is_broken_and_keeps_the_leading_ones) {
  EXPECT_EQ(read("email,unsubscribed,plan\na@b.org,true\nb@b.org,no,pro\n"),
            (Rows{"1/2 !row_shape[] email=a@b.org unsubscribed=true", "2/3 email=b@b.org unsubscribed=no plan:pro"}));
}

TEST(CsvTest, a_row_with_too_many_fields_is_broken_and_keeps_the_declared_ones) {
  EXPECT_EQ(read("email,unsubscribed\na@b.org,true,x,y\nb@b.org,no\n"),
            (Rows{"1/2 !row_shape[] email=a@b.org unsubscribed=true", "2/3 email=b@b.org unsubscribed=no"}));
}

TEST(CsvTest, a_stray_quote_breaks_its_row_and_no_other) {
  EXPECT_EQ(read("email,first_name,unsubscribed\na@b.org,12\" wide,true\nb@b.org,\"x\"y,true\nc@b.org,z,no\n"),
            (Rows{"1/2 !row_shape[first_name=12\" wide] email=a@b.org unsubscribed=true",
                  "2/3 !row_shape[first_name=x\"y] email=b@b.org unsubscribed=true",
                  "3/4 email=c@b.org first_name=z unsubscribed=no"}));
}

TEST(CsvTest, behind_a_stray_quote_nothing_is_believed_where_the_number_of_fields_is_wrong_too) {
  EXPECT_EQ(read("email,first_name,unsubscribed\na@b.org,\"x\"y,z,true\n"), Rows{"1/2 !row_shape[] email=a@b.org"});
}

TEST(CsvTest, a_cell_that_is_not_utf8_breaks_its_row_and_the_others_are_there) {
  EXPECT_EQ(read("email,first_name,unsubscribed\na@b.org,M\xFCller,true\nb@b.org,M\xC3\xBCller,true\n"),
            (Rows{"1/2 !encoding[first_name=M\xFCller] email=a@b.org unsubscribed=true",
                  "2/3 email=b@b.org first_name=M\xC3\xBCller unsubscribed=true"}));
}

TEST(CsvTest, a_nul_byte_breaks_its_row_and_names_the_column) {
  using namespace std::string_literals;
  EXPECT_EQ(read("email,plan\na@b.org,p\0ro\nb@b.org,pro\n"s),
            (Rows{"1/2 !encoding[plan=p\0ro] email=a@b.org"s, "2/3 email=b@b.org plan:pro"}));
}

TEST(CsvTest, a_field_of_ten_megabytes_breaks_its_row_and_the_rest_goes_on) {
  const std::string big(10'000'000, 'x');
  for (const std::string& cell : {big, "\"" + big + "\n\"\"\"", "\"" + big + "\""}) {
    const std::vector<std::string> rows = read("email,note,plan\na@b.org," + cell + ",pro\nb@b.org,y,pro\n");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0], "1/2 !row_shape[note=] email=a@b.org plan:pro");
    EXPECT_TRUE(rows[1].ends_with(" email=b@b.org note:y plan:pro"));
  }
}

TEST(CsvTest, a_cell_of_one_mebibyte_is_read_and_one_more_byte_is_too_long_wherever_blocks_end) {
  for (const std::size_t block : {std::size_t{65'537}, std::size_t{1} << 20, std::size_t{1} << 23}) {
    const std::string most(std::size_t{1} << 20, 'x');
    EXPECT_EQ(read("email,note\na@b.org," + most + "\n", block), Rows{"1/2 email=a@b.org note:" + most});
    EXPECT_EQ(read("email,note\na@b.org," + most + "x\n", block), Rows{"1/2 !row_shape[note=] email=a@b.org"});
  }
}

TEST(CsvTest, a_row_over_four_mebibytes_is_broken_at_the_same_cell_wherever_blocks_end) {
  const std::string cell(1'000'000, 'x');
  const std::string content = "email,a,b,c,d,e,unsubscribed\nx@b.org," + cell + "," + cell + ",\"" + cell + "\"," +
                              cell + "," + cell + ",true\ny@b.org,,,,,,no\n";
  for (const std::size_t block : {std::size_t{99'991}, std::size_t{1} << 20, std::size_t{1} << 23}) {
    const std::vector<std::string> rows = read(content, block);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].substr(0, 21), "1/2 !row_shape[e=] em") << block;
    EXPECT_EQ(rows[1], "2/3 email=y@b.org unsubscribed=no");
  }
}

TEST(CsvTest, an_unclosed_quote_is_an_error_with_file_and_line_where_it_opened) {
  for (const std::string rest : {"x\n\ny", "x\"\"", "", "\n"}) {
    const Error error = refused("email,plan\na@b.org,pro\nb@b.org,\"" + rest);
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(error.details().at("line"), "3");
    EXPECT_EQ(error.details().at("reason"), "unclosed_quote");
    EXPECT_TRUE(std::string(error.what()).find(error.details().at("file")) != std::string::npos);
  }
}

TEST(CsvTest, an_empty_file_is_said_to_be_empty) {
  for (const std::string content : {"", "\xEF\xBB\xBF", "\n\r\n"}) {
    const Error error = refused(content);
    EXPECT_EQ(error.reason(), "empty");
    EXPECT_NE(std::string(error.what()).find("is empty"), std::string::npos);
  }
}

TEST(CsvTest, a_missing_address_column_is_an_error_that_lists_the_columns_and_the_remedy) {
  const Error error = refused("mail,First Name\nx,y\n");
  EXPECT_EQ(error.reason(), "missing_column");
  const std::string what = error.what();
  EXPECT_NE(what.find("it has \"mail\", \"First Name\""), std::string::npos) << what;
  EXPECT_NE(what.find("--map"), std::string::npos);
}

TEST(CsvTest, a_first_line_of_data_is_not_repeated_in_the_error) {
  const std::string what = refused("ada@example.org,Ada\n").what();
  EXPECT_EQ(what.find("ada"), std::string::npos) << what;
  EXPECT_EQ(what.find("Ada"), std::string::npos) << what;
  EXPECT_NE(what.find("looks like data"), std::string::npos);
}

TEST(CsvTest, cells_between_semicolons_are_told_to_use_commas) {
  EXPECT_NE(std::string(refused("Email;Name\nx;y\n").what()).find("separated by commas"), std::string::npos);
}

TEST(CsvTest, two_columns_of_one_name_are_an_error_that_names_it) {
  for (const std::string header : {"email,plan,plan", "email,plan, plan ", "\"plan\",email,plan"}) {
    const Error error = refused(header + "\na,b,c\n");
    EXPECT_EQ(error.reason(), "duplicate_column");
    EXPECT_EQ(error.details().at("column"), "plan");
    EXPECT_NE(std::string(error.what()).find("\"plan\""), std::string::npos);
  }
  EXPECT_EQ(refused("email,E-Mail\na,b\n").reason(), "duplicate_column");
  EXPECT_EQ(read("email,plan,Plan\na@b.org,x,y\n"),
            Rows{"1/2 email=a@b.org plan:x Plan:y"});  // property keys have a case
}

TEST(CsvTest, columns_without_a_name_are_left_out) {
  EXPECT_EQ(read(",email,,\n0,a@b.org,x,\n"), Rows{"1/2 email=a@b.org"});
}

TEST(CsvTest, a_header_that_is_not_utf8_is_an_error) {
  EXPECT_EQ(refused("email,Pr\xE9nom\na,b\n").reason(), "encoding");
  EXPECT_EQ(refused(std::string("email,a\0b\n", 10)).reason(), "encoding");
}

TEST(CsvTest, utf16_is_an_error_that_says_to_convert) {
  using namespace std::string_literals;
  for (const std::string& content : {"\xFF\xFE"
                                     "e\0m\0"s,
                                     "\xFE\xFF"
                                     "\0e\0m"s,
                                     "e\0m\0a\0"s, "\0e\0m\0a"s}) {
    const Error error = refused(content);
    EXPECT_EQ(error.reason(), "encoding");
    EXPECT_NE(std::string(error.what()).find("UTF-16"), std::string::npos);
  }
}

TEST(CsvTest, a_map_gives_columns_another_meaning) {
  const std::vector<std::string> entries{"Address=email", "Klasse=plan", "email=", "x=y = last_name"};
  EXPECT_EQ(read("Address,Klasse,email,x=y\na@b.org,pro,old@b.org,L\n", 7, ColumnMap::parse(entries)),
            Rows{"1/2 email=a@b.org last_name=L plan:pro"});
}

TEST(CsvTest, a_map_of_a_column_that_is_not_there_is_an_error) {
  const Error error = refused("email\na@b.org\n", ColumnMap::parse(std::vector<std::string>{"Mail=email"}));
  EXPECT_EQ(error.reason(), "column_map");
  EXPECT_NE(std::string(error.what()).find("\"Mail\""), std::string::npos);
}

TEST(CsvTest, a_map_that_is_no_map_is_an_error) {
  for (const std::string& entry :
       std::vector<std::string>{"x", "=email", "x=no such field", "x=" + std::string(51, 'a')}) {
    EXPECT_EQ(error_of([&] { ColumnMap::parse(std::vector<std::string>{entry}); }).reason(), "column_map") << entry;
  }
  EXPECT_EQ(error_of([&] { ColumnMap::parse(std::vector<std::string>{"x=id", "x =email"}); }).reason(), "column_map");
}

TEST(CsvTest, more_columns_than_a_contact_list_has_are_an_error) {
  EXPECT_EQ(refused("email" + std::string(max_columns, ',') + "\n").reason(), "too_many_columns");
}

TEST(CsvTest, a_row_of_a_million_fields_is_broken_and_keeps_the_declared_ones) {
  EXPECT_EQ(read("email,id\na@b.org,1" + std::string(1'000'000, ',') + "\nb@b.org,2\n", 4096),
            (Rows{"1/2 !row_shape[] email=a@b.org id=1", "2/3 email=b@b.org id=2"}));
}

}  // namespace
}  // namespace mailroll
