/// One person under two ids: how what is held under an old id comes to the id that their address has now.
#pragma once

#include <cstdint>

#include "mailroll/store/person.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// The key and Unicode version under which the new id was computed.
struct NewId {
  ContactId id;
  std::int32_t hash_key = 1;
  std::int32_t key_version = 0;
};

/// Whether a person with all parts has anything at all.
bool holds_anything(const Person& person);

/// What there is under `to.id` once `from`, the same person under an older id, has come there: everything of both, and the
/// old id as an alias. The permission is the fold of all events. At most one of the two has a profile; of both, all parts
/// are read. A mail that either has had of a broadcast is not sent again; one that is on its way to either is on its way
/// still, whatever the two together say of it.
Person joined(const Person& from, const Person& to, const NewId& now);

/// Adds to `changes` what makes `after` out of `to`, which is stored under the same id. Profile, memberships, suppressions,
/// soft bounces and leases of `after` are at least those of `to`.
void add_arrival(ChangeSet& changes, const Person& to, const Person& after);

/// Adds to `changes` the move of `from` to the new id, where `to` is held; nothing stays under the old one. Contacts that
/// had the old id as an alias, because its person had moved on to them, have the new one as well: whatever id is asked for
/// leads to whom it led before. Mail on its way is withdrawn where the two together say otherwise than `from` alone. Answers
/// what there is under the new id then, as joined() does.
Person add_move(Session& session, TeamNumber team, const Person& from, const Person& to, const NewId& now,
                ChangeSet& changes);

/// Lets every hand-off that is on its way go through its segment once more: somebody who was ahead of it may have been
/// moved behind it. (Whoever has had the mail bears a lease that tells.)
void walk_again(Session& session, TeamNumber team);

}  // namespace mailroll::detail
