/// What to write where the permission of one contact id has become another.
#pragma once

#include "mailroll/consent/event.hpp"
#include "mailroll/consent/standing.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/store/person.hpp"

namespace mailroll::detail {

/// Adds a new event to `changes`, and to the outbox where it lowers: what is on its way to the feed is written with it.
void add_event(ChangeSet& changes, ConsentEvent event);

/// Adds to `changes` the standing and the choices in which `after` differs from `before`; nothing where they are equal.
void add_permission_change(ChangeSet& changes, const ContactId& contact, const Permission& before,
                           const Permission& after);

}  // namespace mailroll::detail
