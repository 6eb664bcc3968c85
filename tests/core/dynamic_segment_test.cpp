// Dynamic segments on a store: who is in them, what leans on what, and what nobody can do to them.
#include <set>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

using Emails = std::set<std::string>;

class DynamicSegment : public EachStore {
 protected:
  DynamicSegment()
      : roll(open_as(Actor::operator_)),
        news(roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in})),
        vip(roll.segments().create("VIP")) {
    roll.properties().define("plan", PropertyType::string);
    roll.properties().define("visits", PropertyType::number);
    roll.contacts().add({.email = "ada@example.com",
                         .first_name = "Ada",
                         .properties = {{"plan", std::string("pro")}},
                         .segments = {vip}});
    roll.contacts().add({.email = "bob@example.org", .properties = {{"plan", std::string("pro")}, {"visits", 3.0}}});
    roll.contacts().add({.email = "cy@example.com", .properties = {{"plan", std::string("free")}}, .segments = {vip}});
    roll.contacts().add({.email = "dee@example.org"});
  }

  Emails in(const SegmentRef& segment) {
    Emails found;
    for (const Recipient& person : roll.audience(segment, no_topic)) found.insert(person.email);
    return found;
  }

  Roll roll;
  Topic news;
  Segment vip;
};

TEST_P(DynamicSegment, has_whom_its_filter_means_at_every_moment) {
  const Segment pro = roll.segments().create("Pro", "plan = 'pro'");
  EXPECT_EQ(in(pro), (Emails{"ada@example.com", "bob@example.org"}));
  EXPECT_EQ(roll.segments().count(pro), 2U);
  roll.contacts().update("dee@example.org", {.properties = {{"plan", std::string("pro")}}});
  roll.contacts().update("ada@example.com", {.properties = {{"plan", std::nullopt}}});
  EXPECT_EQ(in(pro), (Emails{"bob@example.org", "dee@example.org"}));
  roll.contacts().remove("bob@example.org");
  EXPECT_EQ(in(pro), Emails{"dee@example.org"});
  EXPECT_EQ(roll.explain("dee@example.org", no_topic, pro).reason, Reason::subscribed);
  EXPECT_EQ(roll.explain("ada@example.com", no_topic, pro).reason, Reason::not_in_segment);
  EXPECT_EQ(roll.explain("bob@example.org", no_topic, pro).reason, Reason::not_found);
}

TEST_P(DynamicSegment, now_is_the_moment_of_the_question) {
  const Segment fresh = roll.segments().create("Fresh", "created_at > now() - 30 days");
  EXPECT_EQ(in(fresh).size(), 4U);
  pass(std::chrono::hours(24 * 31));
  EXPECT_EQ(in(fresh), Emails{});
}

TEST_P(DynamicSegment, stands_in_expressions_and_in_other_filters) {
  roll.segments().create("Pro", "plan = 'pro'");
  roll.segments().create("Com", "email_domain = 'example.com'");
  roll.segments().create("Both", "in_segment('Pro') and in_segment('Com')");
  EXPECT_EQ(in("Both"), Emails{"ada@example.com"});
  EXPECT_EQ(in("Pro & VIP"), Emails{"ada@example.com"});
  EXPECT_EQ(in("Pro | Com"), (Emails{"ada@example.com", "bob@example.org", "cy@example.com"}));
  EXPECT_EQ(in("VIP - Pro"), Emails{"cy@example.com"});
  const Counts counts = roll.audience("Pro | Com", news).count();
  EXPECT_EQ(counts.members, 3U);
  const auto sink = [](std::string_view) {};
  EXPECT_EQ(roll.contacts().export_to(sink, ExportFormat::csv, SegmentRef("Both")), 1U);
  EXPECT_EQ(roll.contacts().list({}, 10, SegmentRef("VIP - Pro")).size(), 1U);
}

TEST_P(DynamicSegment, pages_and_partitions_lose_nobody) {
  for (int n = 0; n < 600; ++n) {
    roll.contacts().add({.email = "p" + std::to_string(n) + "@example.net", .properties = {{"visits", n * 1.0}}});
  }
  roll.segments().create("Half", "visits >= 300");
  const Audience audience = roll.audience("Half", news);
  Emails paged;
  std::optional<ContactId> after;
  for (auto page = audience.page(after, 7); !page.empty(); page = audience.page(after, 7)) {
    for (const Recipient& person : page) EXPECT_TRUE(paged.insert(person.email).second);
    after = page.back().id;
  }
  EXPECT_EQ(paged.size(), 300U);
  Emails parted;
  for (int part = 1; part <= 3; ++part) {
    for (const Recipient& person : audience.partition(part, 3)) EXPECT_TRUE(parted.insert(person.email).second);
  }
  EXPECT_EQ(parted, paged);
  EXPECT_EQ(audience.count().receives, 300U);
}

TEST_P(DynamicSegment, asks_about_permission_and_never_changes_it) {
  roll.unsubscribe("ada@example.com", news);
  roll.unsubscribe("bob@example.org", everything);
  roll.segments().create("Out", "opted_out('News')");
  roll.segments().create("Reached", "receives('News')");
  roll.segments().create("Gone", "unsubscribed");
  EXPECT_EQ(roll.audience("Out", news).count().members, 1U);
  EXPECT_EQ(roll.audience("Out", news).count().receives, 0U) << "being in a segment opts nobody in";
  EXPECT_EQ(in("Reached"), (Emails{"cy@example.com", "dee@example.org"}));
  EXPECT_EQ(roll.audience("Gone", no_topic).count()[Reason::unsubscribed], 1U);
}

TEST_P(DynamicSegment, nobody_is_put_in_or_taken_out_by_hand) {
  roll.segments().create("Pro", "plan = 'pro'");
  const std::string refused = "refused:dynamic_segment";
  EXPECT_EQ(outcome_of([&] { roll.segments().add("Pro", {"dee@example.org"}); }), refused);
  EXPECT_EQ(outcome_of([&] { roll.segments().take_out("Pro", {"ada@example.com"}); }), refused);
  EXPECT_EQ(outcome_of([&] { roll.contacts().add({.email = "new@example.org", .segments = {"Pro"}}); }), refused);
  EXPECT_FALSE(roll.contacts().find("new@example.org"));
}

TEST_P(DynamicSegment, what_a_filter_names_is_not_deleted_under_it) {
  const Segment pro = roll.segments().create("Pro", "plan = 'pro' and in_segment('VIP') and not opted_out('News')");
  const std::string refused = "refused:used_by_filter";
  EXPECT_EQ(outcome_of([&] { roll.segments().remove("VIP"); }), refused);
  EXPECT_EQ(outcome_of([&] { roll.topics().remove("News"); }), refused);
  EXPECT_EQ(outcome_of([&] { roll.properties().remove("plan"); }), refused);
  EXPECT_EQ(outcome_of([&] { roll.properties().remove("visits"); }), "done");
  roll.segments().remove(pro);
  EXPECT_EQ(outcome_of([&] { roll.segments().remove("VIP"); }), "done");
  EXPECT_EQ(outcome_of([&] { roll.topics().remove("News"); }), "done");
  EXPECT_EQ(outcome_of([&] { roll.properties().remove("plan"); }), "done");
}

TEST_P(DynamicSegment, names_are_followed_when_they_change) {
  roll.segments().create("Pro", "in_segment('VIP')");
  roll.segments().rename("VIP", "Gold");
  EXPECT_EQ(roll.segments().where("Pro"), "in_segment('Gold')");
  EXPECT_EQ(in("Pro"), (Emails{"ada@example.com", "cy@example.com"}));
}

TEST_P(DynamicSegment, cycles_are_refused) {
  roll.segments().create("A", "plan = 'pro'");
  roll.segments().create("B", "in_segment('A')");
  roll.segments().create("C", "in_segment('B') or plan = 'free'");
  EXPECT_EQ(outcome_of([&] { roll.segments().change_filter("A", "in_segment('A')"); }), "invalid:filter");
  EXPECT_EQ(outcome_of([&] { roll.segments().change_filter("A", "not in_segment('C')"); }), "invalid:filter");
  EXPECT_EQ(in("C"), (Emails{"ada@example.com", "bob@example.org", "cy@example.com"}));
  roll.segments().change_filter("C", "plan = 'free'");
  EXPECT_EQ(outcome_of([&] { roll.segments().change_filter("A", "in_segment('C')"); }), "done");
  EXPECT_EQ(in("B"), Emails{"cy@example.com"});
}

TEST_P(DynamicSegment, a_static_one_takes_no_filter) {
  EXPECT_EQ(outcome_of([&] { roll.segments().change_filter("VIP", "plan = 'pro'"); }), "refused:static_segment");
  EXPECT_EQ(outcome_of([&] { roll.segments().create("X", "plna = 'pro'"); }), "invalid:filter");
  EXPECT_EQ(roll.segments().list().size(), 1U) << "nothing was made";
}

TEST_P(DynamicSegment, is_handed_over_like_others_and_judged_again_at_the_lease) {
  roll.segments().create("Pro", "plan = 'pro'");
  Handoff worker = roll.handoff("Pro", news, "w1");
  const Batch first = worker.lease(1);
  ASSERT_EQ(first.people.size(), 1U);
  const std::string other = first.people[0].email == "ada@example.com" ? "bob@example.org" : "ada@example.com";
  roll.contacts().update(other, {.properties = {{"plan", std::string("free")}}});
  Emails rest;
  for (Batch batch = worker.lease(5); !batch.done; batch = worker.lease(5)) {
    for (const Recipient& person : batch.people) rest.insert(person.email);
  }
  EXPECT_EQ(rest, Emails{});
}

INSTANTIATE_TEST_SUITE_P(Stores, DynamicSegment, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
