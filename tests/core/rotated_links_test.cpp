// Links in old mail, after the keys were changed.
#include "page_world.hpp"

namespace mailroll::testing {
namespace {

class RotatedLinks : public PageWorld {
 protected:
  static constexpr const char* ada = "ada@example.com";
  void SetUp() override { roll.contacts().add({.email = ada}); }
  void change_both_keys() {
    roll.keys().add(KeyKind::link);
    roll.keys().add(KeyKind::hash);
    roll.keys().rekey();
  }
};

TEST_P(RotatedLinks, links_in_old_mail_opt_out_after_any_number_of_rotations) {
  const std::string about_news = leave_token(ada, news);
  const std::string about_all = leave_token(ada, everything);
  for (int turn = 0; turn < 5; ++turn) {
    pass(std::chrono::days(200));
    change_both_keys();
  }
  EXPECT_TRUE(gets(ada, news));
  EXPECT_EQ(roll.act(about_news, one_click).outcome, ActOutcome::left);
  EXPECT_EQ(reason(ada, news), Reason::topic_opted_out);
  EXPECT_EQ(roll.act(about_all, one_click).outcome, ActOutcome::left_all);
  EXPECT_EQ(reason(ada, hidden), Reason::unsubscribed);
  EXPECT_EQ(roll.usage().global, 1U);
  EXPECT_EQ(roll.keys().rekey().without_address, 0U) << "nothing is written under an id that was given up";
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(RotatedLinks, a_link_of_a_revoked_key_is_not_believed) {
  const std::string link = leave_token(ada, news);
  roll.keys().add(KeyKind::link);
  roll.keys().revoke(KeyKind::link, 1);
  EXPECT_EQ(outcome_of([&] { roll.act(link, one_click); }), "refused:invalid_token");
  EXPECT_NE(last_log().find("revoked_key"), std::string::npos);
  EXPECT_TRUE(gets(ada, news));
  roll.act(leave_token(ada, news), one_click);
  EXPECT_FALSE(gets(ada, news));
}

TEST_P(RotatedLinks, a_fresh_link_can_do_after_a_rekey_what_it_could_before) {
  const std::string link = leave_token(ada, everything);
  const std::string address = roll.preferences(link).masked_email;
  change_both_keys();
  pass(std::chrono::minutes(1));
  const Preferences page = roll.preferences(link);
  EXPECT_EQ(page.masked_email, address);
  EXPECT_TRUE(page.may_raise);
  const ActResult saved = roll.act(link, save_form({news, beta}, {beta}));
  EXPECT_EQ(saved.outcome, ActOutcome::saved);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
  EXPECT_EQ(reason(ada, news), Reason::topic_opted_out);
  ASSERT_TRUE(saved.preferences.undo);
  EXPECT_EQ(roll.act(link, {{"action", "undo"}, {"undo", *saved.preferences.undo}}).outcome, ActOutcome::undone);
  EXPECT_FALSE(gets(ada, beta));
}

TEST_P(RotatedLinks, so_can_one_of_a_person_who_had_another_address_before) {
  roll.contacts().change_address(ada, "countess@example.com");
  const std::string link = leave_token("countess@example.com", everything);
  change_both_keys();
  EXPECT_TRUE(roll.preferences(link).may_raise);
  EXPECT_EQ(roll.act(link, save_form({beta}, {beta})).outcome, ActOutcome::saved);
  EXPECT_EQ(reason("countess@example.com", beta), Reason::topic_opted_in);
  EXPECT_EQ(roll.act(link, one_click).outcome, ActOutcome::left_all);
  roll.contacts().add({.email = ada});
  EXPECT_TRUE(gets(ada, news)) << "no mail went there";
}

TEST_P(RotatedLinks, a_sign_up_that_waits_can_be_confirmed_after_a_rekey) {
  const Confirmation waiting = roll.subscribe_to_confirm(ada, beta);
  change_both_keys();
  EXPECT_EQ(reason(ada, beta), Reason::unconfirmed);
  EXPECT_EQ(roll.act(waiting.token, action("confirm")).outcome, ActOutcome::confirmed);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
}

TEST_P(RotatedLinks, a_link_is_still_about_whoever_left_and_was_removed) {
  const std::string link = leave_token(ada, news);
  change_both_keys();
  roll.contacts().remove(ada);
  roll.act(link, one_click);
  roll.contacts().add({.email = ada});
  EXPECT_EQ(reason(ada, news), Reason::topic_opted_out);
}

TEST_P(RotatedLinks, a_link_of_an_old_key_and_an_old_address_leaves_for_both_and_raises_nothing) {
  constexpr const char* countess = "countess@example.com";
  const std::string link = leave_token(ada, everything);
  change_both_keys();
  roll.suppressions().add(ada, SuppressionReason::bounce);  // stays with the address, which a rekey so knows
  roll.contacts().change_address(ada, countess);
  change_both_keys();
  roll.suppressions().remove(ada);
  EXPECT_EQ(roll.preferences(link).masked_email, "");
  EXPECT_EQ(outcome_of([&] { roll.act(link, save_form({beta}, {beta})); }), "refused:not_fresh");
  EXPECT_EQ(roll.act(link, one_click).outcome, ActOutcome::left_all);
  EXPECT_EQ(reason(countess, news), Reason::unsubscribed);
  roll.contacts().add({.email = ada});
  EXPECT_EQ(reason(ada, news), Reason::unsubscribed) << "the address that the mail went to";
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(RotatedLinks, each_of_several_links_to_an_old_address_under_an_old_key_leaves_for_it) {
  for (const bool back_first : {false, true}) {
    const std::string old_address = back_first ? "bob@example.com" : ada;
    const std::string new_address = back_first ? "bob@example.org" : "countess@example.com";
    roll.contacts().add({.email = old_address});
    const std::vector<std::string> links{leave_token(old_address, news), leave_token(old_address, hidden)};
    change_both_keys();
    roll.contacts().change_address(old_address, new_address);
    if (back_first) roll.contacts().add({.email = old_address});
    for (const std::string& link : links) roll.act(link, one_click);
    if (!back_first) roll.contacts().add({.email = old_address});
    for (const Topic* topic : {&news, &hidden}) {
      EXPECT_EQ(reason(new_address, *topic), Reason::topic_opted_out) << topic->name;
      EXPECT_EQ(reason(old_address, *topic), Reason::topic_opted_out) << topic->name << (back_first ? ", back" : "");
    }
  }
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(RotatedLinks, whoever_was_erased_is_left_alone_under_every_key) {
  const std::string link = leave_token(ada, everything);
  change_both_keys();
  roll.contacts().erase(ada, "asked by letter");
  change_both_keys();
  EXPECT_EQ(outcome_of([&] { roll.contacts().add({.email = ada}); }), "refused:suppressed_erased");
  EXPECT_TRUE(roll.preferences(link).erased);
  const Confirmation again = roll.subscribe_to_confirm(ada, beta);
  change_both_keys();
  FormFields confirm = action("confirm");
  confirm.emplace_back("email", ada);
  EXPECT_EQ(roll.act(again.token, confirm).outcome, ActOutcome::confirmed);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in) << "erasure is lifted by the person alone";
  EXPECT_EQ(roll.contacts().get(ada).email, ada);
  EXPECT_TRUE(roll.check().ok());
}

INSTANTIATE_TEST_SUITE_P(stores, RotatedLinks, ::testing::Values("memory", "sqlite"), store_of);

/// The key that another process added is taken up by a token that names it.
class TwoProcesses : public PageWorld {};

TEST_P(TwoProcesses, a_link_under_a_key_added_since_is_believed) {
  roll.contacts().add({.email = "ada@example.com"});
  Roll other = open_logged(Actor::api);
  other.keys().add(KeyKind::link);
  const std::string link =
      token_of(other.link("ada@example.com", everything, Purpose::leave, {.base_url = base_url, .message = {}}));
  EXPECT_EQ(roll.act(link, one_click).outcome, ActOutcome::left_all);
  EXPECT_EQ(other.explain("ada@example.com", news).reason, Reason::unsubscribed);
}

INSTANTIATE_TEST_SUITE_P(stores, TwoProcesses, ::testing::Values("sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
