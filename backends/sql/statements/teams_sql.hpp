/// Statements on the table teams: the owners of everything.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::teams(), and add_team() for the names and numbers that are taken.
inline constexpr std::string_view select_teams =
    R"sql(SELECT team_id, id, name, created_at FROM teams ORDER BY team_id)sql";

// Session::add_team().
inline constexpr std::string_view insert_team =
    R"sql(INSERT INTO teams (team_id, id, name, next_number, created_at)
          VALUES (:team_id, {id :id}, :name, 1, :created_at))sql";

// Session::take_numbers(), both. The update holds only where nobody took numbers in between.
inline constexpr std::string_view select_next_number =
    R"sql(SELECT next_number FROM teams WHERE team_id = :team_id)sql";
inline constexpr std::string_view update_next_number =
    R"sql(UPDATE teams SET next_number = :next WHERE team_id = :team_id AND next_number = :first)sql";

}  // namespace mailroll::detail::sql
