/// Statements on the table standings: what holds for a contact id as a whole. On engines with several writers its row is what
/// is locked, also where nothing was said yet: such a row has said = -1, and is none to whoever reads.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_standings =
    R"sql(SELECT contact_id, said, objectors, valid_until, by_override, event_id, erased, suppressions, blocked_by,
            last_event, removed_at
          FROM standings WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last AND said >= 0
          ORDER BY contact_id)sql";

// Session::people_columns().
inline constexpr std::string_view select_standings_to_decide =
    R"sql(SELECT contact_id, said, valid_until, by_override, erased, suppressions FROM standings
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last AND said >= 0
          ORDER BY contact_id)sql";

// Session::write(), for contacts that are known to be new; also the row that lock() would make, so that it clashes with what
// somebody else writes about them meanwhile.
inline constexpr Statement insert_standing(
    R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, valid_until, by_override, event_id, erased,
            suppressions, blocked_by, last_event, removed_at)
          VALUES (:team_id, :contact_id, :said, :objectors, :valid_until, :by_override, :event_id, :erased,
            :suppressions, :blocked_by, :last_event, :removed_at))sql",
    {.postgresql =
         R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, valid_until, by_override, event_id, erased,
            suppressions, blocked_by, last_event, removed_at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :said::smallint[], :objectors::smallint[],
            :valid_until::bigint[], :by_override::smallint[], :event_id::uuid[], :erased::smallint[], :suppressions::smallint[],
            :blocked_by::uuid[], :last_event::bigint[], :removed_at::bigint[]) u)sql"});

// Session::write().
inline constexpr Statement upsert_standing(
    R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, valid_until, by_override, event_id, erased,
            suppressions, blocked_by, last_event, removed_at)
          VALUES (:team_id, :contact_id, :said, :objectors, :valid_until, :by_override, :event_id, :erased,
            :suppressions, :blocked_by, :last_event, :removed_at)
          ON CONFLICT (team_id, contact_id) DO UPDATE SET said = excluded.said, objectors = excluded.objectors,
            valid_until = excluded.valid_until, by_override = excluded.by_override, event_id = excluded.event_id,
            erased = excluded.erased, suppressions = excluded.suppressions, blocked_by = excluded.blocked_by,
            last_event = excluded.last_event, removed_at = excluded.removed_at)sql",
    {.postgresql =
         R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, valid_until, by_override, event_id, erased,
            suppressions, blocked_by, last_event, removed_at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :said::smallint[], :objectors::smallint[],
            :valid_until::bigint[], :by_override::smallint[], :event_id::uuid[], :erased::smallint[], :suppressions::smallint[],
            :blocked_by::uuid[], :last_event::bigint[], :removed_at::bigint[]) u
          ON CONFLICT (team_id, contact_id) DO UPDATE SET said = excluded.said, objectors = excluded.objectors,
            valid_until = excluded.valid_until, by_override = excluded.by_override, event_id = excluded.event_id,
            erased = excluded.erased, suppressions = excluded.suppressions, blocked_by = excluded.blocked_by,
            last_event = excluded.last_event, removed_at = excluded.removed_at)sql"});

// Session::write(), where every row of an id goes.
inline constexpr Statement drop_standing(
    R"sql(DELETE FROM standings WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM standings WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

// Session::lock(), on engines with several writers: one statement that finds the row or makes it, and locks it either way.
// The update never holds; whoever would make it has the lock.
inline constexpr Statement lock_standings(
    "",
    {.postgresql = R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, by_override, erased, suppressions)
          SELECT :team_id::int, u.contact_id, -1, 0, 0, 0, 0 FROM unnest(:contact_id::uuid[]) u (contact_id)
          ON CONFLICT (team_id, contact_id) DO UPDATE SET said = excluded.said WHERE false)sql",
     .mysql = R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, by_override, erased, suppressions)
          VALUES (:team_id, :contact_id, -1, 0, 0, 0, 0) ON DUPLICATE KEY UPDATE said = said)sql"});

// Session::expiring().
inline constexpr std::string_view select_expiring_standings =
    R"sql(SELECT contact_id, valid_until FROM standings
          WHERE team_id = :team_id AND contact_id >= {id :contact_id} AND said = 1 AND valid_until < :until
          ORDER BY contact_id LIMIT :limit)sql";

}  // namespace mailroll::detail::sql
