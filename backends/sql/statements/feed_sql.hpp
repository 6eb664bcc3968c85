/// Statements on the tables outbox and feed: what lowered permission, on its way and at its place.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::write().
inline constexpr Statement upsert_outbox(
    R"sql(INSERT INTO outbox (team_id, contact_id, event_id, recorded_at)
          VALUES (:team_id, :contact_id, :event_id, :recorded_at)
          ON CONFLICT (team_id, contact_id, event_id) DO NOTHING)sql",
    {.postgresql = R"sql(INSERT INTO outbox (team_id, contact_id, event_id, recorded_at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :event_id::uuid[], :recorded_at::bigint[]) u
          ON CONFLICT (team_id, contact_id, event_id) DO NOTHING)sql"});

// Session::publish(), all.
inline constexpr std::string_view select_outbox =
    R"sql(SELECT contact_id, event_id FROM outbox WHERE team_id = :team_id
          ORDER BY recorded_at, contact_id, event_id LIMIT :limit)sql";
inline constexpr std::string_view select_last_position =
    R"sql(SELECT position FROM feed WHERE team_id = :team_id ORDER BY position DESC LIMIT 1)sql";
inline constexpr Statement insert_feed(
    R"sql(INSERT INTO feed (team_id, position, contact_id, event_id)
          VALUES (:team_id, :position, :contact_id, :event_id))sql",
    {.postgresql = R"sql(INSERT INTO feed (team_id, position, contact_id, event_id)
          SELECT :team_id::int, u.* FROM unnest(:position::bigint[], :contact_id::uuid[], :event_id::uuid[]) u)sql"});
inline constexpr Statement delete_outbox(
    R"sql(DELETE FROM outbox WHERE team_id = :team_id AND contact_id = :contact_id
            AND event_id = :event_id)sql",
    {.postgresql = R"sql(DELETE FROM outbox WHERE team_id = :team_id
            AND (contact_id, event_id) IN (SELECT * FROM unnest(:contact_id::uuid[], :event_id::uuid[])))sql"});

// Session::outbox().
inline constexpr std::string_view select_outbox_after =
    R"sql(SELECT contact_id, event_id, recorded_at FROM outbox
          WHERE team_id = :team_id AND (recorded_at, contact_id, event_id) >
                (:recorded_at, :contact_id, :event_id)
          ORDER BY recorded_at, contact_id, event_id LIMIT :limit)sql";

// Session::feed().
inline constexpr std::string_view select_feed =
    R"sql(SELECT position, contact_id, event_id FROM feed WHERE team_id = :team_id AND position > :after
          ORDER BY position LIMIT :limit)sql";

}  // namespace mailroll::detail::sql
