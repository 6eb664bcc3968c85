// Properties of fold() and answer_raise() over random histories. Seeds are fixed: a failure comes again.
#include <algorithm>
#include <map>

#include "consent_events.hpp"
#include "consent_model.hpp"
#include "random_history.hpp"

namespace mailroll::testing {
namespace {

constexpr int histories = 40'000;

Permission without_last_event(Permission permission) {
  permission.standing.last_event.reset();
  return permission;
}

TEST(ConsentHistory, fold_agrees_with_a_naive_reading_of_the_rules) {
  Chance chance(1);
  std::map<Said, int> seen;
  int overrides = 0;
  for (int i = 0; i < histories; ++i) {
    Events events = chance.history(14);
    if (!events.empty() && chance.one_in(4)) {  // the same id once more, with another content, recorded later
      ConsentEvent other = chance.event();
      other.id = events.front().id;
      other.recorded_at = minute(30);
      events.push_back(other);
    }
    const Permission folded = fold(events);
    ASSERT_EQ(folded, ConsentModel(events).permission()) << words(events);
    for (TopicNumber topic : scopes) {
      ++seen[scope_of(folded, topic).said];
      overrides += scope_of(folded, topic).by_override ? 1 : 0;
    }
  }
  for (Said said : {Said::nothing, Said::opt_in, Said::opt_out, Said::pending}) EXPECT_GT(seen[said], 1000);
  EXPECT_GT(overrides, 200);
}

TEST(ConsentHistory, neither_order_nor_repetition_nor_grouping_of_events_matters) {
  Chance chance(2);
  for (int i = 0; i < histories; ++i) {
    const Events events = chance.history(12);
    const Permission folded = fold(events);

    Events shuffled = events;
    chance.shuffle(shuffled);
    ASSERT_EQ(fold(shuffled), folded) << words(events);

    Events twice = events;
    twice.insert(twice.end(), shuffled.begin(), shuffled.end());
    ASSERT_EQ(fold(twice), folded) << words(events);

    Events groups[3];  // overlapping groups that together hold every event, put together in another order
    for (const ConsentEvent& event : events) {
      groups[chance.below(3)].push_back(event);
      groups[chance.below(3)].push_back(event);
    }
    Events together = groups[2];
    together.insert(together.end(), groups[0].begin(), groups[0].end());
    together.insert(together.end(), groups[1].begin(), groups[1].end());
    ASSERT_EQ(fold(together), folded) << words(events);
  }
}

TEST(ConsentHistory, order_does_not_matter_either_where_ids_are_claimed_by_two_contents) {
  Chance chance(3);
  for (int i = 0; i < histories; ++i) {
    Events events = chance.history(8);
    for (ConsentEvent& event : events) event.id = event_id(static_cast<unsigned>(chance.below(4)));
    const Permission folded = fold(events);
    chance.shuffle(events);
    ASSERT_EQ(fold(events), folded) << words(events);
  }
}

TEST(ConsentHistory, a_long_history_folds_as_well_as_a_short_one) {
  Chance chance(4);
  for (int i = 0; i < 200; ++i) {
    const Events events = chance.history(300);
    ASSERT_EQ(fold(events), ConsentModel(events).permission()) << words(events);
  }
}

TEST(ConsentHistory, a_raise_of_the_past_is_answered_by_what_stands_with_it) {
  Chance chance(6);
  std::map<RaiseAnswer, int> answers;
  for (int i = 0; i < histories; ++i) {
    const Events before = chance.history();
    ConsentEvent act = chance.raise_at(40);
    const bool live = chance.one_in(4);
    if (!live) act.at = minute(chance.below(8));
    const Permission was = fold(before);
    const ScopeState& stood = scope_of(was, act.topic);
    const Permission is = ConsentModel(with(before, act)).permission();
    const Said asked = act.action == Action::opt_in ? Said::opt_in : Said::pending;
    const RaiseAnswer answer = answer_raise(before, act);
    ++answers[answer];
    const std::string trace = words(before) + "\nthen" + words(Events{act}) + "\nwas " + words(was);
    const bool stands_by_it = scope_of(is, act.topic).said == asked && scope_of(is, act.topic) != stood;
    ASSERT_EQ(answer == RaiseAnswer::raises, stands_by_it) << trace;
    if (live) ASSERT_EQ(answer, answer_raise(was, act)) << trace;
  }
  for (RaiseAnswer answer : {RaiseAnswer::raises, RaiseAnswer::no_change, RaiseAnswer::kept_opted_out,
                             RaiseAnswer::kept_pending, RaiseAnswer::kept_erased, RaiseAnswer::kept_removed}) {
    EXPECT_GT(answers[answer], 100) << static_cast<int>(answer);
  }
}

TEST(ConsentHistory, the_answer_to_a_live_raise_is_what_the_fold_then_does) {
  Chance chance(5);
  std::map<RaiseAnswer, int> answers;
  for (int i = 0; i < histories; ++i) {
    const Events before = chance.history();
    const ConsentEvent act = chance.raise_at(40);
    const Permission was = fold(before);
    const Permission now = fold(with(before, act));
    const RaiseAnswer answer = answer_raise(was, act);
    ++answers[answer];
    const std::string trace = words(before) + "\nthen" + words(Events{act}) + "\nwas " + words(was);
    if (answer != RaiseAnswer::raises) {
      ASSERT_EQ(without_last_event(now), without_last_event(was)) << trace;
      continue;
    }
    ASSERT_NE(scope_of(now, act.topic), scope_of(was, act.topic)) << trace;
    ASSERT_EQ(scope_of(now, act.topic).said, act.action == Action::opt_in ? Said::opt_in : Said::pending) << trace;
    ASSERT_EQ(now.standing.suppressions, was.standing.suppressions) << trace;
    for (TopicNumber other : scopes) {
      if (other == act.topic) continue;
      ASSERT_EQ(scope_of(now, other), scope_of(was, other)) << trace;
    }
  }
  // kept_removed is for what is dated before a removal, so a live act never hears it.
  for (RaiseAnswer answer : {RaiseAnswer::raises, RaiseAnswer::no_change, RaiseAnswer::kept_opted_out,
                             RaiseAnswer::kept_pending, RaiseAnswer::kept_erased}) {
    EXPECT_GT(answers[answer], 500) << static_cast<int>(answer);
  }
  EXPECT_EQ(answers[RaiseAnswer::kept_removed], 0);
}

TEST(ConsentHistory, no_event_of_an_import_or_a_program_raises_what_the_person_left) {
  Chance chance(6);
  int tried = 0;
  for (int i = 0; i < histories; ++i) {
    const Events before = chance.history();
    ConsentEvent added = chance.event();  // at any time, also in the midst of the others
    added.actor = chance.one_in(2) ? Actor::import : Actor::api;
    const Permission was = fold(before);
    const Permission now = fold(with(before, added));
    for (TopicNumber topic : scopes) {
      const ScopeState& old = scope_of(was, topic);
      if (old.said != Said::opt_out || !old.objectors.has(Actor::person)) continue;
      ++tried;
      ASSERT_EQ(scope_of(now, topic).said, Said::opt_out) << words(before) << "\nadded" << words(Events{added});
    }
  }
  EXPECT_GT(tried, 5000);
}

TEST(ConsentHistory, whoever_left_is_out_until_coming_back_or_a_written_override) {
  Chance chance(7);
  for (int i = 0; i < histories; ++i) {
    Events events = chance.history();
    const TopicNumber left = scopes[chance.below(std::size(scopes))];
    events.push_back(by(Actor::person, Action::opt_out, left).when(40).through(Channel::one_click));
    for (int n = chance.below(8); n > 0; --n) {  // removals and creations anew among them
      ConsentEvent later = chance.event();
      if (later.actor == Actor::person) later.actor = Actor::api;
      if (later.actor == Actor::operator_ && later.topic == left) later.reason.clear();
      if (later.at) later.at = minute(41 + chance.below(5));
      later.recorded_at = minute(50);
      events.push_back(later);
    }
    const Permission now = fold(events);
    for (TopicNumber topic : {news, offers}) {
      if (left != everything && topic != left) continue;
      for (Subscription subscription : {Subscription::opt_in, Subscription::opt_out}) {
        const Mail mail{.transactional = false, .topic_default = subscription, .at = minute(60)};
        ASSERT_FALSE(receives(decide(true, true, now.standing, now.choice(topic), mail))) << words(events);
      }
    }
    if (left == everything) {
      ASSERT_FALSE(receives(decide(true, true, now.standing, {}, {.topic_default = {}, .at = minute(60)})));
    }
  }
}

TEST(ConsentHistory, nobody_erased_gets_any_mail_until_a_confirmed_double_opt_in) {
  Chance chance(8);
  for (int i = 0; i < histories / 4; ++i) {
    Events events = chance.history();
    events.push_back(by(Actor::operator_, Action::erased).when(40));
    for (int n = chance.below(8); n > 0; --n) {
      ConsentEvent later = chance.event();
      if (later.actor == Actor::person && later.channel == Channel::confirm) later.channel = Channel::form;
      if (later.at) later.at = minute(41 + chance.below(5));
      later.recorded_at = minute(50);
      events.push_back(later);
    }
    const Permission now = fold(events);
    ASSERT_EQ(decide(true, true, now.standing, {}, {.transactional = true, .topic_default = {}, .at = minute(60)}),
              Reason::erased)
        << words(events);
  }
}

}  // namespace
}  // namespace mailroll::testing
