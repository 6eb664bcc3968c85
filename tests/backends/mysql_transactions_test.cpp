// Transactions on MySQL and MariaDB: what is put off and sent later, lost connections, deadlocks. Needs scripts/servers, and its
// address of MySQL in MAILROLL_TEST_URLS.
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "backends/mysql_store.hpp"
#include "backends/raw_mysql.hpp"
#include "backends/some_people.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

constexpr TeamNumber team{1};

using test::new_people;
using test::opened;
using test::RawMysql;
using test::reason_without_data;
using test::some_people;
using mysql_transactions = test::mysql_store;

/// Waits for what was put off.
void read_one(Session& session) { session.person(team, test::contact_id(1), {.permission = true}); }

TEST_F(mysql_transactions, a_connection_that_is_cut_in_a_transaction_leaves_nothing_and_the_session_goes_on) {
  RawMysql database;
  auto session = opened(database)->connect();
  session->begin_write();
  session->write(team, some_people(1, 5));
  database.cut_others();
  session->write(team, some_people(6, 9));  // put off
  EXPECT_EQ(reason_without_data([&] { read_one(*session); }), "disconnected");
  EXPECT_EQ(reason_without_data([&] { session->write(team, some_people(6, 9)); }), "failed");
  EXPECT_EQ(reason_without_data([&] { session->commit(); }), "failed");
  session->rollback();
  EXPECT_EQ(session->counts(team).contacts, 0U);
  session->write(team, some_people(1, 5));
  EXPECT_EQ(session->counts(team).contacts, 5U);
}

TEST_F(mysql_transactions, a_connection_that_is_cut_between_transactions_is_made_anew_without_a_word) {
  RawMysql database;
  auto session = opened(database)->connect();
  session->write(team, some_people(1, 5));
  database.cut_others();
  EXPECT_EQ(session->teams().size(), 1U);
  database.cut_others();
  EXPECT_EQ(session->counts(team).contacts, 5U);
  database.cut_others();
  session->write(team, some_people(6, 9));
  database.cut_others();
  session->begin_write();
  session->write(team, some_people(10, 10));
  session->commit();
  EXPECT_EQ(session->counts(team).contacts, 10U);
}

TEST_F(mysql_transactions, two_that_wait_for_each_other_are_told_apart_and_one_goes_on) {
  RawMysql database;
  auto store = opened(database);
  auto one = store->connect();
  auto other = store->connect();
  one->begin_write();
  other->begin_write();
  const auto lock = [](Session& session, int number) {
    session.lock(team, test::contact_id(number));
    read_one(session);
  };
  lock(*one, 1);
  lock(*other, 2);
  std::string reason;
  std::thread waiting([&] { reason = reason_without_data([&] { lock(*one, 2); }); });
  const std::string other_reason = reason_without_data([&] { lock(*other, 1); });
  waiting.join();
  EXPECT_TRUE((reason == "contended") != (other_reason == "contended")) << reason << ", " << other_reason;
  // The server has undone all of it, and would take the next statement for one of its own.
  Session& undone = reason == "contended" ? *one : *other;
  Session& done = reason == "contended" ? *other : *one;
  EXPECT_EQ(reason_without_data([&] { undone.write(team, some_people(3, 3)); }), "failed");
  EXPECT_EQ(reason_without_data([&] { undone.commit(); }), "failed");
  undone.rollback();
  done.write(team, some_people(4, 4));
  done.commit();
  EXPECT_EQ(done.counts(team).contacts, 1U);
}

TEST_F(mysql_transactions, a_write_that_fails_takes_what_stands_behind_it_and_the_commit_along) {
  RawMysql database;
  auto session = opened(database)->connect();
  session->write(team, new_people(1, 10));
  for (const bool beginning_is_answered : {false, true}) {
    session->begin_write();
    if (beginning_is_answered) read_one(*session);
    session->write(team, new_people(11, 12));
    session->write(team, new_people(5, 5));
    session->write(team, new_people(13, 14));
    EXPECT_EQ(reason_without_data([&] { session->commit(); }), "contended");
    EXPECT_EQ(database.value("SELECT count(*) FROM contacts"), "10");
    EXPECT_EQ(reason_without_data([&] { read_one(*session); }), "failed") << "nothing is sent but the rollback";
    EXPECT_EQ(reason_without_data([&] { session->commit(); }), "failed");
    session->rollback();
    EXPECT_EQ(database.value("SELECT count(*) FROM contacts"), "10");
    EXPECT_EQ(session->counts(team).contacts, 10U);
  }
  session->write(team, new_people(11, 11));
  EXPECT_EQ(database.value("SELECT count(*) FROM contacts"), "11");
}

TEST_F(mysql_transactions, what_was_put_off_says_with_the_next_read_or_the_commit_why_it_failed) {
  RawMysql database;
  opened(database);
  const std::string reader = "reader" + database.name();
  const std::string hasty = "hasty" + database.name();
  for (const std::string& user : {reader, hasty})
    database.run("CREATE USER " + user + "@localhost IDENTIFIED BY 'secret'");
  database.run("GRANT SELECT ON " + database.name() + ".* TO " + reader + "@localhost");
  database.run("GRANT ALL ON " + database.name() + ".* TO " + hasty + "@localhost");
  database.run("ALTER USER " + hasty + "@localhost WITH MAX_STATEMENT_TIME 1");
  auto holding = open_store(database.store())->connect();
  holding->begin_write();
  holding->lock(team, test::contact_id(1));
  read_one(*holding);

  for (const auto& [user, reason] : {std::pair(reader, "denied"), std::pair(hasty, "timeout")}) {
    auto session = open_store(database.store(user + ":secret"))->connect();
    for (const bool by_reading : {true, false}) {
      session->begin_write();
      session->lock(team, test::contact_id(1));
      EXPECT_EQ(reason_without_data([&] { by_reading ? read_one(*session) : session->commit(); }), reason);
      EXPECT_EQ(reason_without_data([&] { session->commit(); }), "failed");
      session->rollback();
      EXPECT_EQ(session->counts(team).contacts, 0U) << "the session goes on";
    }
  }
  holding->rollback();
  for (const std::string& user : {reader, hasty}) database.run("DROP USER " + user + "@localhost");
}

TEST_F(mysql_transactions, what_is_put_off_is_sent_before_it_is_more_than_the_server_takes_at_once) {
  RawMysql database;
  auto store = opened(database);
  struct SmallPackets {
    RawMysql& database;
    explicit SmallPackets(RawMysql& there) : database(there) {
      database.run("SET GLOBAL max_allowed_packet = 2 * 1024 * 1024");
    }
    ~SmallPackets() { database.run("SET GLOBAL max_allowed_packet = DEFAULT"); }
  } const small(database);
  auto session = open_store(database.store())->connect();
  session->begin_write();
  for (int first = 1; first < 300; first += 50) {  // 600 KB each
    ChangeSet changes = new_people(first, first + 49);
    for (Contact& contact : changes.contacts)
      contact.properties = Properties::from_json("{\"about\":\"" + std::string(12'000, 'x') + "\"}");
    session->write(team, changes);
  }
  session->commit();
  EXPECT_EQ(session->counts(team).contacts, 300U);
}

}  // namespace
}  // namespace mailroll
