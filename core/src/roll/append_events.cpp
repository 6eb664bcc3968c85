#include <algorithm>

#include "mailroll/consent/fold.hpp"
#include "roll/roll_state.hpp"
#include "store/lease_withdrawal.hpp"
#include "store/permission_change.hpp"

namespace mailroll::detail {

ConsentEvent live_event(const RollState& roll, const ContactId& contact, TopicNumber scope, Action action,
                        const Standing& standing, const std::optional<Time>& at) {
  const Time now = roll.clock();
  const bool earlier = at && *at < now;
  ConsentEvent event;
  event.contact = contact;
  event.topic = scope;
  event.action = action;
  event.actor = roll.actor;
  event.channel = roll.channel();
  event.recorded_at = now;
  // A clock that went back must not let an act of now disappear behind what was said before it.
  if (!earlier && standing.last_event) {
    event.recorded_at = std::max(now, *standing.last_event + std::chrono::microseconds(1));
  }
  event.at = earlier ? *at : event.recorded_at;
  event.clamped = at && *at > now;
  event.id = EventId(make_uuid_v7(event.recorded_at));
  return event;
}

Permission append_events(RollState& roll, Session& session, const ContactId& contact, std::vector<ConsentEvent> events,
                         const Person& before, const Parts& read) {
  std::vector<ConsentEvent> all = before.events;
  all.insert(all.end(), events.begin(), events.end());
  Permission after = fold(all);
  ChangeSet changes;
  for (ConsentEvent& event : events) add_event(changes, std::move(event));
  add_permission_change(changes, contact, before.permission, after);
  session.write(roll.team.number, changes);
  const bool in_hands =
      std::ranges::any_of(before.leases, [](const Lease& lease) { return lease.state == LeaseState::leased; });
  if (in_hands || !read.leases) withdraw_leases(session, roll.team.number, roll.clock(), changes.outbox);
  return after;
}

}  // namespace mailroll::detail
