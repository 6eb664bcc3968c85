// Evidence goes after the days that were set for its kind; events and what they mean stay.
#include <fstream>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

class RetentionTest : public EachStore {
 protected:
  RetentionTest() { news_ = roll_.topics().create({.name = "News"}); }
  void TearDown() override { EXPECT_TRUE(roll_.check().ok()); }

  static Evidence proof() {
    return {.text_hash = text_hash("yes"),
            .form = "footer",
            .ip = "203.0.113.77",
            .user_agent = "Browser",
            .locale = "de",
            .note = "at the fair",
            .text = "yes"};
  }
  Evidence evidence(const char* email) { return roll_.events().list(email).front().evidence; }
  std::string bytes() const {
    std::ifstream file(folder().path() + "/roll.db", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Roll roll_ = open_as(Actor::operator_);
  Topic news_;
};

TEST_P(RetentionTest, evidence_of_a_kind_goes_on_the_day_it_is_due_and_not_before) {
  roll_.subscribe("ada@example.com", news_, {.evidence = proof()});
  roll_.set_retention({.action = {}, .field = "ip", .days = 30});
  pass(std::chrono::days(30) - std::chrono::microseconds(1));
  EXPECT_EQ(roll_.apply_retention().redacted, 0U);
  EXPECT_EQ(evidence("ada@example.com"), proof());
  pass(std::chrono::microseconds(1));
  EXPECT_EQ(roll_.apply_retention(true).redacted, 1U);
  EXPECT_EQ(evidence("ada@example.com"), proof()) << "a dry run only counts";
  const RetentionReport report = roll_.apply_retention();
  EXPECT_EQ(report.looked_at, 1U);
  EXPECT_EQ(report.redacted, 1U);
  Evidence left = proof();
  left.ip.clear();
  EXPECT_EQ(evidence("ada@example.com"), left);
  EXPECT_EQ(roll_.apply_retention().redacted, 0U);
  EXPECT_EQ(roll_.explain("ada@example.com", news_).reason, Reason::topic_opted_in);
  EXPECT_EQ(bytes().find("203.0.113.77"), std::string::npos) << "nor in the file";
}

TEST_P(RetentionTest, the_most_specific_rule_counts) {
  roll_.subscribe("in@example.com", news_, {.evidence = proof()});
  roll_.unsubscribe("out@example.com", news_, {.evidence = proof()});
  roll_.set_retention({.action = {}, .field = "", .days = 10});
  roll_.set_retention({.action = Action::opt_out, .field = "", .days = 50});
  roll_.set_retention({.action = {}, .field = "note", .days = 20});
  roll_.set_retention({.action = Action::opt_in, .field = "note", .days = 30});
  pass(std::chrono::days(15));
  roll_.apply_retention();
  EXPECT_EQ(evidence("in@example.com"), (Evidence{.note = "at the fair"}));
  EXPECT_EQ(evidence("out@example.com"), proof());
  pass(std::chrono::days(10));
  roll_.apply_retention();
  EXPECT_EQ(evidence("in@example.com").note, "at the fair") << "action and field before field";
  Evidence left = proof();
  left.note.clear();
  EXPECT_EQ(evidence("out@example.com"), left) << "field before action";
  pass(std::chrono::days(30));
  roll_.apply_retention();
  EXPECT_TRUE(evidence("in@example.com").empty());
  EXPECT_TRUE(evidence("out@example.com").empty()) << "action before neither";
}

TEST_P(RetentionTest, rules_are_kept_changed_and_taken_away) {
  EXPECT_TRUE(roll_.retention().empty());
  const RetentionRule any{.action = {}, .field = "", .days = 36500};
  const RetentionRule ip{.action = {}, .field = "ip", .days = 365};
  const RetentionRule confirmed{.action = Action::opt_in, .field = "user_agent", .days = 1};
  for (const RetentionRule& rule : {confirmed, ip, any}) roll_.set_retention(rule);
  EXPECT_EQ(roll_.retention(), (std::vector<RetentionRule>{any, ip, confirmed}));
  roll_.set_retention({.action = {}, .field = "ip", .days = 7});
  EXPECT_EQ(roll_.retention()[1].days, 7);
  roll_.set_retention({.action = {}, .field = "ip", .days = 0});
  EXPECT_EQ(roll_.retention(), (std::vector<RetentionRule>{any, confirmed}));
  const auto set = [&](const RetentionRule& rule) { return outcome_of([&] { roll_.set_retention(rule); }); };
  EXPECT_EQ(set({.action = {}, .field = "address", .days = 7}), "invalid:evidence_field");
  EXPECT_EQ(set({.action = {}, .field = "ip", .days = 36501}), "invalid:days");
  EXPECT_EQ(set({.action = {}, .field = "ip", .days = -1}), "invalid:days");
  EXPECT_EQ(roll_.retention(), (std::vector<RetentionRule>{any, confirmed}));
}

TEST_P(RetentionTest, it_goes_over_everybody_in_pieces_and_can_be_stopped) {
  constexpr int people = 3000;
  for (int n = 0; n < people; ++n) {
    roll_.unsubscribe("p" + std::to_string(n) + "@example.com", news_, {.evidence = {.ip = "203.0.113.77"}});
  }
  roll_.set_retention({.action = {}, .field = "", .days = 1});
  pass(std::chrono::days(2));
  EXPECT_EQ(outcome_of([&] {
              roll_.apply_retention(false, [](const Progress& progress) {
                EXPECT_EQ(progress.phase, "retention");
                return false;
              });
            }),
            "cancelled:cancelled");
  const std::uint64_t left = roll_.apply_retention(true).redacted;
  EXPECT_GT(left, 0U);
  EXPECT_LT(left, static_cast<std::uint64_t>(people)) << "what was done stays done";
  const RetentionReport report = roll_.apply_retention();
  EXPECT_EQ(report.looked_at, static_cast<std::uint64_t>(people));
  EXPECT_EQ(report.redacted, left);
  EXPECT_EQ(roll_.apply_retention().redacted, 0U);
}

INSTANTIATE_TEST_SUITE_P(stores, RetentionTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
