// merged_events(): the rules of merging two people's ledgers, by cases and over random histories. Seeds are fixed.
#include <map>

#include <gtest/gtest.h>

#include "consent_events.hpp"
#include "mailroll/consent/merge.hpp"
#include "random_history.hpp"

namespace mailroll::testing {
namespace {

constexpr int histories = 20'000;

Events merged(const Events& kept, const Events& other, bool says_again = true) {
  const MergeAct act{.into = {}, .actor = Actor::operator_, .now = minute(60), .says_again = says_again};
  Events all = kept;
  const Events appended = merged_events(kept, other, act);
  all.insert(all.end(), appended.begin(), appended.end());
  return all;
}

/// Every verdict that a contact can get, and what is said in each scope; not which events are behind it.
std::string verdicts(const Permission& permission) {
  std::string text;
  for (const TopicNumber topic : {news, offers}) {
    for (const Subscription subscription : {Subscription::opt_in, Subscription::opt_out}) {
      for (const int at : {40, 52, 70}) {
        const Mail mail{.transactional = false, .topic_default = subscription, .at = minute(at)};
        text += std::string(to_string(decide(true, true, permission.standing, permission.choice(topic), mail))) + ' ';
      }
    }
  }
  text += to_string(decide(true, true, permission.standing, {}, {.topic_default = {}, .at = minute(70)}));
  text += to_string(decide(true, true, permission.standing, {}, {.transactional = true, .topic_default = {}}));
  for (const TopicNumber scope : scopes) text += ' ' + std::string(to_string(scope_of(permission, scope).said));
  return text;
}

std::string objectors(const Permission& permission) {
  std::string text;
  for (const TopicNumber scope : scopes) text += std::to_string(scope_of(permission, scope).objectors.bits) + ' ';
  return text;
}

std::string trace(const Events& one, const Events& two) {
  return "one:" + words(one) + "\nis " + words(fold(one)) + "\ntwo:" + words(two) + "\nis " + words(fold(two));
}

/// Two people; at times they share events, as after an earlier merge.
std::pair<Events, Events> two_people(Chance& chance) {
  std::pair<Events, Events> people{chance.history(7), chance.history(7)};
  if (chance.one_in(4)) {
    for (const ConsentEvent& event : people.first) {
      if (chance.one_in(2)) people.second.push_back(event);
    }
  }
  return people;
}

bool persons(const Events& events, const ScopeState& state) {
  return state.said == Said::opt_in &&
         std::ranges::find(events, state.event, &ConsentEvent::id)->actor == Actor::person;
}

TEST(ConsentMerge, it_does_not_matter_who_is_kept) {
  Chance chance(21);
  std::map<std::string, int> seen;
  for (int i = 0; i < histories; ++i) {
    const auto [one, two] = two_people(chance);
    const Permission kept_one = fold(merged(one, two));
    const Permission kept_two = fold(merged(two, one));
    ASSERT_EQ(verdicts(kept_one), verdicts(kept_two)) << trace(one, two) << "\n"
                                                      << words(merged(one, two)) << "\nor" << words(merged(two, one));
    ASSERT_EQ(objectors(kept_one), objectors(kept_two)) << trace(one, two);
    ASSERT_EQ(kept_one.standing.suppressions, kept_two.standing.suppressions) << trace(one, two);
    ++seen[verdicts(kept_one)];
  }
  EXPECT_GT(seen.size(), 200U);
}

TEST(ConsentMerge, nobody_who_was_out_on_either_side_gets_mail) {
  Chance chance(22);
  std::map<Said, int> seen;
  for (int i = 0; i < histories; ++i) {
    const auto [one, two] = two_people(chance);
    const Permission before[] = {fold(one), fold(two)};
    const Permission after = fold(merged(one, two));
    for (const TopicNumber scope : scopes) {
      const ScopeState& state = scope_of(after, scope);
      ++seen[state.said];
      for (const Permission& was : before) {
        if (scope_of(was, scope).said != Said::opt_out) continue;
        ASSERT_EQ(state.said, Said::opt_out) << trace(one, two);
        ASSERT_TRUE(state.objectors.has(Actor::person)) << trace(one, two);
      }
      if (state.said != Said::opt_in) continue;
      ASSERT_TRUE(scope_of(before[0], scope).said == Said::opt_in || scope_of(before[1], scope).said == Said::opt_in)
          << trace(one, two) << words(merged(one, two));
    }
    for (const Permission& was : before) {
      ASSERT_EQ(was.standing.suppressions & ~after.standing.suppressions, 0) << trace(one, two);
      ASSERT_LE(was.standing.erased, after.standing.erased) << trace(one, two);
    }
  }
  for (const Said said : {Said::nothing, Said::opt_in, Said::opt_out, Said::pending}) EXPECT_GT(seen[said], 1000);
}

TEST(ConsentMerge, nothing_pending_becomes_confirmed) {
  Chance chance(23);
  int tried = 0;
  int stayed = 0;
  for (int i = 0; i < histories; ++i) {
    const auto [one, two] = two_people(chance);
    const Permission before[] = {fold(one), fold(two)};
    const Permission after = fold(merged(one, two));
    for (const TopicNumber scope : scopes) {
      if (scope_of(before[0], scope).said != Said::pending && scope_of(before[1], scope).said != Said::pending)
        continue;
      // What the person has said for the other address is theirs, and stands.
      if (persons(one, scope_of(before[0], scope)) || persons(two, scope_of(before[1], scope))) continue;
      ++tried;
      ASSERT_NE(scope_of(after, scope).said, Said::opt_in) << trace(one, two) << words(merged(one, two));
      if (scope_of(after, scope).said == Said::pending) ++stayed;
      ASSERT_TRUE(after.standing.erased || scope_of(after, scope).said != Said::nothing) << trace(one, two);
    }
  }
  EXPECT_GT(tried, 3000);
  EXPECT_GT(stayed, 1000);
}

TEST(ConsentMerge, merging_again_changes_nothing) {
  Chance chance(24);
  for (int i = 0; i < histories; ++i) {
    const auto [one, two] = two_people(chance);
    const Events once = merged(one, two);
    const std::string now = verdicts(fold(once));
    ASSERT_EQ(verdicts(fold(merged(once, two))), now) << trace(one, two);
    ASSERT_EQ(verdicts(fold(merged(once, merged(two, one)))), now) << trace(one, two);
    const Events silently = merged(one, two, false);
    ASSERT_EQ(merged(silently, two, false).size(), silently.size()) << trace(one, two);
  }
}

TEST(ConsentMerge, into_an_empty_ledger_everything_comes_as_it_was) {
  Chance chance(25);
  for (int i = 0; i < histories; ++i) {
    const Events one = chance.history(12);
    const Events moved = merged({}, one, false);
    ASSERT_EQ(moved.size(), one.size()) << words(one);
    ASSERT_EQ(fold(moved), fold(one)) << words(one);
  }
}

TEST(ConsentMerge, where_nobody_left_whatever_either_said_yes_to_stands) {
  Chance chance(26);
  int tried = 0;
  for (int i = 0; i < histories * 4; ++i) {
    const auto [one, two] = two_people(chance);
    const auto lowers = [](const ConsentEvent& event) {
      return event.action == Action::opt_out || event.action == Action::erased || event.action == Action::pending;
    };
    if (std::ranges::any_of(one, lowers) || std::ranges::any_of(two, lowers)) continue;
    const Permission after = fold(merged(one, two));
    for (const TopicNumber scope : scopes) {
      if (scope_of(fold(one), scope).said != Said::opt_in && scope_of(fold(two), scope).said != Said::opt_in) continue;
      ++tried;
      ASSERT_EQ(scope_of(after, scope).said, Said::opt_in) << trace(one, two) << words(merged(one, two));
    }
  }
  EXPECT_GT(tried, 1000);
}

TEST(ConsentMerge, an_opt_out_is_said_again_by_the_person_through_the_merge) {
  const Events one = in_turn({by(Actor::api, Action::opt_in, news), by(Actor::person, Action::opt_out, offers)});
  const Events two = in_turn({by(Actor::operator_, Action::opt_out, news)});
  const Events both = merged(one, two);
  ASSERT_EQ(both.size(), 5U);
  for (const ConsentEvent& event : {both[3], both[4]}) {
    EXPECT_EQ(event.action, Action::opt_out);
    EXPECT_EQ(event.actor, Actor::person);
    EXPECT_EQ(event.channel, Channel::merge);
    EXPECT_EQ(event.at, minute(60));
  }
  EXPECT_EQ(both[3].topic, news);
  EXPECT_EQ(both[4].topic, offers);
}

TEST(ConsentMerge, what_a_machine_raised_waits_where_the_other_waits) {
  const Events imported{by(Actor::import, Action::opt_in, news).when(3)};
  for (const int asked : {1, 5}) {
    const Events pending{by(Actor::api, Action::pending, news).when(asked)};
    for (const Events& both : {merged(imported, pending), merged(pending, imported)}) {
      EXPECT_EQ(scope_of(fold(both), news).said, Said::pending) << words(both);
      const Events confirmed = with(both, by(Actor::person, Action::opt_in, news).when(70).through(Channel::confirm));
      EXPECT_EQ(scope_of(fold(confirmed), news).said, Said::opt_in) << words(confirmed);
    }
  }
}

TEST(ConsentMerge, a_removal_in_the_past_of_one_does_not_end_what_the_other_said) {
  const Events removed_once =
      in_turn({by(Actor::person, Action::opt_in, offers), by(Actor::operator_, Action::removed)});
  const Events live{by(Actor::person, Action::opt_in, news).when(0).until(50),
                    by(Actor::person, Action::opt_in, news).when(1).until(90)};
  for (const Events& both : {merged(removed_once, live), merged(live, removed_once)}) {
    const Permission now = fold(both);
    EXPECT_EQ(scope_of(now, news).said, Said::opt_in) << words(both);
    EXPECT_EQ(scope_of(now, news).valid_until, minute(90)) << "neither more nor less than was said";
    EXPECT_EQ(scope_of(now, offers).said, Said::nothing) << "what was removed does not come back";
  }
}

TEST(ConsentMerge, a_complaint_or_bounce_of_either_suppresses_whatever_the_other_was_forgiven) {
  const Events bounced{by(Actor::provider, Action::suppressed).when(2).of(SuppressionReason::bounce)};
  const Events forgiven = in_turn({by(Actor::provider, Action::suppressed).of(SuppressionReason::bounce),
                                   by(Actor::person, Action::opt_in, news),
                                   by(Actor::operator_, Action::unsuppressed).of(SuppressionReason::bounce)});
  for (const Events& both : {merged(bounced, forgiven), merged(forgiven, bounced)}) {
    EXPECT_TRUE(fold(both).standing.suppressed(SuppressionReason::bounce)) << words(both);
    EXPECT_EQ(scope_of(fold(both), news).said, Said::opt_in) << "consent is unchanged";
  }
}

}  // namespace
}  // namespace mailroll::testing
