#include "consent/person_acts.hpp"

#include <algorithm>

#include "mailroll/consent/decide.hpp"
#include "mailroll/consent/fold.hpp"
#include "mailroll/consent/token.hpp"

namespace mailroll::detail {
namespace {

const ScopeState& state_of(const Permission& permission, TopicNumber scope) {
  return scope == everything_scope ? permission.standing.everything : permission.choice(scope);
}

bool ends_everything(Action action) { return action == Action::removed || action == Action::erased; }

/// How the scope comes to be as it was before the person left it; nothing where it must stay as it is now.
std::optional<PersonsChange> restored(const Permission& before, TopicNumber scope, const Topic* topic, Time at) {
  const ScopeState& was = state_of(before, scope);
  if (was.said == Said::pending) return PersonsChange{scope, Action::pending, {}};  // only its token confirms
  if (was.said == Said::opt_out) return std::nullopt;
  if (topic != nullptr && !receives_by_choice(*topic, was, at)) return std::nullopt;
  return PersonsChange{scope, Action::opt_in, was.valid_until};
}

}  // namespace

bool receives_by_choice(const Topic& topic, const ScopeState& choice, Time now) {
  const Mail mail{.transactional = false, .topic_default = topic.default_subscription, .at = now};
  return receives(decide(true, true, Standing{}, choice, mail));
}

bool is_shown(const Topic& topic, const ScopeState& choice) {
  return topic.visibility == Visibility::public_ || choice.said == Said::opt_in;
}

PersonsChanges leaving(const Permission& now, TopicNumber scope) {
  const ScopeState& state = state_of(now, scope);
  if (state.said == Said::opt_out && state.objectors.has(Actor::person)) return {};
  return {{scope, Action::opt_out, {}}};
}

PersonsChanges saving(const Permission& now, std::span<const Topic> topics, const std::set<TopicId>& shown,
                      const std::set<TopicId>& ticked, Time at) {
  PersonsChanges changes;
  for (const Topic& topic : topics) {
    const ScopeState& choice = now.choice(topic.number);
    if (!shown.contains(topic.id) || !is_shown(topic, choice) || choice.said == Said::pending) continue;
    const bool wanted = ticked.contains(topic.id);
    if (wanted == receives_by_choice(topic, choice, at)) continue;
    changes.push_back({topic.number, wanted ? Action::opt_in : Action::opt_out, {}});
  }
  return changes;
}

PersonsChanges coming_back(const Permission& now) {
  if (!now.standing.unsubscribed()) return {};
  return {{everything_scope, Action::opt_in, {}}};
}

PersonsChanges taking_back(std::span<const ConsentEvent> events, std::span<const Topic> topics, Time act, Time at) {
  const auto of_the_act = [&](const ConsentEvent& event) {
    return event.recorded_at == act && event.actor == Actor::person;
  };
  std::vector<ConsentEvent> earlier;
  for (const ConsentEvent& event : events) {
    if (event.recorded_at < act) earlier.push_back(event);
    if (event.recorded_at >= act && ends_everything(event.action)) return {};
  }
  const Permission before = fold(earlier);
  PersonsChanges changes;
  for (const ConsentEvent& event : events) {
    if (!of_the_act(event)) continue;
    const bool spoken_since = std::ranges::any_of(events, [&](const ConsentEvent& other) {
      return other.topic == event.topic && other.recorded_at >= act && !of_the_act(other);
    });
    if (spoken_since) continue;
    if (event.action == Action::opt_in) changes.push_back({event.topic, Action::opt_out, {}});
    if (event.action != Action::opt_out) continue;
    const auto topic = std::ranges::find(topics, event.topic, &Topic::number);
    if (event.topic != everything_scope && topic == topics.end()) continue;
    const auto change = restored(before, event.topic, topic == topics.end() ? nullptr : &*topic, at);
    if (change) changes.push_back(*change);
  }
  return changes;
}

bool is_in_already(const Permission& now, bool has_profile, const Topic* topic, Time at) {
  const Said whole = now.standing.everything.said;
  if (topic == nullptr) {
    if (now.standing.erased || now.standing.everything.by_override) return false;
    return whole == Said::opt_in || (whole == Said::nothing && has_profile);
  }
  const ScopeState& choice = now.choice(topic->number);
  if (now.standing.erased || choice.by_override || !receives_by_choice(*topic, choice, at)) return false;
  // By default alone only where there is somebody to whom it applies.
  return choice.said == Said::opt_in || (has_profile && whole != Said::pending);
}

const ConsentEvent* request_to_confirm(std::span<const ConsentEvent> events, TopicNumber scope, const Uuid& reference) {
  const auto pending = std::ranges::find_if(events, [&](const ConsentEvent& event) {
    return event.action == Action::pending && event.topic == scope && refers_to(reference, event.id);
  });
  if (pending == events.end()) return nullptr;
  const bool overtaken = std::ranges::any_of(events, [&](const ConsentEvent& event) {
    const bool left = event.action == Action::opt_out && (event.topic == scope || event.topic == everything_scope);
    return (left || ends_everything(event.action)) && effective_time(event) >= effective_time(*pending);
  });
  return overtaken ? nullptr : &*pending;
}

}  // namespace mailroll::detail
