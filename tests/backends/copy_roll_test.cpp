// Moving house, seen by whoever lives in it: verdicts, cursors, keys and links are what they were, whatever was killed.
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/copy_world.hpp"
#include "mailroll/mailroll.hpp"

namespace mailroll {
namespace {

using namespace test;

class CopiedRoll : public testing::Test {
 protected:
  CopyReport copy_all() { return copy(source_, target_); }

  TemporaryFolder folder_;
  std::string source_ = folder_.store("source.db");
  std::string target_ = folder_.store("target.db");
};

std::string person_number(int number) { return "p" + std::to_string(number) + "@example.com"; }

/// What people, staff and providers do, at random.
void live(Roll& roll, std::mt19937& dice, int people, int acts) {
  const std::vector<std::string> topics{"News", "Offers", "Alerts"};
  for (; acts > 0; --acts) {
    const std::string who = person_number(static_cast<int>(dice() % static_cast<unsigned>(people)));
    const TopicRef topic = topics[dice() % topics.size()];
    try {
      switch (dice() % 10) {
        case 0:
        case 1: roll.contacts().add({.email = who, .segments = {"VIP"}}); break;
        case 2: roll.unsubscribe(who, topic); break;
        case 3: roll.unsubscribe(who, everything); break;
        case 4: roll.resubscribe(who, topic); break;
        case 5: roll.subscribe(who, topic); break;
        case 6: roll.suppressions().add(who, static_cast<SuppressionReason>(1 + dice() % 3)); break;
        case 7: roll.contacts().remove(who); break;
        case 8:
          if (dice() % 4 == 0) roll.contacts().erase(who);
          break;
        default: roll.subscribe_to_confirm(who, topic); break;
      }
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): what the rules refuse is no part of this test
    }
  }
}

std::string verdicts(Roll& roll, int people) {
  std::string text;
  for (int number = 0; number < people; ++number) {
    for (const TopicRef& topic : std::vector<TopicRef>{"News", "Offers", "Alerts", no_topic}) {
      const Verdict verdict = roll.explain(person_number(number), topic, SegmentRef("VIP"));
      text += to_string(verdict.reason);
      text += verdict.receives ? " yes" : " no";
      text += verdict.event ? " " + to_string(verdict.event->id) + "\n" : "\n";
    }
  }
  return text;
}

TEST_F(CopiedRoll, gives_every_verdict_with_the_same_reason_and_event_in_every_team) {
  constexpr int people = 60;
  std::mt19937 dice(std::random_device{}());
  {
    Roll roll = mailroll::open(source_);
    roll.teams().create("other");
    for (const std::string team : {"default", "other"}) {
      Roll one = mailroll::open(source_, {.team = team});
      one.segments().create("VIP");
      one.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
      one.topics().create({.name = "Offers", .default_subscription = Subscription::opt_out});
      one.topics().create({.name = "Alerts", .default_subscription = Subscription::opt_in});
      live(one, dice, people, 400);
    }
  }
  copy_all();
  for (const std::string team : {"default", "other"}) {
    Roll before = mailroll::open(source_, {.team = team});
    Roll after = mailroll::open(target_, {.team = team});
    ASSERT_EQ(verdicts(after, people), verdicts(before, people)) << team;
    EXPECT_EQ(after.audience("VIP", "News").count().receives, before.audience("VIP", "News").count().receives);
    EXPECT_FALSE(after.audience("VIP", "News").incomplete());
    EXPECT_TRUE(after.check().ok());
    // A new segment gets a number that nothing else has.
    const SegmentNumber made = after.segments().create("New").number;
    for (const Topic& topic : after.topics().list()) EXPECT_NE(number_of(topic.number), number_of(made));
  }
}

TEST_F(CopiedRoll, goes_on_behind_every_cursor_of_the_feed_and_believes_the_links_sent_before) {
  Roll before = mailroll::open(source_);
  before.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  for (int number = 0; number < 6; ++number) before.contacts().add({.email = person_number(number)});
  for (int number = 0; number < 4; ++number) before.unsubscribe(person_number(number), everything);
  const FeedPage read = before.opt_outs(0, 3);
  before.unsubscribe(person_number(4), everything);  // waits in the outbox
  const std::string link =
      before.link(person_number(5), TopicRef("News"), Purpose::leave, {.base_url = "https://mail.example.com"});
  copy_all();

  Roll after = mailroll::open(target_);
  after.act(link.substr(link.rfind('/') + 1), {});
  EXPECT_EQ(after.explain(person_number(5), "News").reason, Reason::topic_opted_out);
  const FeedPage rest = after.opt_outs(read.next, 10);
  ASSERT_EQ(rest.items.size(), 3U) << "the fourth, the one that waited, and the one that came by the link";
  const FeedPage as_before = before.opt_outs(read.next, 10);
  ASSERT_EQ(as_before.items.size(), 2U);
  for (std::size_t item = 0; item < 2; ++item) EXPECT_EQ(rest.items[item].event.id, as_before.items[item].event.id);
}

TEST_F(CopiedRoll, whose_keys_are_outside_is_copied_without_them_and_opened_with_them) {
  const std::string keyring = folder_.file("keyring").string();
  {
    Roll roll = mailroll::open(source_);
    roll.contacts().add({.email = "ada@example.com"});
    roll.keys().move_out(keyring);
  }
  EXPECT_EQ(copy_all().keys_outside, 2U);
  EXPECT_EQ(reason_of([&] { mailroll::open(target_); }), "storage:lost_key") << "the secrets stay where they were";
  EXPECT_EQ(mailroll::open(target_, {.key_file = keyring}).contacts().get("ada@example.com").email, "ada@example.com");
  EXPECT_EQ(copy_all().target_was, CopyTarget::complete);
}

TEST_F(CopiedRoll, of_a_store_that_was_only_opened_before_is_refused) {
  mailroll::open(source_);
  mailroll::open(target_);  // made a team and keys of its own
  EXPECT_EQ(reason_of([&] { copy_all(); }), "conflict:target_not_empty");
}

/// In a process of its own, killed after a while; answers whether it came to its end before.
bool ended_before(const std::function<void()>& work, std::chrono::microseconds after) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status);
}

TEST_F(CopiedRoll, killed_at_any_moment_says_that_it_is_incomplete_and_ends_as_if_nothing_had_been) {
  constexpr int people = 20000;
  fill(*open_store(source_), people);
  const auto begun = std::chrono::steady_clock::now();
  copy_all();
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  const std::string wanted = shown_store(source_);
  ASSERT_EQ(shown_store(target_), wanted);

  std::mt19937 dice(std::random_device{}());
  int killed = 0;
  for (int round = 0; round < 6; ++round) {
    const std::string to = folder_.store("killed" + std::to_string(round) + ".db");
    for (int again = 0; again < 3; ++again) {
      if (ended_before([&] { copy(source_, to); }, took * (1 + static_cast<int>(dice() % 15)) / 20)) continue;
      ++killed;
      const std::shared_ptr<Store> store = open_store(to);
      const std::uint64_t there = store->connect()->counts(first_team).contacts;
      if (there == 0 || open_copies(*store) == 0) continue;  // before anything, or in the moment behind the end
      Roll unfinished = mailroll::open(to);
      ASSERT_EQ(unfinished.check().unfinished_runs.size(), 1U);
      EXPECT_TRUE(unfinished.audience("VIP", no_topic).incomplete());
    }
    copy(source_, to);
    ASSERT_EQ(shown_store(to), wanted) << "round " << round;
    EXPECT_TRUE(mailroll::open(to).check().unfinished_runs.empty());
  }
  EXPECT_GT(killed, 0) << "some of them must have been killed while they wrote";
}

}  // namespace
}  // namespace mailroll
