/// Statements on the table segments: the definitions; members are in memberships.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::segments().
inline constexpr std::string_view select_segments =
    R"sql(SELECT number, id, name, created_at, updated_at, filter, materialised_at,
            materialised_to FROM segments WHERE team_id = :team_id
          ORDER BY number)sql";

// Session::put_segment().
inline constexpr std::string_view upsert_segment =
    R"sql(INSERT INTO segments (team_id, number, id, name, created_at, updated_at, filter, materialised_at,
            materialised_to)
          VALUES (:team_id, :number, {id :id}, :name, :created_at, :updated_at, :filter, :materialised_at, :materialised_to)
          ON CONFLICT (team_id, number) DO UPDATE SET id = excluded.id, name = excluded.name,
            created_at = excluded.created_at, updated_at = excluded.updated_at, filter = excluded.filter,
            materialised_at = excluded.materialised_at, materialised_to = excluded.materialised_to)sql";

// Session::remove_segment().
inline constexpr std::string_view delete_segment =
    R"sql(DELETE FROM segments WHERE team_id = :team_id AND number = :number)sql";

}  // namespace mailroll::detail::sql
