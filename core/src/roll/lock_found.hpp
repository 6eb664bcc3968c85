/// Looking for people who are to be changed, where others may bring them elsewhere at the same time.
#pragma once

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "mailroll/ids.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// What `find()` finds when everybody in it, of whom `ids_of(found)` is the set, is locked. Whoever held a lock before may have
/// brought them to yet another id: so it looks again behind the locks, until it finds nobody who was not `locked`. For a
/// write transaction.
template <typename Find, typename IdsOf>
auto lock_found(Session& session, TeamNumber team, std::set<ContactId> locked, const Find& find, const IdsOf& ids_of) {
  for (;;) {
    auto found = find();
    std::set<ContactId> ids = ids_of(std::as_const(found));
    if (std::ranges::includes(locked, ids)) return found;
    session.lock_all(team, std::vector(ids.begin(), ids.end()));
    locked.merge(ids);
  }
}

}  // namespace mailroll::detail
