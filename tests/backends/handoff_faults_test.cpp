// A hand-off under fire: workers and the library die between any two statements, and at any moment; statements fail. In
// the end everybody who may receive it was handed over, and nobody twice. MAILROLL_SEED repeats the random choices.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/temporary_folder.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

using namespace std::chrono_literals;

std::string email_of(int person) { return "p" + std::to_string(person) + "@example.org"; }

/// A clock 200 times as fast as the day, the same in all processes: a lease of a second runs out while the test waits.
Time fast_now() {
  static const Time begin = *parse_time("2026-01-01");
  return begin + (system_now() - begin) * 200;
}

Roll open_fast(const std::string& address) { return open(address, {.clock = fast_now}); }

Handoff hand_off(Roll& roll, const std::string& worker) {
  return roll.handoff("All", "News", worker, {.lease_for = 1s});
}

/// One in six has left, before anything begins.
bool left_before(int person) { return person % 6 == 0; }

void make_world(const std::string& address, int members) {
  Roll roll = open_fast(address);
  roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Segment all = roll.segments().create("All");
  for (int person = 0; person < members; ++person) {
    roll.contacts().add({.email = email_of(person), .segments = {all}});
    if (left_before(person)) roll.unsubscribe(email_of(person), "News");
  }
}

/// Everybody's lease, as stored.
std::map<ContactId, LeaseState> states(const std::string& address) {
  std::map<ContactId, LeaseState> found;
  std::vector<Person> people;
  open_store(address)->connect()->people(TeamNumber{1}, IdRange{}, {.leases = true}, 100000, people);
  for (const Person& person : people) {
    EXPECT_EQ(person.leases.size(), 1U);
    found[person.id] = person.leases.front().state;
  }
  return found;
}

/// Lines that processes append while they live; a line is whole or absent, and is there once write() answered.
class Log {
 public:
  explicit Log(std::string path) : path_(std::move(path)) {}
  void say(const std::string& line) const {
    const int file = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    const std::string text = std::to_string(::getpid()) + ' ' + line + '\n';
    if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) _exit(3);
    ::close(file);
  }
  struct Line {
    std::string process;
    std::string word;
    std::string about;
  };
  [[nodiscard]] std::vector<Line> lines() const {
    std::vector<Line> all;
    std::ifstream file(path_);
    for (Line line; file >> line.process >> line.word >> line.about;) all.push_back(line);
    return all;
  }

 private:
  std::string path_;
};

/// Leases, says so, and hands over each of them; gives some back; forgets some.
void work_once(Handoff& handoff, const Log& log, std::mt19937_64& dice, std::size_t limit, bool* done = nullptr) {
  log.say("asks -");
  const Batch batch = handoff.lease(limit);
  for (const Recipient& person : batch.people) log.say("leased " + to_string(person.id));
  for (const Recipient& person : batch.people) {
    switch (dice() % 8) {
      case 0: handoff.release(batch.lease, {person.id}); break;
      case 1: break;  // forgotten: the lease runs out
      default:
        if (handoff.confirm(batch.lease, {person.id}).done == 1) log.say("confirmed " + to_string(person.id));
    }
  }
  if (done != nullptr) *done = batch.done && batch.outstanding == 0;
}

/// What must hold of the log, whoever died when. A process says that it has leased somebody only after it has, and others may
/// have been quicker meanwhile: what was so when it asked is what counts.
void expect_nobody_twice(const std::vector<Log::Line>& lines) {
  std::map<std::string, std::string> confirmed;  // by whom
  std::set<std::string> left;
  std::map<std::string, std::set<std::string>> left_when_asked;
  std::map<std::string, std::map<std::string, std::string>> confirmed_when_asked;
  for (const auto& [process, word, about] : lines) {
    if (word == "asks") {
      left_when_asked[process] = left;
      confirmed_when_asked[process] = confirmed;
    }
    if (word == "left") left.insert(about);
    if (word == "leased") {
      EXPECT_FALSE(confirmed_when_asked[process].contains(about)) << "leased after it was handed over";
      EXPECT_FALSE(left_when_asked[process].contains(about)) << "leased after leaving";
    }
    if (word == "confirmed") {
      EXPECT_TRUE(confirmed.emplace(about, process).second) << "handed over twice";
    }
  }
}

/// Goes on, as somebody would who looks after the mailer, until nobody is left.
void finish(const std::string& address, const Log& log) {
  Roll roll = open_fast(address);
  Handoff handoff = hand_off(roll, "last");
  std::mt19937_64 dice(1);
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  for (bool done = false; !done;) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "it does not come to an end";
    work_once(handoff, log, dice, 40, &done);
    if (handoff.status().counts.leased != 0) std::this_thread::sleep_for(2ms);
  }
}

std::set<ContactId> who_left(const std::string& address, int members) {
  Roll roll = open_fast(address);
  std::set<ContactId> left;
  for (int person = 0; person < members; ++person) {
    const Verdict verdict = roll.explain(email_of(person), "News");
    if (!verdict.receives) left.insert(verdict.id);
  }
  return left;
}

/// Everybody in the segment who has never left was handed over, whatever happened.
void expect_nobody_skipped(const std::string& address, int members) {
  const std::set<ContactId> left = who_left(address, members);
  const auto now = states(address);
  Roll roll = open_fast(address);
  std::size_t handed_over = 0;
  for (const Recipient& person : roll.audience("All", "News")) {
    const auto found = now.find(person.id);
    ASSERT_TRUE(found != now.end()) << "skipped";
    EXPECT_EQ(found->second, LeaseState::confirmed);
    ++handed_over;
  }
  EXPECT_EQ(handed_over + left.size(), static_cast<std::size_t>(members));
  for (const ContactId& id : left) {
    const auto found = now.find(id);
    EXPECT_TRUE(found == now.end() || found->second == LeaseState::confirmed || found->second == LeaseState::withdrawn);
  }
}

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("MAILROLL_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "MAILROLL_SEED=" << seed << '\n';
  return seed;
}

long statements_left = std::numeric_limits<long>::max();
bool die = false;

int at_statement(unsigned, void* database, void*, void*) {
  if (--statements_left != 0) return 0;
  if (die) _exit(42);
  sqlite3_interrupt(static_cast<sqlite3*>(database));
  return 0;
}

int watch_statements(sqlite3* database, const char**, const void*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, at_statement, database);
}

class handoff_faults : public ::testing::Test {
 protected:
  std::string address() const { return folder_.store(); }
  /// A copy of the world, of its own for each fault.
  std::string copy(int number) {
    if (number == 1) make_world(folder_.store("world.db"), few);
    const std::string name = "roll" + std::to_string(number) + ".db";
    std::filesystem::copy_file(folder_.file("world.db"), folder_.file(name));
    return folder_.store(name);
  }
  Log log(int number) const { return Log(folder_.file("log" + std::to_string(number)).string()); }

  /// Runs `work` in a process that dies as its statement number `statement` begins; false: it came to its end before.
  static bool dies_at(int statement, const std::string& address, const std::function<void(Roll&)>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_statements));
      try {
        Roll roll = open_fast(address);
        die = true;
        statements_left = statement;
        work(roll);
      } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        _exit(1);
      }
      _exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_TRUE(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 42);
    return WEXITSTATUS(status) == 42;
  }

  static constexpr int few = 60;  ///< members, where the world is made anew for each fault
  test::TemporaryFolder folder_;
};

TEST_F(handoff_faults, a_worker_that_dies_before_any_statement_skips_nobody_and_repeats_nobody) {
  int died = 0;
  for (int statement = 1;; statement += 1 + statement / 40) {
    const std::string address = copy(statement);
    const Log said = log(statement);
    const bool dead = dies_at(statement, address, [&](Roll& roll) {
      Handoff handoff = hand_off(roll, "dying");
      std::mt19937_64 dice(static_cast<std::uint64_t>(statement));
      for (int turn = 0; turn < 3; ++turn) work_once(handoff, said, dice, 5);
    });
    // What was answered is so, whatever came after.
    const auto now = states(address);
    for (const auto& [process, word, about] : said.lines()) {
      if (word == "confirmed") {
        EXPECT_EQ(now.at(ContactId(*parse_uuid(about))), LeaseState::confirmed);
      }
    }
    finish(address, said);
    expect_nobody_twice(said.lines());
    expect_nobody_skipped(address, few);
    if (!dead) break;
    ++died;
    std::filesystem::remove(folder_.file("roll" + std::to_string(statement) + ".db"));
  }
  EXPECT_GT(died, 40) << "in leases, confirmations and releases alike";
}

TEST_F(handoff_faults, an_opt_out_that_dies_midway_is_whole_with_its_withdrawal_and_its_place_in_the_feed_or_absent) {
  int absent = 0;
  int whole = 0;
  for (int statement = 1;; ++statement) {
    const std::string address = copy(statement);
    ContactId leaving;
    {
      Roll roll = open_fast(address);
      leaving = hand_off(roll, "w").lease(20).people.front().id;
    }
    const bool dead = dies_at(statement, address, [&](Roll& roll) { roll.unsubscribe(leaving, everything); });
    const bool withdrawn = states(address).at(leaving) == LeaseState::withdrawn;
    Roll roll = open_fast(address);
    EXPECT_EQ(!roll.explain(leaving, "News").receives, withdrawn);
    const FeedPage page = roll.opt_outs();
    EXPECT_EQ(std::ranges::any_of(page.items, [&](const FeedItem& item) { return item.event.contact == leaving; }),
              withdrawn);
    (withdrawn ? whole : absent) += 1;
    if (!dead) {
      EXPECT_TRUE(withdrawn);
      break;
    }
  }
  EXPECT_GT(absent, 8);
  EXPECT_GE(whole, 1);
}

TEST_F(handoff_faults, a_statement_that_fails_undoes_its_call_and_the_next_call_goes_on) {
  make_world(address(), few);
  const Log said = log(0);
  const pid_t child = ::fork();
  if (child == 0) {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch_statements));
    int failures = 0;
    {
      Roll roll = open_fast(address());
      Handoff handoff = hand_off(roll, "failing");
      std::mt19937_64 dice(7);
      const auto fail_at = [&] { statements_left = 1 + static_cast<long>(dice() % 90); };
      const auto deadline = std::chrono::steady_clock::now() + 60s;
      for (bool done = false; !done && std::chrono::steady_clock::now() < deadline;) {
        fail_at();
        try {
          work_once(handoff, said, dice, 6, &done);
        } catch (const Error& error) {
          if (error.kind() != ErrorKind::storage) _exit(2);
          ++failures;
        }
        statements_left = std::numeric_limits<long>::max();
      }
    }
    _exit(failures > 10 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "1: hardly anything failed; 2: it failed otherwise";
  finish(address(), said);
  expect_nobody_twice(said.lines());
  expect_nobody_skipped(address(), few);
}

TEST_F(handoff_faults, workers_killed_at_any_moment_while_people_leave_skip_nobody_and_repeat_nobody) {
  constexpr int members = 1500;
  make_world(address(), members);
  const Log said = log(0);
  std::mt19937_64 dice(seed_of_this_run());
  const auto start_worker = [&] {
    const std::uint64_t seed = dice();
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      Roll roll = open_fast(address());
      Handoff handoff = hand_off(roll, "w" + std::to_string(::getpid()));
      std::mt19937_64 own(seed);
      for (;;) {
        work_once(handoff, said, own, 1 + own() % 8);
        // Where nobody is left, a worker would spin; and there shall be somebody left for those who come after.
        std::this_thread::sleep_for(std::chrono::microseconds(own() % 3000));
      }
    } catch (const std::exception& error) {
      said.say(std::string("failed ") + (error.what()[0] == 0 ? "?" : "with"));
    }
    ::_exit(1);
  };
  const auto start_leaver = [&] {
    const std::uint64_t seed = dice();
    const pid_t child = ::fork();
    if (child != 0) return child;
    std::mt19937_64 own(seed);
    Roll roll = open_fast(address());
    for (int person = 0; person < members; ++person) {
      if (person % 6 != 1) continue;
      std::this_thread::sleep_for(std::chrono::microseconds(own() % 3000));
      const std::string email = email_of(person);
      own() % 2 == 0 ? roll.unsubscribe(email, "News") : roll.unsubscribe(email, everything);
      said.say("left " + to_string(roll.contacts().get(email).id));
    }
    ::_exit(0);
  };

  const pid_t leaver = start_leaver();
  std::vector<pid_t> workers{start_worker(), start_worker(), start_worker()};
  const auto handed_over = [&] {
    const auto lines = said.lines();
    return std::ranges::count(lines, "confirmed", &Log::Line::word);
  };
  // Only while there is much left to do: whoever is killed idle proves nothing.
  int kills = 0;
  for (; kills < 150 && handed_over() < members / 2; ++kills) {
    std::this_thread::sleep_for(std::chrono::microseconds(dice() % 8000));
    pid_t& victim = workers[dice() % workers.size()];
    ::kill(victim, SIGKILL);
    int status = 0;
    ::waitpid(victim, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself";
    victim = start_worker();
  }
  EXPECT_GT(kills, 20);
  int status = 0;
  ::waitpid(leaver, &status, 0);
  EXPECT_EQ(status, 0);
  for (const pid_t worker : workers) {
    ::kill(worker, SIGKILL);
    ::waitpid(worker, &status, 0);
  }
  EXPECT_GT(handed_over(), 0);
  finish(address(), said);
  expect_nobody_twice(said.lines());
  EXPECT_EQ(who_left(address(), members).size(), static_cast<std::size_t>(members) / 3)
      << "those from before, and as many since";
  expect_nobody_skipped(address(), members);
}

}  // namespace
}  // namespace mailroll
