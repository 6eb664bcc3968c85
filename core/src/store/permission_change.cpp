#include "store/permission_change.hpp"

#include <utility>

namespace mailroll::detail {

void add_event(ChangeSet& changes, ConsentEvent event) {
  if (lowers(event.action)) changes.outbox.push_back({event.contact, event.id, event.recorded_at});
  changes.events.push_back(std::move(event));
}

void add_permission_change(ChangeSet& changes, const ContactId& contact, const Permission& before,
                           const Permission& after) {
  if (before.standing != after.standing) changes.standings.push_back({contact, after.standing});
  for (const Choice& choice : after.choices) {
    if (before.choice(choice.topic) != choice.state) changes.choices.push_back({contact, choice});
  }
  for (const Choice& choice : before.choices) {
    if (after.choice(choice.topic) == ScopeState{}) changes.choices.push_back({contact, {choice.topic, ScopeState{}}});
  }
}

}  // namespace mailroll::detail
