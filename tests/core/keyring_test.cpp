// Hash keys kept outside the store: the right one opens it, and without it nobody gets a second identity.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "mailroll/mailroll.hpp"

namespace {

using namespace mailroll;

class KeyringTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("mailroll-keys-" + to_string(make_uuid_v7(system_now())));
    std::filesystem::create_directories(folder_);
    url_ = "sqlite:///" + (folder_ / "roll.db").string();
  }
  void TearDown() override {
    unsetenv("MAILROLL_KEYS");
    std::filesystem::remove_all(folder_);
  }
  std::string key_file(const std::string& text) {
    const std::filesystem::path path = folder_ / "keys";
    std::ofstream(path) << text;
    return path.string();
  }
  std::string failure(const OpenOptions& options) {
    try {
      (void)mailroll::open(url_, options);
    } catch (const Error& error) {
      return std::string(to_string(error.kind())) + ":" + error.reason();
    }
    return "opened";
  }

  const std::string one_ = "hash 1 " + std::string(64, 'a');
  const std::string other_ = "hash 1 " + std::string(64, 'b');
  std::filesystem::path folder_;
  std::string url_;
};

TEST_F(KeyringTest, a_store_made_with_an_outside_key_opens_with_that_key_only) {
  const ContactId id = mailroll::open(url_, {.key_file = key_file(one_)}).contacts().add({.email = "a@example.com"}).id;
  EXPECT_EQ(failure({}), "storage:lost_key");
  EXPECT_EQ(failure({.key_file = key_file(other_)}), "storage:lost_key");
  EXPECT_EQ(mailroll::open(url_, {.key_file = key_file("# mine\n\n" + one_ + "\n")}).contacts().get("a@example.com").id,
            id);
  setenv("MAILROLL_KEYS", one_.c_str(), 1);
  EXPECT_EQ(mailroll::open(url_).contacts().get("a@example.com").id, id);
}

TEST_F(KeyringTest, an_unreadable_key_names_its_line_and_not_its_text) {
  try {
    (void)mailroll::open(url_, {.key_file = key_file(one_ + "\nhash 2 5ec2e7")});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "keyring");
    EXPECT_EQ(error.details().at("line"), "2");
    EXPECT_EQ(std::string(error.what()).find("5ec2e7"), std::string::npos);
  }
}

TEST_F(KeyringTest, a_missing_key_file_is_a_lost_key) {
  EXPECT_EQ(failure({.key_file = (folder_ / "nowhere").string()}), "storage:lost_key");
}

}  // namespace
