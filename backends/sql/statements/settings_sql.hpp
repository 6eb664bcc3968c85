/// Statements on the table settings: what a team has set.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::settings().
inline constexpr std::string_view select_settings =
    R"sql(SELECT name, value FROM settings WHERE team_id = :team_id ORDER BY name)sql";

// Session::put_setting(), both.
inline constexpr std::string_view upsert_setting =
    R"sql(INSERT INTO settings (team_id, name, value) VALUES (:team_id, :name, :value)
          ON CONFLICT (team_id, name) DO UPDATE SET value = excluded.value)sql";
inline constexpr std::string_view delete_setting =
    R"sql(DELETE FROM settings WHERE team_id = :team_id AND name = :name)sql";

}  // namespace mailroll::detail::sql
