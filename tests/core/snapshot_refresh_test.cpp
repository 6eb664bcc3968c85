// A snapshot that was refreshed is the one that is loaded, after every history.
#include <algorithm>
#include <string>

#include "snapshot_world.hpp"

namespace mailroll::testing {
namespace {

class SnapshotRefreshTest : public SnapshotWorld {
 protected:
  [[nodiscard]] bool has_log() const { return roll.snapshot().cursor().has_value(); }

  void expect_same(const Snapshot& refreshed, const Snapshot& loaded) {
    ASSERT_EQ(refreshed.as_of(), loaded.as_of());
    ASSERT_EQ(refreshed.incomplete(), loaded.incomplete());
    ASSERT_EQ(refreshed.contacts(), loaded.contacts());
    ASSERT_EQ(refreshed.segments(), loaded.segments());
    ASSERT_EQ(refreshed.topics(), loaded.topics());
    std::vector<SegmentRef> all(loaded.segments().begin(), loaded.segments().end());
    std::vector<TopicRef> mails{no_topic};
    mails.insert(mails.end(), loaded.topics().begin(), loaded.topics().end());
    ASSERT_EQ(refreshed.overlap(all).pairs, loaded.overlap(all).pairs);
    const SnapshotMatrix matrix = refreshed.matrix();
    const SnapshotMatrix expected = loaded.matrix();
    for (std::size_t s = 0; s < all.size(); ++s) {
      for (std::size_t m = 0; m < mails.size(); ++m) {
        ASSERT_EQ(shown(matrix.at(s, m)), shown(expected.at(s, m))) << "segment " << s << ", mail " << m;
        ASSERT_EQ(shown(refreshed.count(all[s], mails[m])), shown(expected.at(s, m)));
        ASSERT_EQ(refreshed.people(all[s], mails[m]), loaded.people(all[s], mails[m]));
        ASSERT_EQ(refreshed.sample(all[s], mails[m], 7, 3), loaded.sample(all[s], mails[m], 7, 3));
      }
    }
    for (const SnapshotDiff& diff : {refreshed.diff(loaded), loaded.diff(refreshed)}) {
      ASSERT_EQ(diff.added + diff.removed, 0U);
      for (const auto& segment : diff.segments) ASSERT_EQ(segment.joined + segment.left, 0U);
      for (const auto& topic : diff.topics) ASSERT_EQ(topic.gained + topic.lost, 0U);
    }
  }

  /// Refreshes after lives of many lengths; answers how often all was read instead.
  int refresh_through(unsigned seed, int rounds) {
    chance_.seed(seed);
    Snapshot snapshot = roll.snapshot();
    int reloaded = 0;
    for (int round = 0; round < rounds; ++round) {
      live(below(3) == 0 ? below(120) : below(12));
      if (below(4) == 0) pass(std::chrono::seconds(below(3000)));
      const Refreshed refreshed = roll.refresh(snapshot);
      reloaded += refreshed.reloaded ? 1 : 0;
      snapshot = refreshed.snapshot;
      expect_same(snapshot, roll.snapshot());
      if (HasFatalFailure()) return -1;
    }
    return reloaded;
  }
};

TEST_P(SnapshotRefreshTest, is_what_would_be_loaded_after_any_history) {
  make_definitions();
  for (unsigned seed = 0; seed < 12; ++seed) {
    const int reloaded = refresh_through(seed, 25);
    ASSERT_GE(reloaded, 0) << "seed " << seed;
    EXPECT_EQ(reloaded, has_log() ? 0 : 25);
  }
}

TEST_P(SnapshotRefreshTest, with_dynamic_segments_too) {
  make_definitions();
  roll.segments().create("Mixed", "in_segment('A') and not opted_out('News0') or first_name is null and unsubscribed");
  roll.segments().create("Reached", "receives('Offers1') and not in_segment('Mixed')");
  for (unsigned seed = 20; seed < 24; ++seed) {
    const int reloaded = refresh_through(seed, 25);
    ASSERT_GE(reloaded, 0) << "seed " << seed;
    EXPECT_EQ(reloaded, has_log() ? 0 : 25);
  }
}

TEST_P(SnapshotRefreshTest, a_filter_that_compares_with_now_is_evaluated_whole) {
  make_definitions();
  roll.segments().create("Fresh", "created_at > now() - 1 hours");
  EXPECT_EQ(refresh_through(30, 12), 12);
}

TEST_P(SnapshotRefreshTest, takes_up_what_is_defined_since) {
  make_definitions();
  live(200);
  Snapshot snapshot = roll.snapshot();
  const auto check = [&](bool reloads) {
    const Refreshed refreshed = roll.refresh(snapshot);
    snapshot = refreshed.snapshot;
    expect_same(snapshot, roll.snapshot());
    EXPECT_EQ(refreshed.reloaded, reloads || !has_log());
  };
  const Segment late = roll.segments().create("Late");
  check(false);
  roll.segments().rename("Late", "Later");
  roll.contacts().add({.email = "ada@example.com", .segments = {"Later", "A"}});
  topics.push_back(roll.topics().create({.name = "Fresh", .default_subscription = Subscription::opt_in}));
  topics.push_back(roll.topics().create({.name = "Rare", .default_subscription = Subscription::opt_out}));
  check(false);
  live(100);
  check(false);
  roll.topics().remove(topics.back());
  topics.pop_back();
  roll.segments().remove("Later");
  check(false);
  roll.segments().create("Out", "unsubscribed");
  check(true);
  roll.segments().change_filter("Out", "not unsubscribed");
  check(true);
  roll.segments().rename("Out", "In");
  live(50);
  check(false);
  roll.segments().remove("In");
  check(true);
}

TEST_P(SnapshotRefreshTest, consent_that_ran_out_is_judged_again_though_nobody_changed_anything) {
  make_definitions();
  roll.subscribe("ada@example.com", topics[3], {.valid_until = now() + std::chrono::hours(1)});
  roll.segments().add("A", {"ada@example.com"});
  Snapshot snapshot = roll.refresh(roll.snapshot()).snapshot;
  EXPECT_EQ(snapshot.count("A", topics[3]).receives, 1U);
  pass(std::chrono::minutes(59));
  snapshot = roll.refresh(snapshot).snapshot;
  EXPECT_EQ(snapshot.count("A", topics[3]).receives, 1U);
  pass(std::chrono::minutes(1));
  snapshot = roll.refresh(snapshot).snapshot;
  EXPECT_EQ(snapshot.count("A", topics[3])[Reason::consent_expired], 1U);
  pass(-std::chrono::minutes(1));
  EXPECT_EQ(roll.refresh(snapshot).snapshot.count("A", topics[3]).receives, 1U) << "the clock went back";
}

TEST_P(SnapshotRefreshTest, the_older_one_stays_as_it_is_and_shares_what_has_not_changed) {
  make_definitions();
  live(300);
  const Snapshot older = roll.snapshot();
  const std::vector<ContactId> people = older.people("A", topics[0]);
  const std::string counts = shown(older.count("A", topics[0]));
  live(200);
  const Snapshot newer = roll.refresh(older).snapshot;
  EXPECT_EQ(older.people("A", topics[0]), people);
  EXPECT_EQ(shown(older.count("A", topics[0])), counts);
  const SnapshotDiff diff = newer.diff(older);
  EXPECT_EQ(older.contacts() + diff.added - diff.removed, newer.contacts());
}

TEST_P(SnapshotRefreshTest, a_saved_one_is_refreshed_after_it_was_mapped) {
  make_definitions();
  const std::string file = folder().path() + "/team.snapshot";
  Snapshot snapshot = roll.snapshot();
  for (unsigned seed = 50; seed < 58; ++seed) {
    chance_.seed(seed);
    live(60);
    snapshot = roll.refresh(snapshot).snapshot;
    snapshot.save(file);
    const Snapshot mapped = Snapshot::map(file);
    EXPECT_EQ(mapped.cursor(), snapshot.cursor());
    expect_same(mapped, roll.snapshot());
    live(60);
    pass(std::chrono::seconds(500));
    const Refreshed refreshed = roll.refresh(mapped);
    EXPECT_EQ(refreshed.reloaded, !has_log());
    expect_same(refreshed.snapshot, roll.snapshot());
    snapshot = refreshed.snapshot;
  }
}

TEST_P(SnapshotRefreshTest, one_saved_with_dynamic_segments_has_no_cursor_and_is_loaded_anew) {
  make_definitions();
  roll.segments().create("Out", "unsubscribed");
  live(50);
  const std::string file = folder().path() + "/team.snapshot";
  roll.snapshot().save(file);
  const Snapshot mapped = Snapshot::map(file);
  EXPECT_FALSE(mapped.cursor());
  live(20);
  const Refreshed refreshed = roll.refresh(mapped);
  EXPECT_TRUE(refreshed.reloaded);
  expect_same(refreshed.snapshot, roll.snapshot());
}

TEST_P(SnapshotRefreshTest, after_an_import_of_many_at_once) {
  make_definitions();
  live(150);
  Snapshot snapshot = roll.snapshot();
  for (int times = 0; times < 3; ++times) {
    std::string rows = "email\n";
    for (int i = 0; i < 1500; ++i) rows += "person" + std::to_string(i + times * 700) + "@example.com\n";
    roll.contacts().import_file(folder().write("people.csv", rows), {.segments = {"B"}}).apply();
    live(30);
    snapshot = roll.refresh(snapshot).snapshot;
    expect_same(snapshot, roll.snapshot());
  }
}

TEST_P(SnapshotRefreshTest, another_teams_is_refused) {
  const Snapshot snapshot = roll.snapshot();
  roll.teams().create("other");
  const Roll other = mailroll::open(url(), {.team = GetParam() == "memory" ? "default" : "other"});
  EXPECT_EQ(outcome_of([&] { (void)other.refresh(snapshot); }), "invalid:other_team");
}

INSTANTIATE_TEST_SUITE_P(Stores, SnapshotRefreshTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
