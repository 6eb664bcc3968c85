// Whoever leaves is withdrawn from what is leased to mailers, by the act itself, whichever way they leave.
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mailing.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

class WithdrawalTest : public Mailing {};

/// Every way out.
struct WayOut {
  const char* name;
  std::function<void(Roll&, const std::string& email, const std::string& folder)> take;
  bool leaves_news;  ///< or only something else
};

std::string written(const std::string& folder, const std::string& name, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(folder + '/' + name).parent_path());
  std::ofstream(folder + '/' + name) << content;
  return folder + '/' + name;
}

const std::vector<WayOut>& ways_out() {
  static const std::vector<WayOut> ways{
      {"topic", [](Roll& roll, auto& email, auto&) { roll.unsubscribe(email, "News"); }, true},
      {"everything", [](Roll& roll, auto& email, auto&) { roll.unsubscribe(email, everything); }, true},
      {"bounce", [](Roll& roll, auto& email, auto&) { roll.suppressions().add(email, SuppressionReason::bounce); },
       true},
      {"complaint",
       [](Roll& roll, auto& email, auto&) { roll.suppressions().add(email, SuppressionReason::complaint); }, true},
      {"removed", [](Roll& roll, auto& email, auto&) { roll.contacts().remove(email); }, true},
      {"imported",
       [](Roll& roll, auto& email, auto& folder) {
         roll.contacts().import_file(written(folder, "out.csv", "email,unsubscribed\n" + email + ",true\n")).apply();
       },
       true},
      {"migrated",
       [](Roll& roll, auto& email, auto& folder) {
         written(folder, "export/Old.csv", "email,unsubscribed\n" + email + ",true\n");
         roll.migrate_audiences({folder + "/export"}, {.unsubscribed = UnsubscribedPolicy::everything}).apply();
       },
       true},
      {"erased", [](Roll& roll, auto& email, auto&) { roll.contacts().erase(email); }, true},
      {"merged",
       [](Roll& roll, auto& email, auto&) {
         roll.unsubscribe("other." + email, "News");
         roll.contacts().merge(email, "other." + email);
       },
       true},
      {"another_topic", [](Roll& roll, auto& email, auto&) { roll.unsubscribe(email, "Other"); }, false},
      {"migrated_topic",
       [](Roll& roll, auto& email, auto& folder) {
         written(folder, "export/Old.csv", "email,unsubscribed\n" + email + ",true\n");
         roll.migrate_audiences({folder + "/export"}).apply();
       },
       false},
  };
  return ways;
}

TEST_P(WithdrawalTest, whoever_leaves_is_withdrawn_by_the_act_itself_whichever_way_they_leave) {
  for (const WayOut& way : ways_out()) {
    SCOPED_TRACE(way.name);
    const std::string email = std::string(way.name) + "@example.com";
    const std::string staying = std::string(way.name) + ".stays@example.com";
    join(email);
    join(staying);
    const HandoffOptions mailing{.broadcast = way.name};
    Handoff handoff = worker("w1", mailing);
    // Whom other ways have left in the segment are leased as well.
    const Batch batch = handoff.lease(1000);
    ASSERT_TRUE(emails_of(batch).contains(email));
    const ContactId id = id_of(email);
    way.take(roll, email, folder().path() + '/' + way.name);
    EXPECT_EQ(handoff.status().counts.withdrawn, way.leaves_news ? 1U : 0U);
    EXPECT_EQ(shown(handoff.confirm(batch.lease, {id, id_of(staying)})),
              way.leaves_news ? "1 done, 1 withdrawn" : "2 done");
    pass(1s);
  }
}

TEST_P(WithdrawalTest, a_lease_that_ran_out_is_withdrawn_as_well) {
  join({"ada@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(1);
  pass(1h);
  roll.unsubscribe("ada@example.com", everything);
  EXPECT_EQ(shown(handoff.confirm(batch.lease)), "1 withdrawn");
  EXPECT_EQ(shown(handoff.release(batch.lease)), "1 withdrawn");
}

TEST_P(WithdrawalTest, an_opt_out_withdraws_from_every_broadcast_that_it_concerns_and_no_other) {
  join({"ada@example.com"});
  Handoff about_news = roll.handoff(all, news, "w");
  Handoff more_news = roll.handoff(all, news, "w", {.broadcast = "second"});
  Handoff about_other = roll.handoff(all, other, "w");
  Handoff about_nothing = roll.handoff(all, no_topic, "w");
  for (Handoff* handoff : {&about_news, &more_news, &about_other, &about_nothing}) {
    ASSERT_EQ(handoff->lease(1).people.size(), 1U);
  }
  roll.unsubscribe("ada@example.com", news);
  EXPECT_EQ(about_news.status().counts.withdrawn, 1U);
  EXPECT_EQ(more_news.status().counts.withdrawn, 1U);
  EXPECT_EQ(about_other.status().counts.leased, 1U);
  EXPECT_EQ(about_nothing.status().counts.leased, 1U) << "mail without a topic is left by leaving everything only";
  roll.unsubscribe("ada@example.com", everything);
  EXPECT_EQ(about_other.status().counts.withdrawn, 1U);
  EXPECT_EQ(about_nothing.status().counts.withdrawn, 1U);
}

TEST_P(WithdrawalTest, coming_back_does_not_undo_a_withdrawal) {
  join({"ada@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(1);
  roll.unsubscribe("ada@example.com", news);
  pass(1s);
  roll.resubscribe("ada@example.com", news);
  ASSERT_TRUE(roll.explain("ada@example.com", news).receives);
  pass(1h);
  EXPECT_EQ(lease_all(handoff), Emails{});
  EXPECT_EQ(shown(handoff.confirm(batch.lease)), "1 withdrawn");
  EXPECT_EQ(lease_all(worker("w", {.broadcast = "the next one"})), Emails{"ada@example.com"});
}

TEST_P(WithdrawalTest, who_was_confirmed_stays_confirmed_when_they_leave) {
  join({"ada@example.com"});
  Handoff handoff = worker();
  handoff.confirm(handoff.lease(1).lease);
  roll.unsubscribe("ada@example.com", everything);
  EXPECT_EQ(counts(), "0 leased, 1 confirmed, 0 released, 0 withdrawn");
}

TEST_P(WithdrawalTest, whoever_may_not_receive_it_any_more_is_not_leased_again) {
  join({"ada@example.com", "bob@example.com", "cy@example.com", "dan@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(4);
  handoff.release(batch.lease, {id_of("ada@example.com"), id_of("bob@example.com")});
  roll.unsubscribe("ada@example.com", news);
  roll.segments().take_out(all, {"cy@example.com"});
  pass(1h);
  const Batch again = handoff.lease(10);
  EXPECT_EQ(emails_of(again), (Emails{"bob@example.com", "dan@example.com"}));
  EXPECT_EQ(counts(), "2 leased, 0 confirmed, 0 released, 2 withdrawn");
}

INSTANTIATE_TEST_SUITE_P(Stores, WithdrawalTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
