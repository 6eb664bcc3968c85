/// Statements on the table standings: what holds for a contact id as a whole.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_standings =
    R"sql(SELECT contact_id, said, objectors, valid_until, by_override, event_id, erased, suppressions, blocked_by,
            last_event, removed_at
          FROM standings WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr std::string_view insert_standing =
    R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, valid_until, by_override, event_id, erased,
            suppressions, blocked_by, last_event, removed_at)
          VALUES (:team_id, :contact_id, :said, :objectors, :valid_until, :by_override, :event_id, :erased,
            :suppressions, :blocked_by, :last_event, :removed_at))sql";

// Session::write().
inline constexpr std::string_view upsert_standing =
    R"sql(INSERT INTO standings (team_id, contact_id, said, objectors, valid_until, by_override, event_id, erased,
            suppressions, blocked_by, last_event, removed_at)
          VALUES (:team_id, :contact_id, :said, :objectors, :valid_until, :by_override, :event_id, :erased,
            :suppressions, :blocked_by, :last_event, :removed_at)
          ON CONFLICT (team_id, contact_id) DO UPDATE SET said = excluded.said, objectors = excluded.objectors,
            valid_until = excluded.valid_until, by_override = excluded.by_override, event_id = excluded.event_id,
            erased = excluded.erased, suppressions = excluded.suppressions, blocked_by = excluded.blocked_by,
            last_event = excluded.last_event, removed_at = excluded.removed_at)sql";

// Session::write(), where every row of an id goes.
inline constexpr std::string_view drop_standing =
    R"sql(DELETE FROM standings WHERE team_id = :team_id AND contact_id = :contact_id)sql";

// Session::expiring().
inline constexpr std::string_view select_expiring_standings =
    R"sql(SELECT contact_id, valid_until FROM standings
          WHERE team_id = :team_id AND contact_id >= cast(:contact_id AS blob) AND said = 1 AND valid_until < :until
          ORDER BY contact_id LIMIT :limit)sql";

}  // namespace mailroll::detail::sql
