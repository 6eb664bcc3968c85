// Double opt-in: what is pending never counts, and nothing but its own token confirms it.
#include <gtest/gtest.h>

#include "page_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

const FormFields confirm = action("confirm");

class DoubleOptIn : public PageWorld {
 protected:
  const std::string ada = "ada@example.com";
};
INSTANTIATE_TEST_SUITE_P(, DoubleOptIn, ::testing::Values("memory", "sqlite"), store_of);

TEST_P(DoubleOptIn, what_is_pending_never_counts_until_its_token_confirms_it) {
  const Evidence shown{.form = "https://example.com/join",
                       .ip = "192.0.2.1",
                       .user_agent = "B/1",
                       .locale = "en",
                       .text = "Yes, send me Beta."};
  const Confirmation waiting = roll.subscribe_to_confirm(ada, beta, {.evidence = shown});
  ASSERT_TRUE(waiting.pending);
  EXPECT_EQ(waiting.pending->action, Action::pending);
  EXPECT_EQ(waiting.pending->actor, Actor::api);
  EXPECT_EQ(waiting.pending->channel, Channel::form);
  EXPECT_EQ(waiting.pending->evidence.text_hash, text_hash("Yes, send me Beta."));
  EXPECT_EQ(waiting.pending->evidence.text, "Yes, send me Beta.");
  EXPECT_EQ(waiting.expires_at, now() + std::chrono::days(7));
  EXPECT_LT(waiting.token.size(), 120U);
  EXPECT_EQ(reason(ada, beta), Reason::unconfirmed);
  EXPECT_TRUE(roll.contacts().find(ada));
  EXPECT_EQ(roll.events().list(ada).back(), *waiting.pending);

  const Preferences page = roll.preferences(waiting.token);
  EXPECT_EQ(page.purpose, Purpose::confirm);
  EXPECT_TRUE(page.waiting);
  EXPECT_FALSE(page.may_raise);
  ASSERT_TRUE(page.topic);
  EXPECT_EQ(page.topic->name, "Beta");
  EXPECT_TRUE(page.topics.empty());
  EXPECT_EQ(reason(ada, beta), Reason::unconfirmed) << "opening the page confirms nothing";

  pass(1h);
  const ActResult done = roll.act(waiting.token, confirm, {.ip = "192.0.2.2"});
  EXPECT_EQ(done.outcome, ActOutcome::confirmed);
  ASSERT_EQ(done.events.size(), 1U);
  EXPECT_EQ(done.events[0].action, Action::opt_in);
  EXPECT_EQ(done.events[0].actor, Actor::person);
  EXPECT_EQ(done.events[0].channel, Channel::confirm);
  EXPECT_EQ(done.events[0].basis, beta.basis);
  EXPECT_EQ(done.events[0].evidence.ip, "192.0.2.2");
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
  EXPECT_FALSE(done.preferences.waiting);
  EXPECT_FALSE(done.preferences.undo);
}

TEST_P(DoubleOptIn, confirming_twice_is_harmless) {
  const Confirmation waiting = roll.subscribe_to_confirm(ada, beta);
  roll.act(waiting.token, confirm);
  const auto events = roll.events().list(ada);
  for (int i = 0; i < 2; ++i) {
    const ActResult again = roll.act(waiting.token, confirm);
    EXPECT_EQ(again.outcome, ActOutcome::confirmed);
    EXPECT_TRUE(again.events.empty());
  }
  EXPECT_FALSE(roll.preferences(waiting.token).waiting);
  EXPECT_EQ(roll.events().list(ada), events);
}

TEST_P(DoubleOptIn, nothing_but_the_token_confirms) {
  const Confirmation waiting = roll.subscribe_to_confirm(ada, beta);
  EXPECT_EQ(outcome_of([&] { roll.subscribe(ada, beta); }), "refused:unconfirmed");
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, beta); }), "refused:unconfirmed");
  roll.contacts().add({.email = ada});
  roll.subscribe_to_confirm(ada, beta);
  const std::string leave = leave_token(ada, beta);
  const ActResult saved = roll.act(leave, save_form({beta}, {beta}));
  EXPECT_TRUE(saved.events.empty());
  EXPECT_TRUE(saved.preferences.topics.at(1).waiting) << "the page can say what it waits for";
  EXPECT_EQ(outcome_of([&] { roll.act(waiting.token, one_click); }), "refused:invalid_token");
  EXPECT_EQ(outcome_of([&] { roll.act(waiting.token, {}); }), "refused:invalid_token");
  EXPECT_EQ(outcome_of([&] { roll.act(waiting.token, action("all")); }), "refused:invalid_token");
  EXPECT_NE(last_log().find("wrong_purpose"), std::string::npos);
  EXPECT_EQ(reason(ada, beta), Reason::unconfirmed);
}

TEST_P(DoubleOptIn, leaving_and_undoing_it_does_not_confirm) {
  roll.subscribe_to_confirm(ada, beta);
  const std::string leave = leave_token(ada, beta);
  const ActResult left = roll.act(leave, one_click);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_out);
  ASSERT_TRUE(left.preferences.undo);
  roll.act(leave, {{"action", "undo"}, {"undo", *left.preferences.undo}});
  EXPECT_EQ(reason(ada, beta), Reason::unconfirmed);
}

TEST_P(DoubleOptIn, the_token_expires_to_the_microsecond_and_the_state_does_not) {
  const Confirmation week = roll.subscribe_to_confirm(ada, beta);
  const Confirmation minute = roll.subscribe_to_confirm("bob@example.com", beta, {}, 1min);
  pass(1min - 1us);
  EXPECT_TRUE(roll.preferences(minute.token).waiting);
  pass(1us);
  EXPECT_EQ(outcome_of([&] { roll.act(minute.token, confirm); }), "refused:invalid_token");
  EXPECT_NE(last_log().find("expired"), std::string::npos);
  EXPECT_EQ(outcome_of([&] { (void)roll.preferences(minute.token); }), "refused:invalid_token");
  pass(std::chrono::days(8));
  EXPECT_EQ(outcome_of([&] { roll.act(week.token, confirm); }), "refused:invalid_token");
  EXPECT_EQ(reason(ada, beta), Reason::unconfirmed);
  EXPECT_EQ(reason("bob@example.com", beta), Reason::unconfirmed);
  const Confirmation again = roll.subscribe_to_confirm(ada, beta);
  EXPECT_EQ(roll.act(again.token, confirm).outcome, ActOutcome::confirmed);
  EXPECT_TRUE(gets(ada, beta));
}

TEST_P(DoubleOptIn, a_contact_as_a_whole_can_wait_to_be_confirmed) {
  const Confirmation waiting = roll.subscribe_to_confirm(ada, everything);
  for (const Topic& topic : topics()) EXPECT_EQ(reason(ada, topic), Reason::unconfirmed);
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, everything); }), "refused:unconfirmed");
  EXPECT_EQ(roll.act(waiting.token, confirm).outcome, ActOutcome::confirmed);
  EXPECT_EQ(reason(ada, news), Reason::topic_default_opt_in);
  EXPECT_EQ(reason(ada, beta), Reason::topic_default_opt_out);
}

TEST_P(DoubleOptIn, a_form_filled_in_by_whoever_lowers_nothing) {
  roll.contacts().add({.email = ada});
  roll.resubscribe(ada, beta);
  for (const Scope& scope : {Scope(beta), Scope(news), Scope(everything)}) {
    const Confirmation nothing = roll.subscribe_to_confirm(ada, scope);
    EXPECT_FALSE(nothing.pending);
    EXPECT_EQ(nothing.token, "");
  }
  EXPECT_TRUE(gets(ada, beta));
  EXPECT_TRUE(gets(ada, news));
}

TEST_P(DoubleOptIn, whoever_opted_out_stays_out_until_they_confirm_and_comes_back_then) {
  roll.contacts().add({.email = ada});
  roll.act(leave_token(ada, beta), one_click);
  roll.act(leave_token(ada, everything), one_click);
  pass(1h);
  const Confirmation to_beta = roll.subscribe_to_confirm(ada, beta);
  const Confirmation to_all = roll.subscribe_to_confirm(ada, everything);
  ASSERT_TRUE(to_beta.pending && to_all.pending) << "never refused: the form answers everybody alike";
  EXPECT_EQ(reason(ada, beta), Reason::unsubscribed);
  const ActResult topic = roll.act(to_beta.token, confirm);
  EXPECT_EQ(topic.outcome, ActOutcome::confirmed);
  EXPECT_TRUE(topic.kept_everything) << "a topic never touches everything, and the page says so";
  EXPECT_EQ(reason(ada, beta), Reason::unsubscribed);
  EXPECT_FALSE(roll.act(to_all.token, confirm).kept_everything);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
}

TEST_P(DoubleOptIn, an_opt_out_or_a_removal_after_it_ends_a_confirmation) {
  const Confirmation to_beta = roll.subscribe_to_confirm(ada, beta);
  const Confirmation to_secret = roll.subscribe_to_confirm(ada, secret);
  const Confirmation of_bob = roll.subscribe_to_confirm("bob@example.com", beta);
  const Confirmation of_eve = roll.subscribe_to_confirm("eve@example.com", beta);
  pass(1s);
  roll.unsubscribe(ada, beta);
  roll.act(leave_token("bob@example.com", everything), one_click);
  roll.contacts().remove("eve@example.com");
  pass(1s);
  EXPECT_FALSE(roll.preferences(to_beta.token).waiting);
  for (const Confirmation& ended : {to_beta, of_bob, of_eve}) {
    EXPECT_EQ(outcome_of([&] { roll.act(ended.token, confirm); }), "refused:not_fresh");
  }
  EXPECT_FALSE(gets(ada, beta));
  EXPECT_FALSE(gets("bob@example.com", beta));
  EXPECT_EQ(roll.act(to_secret.token, confirm).outcome, ActOutcome::confirmed) << "another topic";
  const Confirmation again = roll.subscribe_to_confirm(ada, beta);
  EXPECT_EQ(roll.act(again.token, confirm).outcome, ActOutcome::confirmed);
  EXPECT_EQ(roll.act(to_beta.token, confirm).events.size(), 0U) << "the ended one is harmless, and adds nothing";
}

TEST_P(DoubleOptIn, a_confirmation_of_a_deleted_topic_confirms_nothing) {
  const Confirmation waiting = roll.subscribe_to_confirm(ada, beta);
  roll.topics().remove(beta);
  EXPECT_FALSE(roll.preferences(waiting.token).waiting);
  EXPECT_EQ(outcome_of([&] { roll.act(waiting.token, confirm); }), "refused:not_fresh");
}

TEST_P(DoubleOptIn, what_is_asked_for_is_what_is_confirmed) {
  const Time end = now() + std::chrono::days(365);
  const Confirmation waiting =
      roll.subscribe_to_confirm(ada, beta, {.channel = Channel::phone, .valid_until = end, .basis = "soft_opt_in"});
  EXPECT_EQ(waiting.pending->channel, Channel::phone);
  const ActResult done = roll.act(waiting.token, confirm);
  ASSERT_EQ(done.events.size(), 1U);
  EXPECT_EQ(done.events[0].valid_until, end);
  EXPECT_EQ(done.events[0].basis, "soft_opt_in");
  pass(std::chrono::days(365));
  EXPECT_EQ(reason(ada, beta), Reason::consent_expired);
  const Confirmation renewed = roll.subscribe_to_confirm(ada, beta);
  ASSERT_TRUE(renewed.pending) << "consent that ran out can be given again";
  roll.act(renewed.token, confirm);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
}

TEST_P(DoubleOptIn, what_cannot_wait_is_invalid) {
  const auto with = [&](const PermissionOptions& options, std::chrono::seconds valid_for = confirm_days) {
    return outcome_of([&] { roll.subscribe_to_confirm(ada, beta, options, valid_for); });
  };
  EXPECT_EQ(with({}, 59s), "invalid:valid_for");
  EXPECT_EQ(with({}, std::chrono::days(30) + 1s), "invalid:valid_for");
  EXPECT_EQ(with({.by = Actor::person}), "invalid:actor");
  EXPECT_EQ(with({.override_reason = "because"}), "invalid:override");
  EXPECT_EQ(with({.at = now()}), "invalid:at");
  EXPECT_EQ(with({.valid_until = now()}), "invalid:valid_until");
  EXPECT_EQ(with({.basis = "hope"}), "invalid:basis");
  EXPECT_EQ(with({.evidence = {.text_hash = std::string(64, '0'), .text = "Yes"}}), "invalid:text_hash");
  EXPECT_EQ(with({.evidence = {.user_agent = std::string(10'000'000, 'x')}}), "invalid:text_too_long");
  EXPECT_EQ(with({.evidence = {.ip = "\xff"}}), "invalid:encoding");
  EXPECT_EQ(outcome_of([&] { roll.subscribe_to_confirm("ada", beta); }), "invalid:address_syntax");
  EXPECT_EQ(outcome_of([&] { roll.subscribe_to_confirm(ada, "Nothing"); }), "not_found:topic_not_found");
  EXPECT_FALSE(roll.contacts().find(ada));
}

}  // namespace
