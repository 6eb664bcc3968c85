/// Statements on the table choices: what a contact said about a topic.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_choices =
    R"sql(SELECT contact_id, topic, said, objectors, valid_until, by_override, event_id FROM choices
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, topic)sql";

// Session::people_columns().
inline constexpr std::string_view select_choices_to_decide =
    R"sql(SELECT contact_id, topic, said, valid_until, by_override FROM choices
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, topic)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr Statement insert_choice(
    R"sql(INSERT INTO choices (team_id, contact_id, topic, said, objectors, valid_until, by_override, event_id)
          VALUES (:team_id, :contact_id, :topic, :said, :objectors, :valid_until, :by_override, :event_id))sql",
    {.postgresql =
         R"sql(INSERT INTO choices (team_id, contact_id, topic, said, objectors, valid_until, by_override, event_id)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :topic::int[], :said::smallint[], :objectors::smallint[],
            :valid_until::bigint[], :by_override::smallint[], :event_id::uuid[]) u)sql"});

// Session::write().
inline constexpr Statement upsert_choice(
    R"sql(INSERT INTO choices (team_id, contact_id, topic, said, objectors, valid_until, by_override, event_id)
          VALUES (:team_id, :contact_id, :topic, :said, :objectors, :valid_until, :by_override, :event_id)
          ON CONFLICT (team_id, contact_id, topic) DO UPDATE SET said = excluded.said, objectors = excluded.objectors,
            valid_until = excluded.valid_until, by_override = excluded.by_override, event_id = excluded.event_id)sql",
    {.postgresql =
         R"sql(INSERT INTO choices (team_id, contact_id, topic, said, objectors, valid_until, by_override, event_id)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :topic::int[], :said::smallint[], :objectors::smallint[],
            :valid_until::bigint[], :by_override::smallint[], :event_id::uuid[]) u
          ON CONFLICT (team_id, contact_id, topic) DO UPDATE SET said = excluded.said, objectors =
            excluded.objectors, valid_until = excluded.valid_until, by_override = excluded.by_override, event_id =
            excluded.event_id)sql"});

// Session::write().
inline constexpr Statement delete_choice(
    R"sql(DELETE FROM choices WHERE team_id = :team_id AND contact_id = :contact_id AND topic = :topic)sql",
    {.postgresql = R"sql(DELETE FROM choices WHERE team_id = :team_id
            AND (contact_id, topic) IN (SELECT * FROM unnest(:contact_id::uuid[], :topic::int[])))sql"});

// Session::count_choices(): rare, so that it walks the team's choices rather than make every import keep an index by
// topic.
inline constexpr std::string_view count_choices =
    R"sql(SELECT count(*) FROM choices WHERE team_id = :team_id AND topic = :topic AND said = :said)sql";

// Session::write(), where every row of an id goes.
inline constexpr Statement drop_choices(
    R"sql(DELETE FROM choices WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql = R"sql(DELETE FROM choices WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

// Session::expiring(): a report, so that it walks the choices rather than make every import keep an index by time.
inline constexpr std::string_view select_expiring_choices =
    R"sql(SELECT contact_id, topic, valid_until FROM choices
          WHERE team_id = :team_id AND (contact_id, topic) > ({id :contact_id}, :topic) AND said = 1
            AND valid_until < :until
          ORDER BY contact_id, topic LIMIT :limit)sql";

}  // namespace mailroll::detail::sql
