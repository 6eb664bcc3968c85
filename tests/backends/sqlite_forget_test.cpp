// What is deleted can be read nowhere in the files of a SQLite store: not in rows, freed pages, the unused middle of pages
// that are in use, or the log. Looked for in the raw bytes.
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "backends/raw_sqlite.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

constexpr TeamNumber team{1};
constexpr int people = 20000;

class sqlite_forget : public ::testing::Test {
 protected:
  std::string all_bytes() {
    std::ostringstream bytes;
    for (const char* end : {"", "-wal", "-shm", "-journal"}) {
      std::ifstream file(folder_.file(std::string("roll.db") + end), std::ios::binary);
      if (file) bytes << file.rdbuf();
    }
    return bytes.str();
  }

  /// The numbers of the people whose word, "<kind>-<number>-", stands somewhere.
  std::set<int> traces(const std::string& kind) {
    const std::string bytes = all_bytes();
    std::set<int> found;
    for (auto at = bytes.find(kind + "-"); at != std::string::npos; at = bytes.find(kind + "-", at + 1)) {
      const char* digits = bytes.data() + at + kind.size() + 1;
      char* end = nullptr;
      const long number = std::strtol(digits, &end, 10);
      if (end != digits && *end == '-') found.insert(static_cast<int>(number));
    }
    return found;
  }

  ContactId id(int number) {
    std::mt19937_64 bytes(static_cast<std::uint64_t>(number));
    ContactId made;
    for (auto& byte : made.bytes) byte = static_cast<std::uint8_t>(bytes());
    return made;
  }
  std::string word(const std::string& kind, int number) { return kind + "-" + std::to_string(number) + "-"; }

  void add(ChangeSet& changes, int number) {
    Contact contact;
    contact.id = id(number);
    contact.email = word("address", number) + "@example.org";
    contact.first_name = word("first", number);
    if (random_() % 3 == 0)
      contact.properties = Properties({{"p", word("value", number) + std::string(random_() % 300, 'x')}});
    changes.contacts.push_back(contact);
    ConsentEvent event;
    event.id = EventId(id(-number));
    event.contact = contact.id;
    event.action = Action::opt_in;
    event.actor = Actor::api;
    event.evidence.note = word("note", number) + std::string(random_() % 9 == 0 ? 6000 : 10, 'y');
    changes.events.push_back(event);
    changes.suppressions.push_back({contact.id, SuppressionReason::manual, word("beside", number), {}});
    changes.aliases.push_back({word("alias", number), contact.id});
  }

  test::TemporaryFolder folder_;
  std::mt19937_64 random_{7};  // NOLINT(cert-msc51-cpp): the same people each time
};

TEST_F(sqlite_forget, of_whoever_is_dropped_no_byte_is_left_among_thousands_of_others) {
  const auto session = open_store(folder_.store())->connect();
  for (int first = 0; first < people; first += 500) {  // in no order of ids, so that pages are split
    ChangeSet changes;
    for (int number = first; number < first + 500; ++number) add(changes, number);
    session->write(team, changes);
  }
  // Another spelling, other names and properties: the former ones are gone too.
  for (int number = 0; number < people; number += 7) {
    ChangeSet changes;
    Contact contact;
    contact.id = id(number);
    contact.email = word("renewed", number) + "@example.org";
    contact.properties = Properties({{"p", std::string(random_() % 3000, 'z')}});
    changes.contacts.push_back(contact);
    session->write(team, changes);
  }
  std::set<int> gone;
  for (int number = 0; number < people; number += 11) gone.insert(number);
  for (const int number : gone) {
    ChangeSet changes;
    changes.dropped.push_back(id(number));
    session->write(team, changes);
  }
  EXPECT_FALSE(traces("beside").empty());
  EXPECT_TRUE(session->forget());

  for (const std::string kind : {"address", "first", "value", "note", "beside", "alias", "renewed"}) {
    int left = 0;
    for (const int number : traces(kind)) {
      const bool renewed = number % 7 == 0 && (kind == "address" || kind == "first" || kind == "value");
      if (gone.contains(number) || renewed) ++left;
    }
    EXPECT_EQ(left, 0) << "people of whom there is still a trace of " << kind;
  }
  EXPECT_EQ(session->counts(team).contacts, people - gone.size());
  EXPECT_EQ(test::RawSqlite(folder_.file("roll.db")).value("PRAGMA integrity_check"), "ok");
}

TEST_F(sqlite_forget, a_reader_is_waited_for_only_shortly_and_then_the_answer_is_not_yet) {
  const auto store = open_store(folder_.store());
  const auto session = store->connect();
  ChangeSet changes;
  add(changes, 1);
  session->write(team, changes);
  const auto reader = store->connect();
  reader->begin_read();
  changes.clear();
  changes.dropped.push_back(id(1));
  session->write(team, changes);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE(session->forget());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  EXPECT_TRUE(reader->person(team, id(1), {.contact = true}).contact) << "the reader still sees one state";
  EXPECT_FALSE(traces("address").empty());
  reader->rollback();
  EXPECT_TRUE(session->forget());
  EXPECT_TRUE(traces("address").empty());
}

TEST_F(sqlite_forget, a_file_with_auto_vacuum_is_left_to_the_engine) {
  test::RawSqlite(folder_.file("roll.db")).run("PRAGMA auto_vacuum = FULL; CREATE TABLE t (a); DROP TABLE t");
  {
    const auto session = open_store(folder_.store())->connect();
    for (int first = 0; first < 15000; first += 500) {
      ChangeSet changes;
      for (int number = first; number < first + 500; ++number) add(changes, number);
      session->write(team, changes);
    }
    EXPECT_TRUE(session->forget());
  }
  test::RawSqlite raw(folder_.file("roll.db"));
  EXPECT_EQ(raw.value("PRAGMA auto_vacuum"), "1");
  EXPECT_EQ(raw.value("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace mailroll
