// A migration that is killed at any moment can be run again, and ends as if it had not been interrupted.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transfer_files.hpp"
#include "transfer_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;

/// Every row of every table about people, as values.
std::vector<Person> all_people(const std::string& url) {
  const std::shared_ptr<Store> store = open_store(url);
  const std::unique_ptr<Session> session = store->connect();
  std::vector<Person> people;
  session->people(
      TeamNumber{1}, IdRange{},
      {.contact = true, .permission = true, .segments = true, .events = true, .suppressions = true, .aliases = true},
      1000000, people);
  return people;
}

void expect_same(const std::vector<Person>& found, const std::vector<Person>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_TRUE(found[i].id == wanted[i].id && found[i].contact == wanted[i].contact &&
                found[i].permission == wanted[i].permission && found[i].segments == wanted[i].segments &&
                found[i].events == wanted[i].events && found[i].aliases == wanted[i].aliases)
        << "person " << i;
  }
}

/// In a process of its own, killed after a while; answers whether it came to its end before.
bool killed_while(const std::function<void()>& work, std::chrono::microseconds after) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

TEST(MigrationInterrupted, killed_at_any_moment_and_run_again_it_ends_as_if_uninterrupted) {
  constexpr int people = 50000;  // several chunks
  Dice dice(7);
  OldExport old;
  for (int person = 0; person < people; ++person) {
    OldRow row = random_row(dice, people);
    row.person = person;
    row.spelling = person_email(person);
    old.rows.push_back(row);
  }
  TemporaryFolder folder;
  old.write(folder, "export");
  const std::string input = folder.path() + "/export";
  const std::string fresh = folder.path() + "/fresh.db";
  { World make("sqlite:///" + fresh); }  // one team and key for all copies, so that ids agree

  const auto copy = [&](const std::string& name) {
    std::filesystem::copy_file(fresh, folder.path() + '/' + name);
    return "sqlite:///" + folder.path() + '/' + name;
  };
  const std::string whole = copy("whole.db");
  const auto begun = std::chrono::steady_clock::now();
  World(whole).migrate(input);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  const std::vector<Person> wanted = all_people(whole);
  ASSERT_GE(wanted.size(), static_cast<std::size_t>(people) * 9 / 10);

  int unfinished = 0;
  for (int round = 0; round < 8; ++round) {
    const std::string url = copy("killed" + std::to_string(round) + ".db");
    for (int again = 0; again < 2; ++again) {
      killed_while([&] { World(url).migrate(input); }, took * (1 + dice.below(19)) / 20);
    }
    World world(url);
    unfinished += world.roll().check().unfinished_runs.empty() ? 0 : 1;
    world.migrate(input);
    expect_same(all_people(url), wanted);
    EXPECT_TRUE(world.roll().check().ok());
  }
  EXPECT_GT(unfinished, 0) << "some of them must have been killed while they wrote";
}

}  // namespace
