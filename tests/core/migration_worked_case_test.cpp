// The worked case: an export of four audiences, and field by field what must come of it.
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"
#include "source_folder.hpp"
#include "transfer_files.hpp"

namespace {

using namespace mailroll;
using Json = nlohmann::json;

const std::string data_folder = (tests::source_folder() / "tests/data/").string();

Json expected() {
  std::ifstream file(data_folder + "export-small.expected.json");
  return Json::parse(file);
}

Json summary_of(const MigrationSummary& sum) {
  return {{"policy", std::string(to_string(sum.policy))},
          {"rows", sum.rows},
          {"rejected", sum.rejected},
          {"duplicates", sum.duplicates},
          {"audiences", sum.audiences},
          {"contacts", sum.contacts},
          {"contacts_created", sum.contacts_created},
          {"contacts_updated", sum.contacts_updated},
          {"memberships", sum.memberships},
          {"segments", sum.segments},
          {"topics", sum.topics},
          {"opt_ins", sum.opt_ins},
          {"opt_outs", sum.opt_outs},
          {"unsubscribed", sum.unsubscribed},
          {"kept_opted_out", sum.kept_opted_out},
          {"name_conflicts", sum.name_conflicts},
          {"address_spellings", sum.address_spellings},
          {"usage", {{"per_audience", sum.usage_per_audience}, {"global", sum.usage_global}}}};
}

Json reasons_of(const MigrationSummary& sum) {
  Json reasons = Json::object();
  for (std::size_t i = 0; i < reject_reason_count; ++i) {
    if (sum.rejected_by_reason[i] > 0) {
      reasons[std::string(to_string(static_cast<RejectReason>(i)))] = sum.rejected_by_reason[i];
    }
  }
  return reasons;
}

Json counts_of(const Counts& counts) {
  Json reasons = Json::object();
  for (std::size_t i = 0; i < reason_count; ++i) {
    if (counts.by_reason[i] > 0) reasons[std::string(to_string(static_cast<Reason>(i)))] = counts.by_reason[i];
  }
  return {{"members", counts.members}, {"receives", counts.receives}, {"by_reason", reasons}};
}

class MigrationWorkedCase : public ::testing::TestWithParam<std::string> {
 protected:
  Roll open_roll() {
    return mailroll::open(GetParam() == "memory" ? "memory://" : "sqlite:///" + folder_.path() + "/roll.db");
  }
  static std::vector<std::string> input() { return {data_folder + "export-small"}; }

  mailroll::testing::TemporaryFolder folder_;
};

TEST_P(MigrationWorkedCase, the_plan_says_what_is_expected_and_changes_nothing) {
  Roll roll = open_roll();
  const MigrationPlan plan = roll.migrate_audiences(input());
  EXPECT_EQ(summary_of(plan.summary()), expected()["summary"]);
  EXPECT_TRUE(plan.summary().dry_run);
  EXPECT_EQ(reasons_of(plan.summary()), expected()["rejected_by_reason"]);
  EXPECT_EQ(roll.usage().global, 0U);
  EXPECT_TRUE(roll.segments().list().empty());
  EXPECT_TRUE(roll.topics().list().empty());
}

TEST_P(MigrationWorkedCase, what_is_applied_is_what_is_expected) {
  Roll roll = open_roll();
  MigrationPlan plan = roll.migrate_audiences(input());
  EXPECT_EQ(summary_of(plan.apply()), expected()["summary"]);
  EXPECT_FALSE(plan.summary().dry_run);
  const Json wanted = expected();
  for (const auto& [name, counts] : wanted["audiences"].items()) {
    EXPECT_EQ(counts_of(roll.audience(name, name).count()), counts) << name;
  }
  for (const auto& [email, names] : wanted["names"].items()) {
    const Contact contact = roll.contacts().get(email);
    EXPECT_EQ(Json({contact.first_name, contact.last_name}), names);
  }
  EXPECT_EQ(roll.usage().global, 900U);
  EXPECT_EQ(roll.usage().per_audience, 1456U);
  EXPECT_TRUE(roll.check().ok());
  for (const AudienceEffect& effect : plan.audiences()) {
    EXPECT_EQ(effect.members, wanted["audiences"][effect.name]["members"]);
    EXPECT_EQ(effect.received_before, wanted["audiences"][effect.name]["receives"]);
    EXPECT_EQ(effect.receives_after, effect.received_before);
    EXPECT_EQ(effect.gains + effect.loses, 0U);
  }
}

TEST_P(MigrationWorkedCase, the_strict_policy_takes_out_of_everything_whoever_left_anywhere) {
  Roll roll = open_roll();
  MigrationPlan plan = roll.migrate_audiences(input(), {.unsubscribed = UnsubscribedPolicy::everything});
  plan.apply();
  EXPECT_EQ(plan.summary().unsubscribed, expected()["everything"]["unsubscribed"]);
  EXPECT_EQ(plan.summary().topics, 0U);
  EXPECT_TRUE(roll.topics().list().empty());
}

TEST_P(MigrationWorkedCase, applied_again_it_changes_nothing) {
  Roll roll = open_roll();
  roll.migrate_audiences(input()).apply();
  const MigrationSummary again = roll.migrate_audiences(input()).apply();
  EXPECT_EQ(again.contacts_created, 0U);
  EXPECT_EQ(again.contacts_updated, 0U);
  EXPECT_EQ(again.contacts_unchanged, 900U);
  EXPECT_EQ(again.kept_opted_out, 0U);
  EXPECT_EQ(again.unsubscribed, 81U);
}

TEST(MigrationWorkedCaseOnSqlite, applied_again_it_writes_nothing_not_even_a_run) {
  mailroll::testing::TemporaryFolder folder;
  const std::string url = "sqlite:///" + folder.path() + "/roll.db";
  Roll roll = mailroll::open(url);
  for (int i = 0; i < 2; ++i) roll.migrate_audiences({data_folder + "export-small"}).apply();
  EXPECT_EQ(open_store(url)->connect()->runs(roll.team().number).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, MigrationWorkedCase, ::testing::Values("memory", "sqlite"),
                         [](const auto& store) { return store.param; });

}  // namespace
