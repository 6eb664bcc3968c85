#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/transfer_files.hpp"
#include "mailroll/transfer/cell.hpp"
#include "mailroll/transfer/contacts_file.hpp"
#include "mailroll/transfer/rejects.hpp"

namespace mailroll {
namespace {

using testing::error_of;
using testing::read_file;
using testing::rows_of;
using testing::TemporaryFolder;
using Rows = std::vector<std::string>;

TEST(InputFileTest, a_missing_file_is_not_found) {
  for (const std::string path : {"/no/such/file.csv", "", "/etc/passwd/x"}) {
    const Error error = error_of([&] { InputFile::open(path); });
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_EQ(error.details().at("file"), path);
  }
}

TEST(InputFileTest, a_folder_is_no_file) {
  const TemporaryFolder folder;
  const Error error = error_of([&] { InputFile::open(folder.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::invalid);
  EXPECT_EQ(error.reason(), "folder");
}

TEST(InputFileTest, a_file_that_the_system_refuses_is_unreadable) {
  const TemporaryFolder folder;
  const std::string loop = folder.path() + "/loop";
  std::filesystem::create_symlink(loop, loop);
  EXPECT_EQ(error_of([&] { InputFile::open(loop); }).reason(), "unreadable");
  char byte = 0;
  EXPECT_EQ(error_of([&] { InputFile::open("/proc/self/mem").read(&byte, 1); }).reason(), "unreadable");
}

TEST(InputFileTest, the_digest_is_of_the_whole_content_whatever_was_peeked_at) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.txt", "email\na@b.org\n");
  for (const std::size_t block : {std::size_t{1}, std::size_t{3}, InputFile::usual_block}) {
    const auto digest = std::make_shared<ContentDigest>();
    InputFile file = InputFile::open(path, digest, block);
    EXPECT_EQ(file.peek(), std::string("email\na@b.org\n").substr(0, block));
    std::string all;
    char bytes[64];
    while (const std::size_t got = file.read(bytes, sizeof bytes)) all.append(bytes, got);
    EXPECT_EQ(all, "email\na@b.org\n");
    EXPECT_EQ(file.bytes_read(), 14U);
    EXPECT_EQ(digest->hex(), "1d780ab92070d5e55fe92c5d5d395244");
  }
  EXPECT_EQ(ContentDigest().hex(), "cae66941d9efbd404e4d88758ea67670");  // RFC 7693 BLAKE2b-128 of nothing
}

TEST(ContactsFileTest, the_format_is_told_by_the_ending_or_by_the_first_byte) {
  const TemporaryFolder folder;
  const std::string json = "{\"email\":\"a@b.org\"}\n";
  const auto read = [&](const std::string& name, const std::string& content) {
    return rows_of(*open_contacts_file(folder.write(name, content)));
  };
  EXPECT_EQ(read("a.NDJSON", json), Rows{"1/1 email=a@b.org"});
  EXPECT_EQ(read("a.jsonl", json), Rows{"1/1 email=a@b.org"});
  EXPECT_EQ(read("a.json", json), Rows{"1/1 email=a@b.org"});
  EXPECT_EQ(read("a.txt", "\xEF\xBB\xBF\n " + json), Rows{"1/2 email=a@b.org"});
  EXPECT_EQ(read("a.txt", "email\na@b.org\n"), Rows{"1/2 email=a@b.org"});
  EXPECT_EQ(read("a.csv", "email,{\na@b.org,\n"), Rows{"1/2 email=a@b.org"});
}

TEST(ContactsFileTest, a_list_of_the_old_api_is_opened_by_its_format) {
  const TemporaryFolder folder;
  const std::string path = folder.write("a.json", R"({"data":[{"email":"a@b.org"}]})");
  EXPECT_EQ(rows_of(*open_rows(InputFile::open(path), FileFormat::json_list)), Rows{"1/0 email=a@b.org"});
}

TEST(CellTest, unsubscribed_is_one_of_thirteen_words_in_any_case) {
  for (const char* word : {"true", "T", "Yes", "y", "1", "UNSUBSCRIBED", " true "})
    EXPECT_EQ(parse_unsubscribed(word), true) << word;
  for (const char* word : {"false", "F", "No", "n", "0", "Subscribed", "", "  "})
    EXPECT_EQ(parse_unsubscribed(word), false) << word;
  for (const char* word :
       {"2", "tru", "on", "off", "null", "inactive", "unsubscribe", "none", "-1", "01", "\xC3\xA9"}) {
    EXPECT_EQ(parse_unsubscribed(word), std::nullopt) << word;
  }
}

TEST(CellTest, a_time_that_cannot_be_read_is_told_from_no_time) {
  std::optional<Time> time;
  EXPECT_TRUE(parse_time_cell("", time));
  EXPECT_EQ(time, std::nullopt);
  EXPECT_TRUE(parse_time_cell(" 2025-11-30 20:41:40.84216+00 ", time));
  EXPECT_EQ(time, parse_time("2025-11-30T20:41:40.84216Z"));
  EXPECT_FALSE(parse_time_cell("yesterday", time));
  EXPECT_EQ(time, std::nullopt);
}

TEST(FieldTest, headers_name_fields_in_any_case_with_blanks_hyphens_or_underscores) {
  Field field{};
  for (const char* header : {"Email", "e-mail", "E_MAIL", " email "}) {
    ASSERT_TRUE(parse_field(header, field)) << header;
    EXPECT_EQ(field, Field::email);
  }
  ASSERT_TRUE(parse_field("Unsubscribed At", field));
  EXPECT_EQ(field, Field::unsubscribed_at);
  for (const char* header : {"", "emails", "mail", "first", "name", "createdatt", "unsubscribed at at"}) {
    EXPECT_FALSE(parse_field(header, field)) << header;
  }
  for (std::size_t i = 0; i < field_count; ++i) {
    ASSERT_TRUE(parse_field(to_string(static_cast<Field>(i)), field));
    EXPECT_EQ(field, static_cast<Field>(i));
  }
}

TEST(RejectsTest, a_row_is_told_by_place_and_reason_and_never_by_content) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/rejects.ndjson";
  HashKey key;
  RejectsFile rejects(path, key);
  rejects.add("a \"b\".csv", 3, 4, "email", RejectReason::address_syntax, "ada@@example.org");
  rejects.add("a.json", 5, 0, "", RejectReason::row_shape, "");
  EXPECT_FALSE(std::filesystem::exists(path));
  rejects.close();
  EXPECT_EQ(
      read_file(path),
      "{\"file\": \"a \\\"b\\\".csv\", \"row\": 3, \"line\": 4, \"column\": \"email\", \"reason\": \"address_syntax\", "
      "\"value_hmac\": \"" +
          value_hmac(key, "ada@@example.org") +
          "\"}\n{\"file\": \"a.json\", \"row\": 5, \"column\": \"\", \"reason\": \"row_shape\", \"value_hmac\": \"" +
          value_hmac(key, "") + "\"}\n");
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  EXPECT_EQ(rejects.count(), 2U);
  EXPECT_EQ(rejects.by_reason()[static_cast<std::size_t>(RejectReason::row_shape)], 1U);
}

TEST(RejectsTest, no_reject_makes_no_file_and_an_interrupted_run_leaves_none) {
  const TemporaryFolder folder;
  { RejectsFile(folder.path() + "/a", HashKey{}).close(); }
  {
    RejectsFile rejects(folder.path() + "/b", HashKey{});
    rejects.add("f", 1, 1, "email", RejectReason::encoding, "\xFF");
    EXPECT_FALSE(std::filesystem::is_empty(folder.path()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(RejectsTest, without_a_path_rows_are_counted_all_the_same) {
  RejectsFile rejects("", HashKey{});
  rejects.add("f", 1, 1, "email", RejectReason::encoding, "");
  rejects.close();
  EXPECT_EQ(rejects.count(), 1U);
}

TEST(RejectsTest, a_file_that_cannot_be_written_is_a_storage_error_with_its_path) {
  RejectsFile rejects("/no/such/folder/rejects", HashKey{});
  const Error error = error_of([&] { rejects.add("f", 1, 1, "email", RejectReason::encoding, ""); });
  EXPECT_EQ(error.kind(), ErrorKind::storage);
  EXPECT_EQ(error.details().at("file"), "/no/such/folder/rejects");
}

}  // namespace
}  // namespace mailroll
