// What opening a SQLite store promises: our files are brought up to date, and nobody else's are touched.
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/raw_sqlite.hpp"
#include "backends/some_people.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

std::string reason_of_opening(const std::string& address) {
  try {
    open_store(address)->connect();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_NE(std::string(error.what()).find(address), std::string::npos) << error.what();
    return error.reason();
  }
  return "opened";
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

class sqlite_open : public ::testing::Test {
 protected:
  test::TemporaryFolder folder_;
};

TEST_F(sqlite_open, a_new_file_gets_the_newest_schema) {
  const auto store = open_store(folder_.store());
  EXPECT_GE(store->schema_version(), 1);
  EXPECT_EQ(store->schema_version(), store->newest_schema_version());
  EXPECT_EQ(store->name(), folder_.store());
  EXPECT_GT(store->max_sessions(), 1);
}

TEST_F(sqlite_open, opening_again_changes_nothing) {
  open_store(folder_.store())->connect()->add_team(Uuid{}, "default", time_of(1));
  const std::string before = bytes_of(folder_.file("roll.db"));
  ASSERT_FALSE(before.empty());
  for (int times = 0; times < 3; ++times) EXPECT_EQ(open_store(folder_.store())->connect()->teams().size(), 1U);
  EXPECT_EQ(bytes_of(folder_.file("roll.db")), before);
  EXPECT_EQ(test::RawSqlite(folder_.file("roll.db")).value("SELECT count(*) FROM schema_version"),
            std::to_string(open_store(folder_.store())->newest_schema_version()));
}

TEST_F(sqlite_open, a_newer_schema_is_refused_and_kept) {
  const int newest = open_store(folder_.store())->newest_schema_version();
  test::RawSqlite raw(folder_.file("roll.db"));
  raw.run("INSERT INTO schema_version VALUES (0, " + std::to_string(newest + 1) + ", 0)");
  EXPECT_EQ(reason_of_opening(folder_.store()), "newer_schema");
  EXPECT_EQ(raw.value("SELECT max(version) FROM schema_version"), std::to_string(newest + 1));
}

TEST_F(sqlite_open, a_file_that_is_no_database_is_refused_and_kept) {
  const std::string text = "email,name\nann@example.org,Ann\n" + std::string(5000, 'x');
  std::ofstream(folder_.file("roll.db")) << text;
  EXPECT_EQ(reason_of_opening(folder_.store()), "not_a_database");
  EXPECT_EQ(bytes_of(folder_.file("roll.db")), text);
}

TEST_F(sqlite_open, a_database_of_somebody_else_is_refused_and_kept) {
  test::RawSqlite(folder_.file("roll.db")).run("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
  const std::string before = bytes_of(folder_.file("roll.db"));
  EXPECT_EQ(reason_of_opening(folder_.store()), "not_a_database");
  EXPECT_EQ(bytes_of(folder_.file("roll.db")), before);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("roll.db-wal")));
}

TEST_F(sqlite_open, a_foreign_table_named_schema_version_is_not_enough) {
  test::RawSqlite(folder_.file("roll.db")).run("CREATE TABLE schema_version (v INTEGER)");
  EXPECT_EQ(reason_of_opening(folder_.store()), "not_a_database");
}

TEST_F(sqlite_open, a_folder_is_unreachable) {
  std::filesystem::create_directory(folder_.file("roll.db"));
  EXPECT_EQ(reason_of_opening(folder_.store()), "unreachable");
}

TEST_F(sqlite_open, a_file_in_a_folder_that_is_not_there_is_unreachable) {
  EXPECT_EQ(reason_of_opening(folder_.store("no/such/roll.db")), "unreachable");
}

TEST_F(sqlite_open, a_path_may_hold_blanks_and_equals_signs) {
  for (const std::string name : {"my roll.db", "a=b.db", "a = b  c.db", "50%.db"}) {
    open_store(folder_.store(name))->connect()->add_team(Uuid{}, "default", time_of(1));
    EXPECT_TRUE(std::filesystem::exists(folder_.file(name))) << name;
    EXPECT_EQ(open_store(folder_.store(name))->connect()->teams().size(), 1U) << name;
  }
}

TEST_F(sqlite_open, an_address_without_a_path_is_invalid) {
  for (const char* address : {"sqlite://", "sqlite:///", "sqlite://roll.db", "sqlite:roll.db", "nosuch://x/y"}) {
    try {
      open_store(address);
      ADD_FAILURE() << address;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::invalid) << address;
    }
  }
}

TEST_F(sqlite_open, a_store_in_memory_has_one_session_at_a_time_and_outlives_it) {
  const auto store = open_store("sqlite://:memory:");
  EXPECT_EQ(store->max_sessions(), 1);
  {
    const auto session = store->connect();
    session->write(TeamNumber{1}, test::some_people(1, 5));
    session->begin_write();
    session->write(TeamNumber{1}, test::some_people(6, 9));  // never committed
    EXPECT_THROW(store->connect(), Error);
  }
  EXPECT_EQ(store->connect()->counts(TeamNumber{1}).contacts, 5U);
}

TEST_F(sqlite_open, four_threads_that_open_a_new_file_at_once_all_succeed) {
  for (int round = 0; round < 5; ++round) {
    const std::string address = folder_.store("roll" + std::to_string(round) + ".db");
    std::vector<std::string> outcomes(4);
    std::vector<std::thread> threads;
    for (std::string& outcome : outcomes) {
      threads.emplace_back([&outcome, &address] {
        try {
          open_store(address)->connect()->take_numbers(TeamNumber{1}, 1);
        } catch (const Error& error) {
          outcome = error.kind() == ErrorKind::not_found ? "opened" : error.what();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& outcome : outcomes) EXPECT_EQ(outcome, "opened");
  }
}

TEST_F(sqlite_open, four_processes_that_open_a_new_file_at_once_all_succeed) {
  for (int round = 0; round < 5; ++round) {
    const std::string address = folder_.store("roll" + std::to_string(round) + ".db");
    std::vector<pid_t> children;
    for (int number = 0; number < 4; ++number) {
      const pid_t child = fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        int code = 0;
        try {
          open_store(address)->connect()->write(TeamNumber{1}, test::some_people(number * 10, number * 10 + 9));
        } catch (...) {
          code = 1;
        }
        _exit(code);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      waitpid(child, &status, 0);
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    EXPECT_EQ(open_store(address)->connect()->counts(TeamNumber{1}).contacts, 40U);
    EXPECT_EQ(test::RawSqlite(folder_.file("roll" + std::to_string(round) + ".db"))
                  .value("SELECT count(*) FROM schema_version"),
              std::to_string(open_store(address)->newest_schema_version()));
  }
}

TEST_F(sqlite_open, the_views_show_ids_and_times_as_text) {
  const auto session = open_store(folder_.store())->connect();
  ChangeSet changes = test::some_people(1, 1);
  changes.contacts[0].created_at = time_of(1'700'000'000'000'000);
  session->write(TeamNumber{1}, changes);
  test::RawSqlite raw(folder_.file("roll.db"));
  EXPECT_EQ(raw.value("SELECT created_at FROM contacts_view"), "2023-11-14 22:13:20");
  EXPECT_EQ(raw.value("SELECT id FROM contacts_view"), to_string(test::contact_id(1)));
  EXPECT_EQ(raw.value("SELECT action || ' ' || actor || ' ' || source FROM consent_events_view"),
            "opt_in import import:test");
  for (const char* view : {"choices_view", "suppressions_view"}) {
    EXPECT_EQ(raw.value(std::string("SELECT count(*) FROM ") + view), "0");
  }
}

}  // namespace
}  // namespace mailroll
