// What only MySQL and MariaDB can get wrong: addresses, statements that commit by themselves, rows loaded out of memory.
// Transactions: mysql_transactions_test.cpp. What every store must do, mailroll-conformance looks at. Needs
// scripts/servers, and its address of MySQL in MAILROLL_TEST_URLS.
#include "backends/mysql_store.hpp"

#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/raw_mysql.hpp"
#include "backends/some_people.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

constexpr TeamNumber team{1};
constexpr int newest_schema = 4;

using test::mysql_store;
using test::new_people;
using test::opened;
using test::RawMysql;
using test::reason_without_data;
using test::some_people;

class mysql_address_in_use : public mysql_store {};

TEST(mysql_address, one_that_is_none_is_refused_and_nothing_of_it_repeated) {
  for (const char* address :
       {"mysql://", "mysql://localhost", "mysql://localhost/", "mysql://h:port/db", "mysql://h:0/db",
        "mysql://u:%zz@h/db", "mysql://u:%0@h/db", "mysql://u:secret/1@h/db", "mysql://u:secret?1@h/db",
        "mysql://u:12/secret@h/db", "mysql://h/db?secret=1", "mysql://h/db?unix_socket",
        "mysql://h/db?connect_timeout=secret", "mysql://h/db?read_timeout=-1", "mysql://h/db?ssl_mode=secret",
        "mysql://h/db?ssl_mode=preferred", "mysql://h/db?ssl_ca=/secret;ssl-verify-server-cert=0"}) {
    try {
      open_store(address);
      ADD_FAILURE() << address;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::invalid) << address;
      EXPECT_EQ(error.reason(), "address_of_store") << address;
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos) << address;
    }
  }
}

TEST_F(mysql_address_in_use, whoever_is_not_let_in_is_told_so_without_user_and_password) {
  RawMysql database;
  for (const std::string user : {"mailroll:secret", "mailroll:throw-away", "nobody", "%61dmin:secret"}) {
    EXPECT_EQ(reason_without_data([&] { open_store(database.store(user)); }), "unreachable") << user;
  }
  EXPECT_EQ(reason_without_data([] { open_store("mysql://u:secret@localhost/db?unix_socket=/nowhere/mysql.sock"); }),
            "unreachable");
}

TEST_F(mysql_address_in_use, a_password_may_hold_what_is_special_to_everybody_it_passes) {
  RawMysql database;
  const std::string user = "someone" + database.name();
  database.run("CREATE USER " + user + "@localhost IDENTIFIED BY 'it''s a \\\\ \"p@ss/w?rd\" = {1};'");
  database.run("GRANT ALL ON " + database.name() + ".* TO " + user + "@localhost");
  const auto store = open_store(database.store(user + ":it's%20a%20%5C%20%22p%40ss%2Fw%3Frd%22%20%3D%20%7B1%7D%3B"));
  EXPECT_EQ(store->schema_version(), store->newest_schema_version());
  database.run("DROP USER " + user + "@localhost");
}

TEST_F(mysql_address_in_use, whoever_asks_for_encryption_never_goes_without) {
  RawMysql database;  // whose server has no certificate
  for (const char* option : {"&ssl_mode=required", "&ssl_mode=VERIFY_IDENTITY", "&ssl_ca=/nowhere/ca.pem"}) {
    EXPECT_EQ(reason_without_data([&] { open_store(database.store() + option); }), "unreachable") << option;
  }
  EXPECT_GE(open_store(database.store() + "&ssl_mode=disabled&connect_timeout=3")->schema_version(), 1);
}

TEST_F(mysql_store, a_database_of_somebody_else_is_left_as_it_is) {
  RawMysql database;
  database.run("CREATE TABLE contacts (number INTEGER)");
  EXPECT_EQ(reason_without_data([&] { open_store(database.store()); }), "not_a_database");
  EXPECT_EQ(database.column("SHOW TABLES"), (std::vector<std::string>{"contacts"}));
  // A table that other programs have, too, and one that we would not have beside it.
  database.run("RENAME TABLE contacts TO invoices");
  database.run("CREATE TABLE schema_version (team_id INTEGER, version INTEGER)");
  EXPECT_EQ(reason_without_data([&] { open_store(database.store()); }), "not_a_database");
  EXPECT_EQ(database.column("SHOW TABLES"), (std::vector<std::string>{"invoices", "schema_version"}));
}

TEST_F(mysql_store, a_newer_schema_is_not_opened) {
  RawMysql database;
  opened(database);
  database.run("INSERT INTO schema_version (team_id, version, applied_at) VALUES (0, 99, 0)");
  EXPECT_EQ(reason_without_data([&] { open_store(database.store()); }), "newer_schema");
}

TEST_F(mysql_store, a_migration_that_broke_off_anywhere_goes_on_where_it_was) {
  const auto shape = [](RawMysql& database) {
    return database.column(
        "SELECT concat_ws(' ', table_name, column_name, column_type, collation_name, column_key) "
        "FROM information_schema.columns WHERE table_schema = database() ORDER BY table_name, ordinal_position");
  };
  RawMysql whole;
  opened(whole);
  const auto expected = shape(whole);
  ASSERT_GT(expected.size(), 100U);

  // What the later migrations make, the last of it first; then the first one's views, and then its tables.
  RawMysql database;
  opened(database)->connect()->write(team, some_people(1, 10));
  database.run("DELETE FROM schema_version WHERE version >= 2");
  bool first_is_whole = true;
  for (const char* undo :
       {"DROP INDEX changes_by_position ON changes", "DROP TABLE change_bounds", "DROP TABLE changes",
        "ALTER TABLE segments DROP COLUMN materialised_to", "ALTER TABLE broadcasts DROP COLUMN expression",
        "ALTER TABLE segments DROP COLUMN filter, DROP COLUMN materialised_at, DROP COLUMN materialised_to",
        "DROP INDEX outbox_by_time ON outbox", "DROP TABLE link_epochs", "DROP TABLE leases", "DROP TABLE broadcasts",
        "ALTER TABLE topics DROP COLUMN basis", "DROP TABLE settings",
        "CREATE TABLE hash_keys (team_id INTEGER, key_id INTEGER, fingerprint VARCHAR(16), secret "
        "BLOB, created_at BIGINT)",
        "DROP TABLE key_ring", "DELETE FROM schema_version", "DROP VIEW suppressions_view", "DROP VIEW contacts_view",
        "DROP TABLE locks"}) {
    SCOPED_TRACE(undo);
    database.run(undo);
    const auto store = open_store(database.store());
    EXPECT_EQ(store->schema_version(), store->newest_schema_version());
    EXPECT_EQ(shape(database), expected);
    EXPECT_EQ(database.value("SELECT max(version) FROM schema_version"),
              std::to_string(store->newest_schema_version()));
    // From the views on it is the first migration that broke off.
    first_is_whole = first_is_whole && !std::string(undo).starts_with("DELETE");
    database.run(first_is_whole ? "DELETE FROM schema_version WHERE version >= 2" : "DELETE FROM schema_version");
  }
  EXPECT_EQ(open_store(database.store())->connect()->counts(team).contacts, 10U);
}

TEST_F(mysql_store, several_that_open_an_empty_database_at_once_make_one_schema) {
  RawMysql database;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(fork());
    if (children.back() == 0) {
      int code = 0;
      try {
        code = open_store(database.store())->schema_version();
      } catch (...) {
      }
      _exit(code);
    }
  }
  std::set<int> versions;
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    versions.insert(WEXITSTATUS(status));
  }
  const int newest = open_store(database.store())->newest_schema_version();
  EXPECT_EQ(versions, std::set<int>{newest});
  EXPECT_EQ(database.value("SELECT concat(count(*), ' ', max(version)) FROM schema_version"),
            std::to_string(newest) + " " + std::to_string(newest));
}

/// Whether the server takes files, and rows go the one way or the other.
class mysql_rows : public mysql_store, public ::testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    mysql_store::SetUp();
    if (!IsSkipped()) database().run(GetParam() ? "SET GLOBAL local_infile = 1" : "SET GLOBAL local_infile = 0");
  }
  void TearDown() override {
    if (!IsSkipped()) database().run("SET GLOBAL local_infile = 1");
  }
  RawMysql& database() {
    if (!database_) database_.emplace();
    return *database_;
  }

 private:
  std::optional<RawMysql> database_;
};

TEST_P(mysql_rows, many_new_people_come_back_byte_for_byte) {
  auto session = opened(database())->connect();
  ChangeSet changes = new_people(1, 1000);
  const std::string odd = "tab\t line\n return\r back\\slash \\N 'quote\" \x1a \x01 é 😀 %_ ";
  for (Contact& contact : changes.contacts) {
    contact.first_name = odd;
    contact.last_name = "\\N";
  }
  changes.contacts[998].first_name.clear();
  session->write(team, changes);
  std::vector<Person> found;
  session->people(team, {}, {.contact = true, .segments = true, .events = true}, 2000, found);
  ASSERT_EQ(found.size(), 1000U);
  const ContactId last = changes.contacts[998].id;
  for (const Person& person : found) {
    ASSERT_TRUE(person.contact);
    EXPECT_EQ(person.contact->first_name, person.id == last ? "" : odd);
    EXPECT_EQ(person.contact->last_name, "\\N");
    EXPECT_EQ(person.segments.size(), 1U);
    EXPECT_EQ(person.events.size(), 1U);
  }
  const std::string commands = database().value("SELECT count(*) FROM contacts WHERE last_name = '\\\\N'");
  EXPECT_EQ(commands, "1000");
}

TEST_P(mysql_rows, one_of_many_that_is_there_already_fails_all_of_them) {
  auto session = opened(database())->connect();
  session->write(team, new_people(1, 10));
  // Among the first rows, and among those that are loaded.
  for (const int last : {60, 1500}) {
    ChangeSet changes = new_people(11, last);
    const ChangeSet again = new_people(5, 5);
    changes.contacts.push_back(again.contacts.front());
    EXPECT_EQ(reason_without_data([&] { session->write(team, changes); }), "contended");
    EXPECT_EQ(session->counts(team).contacts, 10U);
    EXPECT_EQ(session->counts(team).memberships, 10U);
  }
}

TEST_P(mysql_rows, a_text_that_does_not_fit_is_an_error_and_never_another_text) {
  auto session = opened(database())->connect();
  for (const int last : {10, 1500}) {
    ChangeSet changes = new_people(1, last);
    changes.contacts.back().email = std::string(1000, 'x');
    EXPECT_EQ(reason_without_data([&] { session->write(team, changes); }), "failed");
    EXPECT_EQ(session->counts(team).contacts, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(whether_files_are_taken_or_not, mysql_rows, ::testing::Bool());

TEST_F(mysql_store, settings_of_the_server_make_no_value_another_one) {
  RawMysql database;
  opened(database);
  database.run("SET GLOBAL sql_mode = ''");
  auto session = open_store(database.store())->connect();
  ChangeSet changes = some_people(1, 1);
  changes.contacts.back().email = std::string(1000, 'x');
  EXPECT_EQ(reason_without_data([&] { session->write(team, changes); }), "failed");
  database.run("SET GLOBAL sql_mode = DEFAULT");
}

TEST_F(mysql_store, times_for_people_with_a_sql_prompt_are_in_utc_wherever_the_server_is) {
  RawMysql database;
  ChangeSet changes = some_people(1, 1);
  changes.contacts.front().created_at = time_of(-1);
  changes.contacts.front().updated_at = time_of(1'700'000'000'123'456);
  opened(database)->connect()->write(team, changes);
  EXPECT_EQ(database.value("SELECT created_at FROM contacts_view"), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(database.value("SELECT updated_at FROM contacts_view"), "2023-11-14 22:13:20.123456");
  EXPECT_EQ(database.value("SELECT id FROM contacts_view"), to_string(test::contact_id(1)));
}

TEST_F(mysql_store, whoever_may_only_read_is_told_so) {
  RawMysql database;
  opened(database);
  const std::string user = "reader" + database.name();
  database.run("CREATE USER " + user + "@localhost IDENTIFIED BY 'secret'");
  database.run("GRANT SELECT ON " + database.name() + ".* TO " + user + "@localhost");
  auto session = open_store(database.store(user + ":secret"))->connect();
  EXPECT_EQ(session->teams().size(), 1U);
  EXPECT_EQ(reason_without_data([&] { session->write(team, some_people(1, 1)); }), "denied");
  database.run("DROP USER " + user + "@localhost");
}

}  // namespace
}  // namespace mailroll
