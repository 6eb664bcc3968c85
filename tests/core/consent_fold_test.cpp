// fold() by example: one promise each.
#include "consent_events.hpp"

namespace mailroll::testing {
namespace {

constexpr auto person = Actor::person;
constexpr auto staff = Actor::operator_;
constexpr auto api = Actor::api;
constexpr auto import = Actor::import;
constexpr auto provider = Actor::provider;
constexpr auto opt_in = Action::opt_in;
constexpr auto opt_out = Action::opt_out;

TEST(EffectiveTime, is_the_time_of_the_act_but_never_later_than_its_record) {
  EXPECT_EQ(effective_time(by(person, opt_out).when(3).recorded(5)), minute(3));
  EXPECT_EQ(effective_time(by(person, opt_out).when(7).recorded(5)), minute(5));
  EXPECT_EQ(effective_time(by(import, opt_in).when(7).recorded(5)), minute(5));
}

TEST(EffectiveTime, without_a_time_what_lowers_is_as_late_and_what_raises_as_early_as_can_be) {
  for (Action action : {opt_out, Action::removed, Action::suppressed, Action::erased}) {
    EXPECT_EQ(effective_time(by(import, action).undated(5)), minute(5)) << to_string(action);
  }
  for (Action action : {opt_in, Action::pending, Action::unsuppressed}) {
    EXPECT_EQ(effective_time(by(import, action).undated(5)), beginning_of_time) << to_string(action);
  }
}

TEST(ClampFuture, sets_a_time_after_the_record_to_the_record_and_flags_it) {
  ConsentEvent event = by(import, opt_out).when(7).recorded(5);
  clamp_future(event);
  EXPECT_EQ(event.at, minute(5));
  EXPECT_TRUE(event.clamped);
}

TEST(ClampFuture, leaves_alone_what_is_not_in_the_future) {
  for (const ConsentEvent& event : {ConsentEvent(by(import, opt_out).when(5)), ConsentEvent(by(api, opt_in).undated(5)),
                                    ConsentEvent(by(import, opt_out).when(2).recorded(5))}) {
    ConsentEvent same = event;
    clamp_future(same);
    EXPECT_EQ(same, event);
  }
}

TEST(ConsentWords, each_is_read_back_and_no_other_is_known) {
  for (int n = 1; n <= 5; ++n) EXPECT_EQ(parse_actor(to_string(static_cast<Actor>(n))), static_cast<Actor>(n));
  for (int n = 1; n <= 7; ++n) EXPECT_EQ(parse_action(to_string(static_cast<Action>(n))), static_cast<Action>(n));
  for (int n = 0; n <= 13; ++n) EXPECT_EQ(parse_channel(to_string(static_cast<Channel>(n))), static_cast<Channel>(n));
  EXPECT_EQ(to_string(Actor::operator_), "operator");
  EXPECT_EQ(to_string(Channel::one_click), "one_click");
  for (std::string_view word : {"", "?", "Person", "person ", "nobody"}) {
    EXPECT_FALSE(parse_actor(word));
    EXPECT_FALSE(parse_action(word));
    EXPECT_FALSE(parse_channel(word));
  }
}

TEST(Fold, of_nothing_says_nothing) { EXPECT_EQ(fold({}), Permission{}); }

TEST(Fold, events_of_one_time_are_folded_by_action_and_then_by_id) {
  // pending < opt_in < unsuppressed < removed < opt_out < suppressed < erased: what lowers has the last word.
  EXPECT_EQ(fold_of({by(api, opt_out, news).when(1), by(person, opt_in, news).when(1)}).choice(news).said,
            Said::opt_out);
  EXPECT_EQ(fold_of({by(person, opt_in, news).when(1), by(api, Action::pending, news).when(1)}).choice(news).said,
            Said::opt_in);
  EXPECT_EQ(fold_of({by(staff, Action::removed).when(1), by(person, opt_in, news).when(1)}).choices.size(), 0U);
  EXPECT_EQ(
      fold_of({by(staff, Action::suppressed).when(1), by(staff, Action::unsuppressed).when(1)}).standing.suppressions,
      1U << 3U);
  EXPECT_TRUE(fold_of({by(staff, Action::erased).when(1), by(person, opt_in).through(Channel::confirm).when(1)})
                  .standing.erased);
  const Permission tie =
      fold_of({by(person, opt_in, news).when(1).numbered(9), by(api, opt_in, news).when(1).numbered(4)});
  EXPECT_EQ(tie.choice(news).event, event_id(4));
}

TEST(Fold, an_act_that_arrives_late_counts_from_the_time_it_was_done) {
  const ConsentEvent left = by(person, opt_out, news).when(5);
  const ConsentEvent earlier_yes = by(person, opt_in, news).when(3).recorded(9);
  const ConsentEvent later_yes = by(person, opt_in, news).when(7).recorded(9);
  EXPECT_EQ(fold_of({left, earlier_yes}).choice(news).said, Said::opt_out);
  EXPECT_EQ(fold_of({left, later_yes}).choice(news).said, Said::opt_in);
  // An old opt-out, read late, does not undo the act by which the person came back since.
  const ConsentEvent old_no = by(person, opt_out, news).when(2).recorded(9).through(Channel::import);
  EXPECT_EQ(fold_of({later_yes, old_no}).choice(news).said, Said::opt_in);
  EXPECT_EQ(fold_of({later_yes, by(person, opt_out, news).undated(9)}).choice(news).said, Said::opt_out);
}

TEST(Fold, a_time_in_the_future_counts_as_the_time_of_its_record) {
  const ConsentEvent far = by(import, opt_out, news).when(500).recorded(4);
  const Permission now = fold_of({far, by(person, opt_in, news).when(5)});
  EXPECT_EQ(now.choice(news).said, Said::opt_in);
  EXPECT_EQ(now.standing.last_event, minute(5));
}

TEST(Fold, an_import_never_undoes_an_opt_out) {
  for (Actor leaver : {person, provider, staff, api, import}) {
    for (TopicNumber topic : {everything, news}) {
      const ConsentEvent left = by(leaver, opt_out, topic).when(5);
      EXPECT_EQ(scope_of(fold_of({left, by(import, opt_in, topic).when(6)}), topic).said, Said::opt_out);
      EXPECT_EQ(scope_of(fold_of({left, by(import, opt_in, topic).when(4).recorded(6)}), topic).said, Said::opt_out);
      EXPECT_EQ(scope_of(fold_of({left, by(import, opt_in, topic).undated(6)}), topic).said, Said::opt_out);
    }
  }
}

TEST(Fold, leaving_everything_and_coming_back_restores_the_choices_as_they_were) {
  const Events before = in_turn({by(person, opt_in, news), by(person, opt_out, offers)});
  const Permission left = fold(with(before, by(person, opt_out).when(10)));
  EXPECT_TRUE(left.standing.unsubscribed());
  EXPECT_EQ(left.choices, fold(before).choices);
  const Permission back = fold(with(with(before, by(person, opt_out).when(10)), by(person, opt_in).when(11)));
  EXPECT_FALSE(back.standing.unsubscribed());
  EXPECT_EQ(back.choices, fold(before).choices);
}

TEST(Fold, a_person_who_opts_in_to_a_topic_stays_unsubscribed_from_everything) {
  const Permission now = fold(in_turn({by(person, opt_out), by(person, opt_in, news)}));
  EXPECT_TRUE(now.standing.unsubscribed());
  EXPECT_EQ(now.choice(news).said, Said::opt_in);
}

TEST(Fold, an_override_leaves_the_person_an_objector_until_the_person_comes_back) {
  const ConsentEvent override_ = by(staff, opt_in, news).because("a signed letter");
  const ConsentEvent back = by(person, opt_in, news).until(90);
  const Permission raised = fold(in_turn({by(person, opt_out, news), by(api, opt_out, news), override_}));
  EXPECT_EQ(raised.choice(news), (ScopeState{Said::opt_in, {person}, {}, true, override_.id}));
  const Permission plain = fold(in_turn({by(person, opt_out, news), by(api, opt_out, news), override_, back}));
  EXPECT_EQ(plain.choice(news), (ScopeState{Said::opt_in, {}, minute(90), false, back.id}));
}

TEST(Fold, a_reason_where_the_person_never_objected_is_no_override) {
  const Permission now = fold(in_turn({by(api, opt_out, news), by(staff, opt_in, news).because("asked by phone")}));
  EXPECT_FALSE(now.choice(news).by_override);
  EXPECT_TRUE(now.choice(news).objectors.empty());
}

TEST(Fold, saying_yes_again_lengthens_consent_and_never_shortens_it) {
  const ConsentEvent first = by(person, opt_in, news).until(50);
  const auto until = [&](const ConsentEvent& again) { return fold(in_turn({first, again})).choice(news); };
  EXPECT_EQ(until(by(api, opt_in, news).until(70)), (ScopeState{Said::opt_in, {}, minute(70), false, first.id}));
  EXPECT_EQ(until(by(person, opt_in, news).until(30)), (ScopeState{Said::opt_in, {}, minute(50), false, first.id}));
  EXPECT_EQ(until(by(staff, opt_in, news)), (ScopeState{Said::opt_in, {}, {}, false, first.id}));
  EXPECT_EQ(until(by(import, opt_in, news)), (ScopeState{Said::opt_in, {}, minute(50), false, first.id}));
  EXPECT_EQ(until(by(provider, opt_in, news)), (ScopeState{Said::opt_in, {}, minute(50), false, first.id}));
  const Permission unlimited = fold(in_turn({by(person, opt_in, news), by(person, opt_in, news).until(30)}));
  EXPECT_FALSE(unlimited.choice(news).valid_until);
}

TEST(Fold, consent_is_not_lengthened_by_the_program_while_the_person_objects) {
  const Events before = in_turn({by(person, opt_in, news).until(50), by(person, opt_out)});
  const ConsentEvent longer = by(api, opt_in, news).until(70).when(9);
  EXPECT_EQ(answer_raise(fold(before), longer), RaiseAnswer::kept_opted_out);
  EXPECT_EQ(fold(with(before, longer)).choices, fold(before).choices);
}

TEST(Fold, an_end_of_consent_belongs_to_an_opt_in_alone) {
  EXPECT_FALSE(fold(in_turn({by(person, Action::pending, news).until(50)})).choice(news).valid_until);
  EXPECT_FALSE(fold(in_turn({by(person, opt_in, news).until(50), by(api, opt_out, news)})).choice(news).valid_until);
}

TEST(Fold, behind_an_opt_out_stands_its_first_event_or_the_persons_own) {
  const ConsentEvent ours = by(api, opt_out, news);
  const ConsentEvent theirs = by(person, opt_out, news);
  EXPECT_EQ(fold(in_turn({ours, by(staff, opt_out, news)})).choice(news).event, ours.id);
  EXPECT_EQ(fold(in_turn({ours, theirs, by(person, opt_out, news)})).choice(news).event, theirs.id);
  EXPECT_EQ(fold(in_turn({theirs, ours})).choice(news).event, theirs.id);
}

TEST(Removal, of_a_contact_who_is_opted_in_leaves_nothing_said_and_recreation_revives_nothing) {
  Events events = in_turn({by(person, opt_in, news).until(80), by(api, Action::pending, offers), by(person, opt_in),
                           by(api, Action::removed)});
  const Permission now = fold(events);
  EXPECT_EQ(now.standing.everything, ScopeState{});
  EXPECT_TRUE(now.choices.empty());
  EXPECT_EQ(now.standing.removed_at, minute(4));
}

TEST(Removal, keeps_every_opt_out_so_that_it_holds_again_when_the_address_comes_back) {
  const Events events = in_turn({by(person, opt_out, news), by(person, opt_out), by(staff, Action::removed)});
  const Permission now = fold(events);
  EXPECT_TRUE(now.standing.unsubscribed());
  EXPECT_EQ(now.choice(news).said, Said::opt_out);
  EXPECT_EQ(answer_raise(now, by(api, opt_in, news).when(9)), RaiseAnswer::kept_opted_out);
  EXPECT_EQ(answer_raise(now, by(import, opt_in, news).undated(9)), RaiseAnswer::kept_opted_out);
}

TEST(Removal, turns_an_overridden_opt_in_back_into_the_persons_opt_out) {
  const ConsentEvent removal = by(staff, Action::removed);
  const Permission now = fold(in_turn({by(person, opt_out, news), by(staff, opt_in, news).because("letter"), removal}));
  EXPECT_EQ(now.choice(news), (ScopeState{Said::opt_out, {person}, {}, false, removal.id}));
}

TEST(Removal, is_not_survived_by_an_undated_import_but_by_a_dated_one_after_it) {
  const Events removed = {by(import, opt_in, news).undated(1), by(staff, Action::removed).when(3)};
  const ConsentEvent again = by(import, opt_in, news).undated(9);
  EXPECT_EQ(answer_raise(fold(removed), again), RaiseAnswer::kept_removed);
  EXPECT_EQ(fold(with(removed, again)).choice(news), ScopeState{});
  const ConsentEvent older = by(import, opt_in, news).when(3).recorded(9);
  EXPECT_EQ(answer_raise(fold(removed), older), RaiseAnswer::kept_removed);
  EXPECT_EQ(fold(with(removed, older)).choice(news), ScopeState{});
  const ConsentEvent newer = by(import, opt_in, news).when(4).recorded(9);
  EXPECT_EQ(answer_raise(fold(removed), newer), RaiseAnswer::raises);
  EXPECT_EQ(fold(with(removed, newer)).choice(news).said, Said::opt_in);
}

TEST(Removal, counts_from_its_latest) {
  const Events twice = {by(staff, Action::removed).when(3), by(staff, Action::removed).when(6)};
  EXPECT_EQ(fold(twice).standing.removed_at, minute(6));
  EXPECT_EQ(answer_raise(fold(twice), by(import, opt_in, news).when(5).recorded(9)), RaiseAnswer::kept_removed);
}

TEST(Erasure, is_lifted_by_the_persons_confirmed_double_opt_in_alone) {
  const Events erased = in_turn({by(person, opt_in, news), by(staff, Action::erased)});
  EXPECT_TRUE(fold(erased).standing.erased);
  EXPECT_TRUE(fold(erased).choices.empty());
  for (Actor actor : {person, provider, staff, api, import}) {
    for (Channel channel : {Channel::unknown, Channel::page, Channel::form, Channel::confirm}) {
      for (Action action : {opt_in, Action::pending}) {
        for (TopicNumber topic : {everything, news}) {
          const ConsentEvent act = by(actor, action, topic).through(channel).because("letter").when(9);
          const bool lifts = actor == person && channel == Channel::confirm && action == opt_in;
          const Permission now = fold(with(erased, act));
          EXPECT_EQ(now.standing.erased, !lifts) << words(act);
          EXPECT_EQ(scope_of(now, topic).said, lifts ? Said::opt_in : Said::nothing) << words(act);
          EXPECT_EQ(answer_raise(fold(erased), act), lifts ? RaiseAnswer::raises : RaiseAnswer::kept_erased);
        }
      }
    }
  }
}

TEST(Erasure, once_lifted_lets_others_raise_again_but_no_undated_import_revive) {
  const Events events =
      in_turn({by(person, opt_in, news), by(staff, Action::erased), by(person, opt_in).through(Channel::confirm)});
  EXPECT_EQ(answer_raise(fold(events), by(api, opt_in, news).when(9)), RaiseAnswer::raises);
  EXPECT_EQ(answer_raise(fold(events), by(import, opt_in, news).undated(9)), RaiseAnswer::kept_removed);
}

TEST(Erasure, is_not_lifted_by_a_confirmation_from_before_it) {
  const ConsentEvent early = by(person, opt_in).through(Channel::confirm).when(1).recorded(9);
  const Events erased = {by(staff, Action::erased).when(2)};
  EXPECT_EQ(answer_raise(fold(erased), early), RaiseAnswer::kept_erased);
  EXPECT_TRUE(fold(with(erased, early)).standing.erased);
}

TEST(Erasure, keeps_opt_outs_and_suppressions) {
  const Permission now =
      fold(in_turn({by(person, opt_out, news), by(provider, Action::suppressed).of(SuppressionReason::bounce),
                    by(staff, Action::erased)}));
  EXPECT_EQ(now.choice(news).said, Said::opt_out);
  EXPECT_TRUE(now.standing.suppressed(SuppressionReason::bounce));
}

TEST(Suppression, adds_its_reason_and_is_lifted_reason_by_reason_or_as_a_whole) {
  const ConsentEvent bounce = by(provider, Action::suppressed).of(SuppressionReason::bounce);
  const ConsentEvent complaint = by(provider, Action::suppressed).of(SuppressionReason::complaint);
  const ConsentEvent unnamed = by(staff, Action::suppressed);
  const auto bits = [](const Permission& p) { return int{p.standing.suppressions}; };
  EXPECT_EQ(bits(fold(in_turn({bounce, complaint, unnamed}))), 0b1110);
  EXPECT_EQ(bits(fold(in_turn({bounce, complaint, by(staff, Action::unsuppressed).of(SuppressionReason::bounce)}))),
            0b10);
  EXPECT_EQ(bits(fold(in_turn({bounce, complaint, unnamed, by(staff, Action::unsuppressed)}))), 0);
  EXPECT_EQ(bits(fold(in_turn({by(staff, Action::unsuppressed), unnamed}))), 0b1000);
}

TEST(Suppression, is_explained_by_the_first_event_of_its_gravest_reason) {
  const ConsentEvent manual = by(staff, Action::suppressed);
  const ConsentEvent bounce = by(provider, Action::suppressed).of(SuppressionReason::bounce);
  const ConsentEvent again = by(provider, Action::suppressed).of(SuppressionReason::bounce);
  const ConsentEvent complaint = by(provider, Action::suppressed).of(SuppressionReason::complaint);
  const ConsentEvent forgiven = by(staff, Action::unsuppressed).of(SuppressionReason::complaint);
  const ConsentEvent lifted = by(staff, Action::unsuppressed);
  const ConsentEvent erased = by(staff, Action::erased);
  EXPECT_EQ(fold(in_turn({manual, bounce, again})).standing.blocked_by, bounce.id);
  EXPECT_EQ(fold(in_turn({manual, bounce, complaint})).standing.blocked_by, complaint.id);
  EXPECT_EQ(fold(in_turn({manual, bounce, complaint, forgiven})).standing.blocked_by, bounce.id);
  EXPECT_EQ(fold(in_turn({bounce, lifted, again})).standing.blocked_by, again.id);
  EXPECT_EQ(fold(in_turn({bounce, lifted})).standing.blocked_by, EventId{});
  EXPECT_EQ(fold(in_turn({erased, complaint, by(staff, Action::erased)})).standing.blocked_by, erased.id);
  EXPECT_EQ(fold(in_turn({complaint, erased, by(person, opt_in).through(Channel::confirm)})).standing.blocked_by,
            complaint.id);
}

TEST(Fold, choices_stand_in_the_order_of_their_topics_without_those_that_say_nothing) {
  const Permission now = fold(in_turn({by(person, opt_in, TopicNumber{7}), by(person, opt_out, TopicNumber{2}),
                                       by(provider, opt_in, TopicNumber{4}), by(api, opt_in, TopicNumber{5})}));
  ASSERT_EQ(now.choices.size(), 3U);
  EXPECT_EQ(now.choices[0].topic, TopicNumber{2});
  EXPECT_EQ(now.choices[1].topic, TopicNumber{5});
  EXPECT_EQ(now.choices[2].topic, TopicNumber{7});
  EXPECT_EQ(now.choice(TopicNumber{4}), ScopeState{});
  EXPECT_EQ(now.choice(TopicNumber{5}).said, Said::opt_in);
}

TEST(Fold, the_last_event_is_the_latest_effective_time_also_of_what_changed_nothing) {
  EXPECT_EQ(fold_of({by(person, opt_out).when(3), by(import, opt_in).when(6).recorded(8)}).standing.last_event,
            minute(6));
  EXPECT_EQ(fold_of({by(import, opt_in).undated(6)}).standing.last_event, beginning_of_time);
}

TEST(Fold, of_two_contents_under_one_id_the_one_recorded_first_counts_in_any_order) {
  const ConsentEvent first = by(import, opt_out, news).numbered(7).when(2).recorded(3);
  const ConsentEvent second = by(import, opt_in, news).numbered(7).when(1).recorded(4);
  EXPECT_EQ(fold_of({first, second}), fold_of({first}));
  EXPECT_EQ(fold_of({second, first}), fold_of({first}));
  const ConsentEvent twin = by(import, opt_in, offers).numbered(7).when(2).recorded(3);
  EXPECT_EQ(fold_of({first, twin}), fold_of({twin, first}));
}

}  // namespace
}  // namespace mailroll::testing
