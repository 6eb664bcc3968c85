#include "roll/suppress.hpp"

#include <algorithm>

#include "roll/lookup.hpp"

namespace mailroll::detail {

namespace {

/// Who complains has also left, and for good: lifting the suppression later must not bring mail back.
bool must_leave(const Permission& permission) {
  const ScopeState& everything = permission.standing.everything;
  return everything.said != Said::opt_out || !everything.objectors.has(Actor::person);
}

std::vector<ConsentEvent> events_of(const RollState& roll, const Person& before, const SuppressionRequest& request,
                                    bool stood) {
  ConsentEvent event =
      live_event(roll, before.id, everything_scope, Action::suppressed, before.permission.standing, request.at);
  event.suppression = request.reason;
  event.actor = request.actor;
  event.channel = request.channel;
  event.evidence.note = request.note;
  std::vector<ConsentEvent> events;
  if (!stood) events.push_back(event);
  if (request.reason == SuppressionReason::complaint && (!stood || must_leave(before.permission))) {
    ConsentEvent left = event;
    left.id = EventId(make_uuid_v7(left.recorded_at));
    left.action = Action::opt_out;
    left.actor = Actor::person;
    left.channel = Channel::complaint;
    left.suppression.reset();
    events.push_back(left);
  }
  return events;
}

}  // namespace

SuppressionRequest suppression_request(const RollState& roll, SuppressionReason reason) {
  switch (reason) {
    case SuppressionReason::complaint:
      return {.reason = reason, .actor = Actor::provider, .channel = Channel::complaint};
    case SuppressionReason::bounce: return {.reason = reason, .actor = Actor::provider, .channel = Channel::bounce};
    case SuppressionReason::manual: break;
  }
  return {.reason = reason, .actor = roll.actor, .channel = roll.channel()};
}

SuppressionAnswer suppress(RollState& roll, Session& session, const Person& before, const EmailAddress& address,
                           const SuppressionRequest& request) {
  SuppressionAnswer answer;
  const auto known = std::ranges::find(before.suppressions, request.reason, &Suppression::reason);
  const bool stood = known != before.suppressions.end() && before.permission.standing.suppressed(request.reason);
  if (stood) answer.stands = *known;
  const std::vector<ConsentEvent> events = events_of(roll, before, request, stood);
  if (events.empty()) return answer;

  answer.changed = true;
  const Permission after = append_events(roll, session, before.id, events, before);
  ChangeSet changes;
  if (request.reason == SuppressionReason::bounce) changes.cleared_soft_bounces.push_back(before.id);
  if (!stood && after.standing.suppressed(request.reason)) {
    answer.stands = Suppression{
        .contact = before.id, .reason = request.reason, .email = address.delivery(), .at = *events.front().at};
    if (after.standing.erased) answer.stands->email.clear();
    changes.suppressions.push_back(*answer.stands);
  }
  session.write(roll.team.number, changes);
  return answer;
}

SuppressionAnswer suppress(RollState& roll, Session& session, const EmailAddress& address,
                           const SuppressionRequest& request) {
  std::optional<SuppressionAnswer> first;
  for (const Person& before : lock_people(roll, session, Who(address.delivery()), suppressed_parts)) {
    SuppressionAnswer answer = suppress(roll, session, before, address, request);
    if (!first) {
      first = std::move(answer);
    } else {
      first->changed = first->changed || answer.changed;
    }
  }
  return first.value();
}

}  // namespace mailroll::detail
