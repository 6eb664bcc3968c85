#include "mailroll/transfer/audience_export.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/transfer_files.hpp"

namespace mailroll {
namespace {

using testing::error_of;
using testing::TemporaryFolder;
using Names = std::vector<std::string>;

AudienceExport find(const TemporaryFolder& folder) {
  return find_audience_export(std::vector<std::string>{folder.path()});
}

Names audiences(const AudienceExport& found) {
  Names names;
  for (const auto& audience : found.audiences)
    names.push_back(audience.id.empty() ? audience.name : audience.id + "=" + audience.name);
  return names;
}

/// "file name>audience", or "file name>*" where the rows decide
Names files(const AudienceExport& found) {
  Names names;
  for (const auto& file : found.files) {
    names.push_back(file.path.substr(file.path.rfind('/') + 1) + ">" +
                    (file.audience ? found.audiences.at(*file.audience).name : "*"));
  }
  return names;
}

const std::string csv = "email\na@b.org\n";
const std::string list = R"({"object":"list","data":[]})";
const std::string index = R"({"object":"list","data":[{"id":"z9","name":"News"},{"id":"a1","name":"Beta"}]})";

TEST(AudienceExportTest, audiences_are_taken_in_the_order_of_audiences_json_and_pages_by_number) {
  const TemporaryFolder folder;
  folder.write("audiences.json", index);
  folder.write("a1.csv", csv);
  for (int page = 10; page > 0; --page) folder.write("z9." + std::to_string(page) + ".json", list);
  const AudienceExport found = find(folder);
  EXPECT_EQ(audiences(found), (Names{"z9=News", "a1=Beta"}));
  ASSERT_EQ(found.files.size(), 11U);
  EXPECT_EQ(files(found)[0], "z9.1.json>News");
  EXPECT_EQ(files(found)[8], "z9.9.json>News");
  EXPECT_EQ(files(found)[9], "z9.10.json>News");
  EXPECT_EQ(files(found)[10], "a1.csv>Beta");
  EXPECT_TRUE(found.complete);
  EXPECT_TRUE(found.notes.empty());
  EXPECT_EQ(found.bytes, index.size() + csv.size() + 10 * list.size());
}

TEST(AudienceExportTest, an_id_that_looks_like_a_page_of_another_is_still_an_id) {
  const TemporaryFolder folder;
  folder.write("audiences.json", R"({"data":[{"id":"a","name":"Same"},{"id":"a.2","name":"Same"}]})");
  folder.write("a.1.ndjson", "{}\n");
  folder.write("a.2.ndjson", "{}\n");
  EXPECT_EQ(audiences(find(folder)), (Names{"a=Same", "a.2=Same"}));
  EXPECT_EQ(find(folder).files.at(1).audience, 1U);  // a whole id, though it looks like a page of another
}

TEST(AudienceExportTest, an_id_without_a_file_is_an_audience_without_rows_and_is_noted) {
  const TemporaryFolder folder;
  folder.write("audiences.json", index);
  folder.write("a1.ndjson", "{}\n");
  const AudienceExport found = find(folder);
  EXPECT_EQ(audiences(found), (Names{"z9=News", "a1=Beta"}));
  EXPECT_EQ(files(found), Names{"a1.ndjson>Beta"});
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("\"News\""), std::string::npos);
}

TEST(AudienceExportTest, a_file_of_no_listed_audience_is_an_error_that_names_it) {
  const TemporaryFolder folder;
  folder.write("audiences.json", index);
  folder.write("a1.csv", csv);
  const std::string stray = folder.write("old.csv", csv);
  const Error error = error_of([&] { find(folder); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid);
  EXPECT_EQ(error.details().at("file"), stray);
  EXPECT_EQ(error.reason(), "unknown_audience");
}

TEST(AudienceExportTest, a_missing_page_or_a_cut_list_of_audiences_makes_the_export_incomplete) {
  const TemporaryFolder pages;
  pages.write("audiences.json", R"({"data":[{"id":"a1","name":"Beta"}]})");
  pages.write("a1.1.json", list);
  pages.write("a1.3.json", list);
  EXPECT_FALSE(find(pages).complete);
  EXPECT_NE(find(pages).notes.at(0).find("page 2"), std::string::npos);

  const TemporaryFolder cut;
  cut.write("audiences.json", R"({"has_more":true,"data":[{"id":"a1","name":"Beta"}]})");
  cut.write("a1.1.json", list);
  EXPECT_FALSE(find(cut).complete);
  EXPECT_EQ(find(cut).notes.size(), 1U);
}

TEST(AudienceExportTest, without_audiences_json_files_are_named_after_their_audience_in_byte_order) {
  const TemporaryFolder folder;
  for (const std::string name : {"b.csv", "B.csv", "\xC3\xA9.csv", "VIP 1.5.csv"}) folder.write(name, csv);
  const AudienceExport found = find(folder);
  EXPECT_EQ(audiences(found), (Names{"B", "VIP 1.5", "b", "\xC3\xA9"}));
  EXPECT_FALSE(found.complete);
}

TEST(AudienceExportTest, json_pages_without_audiences_json_are_one_audience) {
  const TemporaryFolder folder;
  for (const std::string name : {"News.10.json", "News.2.json", "News.1.json", "Version 1.5.json"})
    folder.write(name, list);
  const AudienceExport found = find(folder);
  EXPECT_EQ(audiences(found), (Names{"News", "Version 1.5"}));
  EXPECT_EQ(files(found),
            (Names{"News.1.json>News", "News.2.json>News", "News.10.json>News", "Version 1.5.json>Version 1.5"}));
}

TEST(AudienceExportTest, a_column_audience_decides_where_there_is_one) {
  const TemporaryFolder folder;
  folder.write("all.csv", "Email, Audience \na@b.org,News\n");
  folder.write("all.ndjson", "{\"email\":\"x\"}\n{\"audience\":\"News\"}\n");
  folder.write("Beta.ndjson", "{\"email\":\"x\"}\n");
  const AudienceExport found = find(folder);
  EXPECT_EQ(audiences(found), Names{"Beta"});
  EXPECT_EQ(files(found), (Names{"Beta.ndjson>Beta", "all.csv>*", "all.ndjson>*"}));
}

TEST(AudienceExportTest, files_of_one_name_are_one_audience_and_a_file_named_twice_is_read_once) {
  const TemporaryFolder folder;
  const std::string first = folder.write("a/News.csv", csv);
  const std::string second = folder.write("b/News.csv", csv);
  const AudienceExport found =
      find_audience_export(std::vector<std::string>{first, second, folder.path() + "/a", first});
  EXPECT_EQ(audiences(found), Names{"News"});
  EXPECT_EQ(found.files.size(), 2U);
}

TEST(AudienceExportTest, other_files_of_a_folder_are_listed_as_ignored_and_hidden_ones_are_not) {
  const TemporaryFolder folder;
  folder.write("News.CSV", csv);
  folder.write("README.md", "x");
  folder.write("deeper/Beta.csv", csv);
  folder.write(".News.csv", csv);
  const AudienceExport found = find(folder);
  EXPECT_EQ(files(found), Names{"News.CSV>News"});
  EXPECT_EQ(found.ignored, (Names{folder.path() + "/README.md", folder.path() + "/deeper"}));
}

TEST(AudienceExportTest, a_folder_without_contacts_a_missing_path_and_a_strange_file_are_errors) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { find(folder); }).reason(), "empty");
  const std::string note = folder.write("note.txt", "x");
  EXPECT_EQ(error_of([&] { find(folder); }).reason(), "empty");
  EXPECT_EQ(error_of([&] { find_audience_export(std::vector<std::string>{note}); }).reason(), "ending");
  EXPECT_EQ(error_of([&] { find_audience_export(std::vector<std::string>{folder.path() + "/no"}); }).kind(),
            ErrorKind::not_found);
}

TEST(AudienceExportTest, an_empty_file_is_said_to_be_empty) {
  const TemporaryFolder folder;
  const std::string empty = folder.write("News.csv", "");
  const Error error = error_of([&] { find(folder); });
  EXPECT_EQ(error.reason(), "empty");
  EXPECT_EQ(error.details().at("file"), empty);
}

TEST(AudienceExportTest, an_audiences_json_of_another_shape_is_an_error_that_says_what_was_expected) {
  for (const std::string content :
       {"[]", "{}", R"({"data":{}})", R"({"data":[{"id":"a"}]})", R"({"data":[{"name":"a"}]})", R"({"data":[3]})",
        R"({"data":[{"id":"a","name":"x"},{"id":"a","name":"y"}]})", R"({"data":[{"id":"a","na)", "\xFF"}) {
    const TemporaryFolder folder;
    const std::string path = folder.write("audiences.json", content);
    const Error error = error_of([&] { find(folder); });
    EXPECT_EQ(error.reason(), "audiences_json") << content;
    EXPECT_EQ(error.details().at("file"), path);
    EXPECT_NE(std::string(error.what()).find("expected {\"data\""), std::string::npos);
  }
}

TEST(AudienceExportTest, two_lists_of_audiences_are_an_error) {
  const TemporaryFolder folder;
  folder.write("a/audiences.json", index);
  folder.write("b/audiences.json", index);
  EXPECT_EQ(error_of([&] {
              find_audience_export(std::vector<std::string>{folder.path() + "/a", folder.path() + "/b"});
            }).reason(),
            "two_indexes");
}

}  // namespace
}  // namespace mailroll
