// When a SQLite store waits for the disk: the promise of Durability. Counted at the system call itself, which this
// program answers in place of the C library.
#include <atomic>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "backends/temporary_folder.hpp"
#include "mailroll/store/registry.hpp"

namespace {
std::atomic<int> syncs{0};
}  // namespace

extern "C" __attribute__((visibility("default"))) int fdatasync(int file) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fdatasync, file));
}

namespace mailroll {
namespace {

class sqlite_durability : public ::testing::Test {
 protected:
  /// How many syncs a transaction with one write costs.
  int syncs_of(Durability durability) {
    const int before = syncs;
    session_->begin_write();
    session_->take_numbers(TeamNumber{1}, 1);
    session_->commit(durability);
    return syncs - before;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Session> session_ = open_store(folder_.store())->connect();
};

TEST_F(sqlite_durability, every_full_commit_waits_for_the_disk) {
  session_->add_team(Uuid{}, "default", time_of(1));
  for (int times = 0; times < 5; ++times) EXPECT_GE(syncs_of(Durability::full), 1);
}

TEST_F(sqlite_durability, a_load_of_bulk_commits_waits_at_its_beginning_at_most) {
  session_->add_team(Uuid{}, "default", time_of(1));
  syncs_of(Durability::bulk);
  for (int times = 0; times < 5; ++times) EXPECT_EQ(syncs_of(Durability::bulk), 0);
}

TEST_F(sqlite_durability, a_full_commit_after_bulk_ones_waits_for_all_of_them) {
  session_->add_team(Uuid{}, "default", time_of(1));
  for (int times = 0; times < 5; ++times) syncs_of(Durability::bulk);
  EXPECT_GE(syncs_of(Durability::full), 1);
  EXPECT_GE(syncs_of(Durability::full), 1) << "and from then on each does again";
}

}  // namespace
}  // namespace mailroll
