/// Statements on the table broadcasts: mailings whose people are handed to a mailer.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::broadcasts().
inline constexpr std::string_view select_broadcasts =
    R"sql(SELECT number, name, segment, topic, position, found, created_at, expression FROM broadcasts
          WHERE team_id = :team_id ORDER BY number)sql";

// Session::put_broadcast().
inline constexpr std::string_view upsert_broadcast =
    R"sql(INSERT INTO broadcasts (team_id, number, name, segment, topic, position, found, created_at, expression)
          VALUES (:team_id, :number, :name, :segment, :topic, {id :position}, :found, :created_at, :expression)
          ON CONFLICT (team_id, number) DO UPDATE SET name = excluded.name, segment = excluded.segment,
            topic = excluded.topic, position = excluded.position, found = excluded.found, created_at = excluded.created_at,
            expression = excluded.expression)sql";

}  // namespace mailroll::detail::sql
