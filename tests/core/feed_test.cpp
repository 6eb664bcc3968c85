// The feed of opt-outs: everything that lowers permission, each event once, in order per contact, behind a cursor.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "each_store.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

class Feed : public EachStore {
 protected:
  Feed() : roll(open_as(Actor::api)) {}

  /// "action email", in order.
  static std::vector<std::string> told(const FeedPage& page) {
    std::vector<std::string> lines;
    for (const FeedItem& item : page.items) {
      lines.push_back(std::string(to_string(item.event.action)) + " " + item.email);
    }
    return lines;
  }

  Roll roll;
};

using Lines = std::vector<std::string>;

TEST_P(Feed, tells_every_act_that_lowers_and_none_that_raises) {
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  for (const char* email : {"ada@example.com", "bob@example.com", "cy@example.com"}) {
    roll.contacts().add({.email = email});
    roll.subscribe(email, news);
  }
  EXPECT_TRUE(roll.opt_outs().items.empty());
  roll.unsubscribe("ada@example.com", news);
  pass(1s);
  roll.resubscribe("ada@example.com", news);
  roll.unsubscribe("bob@example.com", everything);
  pass(1s);
  roll.suppressions().add("cy@example.com", SuppressionReason::bounce);
  pass(1s);
  roll.suppressions().remove("cy@example.com");
  pass(1s);
  roll.contacts().remove("cy@example.com");
  const FeedPage page = roll.opt_outs();
  EXPECT_EQ(told(page), (Lines{"opt_out ada@example.com", "opt_out bob@example.com", "suppressed ", "removed "}));
  ASSERT_TRUE(page.items[0].topic);
  EXPECT_EQ(page.items[0].topic->id, news.id);
  EXPECT_FALSE(page.items[1].topic);
}

TEST_P(Feed, a_complaint_is_both_a_suppression_and_an_opt_out) {
  roll.suppressions().add("ada@example.com", SuppressionReason::complaint);
  const FeedPage page = roll.opt_outs();
  Lines lines = told(page);
  std::ranges::sort(lines);
  EXPECT_EQ(lines, (Lines{"opt_out ada@example.com", "suppressed ada@example.com"}))
      << "the address is known from the suppression, though there is no contact";
}

TEST_P(Feed, an_opt_out_that_stands_already_is_not_told_again) {
  roll.contacts().add({.email = "ada@example.com"});
  roll.unsubscribe("ada@example.com", everything);
  roll.unsubscribe("ada@example.com", everything);
  EXPECT_EQ(roll.opt_outs().items.size(), 1U);
}

TEST_P(Feed, pages_by_cursor_give_everything_once_without_gaps) {
  for (int person = 0; person < 25; ++person) {
    roll.unsubscribe("p" + std::to_string(person) + "@example.com", everything);
    pass(1ms);
  }
  std::int64_t cursor = 0;
  std::set<EventId> seen;
  for (int pages = 0; pages < 9; ++pages) {
    const FeedPage page = roll.opt_outs(cursor, 3);
    ASSERT_EQ(page.items.size(), pages < 8 ? 3U : 1U);
    for (const FeedItem& item : page.items) {
      EXPECT_EQ(item.position, ++cursor);
      EXPECT_TRUE(seen.insert(item.event.id).second);
    }
    EXPECT_EQ(page.next, cursor);
  }
  EXPECT_TRUE(roll.opt_outs(cursor, 3).items.empty());
  EXPECT_EQ(roll.opt_outs(cursor, 3).next, cursor);
  roll.unsubscribe("late@example.com", everything);
  const FeedPage late = roll.opt_outs(cursor, 3);
  ASSERT_EQ(late.items.size(), 1U);
  EXPECT_EQ(late.next, cursor + 1);
  EXPECT_EQ(roll.opt_outs(0, 10000).items.size(), 26U) << "an old cursor reads it all again";
}

TEST_P(Feed, an_imported_opt_out_is_told_once_however_often_the_file_is_read) {
  const std::string file = folder().write("people.csv",
                                          "email,unsubscribed\nada@example.com,true\nbob@example.com,false\n"
                                          "cy@example.com,yes\n");
  roll.contacts().import_file(file).apply();
  Lines first = told(roll.opt_outs());
  std::ranges::sort(first);
  EXPECT_EQ(first, (Lines{"opt_out ada@example.com", "opt_out cy@example.com"}));
  const std::int64_t cursor = roll.opt_outs().next;
  pass(1h);
  roll.contacts().import_file(file).apply();
  EXPECT_TRUE(roll.opt_outs(cursor).items.empty());
  pass(1h);
  const std::string newer =
      folder().write("newer.csv", "email,unsubscribed\nada@example.com,true\nbob@example.com,true\n");
  roll.contacts().import_file(newer).apply();
  const Lines later = told(roll.opt_outs(cursor));
  EXPECT_EQ(std::count(later.begin(), later.end(), "opt_out bob@example.com"), 1) << "who existed is told as well";
}

TEST_P(Feed, a_migrated_opt_out_is_told_once_however_often_the_export_is_applied) {
  folder().write("export/Alpha.csv", "email,unsubscribed\nada@example.com,true\nbob@example.com,false\n");
  folder().write("export/Beta.csv", "email,unsubscribed\nada@example.com,false\nbob@example.com,false\n");
  const std::vector<std::string> paths{folder().path() + "/export"};
  roll.migrate_audiences(paths).apply();
  const FeedPage page = roll.opt_outs();
  EXPECT_EQ(told(page), Lines{"opt_out ada@example.com"});
  ASSERT_TRUE(page.items.front().topic);
  EXPECT_EQ(page.items.front().topic->name, "Alpha");
  pass(1h);
  roll.migrate_audiences(paths).apply();
  EXPECT_TRUE(roll.opt_outs(page.next).items.empty());
}

TEST_P(Feed, a_topic_that_is_gone_is_left_out_of_the_item) {
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.unsubscribe("ada@example.com", news);
  roll.topics().remove(news);
  const FeedPage page = roll.opt_outs();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_FALSE(page.items.front().topic);
  EXPECT_EQ(page.items.front().event.topic, news.number) << "it was not about everything";
}

TEST_P(Feed, cursor_and_limit_have_bounds) {
  EXPECT_EQ(outcome_of([&] { (void)roll.opt_outs(-1); }), "invalid:cursor");
  EXPECT_EQ(outcome_of([&] { (void)roll.opt_outs(0, 0); }), "invalid:limit");
  EXPECT_EQ(outcome_of([&] { (void)roll.opt_outs(0, 10001); }), "invalid:limit");
  EXPECT_EQ(roll.opt_outs(77).next, 77);
}

INSTANTIATE_TEST_SUITE_P(Stores, Feed, ::testing::Values("memory", "sqlite"), store_of);

/// What needs a store that others can open as well.
class SharedFeed : public EachStore {};

TEST_P(SharedFeed, tells_what_was_recorded_under_an_old_id_with_the_id_of_today) {
  Roll roll = open_as(Actor::api);
  const Contact old = roll.contacts().add({.email = "old@example.com"});
  const ConsentEvent left = roll.unsubscribe("old@example.com", everything);
  ASSERT_EQ(roll.opt_outs().items.size(), 1U);
  const Contact now = roll.contacts().add({.email = "new@example.com"});

  // What another hash key does: the events move to the new id, and the old one becomes an alias.
  const TeamNumber team = roll.team().number;
  const std::shared_ptr<Store> store = open_store(url());
  const std::unique_ptr<Session> session = store->connect();
  session->begin_write();
  ChangeSet changes;
  changes.dropped.push_back(old.id);
  changes.events.push_back(left);
  changes.events.back().contact = now.id;
  changes.aliases.push_back({to_string(old.id), now.id});
  session->write(team, changes);
  session->commit();

  const FeedPage page = roll.opt_outs();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items.front().event.id, left.id);
  EXPECT_EQ(page.items.front().event.contact, now.id);
  EXPECT_EQ(page.items.front().email, "new@example.com");
}

TEST_P(SharedFeed, many_processes_that_write_and_read_lose_nothing_and_keep_each_contacts_order) {
  constexpr int writers = 3;
  constexpr int readers = 3;
  constexpr int acts = 60;
  constexpr int people = 5;  // few, so that the writers meet
  const auto email = [](int person) { return "p" + std::to_string(person) + "@example.com"; };
  {
    Roll roll = open_as(Actor::api);
    for (int person = 0; person < people; ++person) roll.contacts().add({.email = email(person)});
  }
  std::vector<pid_t> processes;
  for (int writer = 0; writer < writers; ++writer) {
    processes.push_back(in_process([&] {
      Roll roll = mailroll::open(url());
      std::mt19937 random(static_cast<unsigned>(writer));
      for (int act = 0; act < acts; ++act) {
        const std::string who = email(static_cast<int>(random() % people));
        roll.unsubscribe(who, everything);
        roll.resubscribe(who, everything);
      }
    }));
  }
  // A reader ends once it has seen the mark that is set when the writers are done; what it saw is written down.
  const auto seen_by = [&](int reader) { return folder().path() + "/seen" + std::to_string(reader); };
  for (int reader = 0; reader < readers; ++reader) {
    processes.push_back(in_process([&] {
      Roll roll = mailroll::open(url());
      std::ofstream seen(seen_by(reader));
      std::int64_t cursor = 0;
      for (bool marked = false; !marked;) {
        const FeedPage page = roll.opt_outs(cursor, 7);
        for (const FeedItem& item : page.items) {
          seen << item.position << ' ' << to_string(item.event.id) << '\n';
          marked |= item.email == "mark@example.com";
        }
        cursor = page.next;
      }
    }));
  }
  for (int writer = 0; writer < writers; ++writer) EXPECT_TRUE(ended_well(processes[static_cast<std::size_t>(writer)]));
  Roll roll = mailroll::open(url());
  roll.contacts().add({.email = "mark@example.com"});
  roll.unsubscribe("mark@example.com", everything);
  for (std::size_t i = writers; i < processes.size(); ++i) EXPECT_TRUE(ended_well(processes[i]));

  const FeedPage page = roll.opt_outs(0, 10000);
  std::ostringstream all;
  std::map<ContactId, std::vector<EventId>> fed;
  std::int64_t position = 0;
  for (const FeedItem& item : page.items) {
    EXPECT_EQ(item.position, ++position) << "without gaps";
    all << item.position << ' ' << to_string(item.event.id) << '\n';
    fed[item.event.contact].push_back(item.event.id);
  }
  for (int reader = 0; reader < readers; ++reader) EXPECT_EQ(read_file(seen_by(reader)), all.str()) << reader;
  std::size_t lowered = 0;
  for (int person = 0; person < people; ++person) {
    std::vector<EventId> recorded;
    ContactId id;
    for (const ConsentEvent& event : roll.events().list(email(person))) {
      if (event.action == Action::opt_out) recorded.push_back(event.id);
      id = event.contact;
    }
    EXPECT_EQ(fed[id], recorded);
    lowered += recorded.size();
  }
  EXPECT_EQ(lowered + 1, page.items.size());
  EXPECT_GE(lowered, static_cast<std::size_t>(acts)) << "or the writers did next to nothing";
}

INSTANTIATE_TEST_SUITE_P(Stores, SharedFeed, ::testing::Values("sqlite"), store_of);

}  // namespace
