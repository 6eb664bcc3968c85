// What goes wrong while a SQLite store is in use: other processes, kill -9, a full disk, a damaged file. No error text
// ever holds data.
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/raw_sqlite.hpp"
#include "backends/some_people.hpp"
#include "backends/temporary_folder.hpp"
#include "conformance/shown.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

constexpr TeamNumber team{1};

class sqlite_failure : public ::testing::Test {
 protected:
  /// Runs `work` in a process of its own; its exit code is what `work` answers.
  static pid_t in_process(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child == 0) {
      int code = 99;
      try {
        code = work();
      } catch (...) {
        code = 98;
      }
      _exit(code);
    }
    EXPECT_GT(child, 0);
    return child;
  }
  static int exit_code(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  static void expect_no_data_in(const Error& error) {
    std::string text = error.what();
    for (const auto& [key, value] : error.details()) text += " " + key + "=" + value;
    for (const char* data : {"@", "ecret", "Secretia", "person"}) {
      EXPECT_EQ(text.find(data), std::string::npos) << "the error text holds data";
    }
    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
  template <typename Call>
  static std::string reason_without_data(Call call) {
    try {
      call();
    } catch (const Error& error) {
      expect_no_data_in(error);
      return error.reason();
    }
    return "no error";
  }

  test::TemporaryFolder folder_;
};

TEST_F(sqlite_failure, a_killed_load_leaves_whole_chunks_only) {
  constexpr int chunk = 500;
  open_store(folder_.store());
  for (int round = 0; round < 6; ++round) {
    const std::string name = "roll" + std::to_string(round) + ".db";
    open_store(folder_.store(name));
    const pid_t loader = in_process([&] {
      const auto session = open_store(folder_.store(name))->connect();
      session->expect_bulk(true);
      for (int first = 0;; first += chunk) {
        session->begin_write();
        // In two writes, so that there is a middle to be killed in.
        ChangeSet changes = test::some_people(first, first + chunk / 2 - 1);
        changes.all_new = true;
        session->write(team, changes);
        changes = test::some_people(first + chunk / 2, first + chunk - 1);
        changes.all_new = true;
        session->write(team, changes);
        session->commit(Durability::bulk);
      }
      return 0;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + 37 * round));
    kill(loader, SIGKILL);
    EXPECT_EQ(exit_code(loader), -SIGKILL);

    const auto session = open_store(folder_.store(name))->connect();
    const auto contacts = static_cast<int>(session->counts(team).contacts);
    EXPECT_EQ(contacts % chunk, 0);
    EXPECT_EQ(session->count_members(team, SegmentNumber{1}), static_cast<std::uint64_t>(contacts));
    std::vector<Person> people;
    session->people(team, {}, {.contact = true, .events = true}, 1'000'000, people);
    for (const Person& person : people) EXPECT_TRUE(person.contact && person.events.size() == 1);
    for (int number = 0; number < contacts; number += chunk / 2) {
      EXPECT_TRUE(session->person(team, test::contact_id(number), {.contact = true}).contact);
    }
    // And it goes on from there.
    session->write(team, test::some_people(contacts, contacts + 9));
    EXPECT_EQ(test::RawSqlite(folder_.file(name)).value("PRAGMA integrity_check"), "ok");
  }
}

TEST_F(sqlite_failure, a_failed_write_is_undone_whole_and_says_nothing_of_the_data) {
  const auto session = open_store(folder_.store())->connect();
  session->write(team, test::some_people(1, 3));
  const std::string before = conformance::whole_team(*session, team);

  ChangeSet clash = test::some_people(2, 6);
  clash.all_new = true;  // a lie: 2 and 3 are there, so that the insert fails midway
  EXPECT_EQ(reason_without_data([&] { session->write(team, clash); }), "failed");
  EXPECT_EQ(conformance::whole_team(*session, team), before) << "outside a transaction, write is one of its own";

  session->begin_write();
  session->write(team, test::some_people(7, 9));
  EXPECT_EQ(reason_without_data([&] { session->write(team, clash); }), "failed");
  session->rollback();
  EXPECT_EQ(conformance::whole_team(*session, team), before);
}

TEST_F(sqlite_failure, a_full_disk_is_said_to_be_full_and_nothing_is_half_written) {
  open_store(folder_.store())->connect()->write(team, test::some_people(1, 10));
  // The limit on the size of files is the one full disk that needs no rights to make.
  const pid_t filler = in_process([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const auto session = open_store(folder_.store())->connect();
    const rlimit small{2'000'000, 2'000'000};
    setrlimit(RLIMIT_FSIZE, &small);
    bool open = false;
    try {
      for (int first = 100;; first += 5000) {
        session->begin_write();
        open = true;
        session->write(team, test::some_people(first, first + 4999));
        session->commit(Durability::bulk);
        open = false;
      }
    } catch (const Error& error) {
      expect_no_data_in(error);
      if (HasFailure()) return 2;
      if (error.reason() != "full") return 3;
      session->rollback();
      return open && session->counts(team).contacts % 5000 == 10 ? 0 : 4;
    }
    return 5;
  });
  EXPECT_EQ(exit_code(filler), 0);
  const auto session = open_store(folder_.store())->connect();
  EXPECT_EQ(session->counts(team).contacts % 5000, 10U);
  session->write(team, test::some_people(50, 59));
}

TEST_F(sqlite_failure, a_table_that_somebody_dropped_fails_without_data) {
  const auto session = open_store(folder_.store())->connect();
  session->write(team, test::some_people(1, 3));
  test::RawSqlite raw(folder_.file("roll.db"));
  raw.run("DROP TABLE contacts; DROP TABLE segments; DROP TABLE key_ring; CREATE TABLE key_ring (team_id INTEGER)");
  EXPECT_EQ(reason_without_data([&] { session->write(team, test::some_people(4, 4)); }), "failed");
  EXPECT_EQ(reason_without_data([&] { session->person(team, test::contact_id(1), {.contact = true}); }), "failed");
  EXPECT_EQ(reason_without_data([&] { session->keys(); }), "failed");
  Segment segment;
  segment.name = "Secretia's people @ home";
  EXPECT_EQ(reason_without_data([&] { session->put_segment(team, segment); }), "failed");
}

TEST_F(sqlite_failure, a_row_that_mailroll_did_not_write_is_corrupt) {
  const auto session = open_store(folder_.store())->connect();
  session->write(team, test::some_people(1, 3));
  test::RawSqlite raw(folder_.file("roll.db"));
  raw.run(
      "UPDATE consent_events SET event_id = 'secret@person'; INSERT INTO segments (team_id, number, id, "
      "name, created_at, updated_at) VALUES (1, 1, 'x@y', 'n', 0, 0)");
  EXPECT_EQ(reason_without_data([&] { session->person(team, test::contact_id(1), {.events = true}); }), "corrupt");
  EXPECT_EQ(reason_without_data([&] { session->segments(team); }), "corrupt");
  raw.run("UPDATE contacts SET properties = 'secret@person'");
  EXPECT_EQ(reason_without_data([&] { session->person(team, test::contact_id(1), {.contact = true}); }), "corrupt");
}

TEST_F(sqlite_failure, a_damaged_file_is_corrupt) {
  {
    const auto session = open_store(folder_.store())->connect();
    session->write(team, test::some_people(1, 5000));
    session->expect_bulk(false);  // empties the log into the file
  }
  {
    std::fstream file(folder_.file("roll.db"), std::ios::in | std::ios::out | std::ios::binary);
    const auto size = std::filesystem::file_size(folder_.file("roll.db"));
    for (std::uintmax_t at = 4096 * 20; at + 4096 < size; at += 4096) {
      file.seekp(static_cast<std::streamoff>(at));
      file.write("secret.person@example.org secret.person@example.org", 51);
    }
  }
  EXPECT_EQ(reason_without_data([&] {
              const auto session = open_store(folder_.store())->connect();
              std::vector<Person> people;
              session->people(team, {}, conformance::all_parts, 1'000'000, people);
            }),
            "corrupt");
}

TEST_F(sqlite_failure, a_file_that_may_only_be_read_can_be_read_and_not_written) {
  open_store(folder_.store())->connect()->write(team, test::some_people(1, 3));
  std::filesystem::permissions(folder_.file("roll.db"), std::filesystem::perms(0444));
  std::filesystem::permissions(folder_.file("."), std::filesystem::perms(0777));
  const pid_t reader = in_process([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return 1;  // root may write anything
    const auto session = open_store(folder_.store())->connect();
    if (session->counts(team).contacts != 3) return 2;
    const std::string reason = reason_without_data([&] { session->write(team, test::some_people(4, 4)); });
    return reason == "read_only" && !HasFailure() ? 0 : 3;
  });
  EXPECT_EQ(exit_code(reader), 0);
}

}  // namespace
}  // namespace mailroll
