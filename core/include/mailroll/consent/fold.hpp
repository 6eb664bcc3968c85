/// The rules of permission: what a set of events amounts to, and which raise they allow.
#pragma once

#include <span>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/consent/standing.hpp"
#include "mailroll/export.hpp"

namespace mailroll {

/// Folds the set of one contact's events (domain rules, part 2). Order, repetition and grouping of `events` do not
/// matter: they are sorted by effective time, then action, then id, and applied one by one; repeated ids count once; a
/// raise that the rules forbid changes nothing. Pure.
MAILROLL_EXPORT Permission fold(std::span<const ConsentEvent> events);

/// Would this opt_in or pending change anything or be forbidden, as things stand?
enum class RaiseAnswer {
  raises,     ///< the rules allow it, and it changes the state
  no_change,  ///< already so
  /// An objector, or the person's opt-out from everything, forbids it ("person_opted_out" where it is the person); also
  /// where the provider asks, who never raises.
  kept_opted_out,
  kept_pending,  ///< only the person confirms what is pending
  kept_removed,  ///< an undated import does not revive what a removal ended
  kept_erased,   ///< only the person's confirmed double opt-in lifts an erasure
};

/// The table of who may raise what (domain rules, part 2). `event` is an opt_in or pending; its reason, if any,
/// makes it an operator's override. Agrees with fold() for an event later than all of the contact's others:
/// `raises` where the fold with it differs in its scope, else the fold with it is the fold without it, save for
/// last_event. Pure.
MAILROLL_EXPORT RaiseAnswer answer_raise(const Permission& now, const ConsentEvent& event);

/// The same for an event that may have happened before others of the contact's: `raises` only where the fold of all of
/// them stands opted in (or pending) by it; kept_opted_out also where an opt-out that came after it stands, and
/// kept_removed where a removal did. Pure.
MAILROLL_EXPORT RaiseAnswer answer_raise(std::span<const ConsentEvent> others, const ConsentEvent& event);

}  // namespace mailroll
