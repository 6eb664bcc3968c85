#include "mailroll/consent/fold.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <tuple>
#include <utility>

namespace mailroll {
namespace {

/// What the rules answer to a raise, and the scope's state after it (unchanged unless the answer is `raises`).
struct Raise {
  RaiseAnswer answer;
  ScopeState state;
};

/// No `valid_until` is the latest: consent that does not run out.
std::optional<Time> later(std::optional<Time> one, std::optional<Time> other) {
  if (!one || !other) return std::nullopt;
  return std::max(*one, *other);
}

bool overrides(const ConsentEvent& event, const ScopeState& scope) {
  return event.actor == Actor::operator_ && scope.objectors.has(Actor::person) && !event.reason.empty();
}

const ScopeState& scope_of(const Permission& permission, TopicNumber topic) {
  return topic == everything_scope ? permission.standing.everything : permission.choice(topic);
}

/// Whether somebody's opt-out, here or from everything, stands in the way of this actor's opt_in.
bool objected(const Standing& standing, const ScopeState& scope, const ConsentEvent& event) {
  const bool left_everything = standing.everything.objectors.has(Actor::person);
  switch (event.actor) {
    case Actor::person: return false;
    case Actor::operator_: return scope.objectors.has(Actor::person) && !overrides(event, scope);
    case Actor::api: return scope.objectors.any_but(Actor::api) || left_everything;
    case Actor::import: return !scope.objectors.empty() || left_everything;
    case Actor::provider: break;
  }
  return true;
}

ScopeState opted_in(const ScopeState& scope, const ConsentEvent& event) {
  ScopeState next{.said = Said::opt_in,
                  .objectors = {},
                  .valid_until = event.valid_until,
                  .by_override = overrides(event, scope),
                  .event = event.id};
  if (next.by_override) next.objectors = {Actor::person};
  return next;
}

Raise answer_opt_in(const Standing& standing, const ScopeState& scope, const ConsentEvent& event) {
  if (scope.said == Said::pending && event.actor != Actor::person) return {RaiseAnswer::kept_pending, scope};
  const bool forbidden = objected(standing, scope, event);
  if (scope.said == Said::opt_in) {
    if (event.actor == Actor::person && scope.by_override) return {RaiseAnswer::raises, opted_in(scope, event)};
    ScopeState longer = scope;
    longer.valid_until = later(scope.valid_until, event.valid_until);
    // An import speaks only where nothing was said, so it lengthens nothing either.
    if (event.actor == Actor::import || longer == scope) return {RaiseAnswer::no_change, scope};
    if (forbidden) return {RaiseAnswer::kept_opted_out, scope};
    return {RaiseAnswer::raises, longer};
  }
  if (forbidden) return {RaiseAnswer::kept_opted_out, scope};
  return {RaiseAnswer::raises, opted_in(scope, event)};
}

Raise answer_pending(const ScopeState& scope, const ConsentEvent& event) {
  if (scope.said == Said::opt_in || scope.said == Said::pending) return {RaiseAnswer::no_change, scope};
  const bool asked_again = scope.said == Said::opt_out && event.actor != Actor::person;
  if (asked_again || event.actor == Actor::provider) return {RaiseAnswer::kept_opted_out, scope};
  // The objectors stay: they are cleared by what is confirmed, not by what is asked for.
  ScopeState next{.said = Said::pending, .objectors = scope.objectors, .valid_until = {}, .event = event.id};
  return {RaiseAnswer::raises, next};
}

/// The rules of raising, once, for fold() and answer_raise().
Raise raise(const Standing& standing, const ScopeState& scope, const ConsentEvent& event) {
  const bool before_removal = standing.removed_at && effective_time(event) <= *standing.removed_at;
  if (standing.erased) {
    const bool confirmed =
        event.action == Action::opt_in && event.actor == Actor::person && event.channel == Channel::confirm;
    if (!confirmed || before_removal) return {RaiseAnswer::kept_erased, scope};
  }
  const Raise answer =
      event.action == Action::opt_in ? answer_opt_in(standing, scope, event) : answer_pending(scope, event);
  if (answer.answer == RaiseAnswer::raises && before_removal && scope.said == Said::nothing) {
    return {RaiseAnswer::kept_removed, scope};
  }
  return answer;
}

/// What a removal leaves of a scope.
void end_opt_in(ScopeState& scope, const EventId& removal) {
  if (scope.said != Said::opt_in && scope.said != Said::pending) return;
  if (scope.objectors.empty()) {
    scope = {};
  } else {
    scope = {.said = Said::opt_out, .objectors = scope.objectors, .valid_until = {}, .event = removal};
  }
}

void lower(ScopeState& scope, const ConsentEvent& event) {
  // Behind an opt-out stands the event that began it, or else the first by which the person joined it.
  const bool persons_first = event.actor == Actor::person && !scope.objectors.has(Actor::person);
  if (scope.said != Said::opt_out || persons_first) scope.event = event.id;
  scope.said = Said::opt_out;
  scope.objectors.add(event.actor);
  scope.valid_until.reset();
  scope.by_override = false;
}

constexpr std::array suppression_reasons{SuppressionReason::complaint, SuppressionReason::bounce,
                                         SuppressionReason::manual};

/// The state while events are applied one by one, in order.
class Folding {
 public:
  explicit Folding(std::pmr::memory_resource* memory) : choices_(memory) {}

  void apply(const ConsentEvent& event, Time time) {
    standing_.last_event = time;
    switch (event.action) {
      case Action::pending:
      case Action::opt_in: apply_raise(event); break;
      case Action::opt_out: lower(scope(event.topic), event); break;
      case Action::removed: remove(event, time); break;
      case Action::erased:
        remove(event, time);
        if (!standing_.erased) erased_by_ = event.id;
        standing_.erased = true;
        break;
      case Action::suppressed: suppress(event); break;
      case Action::unsuppressed: unsuppress(event); break;
    }
  }

  Permission finish() {
    if (standing_.erased) {
      standing_.blocked_by = erased_by_;
    } else {
      const auto first = std::ranges::find_if(suppression_reasons, [&](auto r) { return standing_.suppressed(r); });
      if (first != suppression_reasons.end()) standing_.blocked_by = suppressed_by_[index(*first)];
    }
    std::erase_if(choices_, [](const Choice& choice) { return choice.state == ScopeState{}; });
    return {standing_, {choices_.begin(), choices_.end()}};
  }

 private:
  static std::size_t index(SuppressionReason reason) { return static_cast<std::size_t>(reason) & 3U; }

  ScopeState& scope(TopicNumber topic) {
    if (topic == everything_scope) return standing_.everything;
    auto place = std::ranges::lower_bound(choices_, topic, {}, &Choice::topic);
    if (place == choices_.end() || place->topic != topic) place = choices_.insert(place, Choice{topic, {}});
    return place->state;
  }

  void apply_raise(const ConsentEvent& event) {
    ScopeState& state = scope(event.topic);
    Raise answer = raise(standing_, state, event);
    if (answer.answer != RaiseAnswer::raises) return;
    state = answer.state;
    standing_.erased = false;  // a raise that passed has lifted it
  }

  void remove(const ConsentEvent& event, Time time) {
    end_opt_in(standing_.everything, event.id);
    for (Choice& choice : choices_) end_opt_in(choice.state, event.id);
    standing_.removed_at = time;
  }

  void suppress(const ConsentEvent& event) {
    const SuppressionReason reason = event.suppression.value_or(SuppressionReason::manual);
    if (!standing_.suppressed(reason)) suppressed_by_[index(reason)] = event.id;
    standing_.suppressions |= static_cast<std::uint8_t>(1U << index(reason));
  }

  void unsuppress(const ConsentEvent& event) {
    const unsigned lifted = event.suppression ? 1U << index(*event.suppression) : 0xFFU;
    standing_.suppressions &= static_cast<std::uint8_t>(~lifted);
  }

  Standing standing_;
  std::pmr::vector<Choice> choices_;  // ordered by topic
  EventId erased_by_;
  std::array<EventId, 4> suppressed_by_;
};

auto content(const ConsentEvent& e) {
  const Evidence& proof = e.evidence;
  return std::tie(e.recorded_at, e.at, e.action, e.topic, e.actor, e.channel, e.contact, e.valid_until, e.suppression,
                  e.reason, e.clamped, e.basis, e.source, proof.text_hash, proof.form, proof.ip, proof.user_agent,
                  proof.locale, proof.note, proof.text);
}

struct Step {
  Time time;
  const ConsentEvent* event;
};

}  // namespace

Permission fold(std::span<const ConsentEvent> events) {
  std::array<std::byte, 2048> buffer;  // histories are short: beyond some thirty events the heap takes over
  std::pmr::monotonic_buffer_resource memory(buffer.data(), buffer.size());
  std::pmr::vector<Step> steps(&memory);
  steps.reserve(events.size());
  for (const ConsentEvent& event : events) steps.push_back({effective_time(event), &event});

  // Two contents under one id: the one recorded first holds, then any order that does not depend on arrival.
  std::ranges::sort(steps, [](const Step& a, const Step& b) {
    const auto order = a.event->id <=> b.event->id;
    return order != 0 ? order < 0 : content(*a.event) < content(*b.event);
  });
  // Not std::ranges::unique: clang 14 cannot read its result with the library of GCC 12.
  const auto same = [](const Step& a, const Step& b) { return a.event->id == b.event->id; };
  steps.erase(std::unique(steps.begin(), steps.end(), same), steps.end());

  std::ranges::sort(steps, [](const Step& a, const Step& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.event->action != b.event->action) return a.event->action < b.event->action;
    return a.event->id < b.event->id;
  });

  Folding folding(&memory);
  for (const Step& step : steps) folding.apply(*step.event, step.time);
  return folding.finish();
}

RaiseAnswer answer_raise(const Permission& now, const ConsentEvent& event) {
  return raise(now.standing, scope_of(now, event.topic), event).answer;
}

RaiseAnswer answer_raise(std::span<const ConsentEvent> others, const ConsentEvent& event) {
  const Permission before = fold(others);
  std::vector<ConsentEvent> all(others.begin(), others.end());
  all.push_back(event);
  const Permission after = fold(all);
  const ScopeState& was = scope_of(before, event.topic);
  const ScopeState& is = scope_of(after, event.topic);
  const Said asked = event.action == Action::opt_in ? Said::opt_in : Said::pending;
  if (is.said == asked && is != was) return RaiseAnswer::raises;
  const RaiseAnswer answer = answer_raise(before, event);
  if (answer != RaiseAnswer::raises) return answer;
  if (was.said == asked) return RaiseAnswer::no_change;
  // As things stand it would, but it came before what stands now.
  return was.said == Said::nothing ? RaiseAnswer::kept_removed : RaiseAnswer::kept_opted_out;
}

}  // namespace mailroll
