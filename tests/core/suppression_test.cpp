// Suppressions: bounces by their rule, complaints for good, lists from files, lifting with words.
#include <algorithm>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* ada = "ada@example.com";
constexpr std::chrono::hours day = 24h;

class Suppressing : public EachStore {
 protected:
  Roll staff() { return open_as(Actor::operator_); }
};

std::vector<std::string> listed(const Roll& roll) {
  std::vector<std::string> lines;
  for (const Suppression& each : roll.suppressions().list({}, 100)) {
    lines.push_back(each.email + " " + std::string(to_string(each.reason)));
  }
  std::ranges::sort(lines);
  return lines;
}

using Lines = std::vector<std::string>;

TEST_P(Suppressing, a_hard_bounce_suppresses_at_once_as_the_providers_report) {
  Roll roll = staff();
  roll.contacts().add({.email = ada});
  const auto suppression = roll.suppressions().record_bounce("ADA@example.com", BounceKind::hard);
  ASSERT_TRUE(suppression);
  EXPECT_EQ(suppression->reason, SuppressionReason::bounce);
  const Verdict verdict = roll.explain(ada, no_topic);
  EXPECT_EQ(verdict.reason, Reason::suppressed_bounce);
  EXPECT_EQ(verdict.event->actor, Actor::provider);
  EXPECT_EQ(verdict.event->channel, Channel::bounce);
  pass(1h);
  EXPECT_EQ(roll.suppressions().record_bounce(ada, BounceKind::hard), suppression) << "twice is once";
  EXPECT_EQ(roll.events().list(ada).size(), 1U);
}

TEST_P(Suppressing, soft_bounces_suppress_at_the_rules_count_and_not_before) {
  Roll roll = staff();
  EXPECT_EQ(roll.suppressions().bounce_rule(), (BounceRule{.count = 3, .days = 30})) << "unless a team says otherwise";
  EXPECT_FALSE(roll.suppressions().record_bounce(ada, BounceKind::soft));
  pass(day);
  EXPECT_FALSE(roll.suppressions().record_bounce(ada, BounceKind::soft));
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::transactional);
  EXPECT_TRUE(roll.events().list(ada).empty()) << "permission has not changed";
  pass(day);
  ASSERT_TRUE(roll.suppressions().record_bounce(ada, BounceKind::soft));
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::suppressed_bounce);
  EXPECT_EQ(roll.events().list(ada).front().evidence.note, "3 soft bounces within 30 days");
  EXPECT_TRUE(roll.suppressions().record_bounce(ada, BounceKind::soft)) << "it stands";
  EXPECT_EQ(roll.events().list(ada).size(), 1U);
}

TEST_P(Suppressing, soft_bounces_exactly_so_many_days_apart_are_within_and_a_microsecond_more_is_not) {
  Roll roll = staff();
  roll.suppressions().set_bounce_rule({.count = 2, .days = 7});
  EXPECT_FALSE(roll.suppressions().record_bounce("exact@example.com", BounceKind::soft));
  EXPECT_FALSE(roll.suppressions().record_bounce("late@example.com", BounceKind::soft));
  pass(7 * day);
  EXPECT_TRUE(roll.suppressions().record_bounce("exact@example.com", BounceKind::soft));
  pass(1us);
  EXPECT_FALSE(roll.suppressions().record_bounce("late@example.com", BounceKind::soft));
  pass(7 * day);
  EXPECT_TRUE(roll.suppressions().record_bounce("late@example.com", BounceKind::soft)) << "counted from the newer one";
}

TEST_P(Suppressing, of_soft_bounces_in_any_order_those_count_that_lie_together) {
  Roll roll = staff();
  roll.suppressions().set_bounce_rule({.count = 3, .days = 10});
  const Time start = now() - 100 * day;
  const auto soft = [&](int days) {
    return roll.suppressions().record_bounce(ada, BounceKind::soft, start + days * day);
  };
  EXPECT_FALSE(soft(40));
  EXPECT_FALSE(soft(0)) << "long before: not within ten days of the latest";
  EXPECT_FALSE(soft(1));
  EXPECT_FALSE(soft(35));
  EXPECT_FALSE(soft(35)) << "the same report again";
  EXPECT_TRUE(soft(30));
}

TEST_P(Suppressing, a_rule_of_one_makes_each_soft_bounce_count_like_a_hard_one) {
  Roll roll = staff();
  roll.suppressions().set_bounce_rule({.count = 1, .days = 1});
  EXPECT_TRUE(roll.suppressions().record_bounce(ada, BounceKind::soft));
}

TEST_P(Suppressing, a_bounce_rule_outside_its_bounds_is_invalid_and_changes_nothing) {
  Roll roll = staff();
  roll.suppressions().set_bounce_rule({.count = 100, .days = 365});
  for (const BounceRule& rule : {BounceRule{0, 30}, BounceRule{101, 30}, BounceRule{3, 0}, BounceRule{3, 366},
                                 BounceRule{-1, 30}, BounceRule{3, -1}}) {
    EXPECT_EQ(outcome_of([&] { roll.suppressions().set_bounce_rule(rule); }), "invalid:bounce_rule");
  }
  EXPECT_EQ(roll.suppressions().bounce_rule(), (BounceRule{.count = 100, .days = 365}));
}

TEST_P(Suppressing, what_was_lifted_begins_to_count_anew) {
  Roll roll = staff();
  roll.suppressions().set_bounce_rule({.count = 2, .days = 30});
  roll.suppressions().record_bounce(ada, BounceKind::soft);
  pass(1h);
  const Time second = now();
  ASSERT_TRUE(roll.suppressions().record_bounce(ada, BounceKind::soft));
  pass(1h);
  roll.suppressions().remove(ada);
  pass(1h);
  EXPECT_FALSE(roll.suppressions().record_bounce(ada, BounceKind::soft)) << "the first of two";
  EXPECT_FALSE(roll.suppressions().record_bounce("bob@example.com", BounceKind::soft));
  EXPECT_TRUE(roll.suppressions().list({}, 10).empty());
  // A report that arrives late is about what was before the lifting.
  EXPECT_FALSE(roll.suppressions().record_bounce(ada, BounceKind::hard, second));
  EXPECT_TRUE(roll.suppressions().list({}, 10).empty());
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::transactional);
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(Suppressing, a_bounce_in_the_future_is_now) {
  Roll roll = staff();
  const auto suppression = roll.suppressions().record_bounce(ada, BounceKind::hard, now() + 9999 * day);
  EXPECT_EQ(suppression->at, now());
  EXPECT_TRUE(roll.events().list(ada).front().clamped);
  roll.suppressions().set_bounce_rule({.count = 2, .days = 1});
  roll.suppressions().record_bounce("bob@example.com", BounceKind::soft, now() + 9999 * day);
  pass(2 * day);
  EXPECT_FALSE(roll.suppressions().record_bounce("bob@example.com", BounceKind::soft));
}

TEST_P(Suppressing, a_complaint_lowers_for_good_whoever_lifts_it) {
  Roll roll = staff();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = ada});
  roll.suppressions().add(ada, SuppressionReason::complaint);
  const std::vector<ConsentEvent> events = roll.events().list(ada);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].action, Action::opt_out);
  EXPECT_EQ(events[0].actor, Actor::person) << "who complains has said it themselves";
  EXPECT_EQ(events[0].channel, Channel::complaint);
  EXPECT_EQ(events[1].action, Action::suppressed);
  EXPECT_EQ(events[1].actor, Actor::provider);
  pass(1h);
  EXPECT_EQ(outcome_of([&] { roll.suppressions().remove(ada); }), "invalid:note_missing");
  EXPECT_EQ(outcome_of([&] { roll.suppressions().remove(ada, SuppressionReason::complaint, " \t"); }),
            "invalid:note_missing");
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::suppressed_complaint) << "and nothing is lifted";
  roll.suppressions().remove(ada, SuppressionReason::complaint, "their filter reports everything");
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::unsubscribed);
  EXPECT_EQ(roll.events().list(ada).back().evidence.note, "their filter reports everything");
}

TEST_P(Suppressing, a_second_complaint_lowers_again_what_was_raised_meanwhile) {
  Roll roll = staff();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = ada});
  roll.suppressions().add(ada, SuppressionReason::complaint);
  pass(1h);
  ASSERT_TRUE(roll.resubscribe(ada, everything, {.override_reason = "asked us to, in writing"}));
  pass(1h);
  roll.suppressions().add(ada, SuppressionReason::complaint);
  pass(1h);
  roll.suppressions().remove(ada, {}, "a test of the rule");
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::unsubscribed);
}

TEST_P(Suppressing, lifting_one_reason_leaves_the_others) {
  Roll roll = staff();
  roll.suppressions().add(ada, SuppressionReason::bounce);
  roll.suppressions().add(ada, SuppressionReason::manual, "asked by the lawyer");
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::suppressed_bounce);
  roll.suppressions().remove(ada, SuppressionReason::bounce);
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::suppressed_manual);
  EXPECT_EQ(roll.explain_transactional(ada).event->evidence.note, "asked by the lawyer");
  EXPECT_EQ(roll.explain_transactional(ada).event->actor, Actor::operator_) << "by hand is the caller's";
  EXPECT_EQ(outcome_of([&] { roll.suppressions().remove(ada, SuppressionReason::bounce); }),
            "not_found:suppression_not_found");
  EXPECT_EQ(listed(roll), Lines{"ada@example.com manual"});
}

TEST_P(Suppressing, a_file_suppresses_each_of_its_addresses_and_says_what_it_rejects) {
  Roll roll = staff();
  roll.contacts().add({.email = ada});
  roll.suppressions().add("bob@example.com", SuppressionReason::bounce);
  const std::string file = folder().write("list.csv",
                                          "Email,Reason,Note\n"
                                          "ADA@example.com,complaint,from the provider's portal\n"
                                          "bob@example.com,bounce,\n"
                                          "cleo@example.com,,\n"
                                          "nonsense,,\n"
                                          "dora@example.com,because,\n"
                                          "Cleo@example.com,manual,again\n"
                                          ",,\n");
  const std::string rejects = folder().path() + "/rejects.ndjson";
  const SuppressionImport done = roll.suppressions().import_file(file, SuppressionReason::manual, rejects);
  EXPECT_EQ(done.rows, 7U);
  EXPECT_EQ(done.added, 2U);
  EXPECT_EQ(done.unchanged, 2U);
  EXPECT_EQ(done.rejected, 3U);
  EXPECT_EQ(listed(roll), (Lines{"ADA@example.com complaint", "bob@example.com bounce", "cleo@example.com manual"}));
  EXPECT_EQ(roll.explain(ada, no_topic).event->evidence.note, "from the provider's portal");
  roll.suppressions().remove(ada, {}, "to see what else there is");
  EXPECT_EQ(roll.explain(ada, no_topic).reason, Reason::unsubscribed) << "a complaint in a file is a complaint";
  const ConsentEvent cleo = *roll.explain_transactional("cleo@example.com").event;
  EXPECT_EQ(cleo.actor, Actor::import);
  EXPECT_EQ(cleo.channel, Channel::import);

  const std::string lines = read_file(rejects);
  EXPECT_EQ(std::ranges::count(lines, '\n'), 3);
  for (const char* part : {"\"row\": 4, \"line\": 5, \"column\": \"email\", \"reason\": \"address_syntax\"",
                           "\"row\": 5, \"line\": 6, \"column\": \"reason\", \"reason\": \"value_type\"",
                           "\"row\": 7, \"line\": 8, \"column\": \"email\", \"reason\": \"address_empty\""}) {
    EXPECT_NE(lines.find(part), std::string::npos) << part << "\n" << lines;
  }
  EXPECT_EQ(lines.find("nonsense"), std::string::npos) << "what was rejected is not repeated";
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(Suppressing, the_same_file_again_changes_nothing) {
  Roll roll = staff();
  std::string lines;
  for (int i = 0; i < 2500; ++i) lines += "{\"email\": \"p" + std::to_string(i) + "@example.com\"}\n";
  const std::string file = folder().write("list.ndjson", lines);
  std::vector<std::uint64_t> told;
  const auto progress = [&](const Progress& at) {
    told.push_back(at.done);
    return true;
  };
  EXPECT_EQ(roll.suppressions().import_file(file, SuppressionReason::bounce, "", progress).added, 2500U);
  EXPECT_FALSE(told.empty());
  pass(1h);
  const SuppressionImport again = roll.suppressions().import_file(file, SuppressionReason::bounce);
  EXPECT_EQ(again.added, 0U);
  EXPECT_EQ(again.unchanged, 2500U);
  EXPECT_EQ(roll.events().list("p7@example.com").size(), 1U);
}

TEST_P(Suppressing, a_file_that_is_stopped_has_done_whole_chunks_and_can_be_finished) {
  Roll roll = staff();
  std::string lines = "email\n";
  for (int i = 0; i < 2500; ++i) lines += "p" + std::to_string(i) + "@example.com\n";
  const std::string file = folder().write("list.csv", lines);
  EXPECT_EQ(outcome_of([&] {
              roll.suppressions().import_file(file, SuppressionReason::manual, "",
                                              [](const Progress&) { return false; });
            }),
            "cancelled:cancelled");
  EXPECT_EQ(roll.suppressions().list({}, 10000).size(), 1000U);
  EXPECT_EQ(roll.suppressions().import_file(file, SuppressionReason::manual).added, 1500U);
}

TEST_P(Suppressing, until_a_file_that_was_stopped_is_whole_answers_over_many_say_so) {
  Roll roll = staff();
  const Segment all = roll.segments().create("All");
  std::string lines = "email\n";
  for (int i = 0; i < 2500; ++i) lines += "p" + std::to_string(i) + "@example.com\n";
  const std::string file = folder().write("list.csv", lines);
  const auto unfinished = [&] { return roll.check().unfinished_runs.size(); };
  std::size_t most = 0;
  roll.suppressions().import_file(file, SuppressionReason::manual, "", [&](const Progress&) {
    most = std::max(most, unfinished());
    return true;
  });
  EXPECT_EQ(most, 1U) << "while it is under way";
  EXPECT_EQ(unfinished(), 0U);
  EXPECT_FALSE(roll.audience(all, no_topic).count().incomplete);

  const auto stop = [](const Progress&) { return false; };
  outcome_of([&] { roll.suppressions().import_file(file, SuppressionReason::bounce, "", stop); });
  ASSERT_EQ(unfinished(), 1U);
  EXPECT_EQ(roll.check().unfinished_runs[0].substr(0, 12), "suppressions");
  EXPECT_FALSE(roll.check().ok());
  EXPECT_TRUE(roll.audience(all, no_topic).count().incomplete);
  EXPECT_TRUE(roll.explain(ada, no_topic).incomplete);

  const std::string another = folder().write("another.csv", "email\nada@example.com\n");
  roll.suppressions().import_file(another, SuppressionReason::bounce);
  roll.suppressions().import_file(file, SuppressionReason::complaint);
  EXPECT_EQ(unfinished(), 1U) << "those were others";
  roll.suppressions().import_file(folder().write("grown.csv", lines + "more@example.com\n"), SuppressionReason::bounce);
  EXPECT_EQ(unfinished(), 0U);
  EXPECT_TRUE(roll.check().ok());
  EXPECT_FALSE(roll.audience(all, no_topic).count().incomplete);
}

TEST_P(Suppressing, a_file_without_addresses_is_an_error) {
  Roll roll = staff();
  const std::string file = folder().write("list.csv", "name,reason\nAda,manual\n");
  EXPECT_EQ(outcome_of([&] { roll.suppressions().import_file(file, SuppressionReason::manual); }),
            "invalid:missing_column");
  EXPECT_EQ(
      outcome_of([&] { roll.suppressions().import_file(folder().path() + "/none.csv", SuppressionReason::manual); }),
      "not_found:" + error_of([&] {
                       roll.suppressions().import_file(folder().path() + "/none.csv", SuppressionReason::manual);
                     }).reason());
}

INSTANTIATE_TEST_SUITE_P(stores, Suppressing, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
