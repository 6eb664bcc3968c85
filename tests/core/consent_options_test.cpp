// What comes with an act: its time, its channel, its end, its lawful basis, its words; and overrides.
#include "each_store.hpp"

namespace mailroll::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* ada = "ada@example.com";

class ConsentOptions : public EachStore {
 protected:
  Roll staff() { return open_as(Actor::operator_); }
};

Topic news_of(Roll& roll) {
  return roll.topics().create({.name = "News", .default_subscription = Subscription::opt_out});
}

TEST_P(ConsentOptions, a_time_in_the_future_is_now_and_flagged) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  const auto in = roll.subscribe(ada, news, {.at = now() + 400 * 24h});
  ASSERT_TRUE(in);
  EXPECT_TRUE(in->clamped);
  EXPECT_EQ(in->at, now());
  EXPECT_EQ(in->recorded_at, now());
  pass(1s);
  EXPECT_EQ(roll.unsubscribe(ada, news).clamped, false);
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::topic_opted_out) << "the future did not hide the opt-out";
  EXPECT_TRUE(roll.events().list(ada).front().clamped) << "the flag is kept";
}

TEST_P(ConsentOptions, an_act_of_the_past_stands_in_its_place_and_is_recorded_now) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  roll.subscribe(ada, news);
  const Time monday = now() - 48h;
  const ConsentEvent left =
      roll.unsubscribe(ada, news, {.by = Actor::person, .at = monday, .evidence = {.note = "a letter"}});
  EXPECT_EQ(left.at, monday);
  EXPECT_EQ(left.recorded_at, now());
  EXPECT_FALSE(left.clamped);
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::topic_opted_out)
      << "a program's opt-in after it does not undo what the person said";
  EXPECT_EQ(roll.events().list(ada).front().id, left.id) << "oldest first, by when it happened";
  pass(1h);
  EXPECT_EQ(roll.unsubscribe(ada, news, {.by = Actor::person, .at = monday, .evidence = {.note = "a letter"}}).id,
            left.id)
      << "the same report again is the same event";
}

TEST_P(ConsentOptions, an_opt_in_of_before_an_opt_out_never_lifts_it) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  roll.subscribe(ada, news);
  pass(24h);
  roll.unsubscribe(ada, news, {.by = Actor::person, .evidence = {.note = "phoned"}});
  const Time before = now() - 1h;
  pass(24h);
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, {.at = before}); }), "refused:person_opted_out");
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, {.override_reason = "has a signed form", .at = before}); }),
            "refused:person_opted_out")
      << "an override, too, comes after what it overrides";
  EXPECT_EQ(roll.events().list(ada).size(), 2U) << "what is refused is not recorded";
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::topic_opted_out);
}

TEST_P(ConsentOptions, an_opt_in_of_before_a_removal_does_not_revive) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  roll.contacts().add({.email = ada});
  roll.contacts().remove(ada);
  roll.contacts().add({.email = ada});
  EXPECT_EQ(outcome_of([&] { roll.subscribe(ada, news, {.at = now() - 24h}); }), "refused:removed");
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::topic_default_opt_out);
}

TEST_P(ConsentOptions, an_earlier_opt_out_becomes_the_one_behind_the_answer) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  const ConsentEvent later = roll.unsubscribe(ada, news);
  pass(1h);
  const ConsentEvent earlier = roll.unsubscribe(ada, news, {.at = now() - 24h});
  EXPECT_NE(earlier.id, later.id);
  roll.contacts().add({.email = ada});
  EXPECT_EQ(roll.explain(ada, news).event->id, earlier.id);
  EXPECT_EQ(roll.unsubscribe(ada, news, {.at = now() - 1min}).id, earlier.id) << "nothing new is said by a later one";
}

TEST_P(ConsentOptions, a_channel_is_one_that_a_caller_can_know_of) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  const auto in = roll.subscribe(ada, news, {.channel = Channel::form});
  EXPECT_EQ(in->channel, Channel::form);
  for (const Channel proof : {Channel::confirm, Channel::import, Channel::migration, Channel::bounce,
                              Channel::complaint, Channel::merge, Channel::unknown, static_cast<Channel>(77)}) {
    EXPECT_EQ(outcome_of([&] { roll.unsubscribe(ada, news, {.channel = proof}); }), "invalid:channel");
    EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, {.channel = proof}); }), "invalid:channel");
  }
  EXPECT_EQ(roll.unsubscribe(ada, news, {.channel = Channel::mailto}).channel, Channel::mailto);
}

TEST_P(ConsentOptions, an_unknown_actor_is_invalid) {
  for (const Actor actor :
       {Actor::person, Actor::provider, Actor::import, static_cast<Actor>(0), static_cast<Actor>(9)}) {
    EXPECT_EQ(outcome_of([&] { (void)open_as(actor); }), "invalid:actor");
  }
  Roll roll = staff();
  for (const Actor actor : {Actor::provider, Actor::import, Actor::api, static_cast<Actor>(9)}) {
    EXPECT_EQ(outcome_of([&] { roll.unsubscribe(ada, everything, {.by = actor}); }), "invalid:actor");
  }
}

TEST_P(ConsentOptions, nobody_opts_in_as_the_person) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  EXPECT_EQ(outcome_of([&] { roll.subscribe(ada, news, {.by = Actor::person, .evidence = {.note = "phoned"}}); }),
            "invalid:actor");
  EXPECT_FALSE(roll.contacts().find(ada)) << "nothing half done";
}

TEST_P(ConsentOptions, what_is_about_opting_in_is_invalid_when_leaving) {
  Roll roll = staff();
  EXPECT_EQ(outcome_of([&] { roll.unsubscribe(ada, everything, {.override_reason = "because"}); }),
            "invalid:opt_in_only");
  EXPECT_EQ(outcome_of([&] { roll.unsubscribe(ada, everything, {.valid_until = now() + 1h}); }), "invalid:opt_in_only");
  EXPECT_EQ(outcome_of([&] { roll.unsubscribe(ada, everything, {.basis = "consent"}); }), "invalid:opt_in_only");
  EXPECT_TRUE(roll.events().list(ada).empty());
}

TEST_P(ConsentOptions, words_have_at_most_2000_characters_and_no_control_characters) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  // Characters, not octets.
  std::string longest;
  for (int i = 0; i < 2000; ++i) longest += "\xC3\xA9";
  roll.unsubscribe(ada, news, {.evidence = {.note = longest}});
  EXPECT_EQ(roll.events().list(ada).front().evidence.note, longest);

  const std::string huge(10'000'000, 'x');
  const std::string nul("a\0b", 3);
  const std::pair<std::string, const char*> wrong[] = {
      {longest + "x", "invalid:text_too_long"}, {huge, "invalid:text_too_long"},
      {nul, "invalid:text_characters"},         {"bell\a", "invalid:text_characters"},
      {"del\x7F", "invalid:text_characters"},   {"\xC3", "invalid:encoding"}};
  for (const auto& [text, outcome] : wrong) {
    EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, {.override_reason = text}); }), outcome);
    for (std::string Evidence::*field : {&Evidence::text_hash, &Evidence::form, &Evidence::ip, &Evidence::user_agent,
                                         &Evidence::locale, &Evidence::note}) {
      PermissionOptions options;
      options.evidence.*field = text;
      EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, options); }), outcome);
      EXPECT_EQ(outcome_of([&] { roll.unsubscribe(ada, everything, options); }), outcome);
    }
    EXPECT_EQ(outcome_of([&] { roll.suppressions().add(ada, SuppressionReason::manual, text); }), outcome);
  }
  EXPECT_EQ(roll.events().list(ada).size(), 1U);
  const ConsentEvent lines = roll.unsubscribe(ada, everything, {.evidence = {.note = "  She said:\r\n\tno more \n"}});
  EXPECT_EQ(lines.evidence.note, "She said:\r\n\tno more") << "lines are kept, blanks at the ends are not";
}

TEST_P(ConsentOptions, the_text_that_was_shown_is_kept_with_its_hash) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  const std::string shown = "  May we mail you?\n";
  const auto in = roll.subscribe(ada, news, {.evidence = {.text = shown}});
  EXPECT_EQ(roll.events().list(ada).front().evidence.text, shown) << "to the octet: the hash is of it";
  EXPECT_EQ(in->evidence.text_hash, text_hash(shown));
  EXPECT_EQ(
      outcome_of([&] { roll.unsubscribe(ada, news, {.evidence = {.text_hash = text_hash("other"), .text = shown}}); }),
      "invalid:text_hash");
  EXPECT_EQ(
      outcome_of([&] { roll.unsubscribe(ada, news, {.evidence = {.text = std::string(max_shown_text + 1, 'x')}}); }),
      "invalid:text_too_long");
}

TEST_P(ConsentOptions, only_staff_override_only_with_a_reason_and_only_where_one_is_needed) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  EXPECT_EQ(roll.subscribe(ada, news, {.override_reason = "not needed"})->reason, "") << "nothing was overridden";
  roll.unsubscribe(ada, news, {.by = Actor::person, .evidence = {.note = "phoned"}});
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news); }), "refused:person_opted_out");
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, {.override_reason = " \n"}); }), "invalid:text_empty");
  const auto back = roll.resubscribe(ada, news, {.override_reason = " signed again \n"});
  ASSERT_TRUE(back);
  EXPECT_EQ(back->reason, "signed again");
  EXPECT_EQ(roll.events().list(ada).back(), *back) << "the event keeps it";
}

TEST_P(ConsentOptions, counts_tell_how_many_receive_by_override_until_the_person_says_so_themselves) {
  Roll roll = staff();
  const Topic news = news_of(roll);
  const Segment all = roll.segments().create("All");
  for (const char* email : {"a@example.com", "b@example.com", "c@example.com", "d@example.com"}) {
    roll.contacts().add({.email = email, .segments = {all}});
    roll.subscribe(email, news);
  }
  for (const char* email : {"a@example.com", "b@example.com", "c@example.com"}) {
    roll.unsubscribe(email, news, {.by = Actor::person, .evidence = {.note = "phoned"}});
    pass(1s);
    roll.resubscribe(email, news, {.override_reason = "a mistake of ours"});
  }
  EXPECT_EQ(roll.audience(all, news).count().by_override, 3U);
  EXPECT_EQ(roll.audience(all, news).count().receives, 4U);
  roll.unsubscribe("b@example.com", everything);
  EXPECT_EQ(roll.audience(all, news).count().by_override, 2U) << "of those who receive it";
  roll.unsubscribe("c@example.com", news);
  EXPECT_EQ(roll.audience(all, news).count().by_override, 1U);
  EXPECT_EQ(roll.audience(all, no_topic).count().by_override, 0U);
}

TEST_P(ConsentOptions, the_basis_is_one_of_the_words_and_else_that_of_the_topic) {
  Roll roll = staff();
  const Topic news = roll.topics().create({.name = "News", .basis = "soft_opt_in"});
  EXPECT_EQ(roll.topics().get(news).basis, "soft_opt_in");
  EXPECT_EQ(roll.subscribe(ada, news)->basis, "soft_opt_in");
  EXPECT_EQ(roll.subscribe("bob@example.com", news, {.basis = "contract"})->basis, "contract");
  EXPECT_EQ(roll.events().list("bob@example.com").front().basis, "contract");
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, news, {.basis = "Consent"}); }), "invalid:basis");
  EXPECT_EQ(outcome_of([&] { roll.topics().create({.name = "Other", .basis = "because"}); }), "invalid:basis");
  EXPECT_EQ(outcome_of([&] { roll.topics().update(news, {.basis = "because"}); }), "invalid:basis");
  EXPECT_EQ(roll.topics().update(news, {.basis = "consent"}).basis, "consent");
  EXPECT_EQ(roll.topics().update(news, {.name = "Newer"}).basis, "consent") << "what is not named stays";
  EXPECT_EQ(roll.topics().update(news, {.basis = ""}).basis, "");
  EXPECT_EQ(roll.events().list(ada).front().basis, "soft_opt_in") << "an event keeps what held when it was recorded";
}

TEST_P(ConsentOptions, an_import_opts_in_on_the_basis_of_its_topic_and_again_makes_no_second_event) {
  Roll roll = staff();
  roll.topics().create({.name = "News", .basis = "soft_opt_in"});
  roll.topics().create({.name = "Plain"});
  const std::string file =
      folder().write("in.csv", "email,unsubscribed\nada@example.com,false\nbob@example.com,true\n");
  const auto import = [&] { return roll.contacts().import_file(file, {.topics = {"News", "Plain"}}).apply().opt_ins; };
  EXPECT_EQ(import(), 2U);
  const std::vector<ConsentEvent> first = roll.events().list(ada);
  for (const ConsentEvent& event : first) {
    EXPECT_EQ(event.basis, event.topic == roll.topics().get("News").number ? "soft_opt_in" : "");
  }
  ASSERT_EQ(roll.events().list("bob@example.com").size(), 1U);
  EXPECT_EQ(roll.events().list("bob@example.com").front().basis, "") << "leaving needs none";
  pass(1h);
  roll.topics().update("News", {.basis = "consent"});
  EXPECT_EQ(import(), 0U);
  EXPECT_EQ(roll.events().list(ada), first) << "an event keeps what held when it was recorded";
}

TEST_P(ConsentOptions, a_migration_opts_in_on_the_basis_of_the_audiences_topic) {
  Roll roll = staff();
  folder().write("old/News.csv", "email\nada@example.com\n");
  roll.migrate_audiences({folder().path() + "/old"}).apply();
  const std::vector<ConsentEvent> first = roll.events().list(ada);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first.front().basis, "") << "nobody has said what it is yet";
  roll.topics().update("News", {.basis = "contract"});
  pass(1h);
  folder().write("old/News.csv", "email\nada@example.com\nbob@example.com\n");
  roll.migrate_audiences({folder().path() + "/old"}).apply();
  EXPECT_EQ(roll.events().list("bob@example.com").front().basis, "contract");
  EXPECT_EQ(roll.events().list(ada), first);
}

TEST_P(ConsentOptions, consent_ends_at_the_microsecond_it_is_valid_until) {
  Roll roll = staff();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Time end = now() + 24h;
  EXPECT_EQ(outcome_of([&] { roll.subscribe(ada, news, {.valid_until = now()}); }), "invalid:valid_until");
  EXPECT_EQ(outcome_of([&] { roll.resubscribe(ada, everything, {.valid_until = end}); }), "invalid:valid_until");
  roll.subscribe(ada, news, {.valid_until = end});
  EXPECT_EQ(roll.explain(ada, news).event->valid_until, end);
  EXPECT_EQ(roll.explain(ada, news, {}, end - 1us).reason, Reason::topic_opted_in);
  EXPECT_EQ(roll.explain(ada, news, {}, end).reason, Reason::consent_expired) << "also where the default is opt_in";
  pass(24h - 1us);
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::topic_opted_in);
  pass(1us);
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::consent_expired);
  const Segment all = roll.segments().create("All");
  roll.segments().add(all, {ada});
  EXPECT_EQ(roll.audience(all, news).count()[Reason::consent_expired], 1U);
  ASSERT_TRUE(roll.subscribe(ada, news, {.valid_until = now() + 24h})) << "consent can be renewed";
  EXPECT_EQ(roll.explain(ada, news).reason, Reason::topic_opted_in);
  EXPECT_FALSE(roll.subscribe(ada, news, {.valid_until = now() + 1h})) << "a shorter one shortens nothing";
}

TEST_P(ConsentOptions, what_runs_out_is_listed_soonest_first) {
  Roll roll = staff();
  const Topic news = roll.topics().create({.name = "News", .basis = "implied_consent"});
  const Topic gone = roll.topics().create({.name = "Gone"});
  const auto until = [&](const char* email, const Topic& topic, std::chrono::hours hours) {
    roll.subscribe(email, topic, {.valid_until = now() + hours});
  };
  until("late@example.com", news, 24h * 400);
  until("edge@example.com", news, 24h * 30);
  until("soon@example.com", news, 24h);
  until("past@example.com", news, 1h);
  until("left@example.com", news, 24h);
  until("gone@example.com", gone, 24h);
  roll.subscribe("always@example.com", news);
  roll.unsubscribe("left@example.com", news);
  roll.topics().remove(gone);
  const auto names = [&](const std::vector<ExpiringConsent>& consents) {
    std::string text;
    for (const ExpiringConsent& each : consents) text += each.email.substr(0, each.email.find('@')) + " ";
    return text;
  };
  pass(2h);
  EXPECT_EQ(names(roll.expiring()), "past soon edge ") << "what has run out is listed too";
  EXPECT_EQ(names(roll.expiring(24h * 36500)), "past soon edge late ");
  EXPECT_EQ(names(roll.expiring(24h * 36500, 2)), "past soon ") << "the soonest of all, not of a page";
  EXPECT_EQ(names(roll.expiring(22h)), "past ") << "until, exclusively";
  EXPECT_EQ(names(roll.expiring(22h + 1s)), "past soon ");
  EXPECT_EQ(names(roll.expiring(0s)), "past ");
  const ExpiringConsent first = roll.expiring().front();
  EXPECT_EQ(first.topic, news);
  EXPECT_EQ(first.basis, "implied_consent");
  EXPECT_EQ(first.valid_until, now() - 1h);
  for (const auto within : {std::chrono::seconds(-1s), std::chrono::seconds(24h * 36501)}) {
    EXPECT_EQ(outcome_of([&] { (void)roll.expiring(within); }), "invalid:within");
  }
  EXPECT_EQ(outcome_of([&] { (void)roll.expiring(1h, 0); }), "invalid:limit");
}

TEST_P(ConsentOptions, leaving_everything_stops_no_transactional_mail_but_what_blocks_the_address_does) {
  Roll roll = staff();
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::transactional) << "also to who is no contact";
  roll.contacts().add({.email = ada});
  roll.unsubscribe(ada, everything, {.by = Actor::person, .evidence = {.note = "phoned"}});
  EXPECT_EQ(roll.explain_transactional(ada).reason, Reason::transactional);
  EXPECT_TRUE(roll.explain_transactional(ada).receives);
  for (const auto& [why, reason] : {std::pair(SuppressionReason::manual, Reason::suppressed_manual),
                                    std::pair(SuppressionReason::bounce, Reason::suppressed_bounce),
                                    std::pair(SuppressionReason::complaint, Reason::suppressed_complaint)}) {
    pass(1s);
    roll.suppressions().add(ada, why);
    EXPECT_EQ(roll.explain_transactional(ada).reason, reason);
    EXPECT_EQ(roll.explain_transactional(ada).event->suppression, why);
  }
}

INSTANTIATE_TEST_SUITE_P(stores, ConsentOptions, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
