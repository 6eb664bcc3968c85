// What a person does through the link in a mail: leaving, saving, coming back, undoing; and what a link never does.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "page_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

class Page : public PageWorld {
 protected:
  void SetUp() override {
    roll.contacts().add({.email = ada});
    about_news = leave_token(ada, news);
    about_all = leave_token(ada, everything);
  }
  static std::vector<std::string> shown_names(const Preferences& page) {
    std::vector<std::string> names;
    for (const ShownTopic& shown : page.topics) names.push_back(shown.topic.name + (shown.receives ? " on" : " off"));
    return names;
  }
  std::size_t event_count() { return roll.events().list(ada).size(); }

  const std::string ada = "ada@example.com";
  std::string about_news, about_all;
};
INSTANTIATE_TEST_SUITE_P(, Page, ::testing::Values("memory", "sqlite"), store_of);

TEST_P(Page, a_get_shows_the_page_and_writes_nothing) {
  roll.resubscribe(ada, secret);
  const auto bytes = [&] {
    std::string all;
    for (const char* end : {"", "-wal"}) {
      std::ifstream file(folder().path() + "/roll.db" + end, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  };
  const std::string before = bytes();
  const auto events = roll.events().list(ada);
  const Contact contact = roll.contacts().get(ada);
  for (int i = 0; i < 3; ++i) {
    const Preferences page = roll.preferences(about_news);
    EXPECT_EQ(page.purpose, Purpose::leave);
    EXPECT_EQ(page.contact, contact.id);
    EXPECT_EQ(page.masked_email, "a\u2022\u2022\u2022\u2022@e\u2022\u2022\u2022\u2022.com");
    EXPECT_FALSE(page.erased || page.unsubscribed || page.waiting || page.undo);
    ASSERT_TRUE(page.topic);
    EXPECT_EQ(page.topic->name, "News");
    EXPECT_TRUE(page.may_raise);
    EXPECT_EQ(shown_names(page), (std::vector<std::string>{"News on", "Beta off", "Secret on"}));
  }
  EXPECT_EQ(roll.events().list(ada), events);
  EXPECT_EQ(roll.contacts().get(ada), contact);
  EXPECT_EQ(bytes(), before) << "not one byte of the store";
}

TEST_P(Page, the_masked_address_tells_neither_length_nor_letters) {
  const auto masked = [&](const std::string& email) {
    roll.contacts().add({.email = email});
    return roll.preferences(leave_token(email, everything)).masked_email;
  };
  const std::string dots = "\u2022\u2022\u2022\u2022";
  EXPECT_EQ(masked("j@e.com"), "j" + dots + "@e" + dots + ".com");
  EXPECT_EQ(masked("John.Fitzgerald+tag@very.long.example.co.uk"), "J" + dots + "@v" + dots + ".uk");
  EXPECT_EQ(masked("\u00e9lan@b\u00fccher.example"), "\u00e9" + dots + "@b" + dots + ".example");
  EXPECT_EQ(masked("x\u0323\u0301y@\u00fcber.example"), "x\u0323\u0301" + dots + "@\u00fc" + dots + ".example")
      << "a letter keeps the marks that combine with it";
  EXPECT_EQ(masked("\u7528\u6237@\u4f8b\u5b50.\u4e2d\u56fd"), "\u7528" + dots + "@\u4f8b" + dots + ".\u4e2d\u56fd");
}

TEST_P(Page, one_click_leaves_the_topic_of_the_link_at_once_and_says_how) {
  const ActResult result = roll.act(about_news, one_click, {.ip = "192.0.2.1", .user_agent = "Mail/1", .locale = "de"});
  EXPECT_EQ(result.outcome, ActOutcome::left);
  EXPECT_TRUE(result.body_ok);
  ASSERT_EQ(result.events.size(), 1U);
  const ConsentEvent& event = result.events.front();
  EXPECT_EQ(event.action, Action::opt_out);
  EXPECT_EQ(event.actor, Actor::person);
  EXPECT_EQ(event.channel, Channel::one_click);
  EXPECT_EQ(event.topic, news.number);
  EXPECT_EQ(event.at, now());
  EXPECT_EQ(event.evidence.ip, "192.0.2.1");
  EXPECT_EQ(event.evidence.user_agent, "Mail/1");
  EXPECT_EQ(event.evidence.locale, "de");
  EXPECT_EQ(roll.events().list(ada).back(), event);
  EXPECT_EQ(reason(ada, news), Reason::topic_opted_out);
  EXPECT_TRUE(gets(ada, hidden)) << "other topics are left alone";
  EXPECT_FALSE(result.preferences.unsubscribed);
  EXPECT_EQ(shown_names(result.preferences), (std::vector<std::string>{"News off", "Beta off"}));
}

TEST_P(Page, any_body_at_all_is_an_opt_out_of_the_links_scope) {
  const std::vector<std::pair<std::string, FormFields>> odd = {
      {"empty", {}},
      {"unknown action", action("party")},
      {"two actions", {{"action", "save"}, {"action", "come_back"}}},
      {"confirm", action("confirm")},
      {"other case", {{"list-unsubscribe", "one-click"}}},
      {"garbage", parse_form("\x01\xff%%%&&&=")},
  };
  int number = 0;
  for (const auto& [name, body] : odd) {
    SCOPED_TRACE(name);
    const std::string email = "p" + std::to_string(number++) + "@example.com";
    roll.contacts().add({.email = email});
    const ActResult result = roll.act(leave_token(email, news), body);
    EXPECT_EQ(result.outcome, ActOutcome::left);
    EXPECT_FALSE(result.body_ok);
    EXPECT_NE(last_log().find("body_ok=false"), std::string::npos);
    EXPECT_EQ(reason(email, news), Reason::topic_opted_out);
  }
  roll.contacts().add({.email = "multi@example.com"});
  const ActResult multi = roll.act(
      leave_token("multi@example.com", news),
      parse_form("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"));
  EXPECT_TRUE(multi.body_ok);
  EXPECT_EQ(reason("multi@example.com", news), Reason::topic_opted_out);
}

TEST_P(Page, the_pages_own_button_and_a_mail_say_how_they_came) {
  EXPECT_EQ(roll.act(about_news, action("leave")).events.at(0).channel, Channel::page);
  EXPECT_EQ(roll.act(about_all, action("mailto")).events.at(0).channel, Channel::mailto);
}

TEST_P(Page, leaving_again_is_harmless_and_records_nothing) {
  EXPECT_EQ(roll.act(about_news, one_click).events.size(), 1U);
  for (int i = 0; i < 3; ++i) {
    const ActResult again = roll.act(about_news, one_click);
    EXPECT_EQ(again.outcome, ActOutcome::left);
    EXPECT_TRUE(again.events.empty());
    EXPECT_FALSE(again.preferences.undo) << "there is nothing to take back";
  }
  EXPECT_EQ(event_count(), 1U);
}

TEST_P(Page, the_persons_first_opt_out_over_somebody_elses_is_recorded) {
  roll.unsubscribe(ada, news);
  const ActResult result = roll.act(about_news, one_click);
  ASSERT_EQ(result.events.size(), 1U);
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news); }), "refused:person_opted_out");
  EXPECT_FALSE(result.preferences.undo) << "there was no mail to go back to";
}

TEST_P(Page, a_link_about_everything_leaves_everything_and_keeps_the_choices) {
  roll.resubscribe(ada, beta);
  const ActResult result = roll.act(about_all, one_click);
  EXPECT_EQ(result.outcome, ActOutcome::left_all);
  EXPECT_TRUE(result.preferences.unsubscribed);
  for (const Topic& topic : topics()) EXPECT_EQ(reason(ada, topic), Reason::unsubscribed);
  const ActResult back = roll.act(about_all, action("come_back"));
  EXPECT_EQ(back.outcome, ActOutcome::came_back);
  EXPECT_FALSE(back.preferences.unsubscribed);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
  EXPECT_EQ(reason(ada, secret), Reason::topic_default_opt_out);
  EXPECT_EQ(reason(ada, news), Reason::topic_default_opt_in);
}

TEST_P(Page, everything_can_be_left_through_the_link_of_one_topic) {
  const ActResult result = roll.act(about_news, action("all"));
  EXPECT_EQ(result.outcome, ActOutcome::left_all);
  ASSERT_EQ(result.events.size(), 1U);
  EXPECT_EQ(result.events[0].topic, everything_scope);
  EXPECT_EQ(result.events[0].channel, Channel::page);
}

TEST_P(Page, the_link_of_a_deleted_topic_leaves_everything_and_says_so) {
  roll.topics().remove(news);
  EXPECT_FALSE(roll.preferences(about_news).topic);
  const ActResult result = roll.act(about_news, one_click);
  EXPECT_EQ(result.outcome, ActOutcome::left_all);
  EXPECT_TRUE(result.preferences.unsubscribed);
  EXPECT_EQ(reason(ada, hidden), Reason::unsubscribed);
}

TEST_P(Page, saving_changes_only_the_topics_that_were_shown) {
  roll.resubscribe(ada, secret);
  const ActResult result = roll.act(about_news, save_form({news, beta}, {beta}));
  EXPECT_EQ(result.outcome, ActOutcome::saved);
  EXPECT_EQ(reason(ada, news), Reason::topic_opted_out);
  EXPECT_EQ(reason(ada, beta), Reason::topic_opted_in);
  EXPECT_EQ(reason(ada, secret), Reason::topic_opted_in) << "was not on the page when it was rendered";
  ASSERT_EQ(result.events.size(), 2U);
  for (const ConsentEvent& event : result.events) {
    EXPECT_EQ(event.actor, Actor::person);
    EXPECT_EQ(event.channel, Channel::page);
    EXPECT_EQ(event.at, result.events[0].at) << "one act, one time";
  }
  EXPECT_TRUE(roll.act(about_news, save_form({news, beta}, {beta})).events.empty()) << "idempotent";
  EXPECT_TRUE(roll.act(about_news, action("save")).events.empty()) << "a page without topics says nothing";
}

TEST_P(Page, ids_may_be_repeated_or_listed_with_commas_and_unknown_ones_are_ignored) {
  const std::string list =
      to_string(news.id) + "," + to_string(beta.id) + ",nonsense,," + to_string(make_uuid_v7(now()));
  const ActResult result =
      roll.act(about_news, {{"action", "save"}, {"shown", list}, {"on", to_string(beta.id) + ",x"}});
  EXPECT_EQ(result.outcome, ActOutcome::saved);
  EXPECT_EQ(result.events.size(), 2U);
}

TEST_P(Page, a_ticked_box_is_no_opt_in_where_the_mail_comes_already) {
  EXPECT_TRUE(roll.act(about_news, save_form({news, beta}, {news})).events.empty())
      << "it was ticked when the page came: nobody said anything";
  EXPECT_EQ(reason(ada, news), Reason::topic_default_opt_in);
}

TEST_P(Page, a_private_topic_that_was_not_shown_cannot_be_raised_or_lowered_by_a_made_up_form) {
  const ActResult result = roll.act(about_news, save_form({secret, hidden}, {secret}));
  EXPECT_TRUE(result.events.empty());
  EXPECT_FALSE(gets(ada, secret));
  EXPECT_TRUE(gets(ada, hidden));
}

TEST_P(Page, saving_never_touches_everything_and_says_when_the_person_is_still_out) {
  roll.act(about_all, one_click);
  const ActResult result = roll.act(about_news, save_form({news, beta}, {news, beta}));
  EXPECT_EQ(result.outcome, ActOutcome::saved);
  EXPECT_TRUE(result.kept_everything);
  EXPECT_EQ(reason(ada, beta), Reason::unsubscribed);
  const ActResult none = roll.act(about_news, save_form({news, beta}, {}));
  EXPECT_EQ(none.outcome, ActOutcome::saved) << "unticking every topic is not leaving everything";
  EXPECT_EQ(roll.act(about_all, action("come_back")).kept_everything, false);
}

TEST_P(Page, an_old_link_leaves_for_ever_and_raises_nothing) {
  pass(std::chrono::days(31));
  EXPECT_FALSE(roll.preferences(about_news).may_raise);
  EXPECT_EQ(shown_names(roll.preferences(about_news)), (std::vector<std::string>{"News on", "Beta off"}));
  EXPECT_EQ(outcome_of([&] { roll.act(about_news, save_form({news, beta}, {beta})); }), "refused:not_fresh");
  EXPECT_EQ(event_count(), 0U) << "refused before anything was written, also what would have lowered";
  pass(std::chrono::days(2 * 365));
  EXPECT_EQ(roll.act(about_news, save_form({news, beta}, {})).events.size(), 1U) << "saving that only lowers works";
  EXPECT_EQ(roll.act(about_news, action("all")).outcome, ActOutcome::left_all);
  EXPECT_EQ(outcome_of([&] { roll.act(about_all, action("come_back")); }), "refused:not_fresh");
  EXPECT_TRUE(roll.preferences(about_news).unsubscribed);
}

TEST_P(Page, a_link_raises_for_thirty_days_and_not_on_the_thirty_first) {
  pass(std::chrono::days(30));
  EXPECT_TRUE(roll.preferences(about_news).may_raise);
  pass(std::chrono::days(1));
  EXPECT_FALSE(roll.preferences(about_news).may_raise);
}

TEST_P(Page, who_is_no_contact_leaves_too) {
  const std::string stranger = leave_token("eve@example.com", news);
  EXPECT_EQ(roll.preferences(stranger).masked_email, "");
  EXPECT_TRUE(roll.preferences(stranger).topics.empty());
  EXPECT_EQ(roll.act(stranger, one_click).outcome, ActOutcome::left);
  roll.contacts().add({.email = "eve@example.com"});
  EXPECT_EQ(reason("eve@example.com", news), Reason::topic_opted_out);
}

TEST_P(Page, who_was_removed_leaves_and_raises_nothing) {
  roll.contacts().remove(ada);
  EXPECT_EQ(outcome_of([&] { roll.act(about_news, save_form({beta}, {beta})); }), "refused:not_fresh");
  EXPECT_EQ(roll.act(about_all, one_click).outcome, ActOutcome::left_all);
  roll.contacts().add({.email = ada});
  EXPECT_EQ(reason(ada, news), Reason::unsubscribed);
}

TEST_P(Page, wrong_tokens_get_one_answer_outside_and_a_precise_one_in_the_log) {
  const std::string altered = about_news.substr(0, 20) + (about_news[20] == 'A' ? "B" : "A") + about_news.substr(21);
  const std::string exporting =
      token_of(roll.link(ada, everything, Purpose::export_person, {.base_url = base_url, .message = {}}));
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "malformed"},
      {"v1.", "malformed"},
      {about_news.substr(0, 50), "malformed"},
      {altered, "wrong_mac"},
      {exporting, "wrong_purpose"},
      {"../../etc/passwd", "malformed"},
      {"v1.CQ" + about_news.substr(5), "unknown_key"},
  };
  std::set<std::string> messages;
  for (const auto& [text, why] : wrong) {
    SCOPED_TRACE(why);
    try {
      roll.act(text, one_click);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::refused);
      EXPECT_EQ(error.details(), (ErrorDetails{{"reason", "invalid_token"}}));
      messages.insert(error.what());
    }
    EXPECT_NE(last_log().find(why), std::string::npos) << last_log();
    EXPECT_EQ(last_log().find(about_news.substr(3, 10)), std::string::npos) << "no part of a token";
    EXPECT_EQ(last_log().find(ada), std::string::npos);
    if (why != "wrong_purpose") {
      EXPECT_EQ(outcome_of([&] { (void)roll.preferences(text); }), "refused:invalid_token");
    }
  }
  EXPECT_EQ(messages.size(), 1U) << "to the outside all are the same";
  EXPECT_EQ(event_count(), 0U);
}

TEST_P(Page, evidence_that_is_too_long_or_no_text_never_keeps_anybody_in) {
  Evidence odd;
  odd.user_agent = std::string(10'000'000, 'x');
  odd.ip = "\xff\xfe";
  odd.locale = std::string("d\0e", 3);
  odd.text = "Untick what you do not want.";
  odd.text_hash = "wrong";
  const ActResult result = roll.act(about_news, one_click, odd);
  ASSERT_EQ(result.events.size(), 1U);
  const Evidence& kept = result.events[0].evidence;
  EXPECT_EQ(kept.user_agent.size(), max_evidence);
  EXPECT_EQ(kept.ip, "\uFFFD\uFFFD");
  EXPECT_EQ(kept.locale, "de");
  EXPECT_EQ(kept.text, odd.text);
  EXPECT_EQ(kept.text_hash, text_hash(odd.text));
  EXPECT_EQ(roll.events().list(ada).back(), result.events[0]);
}

TEST_P(Page, a_clock_that_went_back_swallows_no_act) {
  roll.act(about_all, one_click);
  pass(-2h);
  const ActResult back = roll.act(about_all, action("come_back"));
  EXPECT_FALSE(back.preferences.unsubscribed);
  EXPECT_TRUE(gets(ada, news));
}

}  // namespace
