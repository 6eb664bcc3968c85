// Many people at once on servers: an import that is stopped keeps the chunks that are committed, and what PostgreSQL takes by COPY
// is what was given. Needs their addresses in MAILROLL_TEST_URLS (scripts/servers).
#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "backends/raw_mysql.hpp"
#include "backends/raw_postgresql.hpp"
#include "backends/some_people.hpp"
#include "backends/temporary_folder.hpp"
#include "backends/test_url.hpp"
#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

using test::contact_id;
using test::some_people;

constexpr TeamNumber team{1};
constexpr Parts everything_of_them{
    .contact = true, .permission = true, .segments = true, .events = true, .suppressions = true, .aliases = true};

class server_bulk : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string server = test::test_url(GetParam());
    if (server.empty()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no " << GetParam();
    if (std::string(GetParam()) == "mysql") {
      mysql_.emplace();
      url_ = mysql_->store();
    } else {
      postgresql_.emplace(server);
      url_ = postgresql_->url();
    }
  }
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  std::optional<test::RawMysql> mysql_;
  std::optional<test::RawPostgresql> postgresql_;
  std::string url_;
};

TEST_P(server_bulk, an_import_tells_how_far_it_is_and_stopped_keeps_what_is_committed) {
  constexpr std::uint64_t people = 70'000;  // more than two chunks
  const test::TemporaryFolder folder;
  std::string csv = "email,first_name\n";
  for (std::uint64_t number = 0; number < people; ++number)
    csv += "p" + std::to_string(number) + "@example.com,Somebody\n";
  folder.write("people.csv", csv);
  const std::string file = folder.file("people.csv").string();
  Roll roll = open(url());

  std::uint64_t told = 0;
  try {
    roll.contacts().import_file(file, {}).apply([&](const Progress& progress) {
      told = progress.done;
      return progress.phase != "write";
    });
    ADD_FAILURE() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  }
  EXPECT_GT(told, 0U);
  EXPECT_LT(told, people);
  EXPECT_EQ(open(url()).usage().global, told) << "what was told is what is committed";
  EXPECT_FALSE(roll.check().unfinished_runs.empty());

  std::vector<std::uint64_t> done;
  roll.contacts().import_file(file, {}).apply([&](const Progress& progress) {
    if (progress.phase == "write") done.push_back(progress.done);
    return true;
  });
  EXPECT_TRUE(std::ranges::is_sorted(done));
  ASSERT_FALSE(done.empty());
  EXPECT_EQ(done.back(), people);
  EXPECT_EQ(roll.usage().global, people);
  EXPECT_TRUE(roll.check().unfinished_runs.empty());
}

TEST_P(server_bulk, a_second_import_counts_everybody_once_and_changes_only_who_differs) {
  constexpr int people = 10'000;
  const test::TemporaryFolder folder;
  const auto csv = [](int changed) {
    std::string text = "email,first_name\n";
    for (int number = 0; number < people; ++number) {
      text += "p" + std::to_string(number) + "@example.com," + (number % 100 < changed ? "Other\n" : "Somebody\n");
    }
    return text;
  };
  Roll roll = open(url());
  const auto import = [&](int changed) {
    folder.write("people.csv", csv(changed));
    return roll.contacts().import_file(folder.file("people.csv").string(), {}).apply();
  };
  import(0);
  // Of a hundred, few enough to be asked for one by one, and so many that their range is read again.
  int before = 0;
  for (const int changed : {1, 60}) {
    const ImportSummary summary = import(changed);
    const auto count = [&](RowVerdict verdict) { return summary.by_verdict[static_cast<std::size_t>(verdict)]; };
    EXPECT_EQ(count(RowVerdict::updated), static_cast<std::uint64_t>(people / 100 * (changed - before)));
    EXPECT_EQ(count(RowVerdict::unchanged), static_cast<std::uint64_t>(people - people / 100 * (changed - before)));
    before = changed;
  }
  EXPECT_EQ(roll.contacts().get("p59@example.com").first_name, "Other");
  EXPECT_EQ(roll.contacts().get("p60@example.com").first_name, "Somebody");
}

TEST_P(server_bulk, who_leaves_while_an_import_has_looked_ahead_is_not_opted_in) {
  constexpr int people = 42'000;  // a chunk, behind which progress is told, and what is looked at ahead of it
  const test::TemporaryFolder folder;
  std::string csv = "email\n";
  for (int number = 0; number < people; ++number) csv += "p" + std::to_string(number) + "@example.com\n";
  folder.write("people.csv", csv);
  const std::string file = folder.file("people.csv").string();
  Roll roll = open(url());
  roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().import_file(file).apply();

  Roll other = open(url());
  std::vector<std::string> left;
  const ImportSummary summary =
      roll.contacts().import_file(file, {.topics = {"News"}}).apply([&](const Progress& progress) {
        if (progress.phase != "write" || !left.empty()) return true;
        EXPECT_LT(progress.done, static_cast<std::uint64_t>(people));
        for (int number = 0; number < people; number += 200) {
          left.push_back("p" + std::to_string(number) + "@example.com");
          other.unsubscribe(left.back(), TopicRef("News"));
        }
        return true;
      });
  EXPECT_GT(summary.kept_opted_out, 0U) << "nobody of them was still to be written";
  EXPECT_LT(summary.kept_opted_out, left.size());
  for (const std::string& email : left) EXPECT_FALSE(roll.explain(email, "News").receives) << email;
  EXPECT_TRUE(roll.explain("p1@example.com", "News").receives);
  EXPECT_TRUE(roll.check().ok());
}

INSTANTIATE_TEST_SUITE_P(engines, server_bulk, ::testing::Values("postgresql", "mysql"),
                         [](const auto& engine) { return std::string(engine.param); });

class postgresql_copy : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string server = test::test_url("postgresql");
    if (server.empty()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no PostgreSQL";
    raw_.emplace(server);
    session_ = open_store(raw_->url())->connect();
    session_->add_team(Uuid{}, "team", Time{});
  }
  [[nodiscard]] Session& session() const { return *session_; }
  std::vector<Person> all() {
    std::vector<Person> found;
    session_->people(team, {}, everything_of_them, 100'000, found);
    return found;
  }
  test::RawPostgresql& raw() { return *raw_; }

 private:
  std::optional<test::RawPostgresql> raw_;
  std::unique_ptr<Session> session_;
};

/// People with something in every table of theirs, and with nothing where a column may have nothing.
ChangeSet whole_people(int first, int last) {
  ChangeSet changes = some_people(first, last);
  for (int number = first; number <= last; ++number) {
    const auto place = static_cast<std::size_t>(number - first);
    const ContactId id = contact_id(number);
    Contact& contact = changes.contacts[place];
    contact.last_name = number % 3 == 0 ? "" : "tab\t line\n back\\slash \\N \\. é 😀";
    contact.created_at = time_of(-number);
    contact.updated_at = time_of(std::int64_t{1} << 50);
    contact.hash_key = number;
    changes.events[place].recorded_at = time_of(number);
    if (number % 2 == 0) changes.events[place].valid_until = time_of(-1);
    changes.events[place].suppression = SuppressionReason::bounce;
    changes.events[place].clamped = number % 2 == 0;
    if (number % 4 != 0) continue;  // the others get the row of a lock
    PersonStanding standing{id, {}};
    standing.standing.everything.said = Said::opt_out;
    standing.standing.everything.objectors.bits = 3;
    standing.standing.everything.event = changes.events[place].id;
    standing.standing.suppressions = 7;
    standing.standing.last_event = time_of(-5);
    changes.standings.push_back(standing);
    PersonChoice choice{id, {}};
    choice.choice.topic = TopicNumber{2};
    choice.choice.state.said = Said::opt_in;
    choice.choice.state.valid_until = time_of(12);
    changes.choices.push_back(choice);
    changes.suppressions.push_back({id, SuppressionReason::complaint, "", time_of(3)});
    changes.aliases.push_back({"old-" + std::to_string(number), id});
  }
  return changes;
}

TEST_F(postgresql_copy, many_new_people_are_stored_as_they_are_when_they_are_few) {
  ChangeSet many = whole_people(1, 4000);
  many.all_new = true;
  session().write(team, many);
  const std::vector<Person> copied = all();
  ASSERT_EQ(copied.size(), 4000U);
  const std::string locks = raw().run("SELECT count(*) FROM standings WHERE said = -1");
  EXPECT_EQ(locks, "3000");

  for (int number = 1; number <= 4000; ++number) {
    ChangeSet gone;
    gone.dropped.push_back(contact_id(number));
    if (number % 400 != 0) continue;
    for (int other = number - 399; other < number; ++other) gone.dropped.push_back(contact_id(other));
    session().write(team, gone);
  }
  ASSERT_TRUE(all().empty());
  for (int first = 1; first <= 4000; first += 20) {
    ChangeSet few = whole_people(first, first + 19);
    few.all_new = true;
    session().write(team, few);
  }
  EXPECT_TRUE(all() == copied);
  EXPECT_EQ(raw().run("SELECT count(*) FROM standings WHERE said = -1"), locks);
}

TEST_F(postgresql_copy, somebody_who_is_there_already_is_met_and_nothing_is_kept) {
  ChangeSet one = some_people(700, 700);
  session().write(team, one);
  ChangeSet many = some_people(1, 1000);
  many.all_new = true;
  try {
    session().write(team, many);
    ADD_FAILURE() << "was not met";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "contended");
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
  EXPECT_EQ(session().counts(team).contacts, 1U);
  session().write(team, some_people(1001, 1002));  // the session goes on
  EXPECT_EQ(session().counts(team).contacts, 3U);
}

}  // namespace
}  // namespace mailroll
