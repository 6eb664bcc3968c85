// Failures that systems like this one really had, each as a promise that is kept on every store. docs/promises.md says
// which is which. This file: imports, profiles, deletion, counts. promised_links_test.cpp: links and hand-off.
#include "backends/promise_roll.hpp"

namespace mailroll {
namespace {

using test::refusal_of;
class Promises : public test::PromiseRoll {};

TEST_P(Promises, an_import_never_undoes_an_opt_out) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_out});
  import("email\nada@example.com\nbob@example.com\n", {.segments = {"All"}, .topics = { "News" }});
  roll().act(leave_token("ada@example.com", news), {});
  roll().act(leave_token("bob@example.com", everything), {});
  const ImportSummary again = import("email,unsubscribed\nada@example.com,false\nbob@example.com,false\n",
                                     {.segments = {"All"}, .topics = {"News"}});
  EXPECT_EQ(reason("ada@example.com", news), Reason::topic_opted_out);
  EXPECT_EQ(reason("bob@example.com", news), Reason::unsubscribed);
  EXPECT_EQ(again.kept_opted_out, 1U) << "of the topic asked for; the other's choice of it stands, and is of no use";
}

TEST_P(Promises, creating_a_contact_again_keeps_what_is_not_given_and_never_raises) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll().properties().define("plan", PropertyType::string);
  roll().contacts().add({.email = "ada@example.com", .first_name = "Ada", .properties = {{"plan", "pro"}}});
  roll().act(leave_token("ada@example.com", everything), {});
  const Contact again = roll().contacts().add({.email = "ada@example.com", .last_name = "Lovelace"});
  EXPECT_EQ(again.first_name, "Ada");
  EXPECT_EQ(again.last_name, "Lovelace");
  EXPECT_EQ(again.properties.json(), R"({"plan":"pro"})");
  EXPECT_EQ(reason("ada@example.com", news), Reason::unsubscribed);
}

TEST_P(Promises, deleting_a_segment_a_topic_or_a_contact_keeps_every_opt_out) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Topic offers = roll().topics().create({.name = "Offers", .default_subscription = Subscription::opt_in});
  const Segment all = roll().segments().create("All");
  roll().contacts().add({.email = "ada@example.com", .segments = {all}});
  roll().contacts().add({.email = "bob@example.com", .segments = {all}});
  roll().act(leave_token("ada@example.com", news), {});
  roll().act(leave_token("bob@example.com", everything), {});
  pass(std::chrono::seconds(1));
  roll().segments().remove(all);
  roll().topics().remove(offers);
  roll().contacts().remove("ada@example.com");
  roll().contacts().remove("bob@example.com");
  pass(std::chrono::days(400));
  import("email\nada@example.com\nbob@example.com\n", {.segments = { "All again" }});
  EXPECT_EQ(reason("ada@example.com", news), Reason::topic_opted_out);
  EXPECT_EQ(reason("bob@example.com", news), Reason::unsubscribed);
  EXPECT_TRUE(receivers("All again", news).empty());
}

TEST_P(Promises, an_erased_person_never_comes_back_by_a_machine) {
  roll().contacts().add({.email = "ada@example.com"});
  roll().contacts().erase("ada@example.com");
  pass(std::chrono::days(3650));
  const ImportSummary summary = import("email\nADA@example.com\nbob@example.com\n", {.segments = {"All"}});
  EXPECT_EQ(summary.by_verdict[static_cast<std::size_t>(RowVerdict::rejected)], 1U);
  EXPECT_EQ(summary.by_verdict[static_cast<std::size_t>(RowVerdict::created)], 1U);
  EXPECT_FALSE(roll().contacts().find("ada@example.com"));
  EXPECT_EQ(refusal_of([&] { roll().contacts().add({.email = "Ada@Example.com"}); }), "suppressed_erased");
  EXPECT_EQ(receivers("All", no_topic), std::vector<std::string>{"bob@example.com"});
}

TEST_P(Promises, saving_a_profile_never_changes_permission) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll().contacts().add({.email = "ada@example.com"});
  roll().act(leave_token("ada@example.com", news), {});
  const std::size_t before = events_of("ada@example.com");
  roll().contacts().update("ada@example.com", {.first_name = "Ada", .last_name = "King"});
  const Segment vip = roll().segments().create("VIP");
  roll().segments().add(vip, {"ada@example.com"});
  roll().topics().update(news, {.name = "Product news", .visibility = Visibility::public_});
  EXPECT_EQ(reason("ada@example.com", news), Reason::topic_opted_out);
  EXPECT_EQ(events_of("ada@example.com"), before);
}

TEST_P(Promises, spellings_that_differ_by_case_are_one_contact_and_one_mail) {
  import("email\nAda@Example.com\nada@example.COM\nADA@EXAMPLE.COM\n", {.segments = { "All" }});
  EXPECT_EQ(roll().usage().global, 1U);
  EXPECT_EQ(receivers("All", no_topic), std::vector<std::string>{"Ada@example.com"});
}

TEST_P(Promises, an_unknown_word_for_unsubscribed_rejects_the_row) {
  const ImportSummary summary =
      import("email,unsubscribed\nada@example.com,inactive\nbob@example.com,active\ncyd@example.com,no\n",
             {.segments = {"All"}});
  EXPECT_EQ(summary.by_verdict[static_cast<std::size_t>(RowVerdict::rejected)], 2U);
  EXPECT_EQ(receivers("All", no_topic), std::vector<std::string>{"cyd@example.com"});
}

TEST_P(Promises, every_member_is_counted_under_one_reason_and_each_can_be_explained) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  std::string csv = "email\n";
  for (int n = 0; n < 60; ++n) csv += "p" + std::to_string(n) + "@example.com\n";
  import(csv, {.segments = { "All" }});
  for (int n = 0; n < 20; ++n) roll().unsubscribe("p" + std::to_string(n) + "@example.com", everything);
  for (int n = 15; n < 30; ++n) roll().unsubscribe("p" + std::to_string(n) + "@example.com", news);
  for (int n = 10; n < 13; ++n) {
    roll().suppressions().add("p" + std::to_string(n) + "@example.com", SuppressionReason::bounce);
  }
  const Counts counts = roll().audience("All", news).count();
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts.by_reason) sum += count;
  EXPECT_EQ(sum, counts.members);
  EXPECT_EQ(counts.members, 60U);
  std::array<std::uint64_t, reason_count> explained{};
  for (int n = 0; n < 60; ++n) {
    const Verdict verdict = roll().explain("p" + std::to_string(n) + "@example.com", news, SegmentRef("All"));
    ++explained[static_cast<std::size_t>(verdict.reason)];
    EXPECT_EQ(verdict.event.has_value(), n < 30) << n;
  }
  EXPECT_EQ(explained, counts.by_reason);
}

TEST_P(Promises, an_update_leaves_everything_that_it_does_not_name) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_out});
  const Topic offers = roll().topics().create({.name = "Offers", .default_subscription = Subscription::opt_out});
  roll().properties().define("plan", PropertyType::string);
  roll().properties().define("city", PropertyType::string);
  const Segment vip = roll().segments().create("VIP");
  roll().contacts().add({.email = "ada@example.com",
                         .first_name = "Ada",
                         .properties = {{"plan", "pro"}, {"city", "London"}},
                         .segments = {vip}});
  roll().subscribe("ada@example.com", news);
  roll().contacts().update("ada@example.com", {.last_name = "King", .properties = {{"city", "Paris"}}});
  roll().subscribe("ada@example.com", offers);
  import("email,plan\nada@example.com,free\n");
  const ContactDetails ada = roll().contacts().show("ada@example.com");
  EXPECT_EQ(ada.contact.first_name, "Ada");
  EXPECT_EQ(ada.contact.last_name, "King");
  EXPECT_EQ(ada.contact.properties.json(), R"({"city":"Paris","plan":"free"})");
  EXPECT_EQ(ada.segments.size(), 1U);
  EXPECT_EQ(reason("ada@example.com", news), Reason::topic_opted_in);
  EXPECT_EQ(reason("ada@example.com", offers), Reason::topic_opted_in);
}

TEST_P(Promises, a_bad_row_costs_one_row_and_is_named_by_line_column_and_reason) {
  std::string csv = "email,created_at\n";
  for (int n = 0; n < 500; ++n) csv += "p" + std::to_string(n) + "@example.com,\n";
  csv += "not an address,\nada@example.com,yesterday\n";
  const std::string rejects = folder_.file("rejects.ndjson").string();
  const ImportSummary summary = import(csv, {.segments = {"All"}, .rejects = rejects});
  EXPECT_EQ(summary.by_verdict[static_cast<std::size_t>(RowVerdict::created)], 500U);
  std::ifstream file(rejects);
  std::string first;
  std::string second;
  ASSERT_TRUE(std::getline(file, first) && std::getline(file, second));
  EXPECT_NE(first.find(R"("line": 502, "column": "email", "reason": "address_syntax")"), std::string::npos) << first;
  EXPECT_NE(second.find(R"("line": 503, "column": "created_at", "reason": "value_type")"), std::string::npos) << second;
}

TEST_P(Promises, pages_lose_nobody_with_equal_times_and_no_page_before_the_end_is_empty) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  std::string csv = "email,created_at\n";
  for (int n = 0; n < 300; ++n) csv += "p" + std::to_string(n) + "@example.com,2026-01-01T00:00:00Z\n";
  import(csv, {.segments = { "All" }});
  // Long stretches of people who receive nothing, so that a page that is filtered afterwards would come out empty.
  for (int n = 0; n < 280; ++n) roll().unsubscribe("p" + std::to_string(n) + "@example.com", news);
  const Audience audience = roll().audience("All", news);
  std::vector<std::string> found;
  std::optional<ContactId> after;
  int pages = 0;
  for (auto page = audience.page(after, 3); !page.empty(); page = audience.page(after, 3), ++pages) {
    for (const Recipient& person : page) found.push_back(person.email);
    after = page.back().id;
  }
  EXPECT_EQ(found.size(), 20U);
  EXPECT_EQ(pages, 7);
  std::size_t listed = 0;
  after.reset();
  for (auto page = roll().contacts().list(after, 7); !page.empty(); page = roll().contacts().list(after, 7)) {
    listed += page.size();
    after = page.back().id;
  }
  EXPECT_EQ(listed, 300U);
}

TEST_P(Promises, leaving_everything_does_not_stop_a_password_reset) {
  roll().contacts().add({.email = "ada@example.com"});
  roll().act(leave_token("ada@example.com", everything), {});
  EXPECT_EQ(reason("ada@example.com", no_topic), Reason::unsubscribed);
  EXPECT_TRUE(roll().explain_transactional("ada@example.com").receives);
  EXPECT_TRUE(roll().explain_transactional("never-seen@example.com").receives);
}

TEST_P(Promises, a_count_is_exact_the_moment_after_a_change) {
  const Topic news = roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Segment all = roll().segments().create("All");
  for (int n = 1; n <= 20; ++n) {
    roll().contacts().add({.email = "p" + std::to_string(n) + "@example.com", .segments = {all}});
    EXPECT_EQ(roll().audience(all, news).count().receives, static_cast<std::uint64_t>(n));
  }
  for (int n = 1; n <= 20; ++n) {
    roll().unsubscribe("p" + std::to_string(n) + "@example.com", n % 2 == 0 ? Scope(everything) : Scope(news));
    EXPECT_EQ(roll().audience(all, news).count().receives, static_cast<std::uint64_t>(20 - n));
  }
}

INSTANTIATE_TEST_SUITE_P(stores, Promises, test::every_store, [](const auto& store) { return store.param; });

}  // namespace
}  // namespace mailroll
