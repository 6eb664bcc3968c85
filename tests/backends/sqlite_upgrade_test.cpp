// A database of the first schema, made from its migration's own text, is brought up to date whole or not at all, and
// loses nobody.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/raw_sqlite.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"
#include "source_folder.hpp"

namespace mailroll {
namespace {

std::string migration(const std::string& name) {
  std::ifstream file(tests::source_folder() / "backends/sql/migrations" / name);
  std::ostringstream read;
  read << file.rdbuf();
  std::string text = read.str();
  for (const auto& [what, with] : {std::pair<std::string, std::string>{"{id}", "BLOB"},
                                   {"{blob}", "BLOB"},
                                   {"{text}", "TEXT"},
                                   {"{text ", "VARCHAR("},
                                   {"{key ", "VARCHAR("},
                                   {"{packed}", "WITHOUT ROWID"},
                                   {"}", ")"}}) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) text.replace(at, what.size(), with);
  }
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

/// What people would notice.
std::string everybody(const Roll& roll) {
  std::ostringstream text;
  for (const Contact& contact : roll.contacts().list({}, 1000)) {
    text << to_string(contact.id) << ' ' << contact.first_name << ' ' << contact.properties.json();
    for (const Segment& segment : roll.contacts().show(contact).segments) text << " in " << segment.name;
    text << ' ' << roll.events().list(contact).size();
  }
  for (const char* who : {"ann@example.org", "bob@example.org", "cy@example.org", "dee@example.org", "old-7"}) {
    for (const Topic& topic : roll.topics().list()) {
      text << '\n' << topic.name << ' ' << to_string(roll.explain(who, topic).reason);
    }
    text << ' ' << to_string(roll.explain(who, no_topic).reason);
  }
  for (const Suppression& suppression : roll.suppressions().list({}, 1000)) {
    text << '\n' << to_string(suppression.contact) << ' ' << to_string(suppression.reason) << ' ' << suppression.email;
  }
  return text.str();
}

class sqlite_upgrade : public ::testing::Test {
 protected:
  sqlite_upgrade() {
    make_people();
    make_old();
  }

  void make_people() {
    Roll roll = open(folder_.store("new.db"), {.actor = Actor::operator_});
    roll.properties().define("plan", PropertyType::string);
    roll.segments().create("VIP");
    roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
    roll.topics().create({.name = "Offers"});
    roll.contacts().add(
        {.email = "ann@example.org", .first_name = "Ann", .properties = {{"plan", "pro"}}, .segments = {"VIP"}});
    for (const char* email : {"bob@example.org", "cy@example.org", "dee@example.org"})
      roll.contacts().add({.email = email});
    roll.subscribe("ann@example.org", "Offers", {.evidence = {.form = "footer"}});
    roll.unsubscribe("bob@example.org", everything, {.by = Actor::person, .evidence = {.note = "phoned"}});
    roll.unsubscribe("cy@example.org", "News");
    roll.suppressions().add("dee@example.org", SuppressionReason::bounce);
    const auto session = open_store(folder_.store("new.db"))->connect();
    ChangeSet changes;
    changes.aliases.push_back({"old-7", roll.contacts().get("bob@example.org").id});
    session->write(roll.team().number, changes);
    before_ = everybody(roll);
    for (const StoredKey& key : session->keys()) {
      if (key.kind == KeyKind::hash) fingerprint_ = key.fingerprint;
    }
  }

  /// The same people under the first schema.
  void make_old() {
    test::RawSqlite old(folder_.file("old.db"));
    old.run(migration("0001_first.sql"));
    old.run(migration("0001_first.sqlite.sql"));
    old.run("INSERT INTO schema_version VALUES (0, 1, 1700000000000000)");
    old.run("ATTACH '" + folder_.file("new.db").string() + "' AS new");
    for (const std::string table : {"teams", "segments", "properties", "sources", "contacts", "standings",
                                    "memberships", "choices", "suppressions", "consent_events", "aliases"}) {
      old.run("INSERT INTO main." + table + " SELECT * FROM new." + table);
    }
    old.run(
        "INSERT INTO main.topics SELECT team_id, number, id, name, description, default_subscription, visibility, "
        "created_at, updated_at FROM new.topics");
    old.run(
        "INSERT INTO main.hash_keys SELECT team_id, key_id, fingerprint, secret, created_at FROM new.key_ring "
        "WHERE kind = 1");
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
  {
    Roll roll = open(address, {.actor = Actor::operator_});
    EXPECT_EQ(everybody(roll), before_);
    const CheckReport report = roll.check();
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(report.schema_version, 2);
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
  test::RawSqlite raw(folder_.file("roll.db"));
  EXPECT_EQ(raw.column("SELECT version FROM schema_version ORDER BY version"), (std::vector<std::string>{"1", "2"}));
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
                                "link_epochs", "leases_by_broadcast", "leases_by_lease", "outbox_by_time"}) {
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
