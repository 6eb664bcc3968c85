// A follower has the newest snapshot, whatever happens to its store.
#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "snapshot_world.hpp"

namespace mailroll::testing {
namespace {

bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class FollowerTest : public SnapshotWorld {};

TEST_P(FollowerTest, has_what_was_written) {
  make_definitions();
  const Follower follower = roll.follow();
  for (int i = 0; i < 3; ++i) {
    live(40);
    const Snapshot loaded = roll.snapshot();
    ASSERT_TRUE(comes_true([&] { return follower.latest().as_of() == loaded.as_of(); }));
    EXPECT_EQ(follower.latest().diff(loaded).added + loaded.diff(follower.latest()).added, 0U);
    for (const TopicRef& topic : mails()) {
      EXPECT_EQ(shown(follower.latest().count("A", topic)), shown(loaded.count("A", topic)));
    }
  }
  EXPECT_FALSE(follower.error());
}

TEST_P(FollowerTest, says_how_old_it_is) {
  Follower follower = roll.follow();
  follower.stop();
  EXPECT_EQ(follower.age(), std::chrono::seconds(0));
  pass(std::chrono::seconds(90));
  EXPECT_EQ(follower.age(), std::chrono::seconds(90));
}

TEST_P(FollowerTest, is_stopped_any_number_of_times_and_moved) {
  Follower follower = roll.follow();
  Follower other = std::move(follower);
  other.stop();
  other.stop();
  other = roll.follow();
  EXPECT_EQ(other.latest().contacts(), 0U);
}

TEST_P(FollowerTest, begins_with_what_it_is_given) {
  make_definitions();
  live(50);
  const Snapshot older = roll.snapshot();
  live(50);
  EXPECT_EQ(roll.follow(older).latest().contacts(), roll.usage().global);
}

TEST_P(FollowerTest, several_may_follow_while_others_write_and_each_sees_states_that_were) {
  make_definitions();
  roll.contacts().add({.email = "one@example.com"});
  roll.contacts().add({.email = "two@example.com"});
  const std::vector<Who> both{"one@example.com", "two@example.com"};
  Roll writer = roll;
  std::atomic<bool> ended = false;
  std::thread writing([&] {
    // With breaks here and below, or each look might come behind the same of the two, or the writer have no turn.
    for (int round = 0; !ended; ++round) {
      writer.segments().add("A", both);
      std::this_thread::sleep_for(std::chrono::milliseconds(round % 3));
      writer.segments().take_out("A", both);
      std::this_thread::sleep_for(std::chrono::milliseconds(round % 4));
    }
  });
  Snapshot one = roll.snapshot();
  Snapshot other = roll.snapshot();
  std::map<std::uint64_t, int> seen;
  for (int i = 0; i < 2000 && (i < 40 || seen[0] < 10 || seen[2] < 10); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    one = roll.refresh(one).snapshot;
    ++seen[one.count("A", no_topic).members];
    if (i % 3 != 0) continue;
    other = roll.refresh(other).snapshot;
    ++seen[other.count("A", no_topic).members];
  }
  ended = true;
  writing.join();
  EXPECT_EQ(seen[1], 0);
  EXPECT_GE(seen[0], 10);
  EXPECT_GE(seen[2], 10);
  EXPECT_EQ(roll.refresh(one).snapshot.count("A", no_topic).members, 0U);
}

INSTANTIATE_TEST_SUITE_P(Stores, FollowerTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
