// A database of the first schema, made from its migration's own text, is brought up to date whole or not at all, and
// loses nobody.
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/old_people.hpp"
#include "backends/raw_sqlite.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

using test::everybody;

const test::Words sqlite_words = {{"{id}", "BLOB"},
                                  {"{blob}", "BLOB"},
                                  {"{text}", "TEXT"},
                                  {"{text ", "VARCHAR("},
                                  {"{key ", "VARCHAR("},
                                  {"{packed}", "WITHOUT ROWID"},
                                  {"}", ")"}};

class sqlite_upgrade : public ::testing::Test {
 protected:
  sqlite_upgrade() {
    const test::MadePeople made = test::make_people(folder_.store("new.db"));
    before_ = made.seen;
    fingerprint_ = made.fingerprint;
    make_old();
  }

  /// The same people under the first schema.
  void make_old() {
    test::RawSqlite old(folder_.file("old.db"));
    old.run(test::migration("0001_first.sql", sqlite_words));
    old.run(test::migration("0001_first.sqlite.sql", sqlite_words));
    old.run("ATTACH '" + folder_.file("new.db").string() + "' AS new");
    for (const std::string& statement : test::statements_that_copy("new.", "main.")) old.run(statement);
  }

  std::string copy_of_old(const std::string& name) {
    std::filesystem::copy_file(folder_.file("old.db"), folder_.file(name));
    return folder_.store(name);
  }

  test::TemporaryFolder folder_;
  std::string before_;
  std::string fingerprint_;
};

TEST_F(sqlite_upgrade, a_database_of_the_first_schema_keeps_its_key_its_people_and_their_verdicts) {
  const std::string address = copy_of_old("roll.db");
  const int newest = open_store(folder_.store("new.db"))->newest_schema_version();
  {
    Roll roll = open(address, {.actor = Actor::operator_});
    EXPECT_EQ(everybody(roll), before_);
    const CheckReport report = roll.check();
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(report.schema_version, newest);
    EXPECT_EQ(report.people, 4U);
    for (const Topic& topic : roll.topics().list()) EXPECT_EQ(topic.basis, "");
  }
  const auto session = open_store(address)->connect();
  const std::vector<StoredKey> keys = session->keys();
  ASSERT_EQ(keys.size(), 2U) << "the hash key, and a link key that opening made";
  EXPECT_EQ(keys[0].kind, KeyKind::hash);
  EXPECT_EQ(keys[0].state, KeyState::signing);
  EXPECT_EQ(keys[0].fingerprint, fingerprint_);
  EXPECT_TRUE(keys[0].secret);
  EXPECT_EQ(keys[1].kind, KeyKind::link);
  EXPECT_EQ(session->change_bounds(TeamNumber{1}), ChangeBounds{}) << "the log begins with the upgrade";
  test::RawSqlite raw(folder_.file("roll.db"));
  EXPECT_EQ(raw.value("SELECT count(*) || ' ' || max(version) FROM schema_version"),
            std::to_string(newest) + " " + std::to_string(newest));
  EXPECT_EQ(raw.value("PRAGMA integrity_check"), "ok");
}

int statements_left = 0;

int die_at_the_last_statement(unsigned, void*, void*, void*) {
  if (--statements_left == 0) _exit(42);
  return 0;
}

int watch_statements(sqlite3* database, const char**, const void*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, die_at_the_last_statement, nullptr);
}

TEST_F(sqlite_upgrade, whoever_dies_midway_leaves_the_old_schema_whole_or_the_new_one) {
  int died_old = 0;
  int died_new = 0;
  for (int statement = 1;; ++statement) {
    const std::string name = "roll" + std::to_string(statement) + ".db";
    const std::string address = copy_of_old(name);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      statements_left = statement;
      sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_statements));
      try {
        open_store(address);
      } catch (...) {
        _exit(1);
      }
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    {
      test::RawSqlite raw(folder_.file(name));
      const std::string version = raw.value("SELECT max(version) FROM schema_version");
      const std::string tables =
          raw.value("SELECT group_concat(name) FROM (SELECT name FROM sqlite_master ORDER BY 1)");
      const bool old_schema = version == "1";
      EXPECT_EQ(tables.find("hash_keys") != std::string::npos, old_schema) << statement;
      for (const char* table : {"key_ring", "settings", "broadcasts", "leases", "outbox", "feed", "soft_bounces",
                                "link_epochs", "leases_by_broadcast", "leases_by_lease", "outbox_by_time", "changes",
                                "change_bounds", "changes_by_position"}) {
        EXPECT_EQ(tables.find(table) == std::string::npos, old_schema) << statement << ' ' << table;
      }
      EXPECT_EQ(raw.value("SELECT count(*) FROM pragma_table_info('topics') WHERE name = 'basis'"),
                old_schema ? "0" : "1");
      (old_schema ? died_old : died_new) += 1;
    }
    EXPECT_EQ(everybody(open(address, {.actor = Actor::operator_})), before_) << "it opens, and goes on";
    if (WEXITSTATUS(status) == 0) break;
    ASSERT_EQ(WEXITSTATUS(status), 42);
  }
  EXPECT_GT(died_old, 12) << "at least once before each statement of the migration";
  EXPECT_GE(died_new, 1);
}

}  // namespace
}  // namespace mailroll
