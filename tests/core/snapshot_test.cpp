// What a snapshot answers is what the store's audience answers of the same state: counted there member by member, by decide().
#include "mailroll/audience/snapshot.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <map>
#include <set>
#include <thread>

#include "audience/snapshot_columns.hpp"
#include "snapshot_world.hpp"

namespace mailroll::testing {
namespace {

using namespace std::chrono_literals;

class SnapshotTest : public SnapshotWorld {};

TEST_P(SnapshotTest, every_count_set_overlap_and_cell_is_the_stores_after_any_history) {
  make_definitions();
  std::map<Reason, std::uint64_t> seen;
  std::uint64_t overrides = 0;
  for (unsigned round = 0; round < 12; ++round) {
    chance_.seed(round);
    live(round == 0 ? 0 : 60);
    const Snapshot snapshot = roll.snapshot();
    ASSERT_EQ(snapshot.as_of(), now());
    ASSERT_EQ(snapshot.contacts(), roll.usage().global);
    const SnapshotMatrix matrix = snapshot.matrix();
    std::vector<SegmentRef> all(segments.begin(), segments.end());
    all.emplace_back("A - B");
    const SegmentOverlap overlap = snapshot.overlap(all);
    ASSERT_EQ(overlap.at(4, 4), overlap.at(0, 0) - overlap.at(0, 1));
    ASSERT_EQ(overlap.at(4, 1), 0U);
    for (std::size_t s = 0; s < segments.size(); ++s) {
      for (std::size_t m = 0; m < mails().size(); ++m) {
        const TopicRef topic = mails()[m];
        const Counts counted = roll.audience(segments[s], topic).count();
        ASSERT_EQ(shown(snapshot.count(segments[s], topic)), shown(counted)) << "round " << round;
        ASSERT_EQ(shown(matrix.at(s, m)), shown(counted)) << "round " << round;
        ASSERT_EQ(snapshot.people(segments[s], topic), receivers(segments[s], topic)) << "round " << round;
        for (std::size_t r = 0; r < reason_count; ++r) seen[static_cast<Reason>(r)] += counted.by_reason[r];
        overrides += counted.by_override;
      }
      for (const char* expression :
           {"A & B - C", "(A | B) & C", "A - B", "Nobody | C", "Nobody - A", "A & (B | (C - A))"}) {
        const TopicRef topic = mails()[s];
        ASSERT_EQ(shown(snapshot.count(expression, topic)), shown(roll.audience(expression, topic).count()))
            << expression;
        ASSERT_EQ(snapshot.people(expression, topic), receivers(expression, topic)) << expression;
      }
      for (std::size_t other = 0; other < segments.size(); ++other) {
        std::vector<ContactId> both;
        std::ranges::set_intersection(members(segments[s]), members(segments[other]), std::back_inserter(both));
        ASSERT_EQ(overlap.at(s, other), both.size()) << "round " << round;
      }
    }
  }
  // Else the histories would be too tame to say anything. A contact that is erased has no profile, and is in no segment.
  for (const Reason reason :
       {Reason::suppressed_complaint, Reason::suppressed_bounce, Reason::suppressed_manual, Reason::unsubscribed,
        Reason::topic_opted_out, Reason::unconfirmed, Reason::consent_expired, Reason::topic_opted_in,
        Reason::topic_default_opt_out, Reason::topic_default_opt_in, Reason::subscribed}) {
    EXPECT_GT(seen[reason], 10U) << to_string(reason);
  }
  EXPECT_GT(overrides, 10U);
}

TEST_P(SnapshotTest, a_dynamic_segment_has_whom_its_filter_meant_at_that_moment) {
  make_definitions();
  chance_.seed(7);
  live(400);
  roll.segments().create("Some", "email like 'person1%' and opted_in('News0')");
  roll.segments().create("Left", "unsubscribed or in_segment('Some')");
  roll.segments().create("New", "created_at > now() - 1 hours");
  const Snapshot snapshot = roll.snapshot();
  for (const char* expression : {"Some", "Left", "New", "A & Left", "(New | Left) - B", "A - Some"}) {
    for (const TopicRef& topic : mails()) {
      ASSERT_EQ(shown(snapshot.count(expression, topic)), shown(roll.audience(expression, topic).count()))
          << expression;
      ASSERT_EQ(snapshot.people(expression, topic), receivers(expression, topic)) << expression;
    }
    EXPECT_GT(snapshot.count(expression, no_topic).members, 0U) << expression;
  }
  const Counts before = snapshot.count("New", no_topic);
  pass(2h);
  EXPECT_EQ(roll.audience("New", no_topic).count().members, 0U);
  EXPECT_EQ(shown(snapshot.count("New", no_topic)), shown(before));
}

TEST_P(SnapshotTest, what_happens_afterwards_is_not_in_it_and_neither_is_consent_that_runs_out) {
  make_definitions();
  roll.contacts().add({.email = "ada@example.com", .segments = {segments[0]}});
  roll.subscribe("ada@example.com", topics[2], {.valid_until = now() + 1h});
  const Snapshot snapshot = roll.snapshot();
  pass(1h);
  EXPECT_EQ(roll.audience("A", topics[2]).count()[Reason::consent_expired], 1U);
  EXPECT_EQ(snapshot.count("A", topics[2])[Reason::topic_opted_in], 1U);
  EXPECT_EQ(roll.snapshot().count("A", topics[2])[Reason::consent_expired], 1U);
  roll.contacts().add({.email = "bob@example.com", .segments = {segments[0]}});
  EXPECT_EQ(snapshot.count("A", no_topic).members, 1U);
  EXPECT_EQ(snapshot.age(now()), 1h);
  EXPECT_EQ(snapshot.age(snapshot.as_of() - 1h), 0h) << "a clock that was put back makes nothing younger than now";
}

TEST_P(SnapshotTest, names_are_those_of_when_it_was_read) {
  make_definitions();
  roll.contacts().add({.email = "ada@example.com", .segments = {segments[0]}});
  const Snapshot snapshot = roll.snapshot();
  roll.segments().rename("A", "Z");
  roll.segments().create("B");
  EXPECT_EQ(snapshot.count("A", no_topic).members, 1U);
  EXPECT_EQ(snapshot.count(segments[0].id, no_topic).members, 1U);
  EXPECT_EQ(outcome_of([&] { (void)snapshot.count("Z", no_topic); }), "not_found:segment_not_found");
  EXPECT_EQ(outcome_of([&] { (void)snapshot.people("A", "No such"); }), "not_found:topic_not_found");
  EXPECT_EQ(outcome_of([&] { (void)roll.snapshot().count("B", no_topic); }), "conflict:ambiguous_name");
}

TEST_P(SnapshotTest, a_sample_is_of_the_audience_ascending_and_the_same_for_the_same_seed) {
  make_definitions();
  for (int i = 0; i < 40; ++i) {
    roll.contacts().add({.email = "person" + std::to_string(i) + "@example.com", .segments = {segments[0]}});
  }
  live(40);
  const Snapshot snapshot = roll.snapshot();
  const std::vector<ContactId> all = snapshot.people("A", topics[0]);
  ASSERT_GT(all.size(), 20U);
  const std::vector<ContactId> sample = snapshot.sample("A", topics[0], 10, 7);
  EXPECT_EQ(sample.size(), 10U);
  EXPECT_TRUE(std::ranges::is_sorted(sample));
  EXPECT_EQ(std::set(sample.begin(), sample.end()).size(), 10U);
  EXPECT_TRUE(std::ranges::includes(all, sample));
  EXPECT_EQ(snapshot.sample("A", topics[0], 10, 7), sample);
  EXPECT_NE(snapshot.sample("A", topics[0], 10, 8), sample);
  EXPECT_EQ(snapshot.sample("A", topics[0], all.size() + 5, 7), all);
  EXPECT_TRUE(snapshot.sample("A", topics[0], 0, 7).empty());

  // Everybody's turn comes as often as anybody's: 2,000 samples of 5, each person in about 2000 * 5 / n of them.
  std::map<ContactId, int> taken;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const ContactId& id : snapshot.sample("A", topics[0], 5, seed)) ++taken[id];
  }
  const double expected = 10000.0 / static_cast<double>(all.size());
  for (const ContactId& id : all) {
    EXPECT_GT(taken[id], expected * 0.6);
    EXPECT_LT(taken[id], expected * 1.4);
  }
}

TEST_P(SnapshotTest, a_difference_says_who_came_and_who_went) {
  make_definitions();
  for (unsigned round = 0; round < 6; ++round) {
    chance_.seed(100 + round);
    live(150);
    const Snapshot older = roll.snapshot();
    std::vector<std::vector<ContactId>> were;
    were.reserve(segments.size());
    for (const Segment& segment : segments) were.push_back(members(segment));
    std::map<std::pair<std::size_t, std::size_t>, std::vector<ContactId>> received;
    for (std::size_t m = 0; m < mails().size(); ++m) {
      for (std::size_t s = 0; s < segments.size(); ++s) received[{s, m}] = receivers(segments[s], mails()[m]);
    }
    const std::uint64_t contacts = roll.usage().global;
    live(100);
    const Snapshot newer = roll.snapshot();
    const SnapshotDiff diff = newer.diff(older);
    ASSERT_EQ(contacts + diff.added - diff.removed, roll.usage().global);
    for (std::size_t s = 0; s < segments.size(); ++s) {
      std::vector<ContactId> joined;
      std::vector<ContactId> left;
      std::ranges::set_difference(members(segments[s]), were[s], std::back_inserter(joined));
      std::ranges::set_difference(were[s], members(segments[s]), std::back_inserter(left));
      ASSERT_EQ(diff.segments[s].joined, joined.size());
      ASSERT_EQ(diff.segments[s].left, left.size());
      for (std::size_t m = 0; m < mails().size(); ++m) {
        const std::vector<ContactId> now = receivers(segments[s], mails()[m]);
        const std::vector<ContactId>& then = received[{s, m}];
        const AudienceDiff people = newer.diff(older, segments[s], mails()[m]);
        std::vector<ContactId> gained;
        std::vector<ContactId> lost;
        std::ranges::set_difference(now, then, std::back_inserter(gained));
        std::ranges::set_difference(then, now, std::back_inserter(lost));
        ASSERT_EQ(people.gained, gained);
        ASSERT_EQ(people.lost, lost);
      }
    }
    // Of the whole team, in the segments or not: against the other way round, and against itself.
    const SnapshotDiff back = older.diff(newer);
    for (std::size_t m = 0; m < mails().size(); ++m) {
      ASSERT_EQ(diff.topics[m].gained, back.topics[m].lost);
      ASSERT_EQ(diff.topics[m].lost, back.topics[m].gained);
    }
    ASSERT_EQ(newer.diff(newer).added, 0U);
  }
}

TEST_P(SnapshotTest, a_segment_that_the_older_one_did_not_have_was_nobodys) {
  make_definitions();
  roll.contacts().add({.email = "ada@example.com", .segments = {segments[0]}});
  const Snapshot older = roll.snapshot();
  const Segment late = roll.segments().create("Late");
  const Topic fresh = roll.topics().create({.name = "Fresh", .default_subscription = Subscription::opt_in});
  roll.segments().add("Late", {"ada@example.com"});
  const Snapshot newer = roll.snapshot();
  const SnapshotDiff diff = newer.diff(older);
  EXPECT_EQ(diff.segments.back().joined, 1U);
  EXPECT_EQ(diff.topics.back().gained, 1U);
  EXPECT_EQ(newer.diff(older, "Late", no_topic).gained.size(), 1U);
  EXPECT_EQ(newer.diff(older, "A", fresh).gained.size(), 1U);
  EXPECT_EQ(newer.diff(older, "A", no_topic).gained.size(), 0U);
  EXPECT_EQ(newer.diff(older, "A - Late", no_topic).lost.size(), 1U) << "who came into what is taken away is lost";
}

TEST_P(SnapshotTest, of_a_team_without_anybody_everything_is_nothing) {
  const Snapshot empty = roll.snapshot();
  EXPECT_EQ(empty.contacts(), 0U);
  EXPECT_TRUE(empty.matrix().cells.empty());
  EXPECT_TRUE(empty.overlap({}).pairs.empty());
  make_definitions();
  const Snapshot nobody = roll.snapshot();
  EXPECT_EQ(nobody.count("A", topics[0]).members, 0U);
  EXPECT_TRUE(nobody.people("A", no_topic).empty());
  EXPECT_TRUE(nobody.sample("A", no_topic, 5, 1).empty());
  EXPECT_EQ(nobody.diff(empty).added, 0U);
}

TEST_P(SnapshotTest, all_of_it_is_of_one_moment_while_others_write) {
  make_definitions();
  std::string rows = "email\n";  // more than are read at a time
  for (int i = 0; i < 20'000; ++i) rows += "person" + std::to_string(i) + "@example.com\n";
  roll.contacts().import_file(folder().write("people.csv", rows)).apply();
  // The first and the last to be read come and go together.
  const std::vector<Contact> everybody = roll.contacts().list({}, 100'000);
  const std::vector<Who> both{everybody.front(), everybody.back()};
  Roll writer = roll;
  std::atomic<bool> ended = false;
  std::thread writing([&] {
    while (!ended) {
      writer.segments().add("A", both);
      writer.segments().take_out("A", both);
    }
  });
  std::map<std::uint64_t, int> seen;
  for (int i = 0; i < 500 && (i < 40 || seen[0] < 5 || seen[2] < 5); ++i) {
    ++seen[roll.snapshot().count("A", no_topic).members];
  }
  ended = true;
  writing.join();
  EXPECT_EQ(seen[1], 0);
  EXPECT_GE(seen[0], 5);
  EXPECT_GE(seen[2], 5);
}

TEST_P(SnapshotTest, several_threads_may_load_at_once) {
  make_definitions();
  live(60);
  const std::string expected = shown(roll.audience("A", topics[0]).count());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) wrong += shown(roll.snapshot().count("A", topics[0])) == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(SnapshotTest, loading_can_be_stopped) {
  make_definitions();
  EXPECT_EQ(outcome_of([&] { (void)roll.snapshot([](const Progress&) { return false; }); }), "cancelled:cancelled");
  std::uint64_t told = 0;
  live(100);
  (void)roll.snapshot([&](const Progress& progress) {
    EXPECT_EQ(progress.phase, "load");
    told = progress.done;
    return true;
  });
  EXPECT_EQ(told, roll.usage().global);
}

INSTANTIATE_TEST_SUITE_P(Stores, SnapshotTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
