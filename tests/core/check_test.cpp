// check(): the whole store, every team of it, on several threads, in bounded memory.
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"

namespace {

using namespace mailroll;

constexpr int people_of_a_team = 3000;

class CheckTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("mailroll-check-" + to_string(make_uuid_v7(system_now())));
    std::filesystem::create_directories(folder_);
    url_ = "sqlite:///" + (folder_ / "roll.db").string();
    (void)mailroll::open(url_).teams().create("other");
    const std::shared_ptr<Store> store = open_store(url_);
    const std::unique_ptr<Session> session = store->connect();
    for (const Team& team : session->teams()) {
      const ContactIdHash hash = hash_of(*session, team);
      ChangeSet changes;
      for (int number = 0; number < people_of_a_team; ++number) {
        Contact contact;
        contact.email = "p" + std::to_string(number) + "@example.com";
        contact.id = hash(contact.email);
        contact.key_version = address_key_version();
        changes.contacts.push_back(contact);
      }
      session->write(team.number, changes);
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static ContactIdHash hash_of(Session& session, const Team& team) {
    const StoredKey key = session.keys().front();
    return {HashKey{key.id, *key.secret}, team.id};
  }

  /// Writes standings that no event accounts for, in the second team.
  void damage(int people) {
    const std::shared_ptr<Store> store = open_store(url_);
    const std::unique_ptr<Session> session = store->connect();
    const Team team = session->teams().at(1);
    const ContactIdHash hash = hash_of(*session, team);
    ChangeSet changes;
    for (int number = 0; number < people; ++number) {
      Standing standing;
      standing.everything.said = Said::opt_in;
      changes.standings.push_back({hash("p" + std::to_string(number * 31) + "@example.com"), standing});
    }
    session->write(team.number, changes);
  }

  std::filesystem::path folder_;
  std::string url_;
};

TEST_F(CheckTest, damage_in_any_team_is_found_and_put_right) {
  damage(40);
  Roll roll = mailroll::open(url_);
  CheckReport report = roll.check();
  EXPECT_EQ(report.teams, 2U);
  EXPECT_EQ(report.people, 2U * people_of_a_team);
  EXPECT_EQ(report.cache_differs, 40U);
  EXPECT_EQ(report.repaired, 0U);
  EXPECT_FALSE(report.ok());
  report = roll.check(true);
  EXPECT_EQ(report.repaired, 40U);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(roll.check().cache_differs, 0U);
}

TEST_F(CheckTest, an_address_under_a_foreign_id_is_found_in_any_team) {
  const std::shared_ptr<Store> store = open_store(url_);
  const std::unique_ptr<Session> session = store->connect();
  const Team team = session->teams().at(1);
  // The first team's id of an address is not the second's.
  Contact contact;
  contact.email = "stranger@example.com";
  contact.id = hash_of(*session, session->teams().at(0))(contact.email);
  contact.key_version = address_key_version();
  ChangeSet changes;
  changes.contacts.push_back(contact);
  session->write(team.number, changes);
  EXPECT_EQ(mailroll::open(url_).check().wrong_ids, 1U);
}

TEST_F(CheckTest, progress_grows_to_everybody_and_is_told_on_the_callers_thread) {
  const auto caller = std::this_thread::get_id();
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  (void)mailroll::open(url_).check(false, [&](const Progress& progress) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_GE(progress.done, last);
    EXPECT_LE(progress.done, progress.total);
    last = progress.done;
    total = progress.total;
    return true;
  });
  EXPECT_EQ(total, 2U * people_of_a_team);
  EXPECT_EQ(last, total);
}

TEST_F(CheckTest, it_stops_when_asked_to) {
  try {
    (void)mailroll::open(url_).check(false, [](const Progress&) { return false; });
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
}

TEST(CheckInMemory, one_team_without_a_second_session_is_checked_too) {
  Roll roll = mailroll::open("memory://");
  roll.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(roll.check().people, 1U);
}

}  // namespace
