/// Statements on the tables outbox and feed: what lowered permission, on its way and at its place.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::write().
inline constexpr std::string_view upsert_outbox =
    R"sql(INSERT INTO outbox (team_id, contact_id, event_id, recorded_at)
          VALUES (:team_id, :contact_id, :event_id, :recorded_at)
          ON CONFLICT (team_id, contact_id, event_id) DO NOTHING)sql";

// Session::publish(), all.
inline constexpr std::string_view select_outbox =
    R"sql(SELECT contact_id, event_id FROM outbox WHERE team_id = :team_id
          ORDER BY recorded_at, contact_id, event_id LIMIT :limit)sql";
inline constexpr std::string_view select_last_position =
    R"sql(SELECT position FROM feed WHERE team_id = :team_id ORDER BY position DESC LIMIT 1)sql";
inline constexpr std::string_view insert_feed =
    R"sql(INSERT INTO feed (team_id, position, contact_id, event_id)
          VALUES (:team_id, :position, cast(:contact_id AS blob), cast(:event_id AS blob)))sql";
inline constexpr std::string_view delete_outbox =
    R"sql(DELETE FROM outbox WHERE team_id = :team_id AND contact_id = cast(:contact_id AS blob)
            AND event_id = cast(:event_id AS blob))sql";

// Session::feed().
inline constexpr std::string_view select_feed =
    R"sql(SELECT position, contact_id, event_id FROM feed WHERE team_id = :team_id AND position > :after
          ORDER BY position LIMIT :limit)sql";

}  // namespace mailroll::detail::sql
