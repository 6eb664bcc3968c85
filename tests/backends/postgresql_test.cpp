// What only a server can get wrong: writers at the same time, connections that end, databases of others. Needs an address of an
// empty database in MAILROLL_TEST_URLS (scripts/servers).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "backends/raw_postgresql.hpp"
#include "backends/temporary_folder.hpp"
#include "backends/test_url.hpp"
#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

class Postgresql : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string server = test::test_url("postgresql");
    if (server.empty()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no PostgreSQL";
    raw_ = std::make_unique<test::RawPostgresql>(server);
  }
  [[nodiscard]] test::RawPostgresql& raw() const { return *raw_; }
  [[nodiscard]] const std::string& url() const { return raw_->url(); }

  /// Runs `work` in a process of its own.
  template <typename Work>
  static pid_t in_process(Work work) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "a process of the test: %s\n", error.what());
      ::_exit(1);
    }
    ::_exit(0);
  }
  void opt_out_during_imports(bool known, const Scope& scope) const;
  static bool ended_well(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  std::unique_ptr<test::RawPostgresql> raw_;
};

std::string address(int number) { return "person" + std::to_string(number) + "@example.com"; }

std::string csv(int first, int last) {
  std::string text = "email,first_name,unsubscribed\n";
  for (int number = first; number < last; ++number) {
    text += address(number);
    text += ",Somebody,false\n";
  }
  return text;
}

PermissionOptions by_the_person() {
  PermissionOptions options;
  options.by = Actor::person;
  options.evidence.note = "by phone";
  return options;
}

std::string reason_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.reason();
  }
  return "none";
}

/// Several processes import overlapping people into a topic, while they opt out of `scope`. `known`: they are contacts already.
void Postgresql::opt_out_during_imports(bool known, const Scope& scope) const {
  constexpr int people = 6000;
  const test::TemporaryFolder folder;
  {
    Roll roll = open(url());
    roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  }
  if (known) {
    folder.write("all.csv", csv(0, people));
    open(url()).contacts().import_file(folder.file("all.csv").string(), {}).apply();
  }
  // Whoever imports somebody a second time would put right what the first time has lost.
  const int step = known ? 2000 : 1500;
  for (const int part : {0, 1, 2}) {
    folder.write("part" + std::to_string(part) + ".csv", csv(part * step, part * step + (known ? step : 2 * step)));
  }
  std::vector<pid_t> processes;
  for (const int part : {0, 1, 2}) {
    processes.push_back(in_process([&, part] {
      Roll roll = open(url());
      const std::string file = folder.file("part" + std::to_string(part) + ".csv").string();
      for (int times = known ? 1 : 0; times < 2; ++times)
        roll.contacts().import_file(file, {.topics = {"News"}}).apply();
    }));
  }
  for (const int worker : {0, 1}) {
    processes.push_back(in_process([&, worker] {
      Roll roll = open(url());
      for (int number = worker; number < people; number += 20) {
        roll.unsubscribe(address(number), scope, by_the_person());
      }
    }));
  }
  for (const pid_t process : processes) EXPECT_TRUE(ended_well(process));

  Roll roll = open(url());
  EXPECT_EQ(roll.check().cache_differs, 0U) << "what is cached is what the events amount to";
  for (int number = 0; number < people; number += 20) {
    for (const int one : {number, number + 1}) {
      ASSERT_FALSE(roll.explain(address(one), "News").receives) << one;
      const auto events = roll.events().list(address(one));
      ASSERT_EQ(std::count_if(events.begin(), events.end(),
                              [](const ConsentEvent& event) {
                                return event.action == Action::opt_out && event.actor == Actor::person;
                              }),
                1)
          << one;
    }
  }
}

TEST_F(Postgresql, who_opts_out_while_several_processes_import_them_for_the_first_time_stays_out) {
  opt_out_during_imports(false, everything);
}

TEST_F(Postgresql, who_opts_out_of_a_topic_while_several_processes_import_them_into_it_stays_out) {
  opt_out_during_imports(true, TopicRef("News"));
}

TEST_F(Postgresql, acts_go_on_when_the_server_ends_connections) {
  constexpr int people = 200;
  std::mutex mutex;
  std::vector<std::string> said;
  const auto log = [&](std::string_view line) {
    const std::lock_guard lock(mutex);
    said.emplace_back(line);
  };
  Roll roll = open(url(), {.log = log});
  std::atomic<bool> done = false;
  std::jthread ending([&] {
    while (!done) {
      raw().end_connections();
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
    }
  });
  std::vector<std::thread> workers;
  std::atomic<int> failed = 0;
  for (const int worker : {0, 1}) {
    workers.emplace_back([&, worker] {
      for (int number = worker; number < people; number += 2) {
        try {
          roll.unsubscribe(address(number), everything, by_the_person());
        } catch (const Error& error) {
          ++failed;
          ADD_FAILURE() << error.what();
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  done = true;
  ending.join();
  EXPECT_EQ(failed, 0);
  EXPECT_FALSE(said.empty()) << "none was ended in the midst of an act: this run has shown nothing";
  for (int number = 0; number < people; ++number) {
    const auto events = roll.events().list(address(number));
    ASSERT_EQ(events.size(), 1U) << "once, also where the answer to the commit was lost";
  }
  EXPECT_EQ(roll.check().cache_differs, 0U);
}

TEST_F(Postgresql, an_import_goes_on_when_the_server_ends_its_connection) {
  const test::TemporaryFolder folder;
  folder.write("all.csv", csv(0, 40000));
  std::atomic<bool> done = false;
  Roll roll = open(url());
  std::jthread ending([&] {
    for (int times = 0; times < 3 && !done; ++times) {
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
      raw().end_connections();
    }
  });
  roll.contacts().import_file(folder.file("all.csv").string(), {}).apply();
  done = true;
  ending.join();
  EXPECT_EQ(raw().run("SELECT count(*) FROM contacts"), "40000");
  EXPECT_EQ(raw().run("SELECT count(*) FROM runs WHERE finished_at IS NULL"), "0");
  EXPECT_EQ(raw().run("SELECT count(*) FROM runs"), "1");
}

TEST_F(Postgresql, several_processes_that_open_an_empty_database_make_one_store) {
  std::vector<pid_t> processes;
  processes.reserve(6);
  for (int process = 0; process < 6; ++process) {
    processes.push_back(in_process([&, process] {
      Roll roll = open(url());
      roll.contacts().add({.email = address(process % 3)});
    }));
  }
  for (const pid_t process : processes) EXPECT_TRUE(ended_well(process));
  EXPECT_EQ(raw().run("SELECT count(*) FROM teams"), "1");
  EXPECT_EQ(raw().run("SELECT count(*) FROM key_ring"), "2");
  EXPECT_EQ(raw().run("SELECT count(*) FROM contacts"), "3") << "under one key, everybody has one id";
}

TEST_F(Postgresql, a_database_of_somebody_else_is_refused_and_left_as_it_is) {
  raw().run("CREATE TABLE invoices (id INTEGER PRIMARY KEY)");
  EXPECT_EQ(reason_of([&] { open_store(url()); }), "not_a_database");
  EXPECT_EQ(raw().run("SELECT count(*) FROM pg_tables WHERE schemaname = '" + raw().schema() + "'"), "1");
}

TEST_F(Postgresql, a_newer_schema_is_refused) {
  const int newest = open_store(url())->newest_schema_version();
  raw().run("INSERT INTO schema_version (team_id, version, applied_at) VALUES (0, " + std::to_string(newest + 1) +
            ", 0)");
  EXPECT_EQ(reason_of([&] { open_store(url()); }), "newer_schema");
}

TEST_F(Postgresql, the_views_have_the_servers_own_times) {
  {
    Roll roll = open(url());
    roll.contacts().add({.email = address(1)});
  }
  EXPECT_EQ(raw().run("SELECT extract(epoch FROM created_at) * 1000000 = (SELECT created_at FROM contacts) FROM "
                      "contacts_view"),
            "t");
  EXPECT_EQ(raw().run("SELECT pg_typeof(created_at) FROM contacts_view"), "timestamp with time zone");
}

TEST(PostgresqlAddress, is_shown_without_any_password) {
  EXPECT_EQ(without_password("postgresql://ada:secret@db/roll?sslmode=require"),
            "postgresql://ada:***@db/roll?sslmode=require");
  EXPECT_EQ(without_password("postgresql://ada@db/roll?password=secret&sslpassword=other&host=/run"),
            "postgresql://ada@db/roll?password=***&sslpassword=***&host=/run");
}

TEST(PostgresqlAddress, that_nobody_answers_at_is_unreachable) {
  try {
    open_store("postgresql://ada:secret@/roll?host=/nowhere");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "unreachable");
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

TEST(PostgresqlAddress, that_cannot_be_read_is_invalid_and_not_repeated) {
  try {
    open_store("postgresql://ada:sec%ret@host/roll");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(std::string(error.what()).find("ret@"), std::string::npos);
  }
}

}  // namespace
}  // namespace mailroll
