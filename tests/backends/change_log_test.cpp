// What the log of changes keeps in the rows of a SQL store, beyond what tests/conformance/change_cases.cpp asks of every store.
#include <gtest/gtest.h>

#include "backends/raw_sqlite.hpp"
#include "backends/some_people.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

constexpr TeamNumber team{1};

using test::contact_id;
using test::some_people;

class change_log : public ::testing::Test {
 protected:
  std::string value(const std::string& query) { return test::RawSqlite(folder_.file("roll.db")).value(query); }
  std::string rows() { return value("SELECT count(*) FROM changes"); }

  test::TemporaryFolder folder_;
};

TEST_F(change_log, says_of_the_erased_only_that_they_are_to_be_read_again) {
  Roll roll = open(folder_.store(), {.actor = Actor::operator_});
  roll.segments().create("VIP");
  roll.topics().create({.name = "News"});
  roll.contacts().add({.email = "ann@example.org", .segments = {"VIP"}});
  roll.subscribe("ann@example.org", "News", {.evidence = {.form = "footer"}});
  open_store(folder_.store())->connect()->publish_changes(team, 1);
  EXPECT_EQ(value("SELECT count(*) FROM changes WHERE kind IN (2, 4, 5)"), "3");

  roll.contacts().erase("ann@example.org", "asked by letter");
  EXPECT_EQ(value("SELECT group_concat(kind) FROM changes"), "1");
  EXPECT_EQ(value("SELECT contact_id = last_contact AND position IS NULL FROM changes"), "1");
}

TEST_F(change_log, says_of_those_who_were_dropped_only_that_they_are_to_be_read_again) {
  const auto session = open_store(folder_.store())->connect();
  session->add_team(contact_id(-1), "t", time_of(1));
  session->write(team, some_people(1, 2));
  ChangeSet changes = some_people(3, 3);
  changes.dropped = {contact_id(1)};
  changes.joined.push_back({contact_id(1), SegmentNumber{2}});
  session->write(team, changes);
  EXPECT_EQ(rows(), "5") << "two each of the others";
  EXPECT_EQ(value("SELECT count(*) FROM changes WHERE kind = 1"), "1");
}

TEST_F(change_log, has_one_row_of_a_load_and_one_for_each_thing_of_less) {
  const auto session = open_store(folder_.store())->connect();
  session->add_team(contact_id(-1), "t", time_of(1));
  session->write(team, some_people(1, 2000));
  EXPECT_EQ(rows(), "4000");
  session->write(team, some_people(2001, 4001));
  EXPECT_EQ(rows(), "4001");
  ChangeSet newcomers = some_people(5000, 5499);
  newcomers.all_new = true;
  session->write(team, newcomers);
  EXPECT_EQ(rows(), "5001");
  newcomers = some_people(6000, 6500);
  newcomers.all_new = true;
  session->write(team, newcomers);
  EXPECT_EQ(rows(), "5002");
}

TEST_F(change_log, does_not_grow_while_the_same_changes_again) {
  const auto session = open_store(folder_.store())->connect();
  session->add_team(contact_id(-1), "t", time_of(1));
  for (int times = 0; times < 20; ++times) {
    session->write(team, some_people(1, 3));
    if (times % 2 == 0) session->publish_changes(team, 100);
  }
  EXPECT_EQ(rows(), "6");
}

}  // namespace
}  // namespace mailroll
