// Dynamic segments whose members are kept as rows: they are those of the filter, and whoever comes and goes is told.
#include <random>
#include <set>
#include <tuple>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

using Emails = std::set<std::string>;

class MaterialisedSegment : public EachStore {
 protected:
  MaterialisedSegment()
      : roll(open_as(Actor::operator_)),
        news(roll.topics().create({.name = "News", .default_subscription = Subscription::opt_out})) {
    roll.properties().define("plan", PropertyType::string);
    add("ada@example.com", "pro");
    add("bob@example.org", "pro");
    add("cy@example.com", "free");
  }

  void add(const std::string& email, const std::string& plan) {
    roll.contacts().add({.email = email, .properties = {{"plan", plan}}});
  }
  void change(const std::string& email, const std::string& plan) {
    roll.contacts().update(email, {.properties = {{"plan", plan}}});
  }
  Emails in(const SegmentRef& segment) {
    Emails found;
    for (const Recipient& person : roll.audience(segment, no_topic)) found.insert(person.email);
    return found;
  }
  /// What happened to whom, of those who still have an address.
  std::multiset<std::string> told(const SegmentRef& segment, std::int64_t after = 0) {
    std::multiset<std::string> events;
    for (const SegmentEvent& event : roll.segments().events(segment, after, 1000).items) {
      const auto contact = roll.contacts().find(to_string(event.contact));
      events.insert((contact ? contact->email : "somebody") + (event.entered ? " entered" : " left"));
    }
    return events;
  }

  Roll roll;
  Topic news;
};

TEST_P(MaterialisedSegment, has_whom_its_filter_meant_at_the_last_refresh) {
  roll.segments().create("Pro", "plan = 'pro'");
  const SegmentRefresh first = roll.segments().materialise("Pro");
  EXPECT_EQ(first.entered, 2U);
  EXPECT_TRUE(first.everybody);
  EXPECT_EQ(roll.segments().get("Pro").materialised->as_of, now());
  change("cy@example.com", "pro");
  change("bob@example.org", "free");
  add("dee@example.org", "pro");
  EXPECT_EQ(in("Pro"), (Emails{"ada@example.com", "bob@example.org"})) << "until it is refreshed";
  const SegmentRefresh second = roll.segments().refresh("Pro");
  EXPECT_EQ(second.entered, 2U);
  EXPECT_EQ(second.left, 1U);
  EXPECT_EQ(in("Pro"), (Emails{"ada@example.com", "cy@example.com", "dee@example.org"}));
  EXPECT_EQ(roll.segments().count("Pro"), 3U);
}

TEST_P(MaterialisedSegment, looks_only_at_those_who_changed) {
  for (int n = 0; n < 200; ++n) add("p" + std::to_string(n) + "@example.net", "free");
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().materialise("Pro");
  roll.segments().refresh("Pro");
  change("p7@example.net", "pro");
  const SegmentRefresh refresh = roll.segments().refresh("Pro");
  EXPECT_FALSE(refresh.everybody);
  EXPECT_EQ(refresh.looked_at, 1U);
  EXPECT_EQ(refresh.entered, 1U);
  const SegmentRefresh again = roll.segments().refresh("Pro");
  EXPECT_EQ(again.looked_at, 0U) << "its own rows are no reason to look";
}

TEST_P(MaterialisedSegment, a_filter_with_now_lets_people_out_by_the_passing_of_time) {
  roll.segments().create("Fresh", "created_at > now() - 30 days");
  EXPECT_EQ(roll.segments().materialise("Fresh").entered, 3U);
  pass(std::chrono::hours(24 * 31));
  const SegmentRefresh refresh = roll.segments().refresh("Fresh");
  EXPECT_TRUE(refresh.everybody);
  EXPECT_EQ(refresh.left, 3U);
  EXPECT_EQ(in("Fresh"), Emails{});
}

TEST_P(MaterialisedSegment, consent_that_ran_out_takes_people_out) {
  roll.subscribe("ada@example.com", news, {.valid_until = now() + std::chrono::hours(48)});
  roll.subscribe("bob@example.org", news);
  roll.segments().create("Readers", "receives('News')");
  EXPECT_EQ(roll.segments().materialise("Readers").entered, 2U);
  pass(std::chrono::hours(48));
  const SegmentRefresh refresh = roll.segments().refresh("Readers");
  EXPECT_EQ(refresh.left, 1U);
  EXPECT_EQ(in("Readers"), Emails{"bob@example.org"});
}

TEST_P(MaterialisedSegment, events_say_who_entered_and_left_also_the_erased) {
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().materialise("Pro");
  EXPECT_EQ(told("Pro"), (std::multiset<std::string>{"ada@example.com entered", "bob@example.org entered"}));
  const std::int64_t after = roll.segments().events("Pro", 0, 1000).next;
  EXPECT_EQ(told("Pro", after), std::multiset<std::string>{});
  change("ada@example.com", "free");
  change("cy@example.com", "pro");
  roll.contacts().remove("bob@example.org");
  roll.segments().refresh("Pro");
  const auto events = told("Pro", after);
  EXPECT_EQ(events.count("ada@example.com left"), 1U);
  EXPECT_EQ(events.count("cy@example.com entered"), 1U);
  EXPECT_EQ(events.count("somebody left"), 1U);
  EXPECT_EQ(events.size(), 3U);
}

TEST_P(MaterialisedSegment, pages_of_events_lose_none) {
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().materialise("Pro");
  for (int n = 0; n < 50; ++n) add("p" + std::to_string(n) + "@example.net", "pro");
  roll.segments().refresh("Pro");
  std::set<ContactId> entered;
  std::int64_t after = 0;
  for (SegmentEvents page = roll.segments().events("Pro", after, 7); !page.items.empty();
       page = roll.segments().events("Pro", after, 7)) {
    EXPECT_LE(page.items.size(), 7U);
    for (const SegmentEvent& event : page.items) entered.insert(event.contact);
    after = page.next;
  }
  EXPECT_EQ(entered.size(), 52U);
}

TEST_P(MaterialisedSegment, another_filter_is_asked_until_its_members_are_there) {
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().materialise("Pro");
  roll.segments().change_filter("Pro", "plan = 'free'");
  EXPECT_EQ(in("Pro"), Emails{"cy@example.com"});
  const SegmentRefresh refresh = roll.segments().refresh("Pro");
  EXPECT_EQ(refresh.entered, 1U);
  EXPECT_EQ(refresh.left, 2U);
  EXPECT_EQ(in("Pro"), Emails{"cy@example.com"});
}

TEST_P(MaterialisedSegment, stopping_asks_the_filter_again_and_leaves_no_row) {
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().materialise("Pro");
  roll.segments().stop_materialising("Pro");
  change("cy@example.com", "pro");
  EXPECT_EQ(in("Pro").size(), 3U);
  EXPECT_EQ(outcome_of([&] { roll.segments().refresh("Pro"); }), "refused:not_materialised");
  EXPECT_EQ(outcome_of([&] { std::ignore = roll.segments().events("Pro", 0, 10); }), "refused:not_materialised");
  EXPECT_TRUE(roll.contacts().show("ada@example.com").segments.empty());
}

TEST_P(MaterialisedSegment, whoever_stops_it_midway_finds_the_filter_asked_and_goes_on_later) {
  for (int n = 0; n < 20; ++n) add("p" + std::to_string(n) + "@example.net", "pro");
  roll.segments().create("Pro", "plan = 'pro'");
  EXPECT_EQ(outcome_of([&] { roll.segments().materialise("Pro", [](const Progress&) { return false; }); }),
            "cancelled:cancelled");
  EXPECT_EQ(in("Pro").size(), 22U);
  change("p3@example.net", "free");
  EXPECT_EQ(roll.snapshot().count("Pro", no_topic).members, 21U) << "rows that are not all there are nobody's answer";
  change("p3@example.net", "pro");
  roll.segments().materialise("Pro");
  EXPECT_EQ(in("Pro").size(), 22U);
  EXPECT_TRUE(roll.segments().get("Pro").has_rows());
}

TEST_P(MaterialisedSegment, is_only_for_dynamic_segments) {
  roll.segments().create("VIP");
  EXPECT_EQ(outcome_of([&] { roll.segments().materialise("VIP"); }), "refused:static_segment");
  EXPECT_EQ(outcome_of([&] { roll.segments().refresh("VIP"); }), "refused:static_segment");
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().materialise("Pro");
  EXPECT_EQ(outcome_of([&] { roll.segments().add("Pro", {"cy@example.com"}); }), "refused:dynamic_segment");
}

TEST_P(MaterialisedSegment, after_anything_that_happens_a_refresh_gives_what_the_filter_means) {
  roll.segments().create("VIP");
  const char* filters[] = {"plan = 'pro'", "in_segment('VIP') and not plan = 'pro'", "receives('News') or plan is null",
                           "unsubscribed", "created_at < now() - 1 day"};
  for (std::size_t n = 0; n < std::size(filters); ++n) {
    roll.segments().create("live" + std::to_string(n), filters[n]);
    roll.segments().create("kept" + std::to_string(n), filters[n]);
    roll.segments().materialise("kept" + std::to_string(n));
  }
  std::mt19937 random(20261124);
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  for (int step = 0; step < 240; ++step) {
    const std::string email = "r" + std::to_string(below(12)) + "@example.net";
    const bool there = roll.contacts().find(email).has_value();
    if (!there) {
      add(email, below(2) == 0 ? "pro" : "free");
    } else {
      switch (below(8)) {
        case 0: change(email, below(2) == 0 ? "pro" : "free"); break;
        case 1: roll.contacts().update(email, {.properties = {{"plan", std::nullopt}}}); break;
        case 2: roll.segments().add("VIP", {email}); break;
        case 3: roll.segments().take_out("VIP", {email}); break;
        case 4: roll.subscribe(email, news, {.valid_until = now() + std::chrono::hours(1 + below(60))}); break;
        case 5: roll.unsubscribe(email, news); break;
        case 6: roll.unsubscribe(email, everything); break;
        default: roll.contacts().remove(email); break;
      }
    }
    pass(std::chrono::hours(1));
    if (step % 7 != 0) continue;
    for (std::size_t n = 0; n < std::size(filters); ++n) {
      const std::string kept = "kept" + std::to_string(n);
      roll.segments().refresh(kept);
      EXPECT_EQ(in(kept), in("live" + std::to_string(n))) << filters[n] << " after step " << step;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, MaterialisedSegment, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
