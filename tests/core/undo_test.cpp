// Taking back what was done through a link: for fifteen minutes, by whoever did it, and never to more mail than before.
#include <gtest/gtest.h>

#include "page_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

class Undo : public PageWorld {
 protected:
  void SetUp() override {
    roll.contacts().add({.email = ada});
    about_news = leave_token(ada, news);
    about_all = leave_token(ada, everything);
  }
  const std::string ada = "ada@example.com";
  std::string about_news, about_all;
};
INSTANTIATE_TEST_SUITE_P(, Undo, ::testing::Values("memory", "sqlite"), store_of);

TEST_P(Undo, undo_takes_an_act_back_for_fifteen_minutes) {
  struct Case {
    std::string name;
    FormFields body;
    std::vector<Topic> changed;
  };
  roll.act(roll.subscribe_to_confirm(ada, beta, {.valid_until = now() + std::chrono::days(90)}).token,
           action("confirm"));
  for (const Case& one : {Case{"leave", one_click, {news}}, Case{"all", action("all"), topics()},
                          Case{"save", save_form({news, beta}, {}), {news, beta}}}) {
    SCOPED_TRACE(one.name);
    std::vector<bool> before;
    for (const Topic& topic : topics()) before.push_back(gets(ada, topic));
    const ActResult result = roll.act(about_news, one.body);
    ASSERT_TRUE(result.preferences.undo);
    EXPECT_LT(result.preferences.undo->size(), 120U);
    for (const Topic& topic : one.changed) EXPECT_FALSE(gets(ada, topic));
    pass(15min);
    const ActResult undone = roll.act(about_news, {{"action", "undo"}, {"undo", *result.preferences.undo}});
    EXPECT_EQ(undone.outcome, ActOutcome::undone);
    EXPECT_FALSE(undone.events.empty());
    EXPECT_FALSE(undone.preferences.undo);
    std::vector<bool> after;
    for (const Topic& topic : topics()) after.push_back(gets(ada, topic));
    EXPECT_EQ(after, before);
    const ActResult twice = roll.act(about_news, {{"action", "undo"}, {"undo", *result.preferences.undo}});
    EXPECT_EQ(twice.outcome, ActOutcome::undone);
    EXPECT_TRUE(twice.events.empty());
  }
  const auto again = roll.events().list(ada);
  const auto restored = std::find_if(again.rbegin(), again.rend(), [&](const ConsentEvent& event) {
    return event.topic == beta.number && event.action == Action::opt_in;
  });
  EXPECT_EQ(restored->valid_until, *parse_time("2026-03-01T12:00:00Z") + std::chrono::days(90))
      << "no longer than before";

  const ActResult late = roll.act(about_news, one_click);
  pass(15min + 1s);
  EXPECT_EQ(outcome_of([&] {
              roll.act(about_news, {{"action", "undo"}, {"undo", *late.preferences.undo}});
            }),
            "refused:undo_expired");
  EXPECT_FALSE(gets(ada, news));
}

TEST_P(Undo, undoing_a_raise_lowers) {
  const ActResult result = roll.act(about_news, save_form({beta}, {beta}));
  ASSERT_TRUE(gets(ada, beta));
  roll.act(about_news, {{"action", "undo"}, {"undo", *result.preferences.undo}});
  EXPECT_FALSE(gets(ada, beta));
  roll.act(about_all, one_click);
  const ActResult back = roll.act(about_all, action("come_back"));
  roll.act(about_all, {{"action", "undo"}, {"undo", *back.preferences.undo}});
  EXPECT_EQ(reason(ada, news), Reason::unsubscribed);
}

TEST_P(Undo, undo_does_not_go_against_what_was_said_since) {
  const ActResult result = roll.act(about_news, one_click);
  pass(1s);
  roll.unsubscribe(ada, news);
  const ActResult undone = roll.act(about_news, {{"action", "undo"}, {"undo", *result.preferences.undo}});
  EXPECT_TRUE(undone.events.empty());
  EXPECT_FALSE(gets(ada, news));
}

TEST_P(Undo, undo_gives_no_more_mail_than_before) {
  const std::string about_beta = leave_token(ada, beta);
  const ActResult result = roll.act(about_beta, one_click);
  EXPECT_EQ(result.events.size(), 1U);
  EXPECT_FALSE(result.preferences.undo) << "beta did not come before, either";
}

TEST_P(Undo, undo_belongs_to_one_person) {
  roll.contacts().add({.email = "bob@example.com"});
  const ActResult ada_left = roll.act(about_news, one_click);
  const std::string bobs = leave_token("bob@example.com", news);
  roll.act(bobs, one_click);
  EXPECT_EQ(outcome_of([&] {
              roll.act(bobs, {{"action", "undo"}, {"undo", *ada_left.preferences.undo}});
            }),
            "refused:invalid_token");
  EXPECT_NE(last_log().find("other_person"), std::string::npos);
  EXPECT_EQ(outcome_of([&] { roll.act(bobs, {{"action", "undo"}, {"undo", bobs}}); }), "refused:invalid_token");
  EXPECT_EQ(outcome_of([&] { roll.act(bobs, action("undo")); }), "refused:invalid_token");
  EXPECT_EQ(outcome_of([&] { roll.act(*ada_left.preferences.undo, one_click); }), "refused:invalid_token");
  EXPECT_EQ(outcome_of([&] { (void)roll.preferences(*ada_left.preferences.undo); }), "refused:invalid_token");
  EXPECT_FALSE(gets(ada, news));
}

}  // namespace
