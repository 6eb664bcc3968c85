/// Statements on the tables changes and change_bounds: what changed about people, and which positions were given.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::write(). Waits for its position anew: the column left out is NULL, also in what is excluded. Of two ranges that begin
// alike the longer one stays.
inline constexpr Statement upsert_change(
    R"sql(INSERT INTO changes (team_id, contact_id, kind, number, present, last_contact, said, valid_until, by_override,
            erased, suppressions)
          VALUES (:team_id, :contact_id, :kind, :number, :present, :last_contact, :said, :valid_until, :by_override,
            :erased, :suppressions)
          ON CONFLICT (team_id, contact_id, kind, number) DO UPDATE SET position = excluded.position,
            present = excluded.present, last_contact = CASE WHEN changes.last_contact > excluded.last_contact
              THEN changes.last_contact ELSE excluded.last_contact END,
            said = excluded.said, valid_until = excluded.valid_until, by_override = excluded.by_override,
            erased = excluded.erased, suppressions = excluded.suppressions)sql",
    {.postgresql =
         R"sql(INSERT INTO changes (team_id, contact_id, kind, number, present, last_contact, said, valid_until, by_override,
            erased, suppressions)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :kind::smallint[], :number::int[], :present::smallint[],
            :last_contact::uuid[], :said::smallint[], :valid_until::bigint[], :by_override::smallint[], :erased::smallint[],
            :suppressions::smallint[]) u
          ON CONFLICT (team_id, contact_id, kind, number) DO UPDATE SET position = excluded.position,
            present = excluded.present, last_contact = CASE WHEN changes.last_contact > excluded.last_contact
              THEN changes.last_contact ELSE excluded.last_contact END,
            said = excluded.said, valid_until = excluded.valid_until, by_override = excluded.by_override,
            erased = excluded.erased, suppressions = excluded.suppressions)sql"});

// Session::write(): what was logged of somebody who is to be read again, by the kinds that are about them alone.
inline constexpr Statement drop_changes(
    R"sql(DELETE FROM changes WHERE team_id = :team_id AND contact_id = :contact_id AND kind = :kind)sql",
    {.postgresql = R"sql(DELETE FROM changes WHERE team_id = :team_id
            AND (contact_id, kind) IN (SELECT * FROM unnest(:contact_id::uuid[], :kind::smallint[])))sql"});

// Session::change_bounds(), publish_changes(), forget_changes().
inline constexpr std::string_view select_change_bounds =
    R"sql(SELECT forgotten, newest FROM change_bounds WHERE team_id = :team_id)sql";
inline constexpr Statement upsert_change_bounds(
    R"sql(INSERT INTO change_bounds (team_id, forgotten, newest) VALUES (:team_id, :forgotten, :newest)
          ON CONFLICT (team_id) DO UPDATE SET forgotten = excluded.forgotten, newest = excluded.newest)sql",
    {.postgresql = R"sql(INSERT INTO change_bounds (team_id, forgotten, newest)
          SELECT :team_id::int, u.* FROM unnest(:forgotten::bigint[], :newest::bigint[]) u
          ON CONFLICT (team_id) DO UPDATE SET forgotten = excluded.forgotten, newest = excluded.newest)sql"});

// Session::publish_changes(), both. Without locking: whoever writes a change for the first time holds nobody up. One that is
// written again meanwhile is waited for, and published as it then is; one that goes meanwhile is not there to be placed.
inline constexpr std::string_view select_waiting_changes =
    R"sql(SELECT contact_id, kind, number FROM changes WHERE team_id = :team_id AND position IS NULL
          ORDER BY position, contact_id, kind, number LIMIT :limit)sql";
inline constexpr Statement place_change(
    R"sql(UPDATE changes SET position = :position
          WHERE team_id = :team_id AND contact_id = :contact_id AND kind = :kind AND number = :number)sql",
    {.postgresql = R"sql(UPDATE changes c SET position = u.position
          FROM unnest(:position::bigint[], :contact_id::uuid[], :kind::smallint[], :number::int[])
            u (position, contact_id, kind, number)
          WHERE c.team_id = :team_id AND c.contact_id = u.contact_id AND c.kind = u.kind AND c.number = u.number)sql"});

// Session::changes().
inline constexpr std::string_view select_changes =
    R"sql(SELECT position, contact_id, kind, number, present, last_contact, said, valid_until, by_override, erased,
            suppressions
          FROM changes WHERE team_id = :team_id AND position > :after ORDER BY position LIMIT :limit)sql";

// Session::forget_changes(), both. One that is written again meanwhile has no position any more, and stays.
inline constexpr std::string_view select_oldest_positions =
    R"sql(SELECT position FROM changes WHERE team_id = :team_id AND position <= :up_to ORDER BY position LIMIT :limit)sql";
inline constexpr Statement delete_oldest_changes(
    R"sql(DELETE FROM changes WHERE team_id = :team_id AND position <= :up_to)sql");

}  // namespace mailroll::detail::sql
