/// Statements on the table topics: the definitions; what people chose is in choices.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::topics().
inline constexpr std::string_view select_topics =
    R"sql(SELECT number, id, name, description, default_subscription, visibility, basis, created_at, updated_at
          FROM topics WHERE team_id = :team_id ORDER BY number)sql";

// Session::put_topic().
inline constexpr std::string_view upsert_topic =
    R"sql(INSERT INTO topics (team_id, number, id, name, description, default_subscription, visibility, basis,
            created_at, updated_at)
          VALUES (:team_id, :number, {id :id}, :name, :description, :default_subscription, :visibility,
            :basis, :created_at, :updated_at)
          ON CONFLICT (team_id, number) DO UPDATE SET id = excluded.id, name = excluded.name,
            description = excluded.description, default_subscription = excluded.default_subscription,
            visibility = excluded.visibility, basis = excluded.basis,
            created_at = excluded.created_at, updated_at = excluded.updated_at)sql";

// Session::remove_topic().
inline constexpr std::string_view delete_topic =
    R"sql(DELETE FROM topics WHERE team_id = :team_id AND number = :number)sql";

}  // namespace mailroll::detail::sql
