// A database of the first schema on a server, made from its migration's own text, is brought up to date and loses nobody; one
// of a newer schema stays as it is; whoever is killed midway is succeeded by the next one. Needs scripts/servers.
#include <functional>
#include <optional>

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/old_people.hpp"
#include "backends/raw_mysql.hpp"
#include "backends/raw_postgresql.hpp"
#include "backends/test_url.hpp"
#include "mailroll/error.hpp"

namespace {

int statements_left = 0;  // in a process that is to die; 0: nobody is
bool dies_behind = false;

/// kill -9: nothing is said to the server.
void die() { kill(getpid(), SIGKILL); }

}  // namespace

// What the plugin calls is this, since the program comes before its libraries.
extern "C" [[gnu::visibility("default")]] int mysql_real_query(MYSQL* handle, const char* text, unsigned long size) {
  static const auto real =
      reinterpret_cast<int (*)(MYSQL*, const char*, unsigned long)>(dlsym(RTLD_NEXT, "mysql_real_query"));
  if (statements_left > 0 && --statements_left == 0) {
    if (dies_behind) mysql_send_query(handle, text, size);
    die();
  }
  return real(handle, text, size);
}

extern "C" [[gnu::visibility("default")]] int PQsendQueryParams(PGconn* handle, const char* text, int count,
                                                                const Oid* types, const char* const* values,
                                                                const int* lengths, const int* formats, int result) {
  static const auto real = reinterpret_cast<decltype(&PQsendQueryParams)>(dlsym(RTLD_NEXT, "PQsendQueryParams"));
  if (statements_left > 0 && --statements_left == 0) die();
  return real(handle, text, count, types, values, lengths, formats, result);
}

extern "C" [[gnu::visibility("default")]] PGresult* PQexec(PGconn* handle, const char* text) {
  static const auto real = reinterpret_cast<decltype(&PQexec)>(dlsym(RTLD_NEXT, "PQexec"));
  if (statements_left > 0 && --statements_left == 0) die();
  return real(handle, text);
}

extern "C" [[gnu::visibility("default")]] PGresult* PQexecParams(PGconn* handle, const char* text, int count,
                                                                 const Oid* types, const char* const* values,
                                                                 const int* lengths, const int* formats, int result) {
  static const auto real = reinterpret_cast<decltype(&PQexecParams)>(dlsym(RTLD_NEXT, "PQexecParams"));
  if (statements_left > 0 && --statements_left == 0) die();
  return real(handle, text, count, types, values, lengths, formats, result);
}

extern "C" [[gnu::visibility("default")]] PGresult* PQprepare(PGconn* handle, const char* name, const char* text,
                                                              int count, const Oid* types) {
  static const auto real = reinterpret_cast<decltype(&PQprepare)>(dlsym(RTLD_NEXT, "PQprepare"));
  if (statements_left > 0 && --statements_left == 0) die();
  return real(handle, name, text, count, types);
}

namespace mailroll {
namespace {

/// {text N} for every N there is.
test::Words with_sizes(test::Words words, const std::string& before, const std::string& after) {
  for (const std::string size : {"10", "16", "40", "50", "128", "200", "400", "512", "800"}) {
    words.emplace_back("{text " + size + "}", before + (after.empty() ? "" : size + after));
  }
  return words;
}

const test::Words postgresql_words = with_sizes({{"{id}", "UUID"},
                                                 {"{blob}", "BYTEA"},
                                                 {"{text}", "TEXT COLLATE \"C\""},
                                                 {"{key 1000}", "TEXT COLLATE \"C\""},
                                                 {"{packed}", ""}},
                                                "TEXT COLLATE \"C\"", "");

const test::Words mysql_words = with_sizes({{"{id}", "BINARY(16)"},
                                            {"{blob}", "BLOB"},
                                            {"{text}", "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"},
                                            {"{key 1000}", "VARBINARY(1000)"},
                                            {"{packed}", "ENGINE = InnoDB ROW_FORMAT = DYNAMIC"}},
                                           "VARCHAR(", ") CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");

/// One statement of a migration a time, without comments.
std::vector<std::string> statements_of(const std::string& text) {
  std::vector<std::string> statements(1);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("--")) continue;
    statements.back() += line + "\n";
    if (line.ends_with(';')) statements.emplace_back();
  }
  statements.pop_back();
  return statements;
}

/// A place on a server, with the address of a store in it, and for another place beside it.
struct Engine {
  virtual ~Engine() = default;
  [[nodiscard]] virtual std::string address() const = 0;
  [[nodiscard]] virtual std::string name() const = 0;
  virtual void run(const std::string& statement) = 0;
  virtual std::string value(const std::string& query) = 0;
  virtual std::string shape() = 0;
  [[nodiscard]] virtual const test::Words& words() const = 0;
};

struct OnPostgresql : Engine {
  test::RawPostgresql raw{test::test_url("postgresql")};
  std::string address() const override { return raw.url(); }
  std::string name() const override { return raw.schema(); }
  void run(const std::string& statement) override { raw.run(statement); }
  std::string value(const std::string& query) override { return raw.run(query); }
  std::string shape() override {
    return raw.run(
               "SELECT string_agg(table_name || ' ' || column_name || ' ' || data_type || ' ' || "
               "coalesce(collation_name, ''), "
               "E'\\n' ORDER BY table_name, ordinal_position) FROM information_schema.columns WHERE table_schema = "
               "current_schema()") +
           raw.run(
               "SELECT string_agg(indexname, E'\\n' ORDER BY indexname) FROM pg_indexes WHERE schemaname = "
               "current_schema()");
  }
  const test::Words& words() const override { return postgresql_words; }
};

struct OnMysql : Engine {
  test::RawMysql raw;
  std::string address() const override { return raw.store(); }
  std::string name() const override { return raw.name(); }
  void run(const std::string& statement) override { raw.run(statement); }
  std::string value(const std::string& query) override { return raw.value(query); }
  std::string shape() override {
    std::string all;
    for (const char* query :
         {"SELECT concat_ws(' ', table_name, column_name, column_type, collation_name, column_key) FROM "
          "information_schema.columns WHERE table_schema = database() ORDER BY table_name, ordinal_position",
          "SELECT concat_ws(' ', table_name, index_name, column_name) FROM information_schema.statistics WHERE "
          "table_schema "
          "= database() ORDER BY table_name, index_name, seq_in_index"}) {
      for (const std::string& line : raw.column(query)) all += line + "\n";
    }
    return all;
  }
  const test::Words& words() const override { return mysql_words; }
};

class server_schema : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (test::test_url(GetParam()).empty()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no " << GetParam();
  }
  static std::unique_ptr<Engine> place() {
    if (GetParam() == "mysql") return std::make_unique<OnMysql>();
    return std::make_unique<OnPostgresql>();
  }
  static void make_old(Engine& old, const Engine& made) {
    for (const std::string& file : {std::string("0001_first.sql"), "0001_first." + GetParam() + ".sql"}) {
      for (const std::string& statement : statements_of(test::migration(file, old.words()))) old.run(statement);
    }
    for (const std::string& statement : test::statements_that_copy(made.name() + ".", "")) old.run(statement);
  }
  static std::string reason_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.reason();
    }
    return "none";
  }
  /// Whether it was killed at statement `number`; false: it ended before.
  static bool killed_at(int number, bool behind, const std::string& address, const InitOptions& options) {
    const pid_t child = fork();
    if (child == 0) {
      statements_left = number;
      dies_behind = behind;
      try {
        init_store(address, options);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(1);
      }
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) return true;
    EXPECT_EQ(WEXITSTATUS(status), 0) << "at " << number;
    return false;
  }
};

INSTANTIATE_TEST_SUITE_P(, server_schema, ::testing::Values("postgresql", "mysql"),
                         [](const auto& engine) { return engine.param; });

TEST_P(server_schema, of_the_first_version_is_upgraded_and_keeps_its_key_its_people_and_their_verdicts) {
  const auto made = place();
  const auto old = place();
  const test::MadePeople people = test::make_people(made->address());
  make_old(*old, *made);
  {
    Roll roll = open(old->address(), {.actor = Actor::operator_});
    EXPECT_EQ(test::everybody(roll), people.seen);
    EXPECT_TRUE(roll.check().ok());
  }
  EXPECT_TRUE(old->shape() == made->shape()) << "an upgraded schema is the one that is made new";
  EXPECT_EQ(old->value("SELECT count(*) FROM schema_version"), old->value("SELECT max(version) FROM schema_version"));
  EXPECT_EQ(old->value("SELECT fingerprint FROM key_ring WHERE kind = 1"), people.fingerprint);
}

TEST_P(server_schema, of_a_newer_version_is_refused_and_left_as_it_is) {
  const auto newer = place();
  open_store(newer->address());
  newer->run("INSERT INTO schema_version (team_id, version, applied_at) VALUES (0, 99, 0)");
  const std::string before = newer->shape();
  EXPECT_EQ(reason_of([&] { open_store(newer->address()); }), "newer_schema");
  EXPECT_EQ(reason_of([&] { init_store(newer->address(), {.dry_run = true}); }), "newer_schema");
  EXPECT_TRUE(newer->shape() == before);
}

TEST_P(server_schema, a_dry_run_says_what_would_be_done_and_changes_nothing) {
  const auto made = place();
  const auto old = place();
  const InitPlan whole = init_store(made->address(), {.dry_run = true, .foreign_keys = true});
  EXPECT_EQ(whole.from_version, 0);
  EXPECT_EQ(made->shape(), "");
  EXPECT_EQ(whole.steps.back().phase, InitPhase::foreign_keys);
  const test::MadePeople people = test::make_people(made->address());
  make_old(*old, *made);
  const std::string before = old->shape();
  const InitPlan plan = init_store(old->address(), {.dry_run = true});
  EXPECT_EQ(plan.from_version, 1);
  EXPECT_GT(plan.steps.size(), 10U);
  EXPECT_TRUE(old->shape() == before);
  const InitPlan done = init_store(old->address());
  EXPECT_EQ(done.steps.size(), plan.steps.size());
  EXPECT_TRUE(init_store(old->address()).steps.empty()) << "again: nothing";
  EXPECT_EQ(test::everybody(open(old->address(), {.actor = Actor::operator_})), people.seen);
}

TEST_P(server_schema, is_made_once_by_eight_who_begin_at_once) {
  for (int round = 0; round < 3; ++round) {
    const auto empty = place();
    std::vector<pid_t> children;
    for (int i = 0; i < 8; ++i) {
      children.push_back(fork());
      if (children.back() == 0) {
        try {
          _exit(init_store(empty->address()).to_version);
        } catch (const std::exception& error) {
          std::fprintf(stderr, "%s\n", error.what());
          _exit(0);
        }
      }
    }
    for (const pid_t child : children) {
      int status = 0;
      waitpid(child, &status, 0);
      EXPECT_EQ(WEXITSTATUS(status), open_store(empty->address())->newest_schema_version());
    }
    EXPECT_EQ(empty->value("SELECT count(*) FROM schema_version"),
              empty->value("SELECT max(version) FROM schema_version"));
    EXPECT_TRUE(open(empty->address()).check().ok());
  }
}

TEST_P(server_schema, waits_for_whoever_holds_its_row) {
  const auto empty = place();
  const auto expected = place();
  open_store(expected->address());
  empty->run("CREATE TABLE schema_lock (team_id INTEGER NOT NULL, PRIMARY KEY (team_id))");
  empty->run("BEGIN");
  empty->run("INSERT INTO schema_lock VALUES (0)");
  const pid_t child = fork();
  if (child == 0) {
    try {
      init_store(empty->address());
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }
  sleep(1);
  EXPECT_EQ(empty->value(GetParam() == "mysql"
                             ? "SELECT count(*) FROM information_schema.tables WHERE table_schema = database()"
                             : "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"),
            "1")
      << "nothing is made meanwhile";
  empty->run("COMMIT");
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(empty->shape() == expected->shape());
}

TEST_P(server_schema, is_completed_by_the_next_one_wherever_the_one_before_was_killed) {
  const auto made = place();
  const test::MadePeople people = test::make_people(made->address());
  init_store(made->address(), {.foreign_keys = true});
  const std::string expected = made->shape();
  for (const bool from_old : {false, true}) {
    int kills = 0;
    for (int number = 1;; number += from_old ? 1 : 3) {  // each one of the later migrations
      const auto store = place();
      if (from_old) make_old(*store, *made);
      const bool killed = killed_at(number, number % 2 == 0, store->address(), {.foreign_keys = true});
      kills += killed ? 1 : 0;
      if (killed && number % 10 == 0)
        killed_at(number / 2, false, store->address(), {.foreign_keys = true});  // and again
      const std::string reason = reason_of([&] { init_store(store->address(), {.foreign_keys = true}); });
      ASSERT_EQ(reason, "none") << "killed at statement " << number;
      ASSERT_TRUE(store->shape() == expected) << "killed at statement " << number;
      if (from_old) {
        ASSERT_EQ(test::everybody(open(store->address(), {.actor = Actor::operator_})), people.seen) << number;
      }
      if (!killed) break;
    }
    EXPECT_GT(kills, from_old ? 25 : 15);
  }
}

TEST_P(server_schema, with_foreign_keys_takes_everything_that_people_do_and_keeps_rows_bound) {
  const auto store = place();
  const InitPlan plan = init_store(store->address(), {.foreign_keys = true});
  EXPECT_GE(plan.steps.size(), 40U);
  EXPECT_TRUE(init_store(store->address(), {.foreign_keys = true}).steps.empty());
  const test::MadePeople people = test::make_people(store->address());
  const auto without = place();
  EXPECT_EQ(people.seen.size(), test::make_people(without->address()).seen.size());
  Roll roll = open(store->address(), {.actor = Actor::operator_});
  roll.contacts().remove("ann@example.org");
  roll.contacts().erase("cy@example.org");
  roll.segments().remove("VIP");
  EXPECT_TRUE(roll.check().ok());
  const bool mysql = GetParam() == "mysql";
  const auto session = open_store(store->address())->connect();
  ChangeSet orphan;
  orphan.joined.push_back({ContactId{}, SegmentNumber{1}});
  EXPECT_NE(reason_of([&] { session->write(roll.team().number, orphan); }), "none");
  EXPECT_EQ(
      store->value(mysql ? "SELECT count(*) FROM information_schema.referential_constraints WHERE constraint_schema = "
                           "database() AND delete_rule NOT IN ('RESTRICT', 'NO ACTION')"
                         : "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'a'"),
      "0");
}

}  // namespace
}  // namespace mailroll
