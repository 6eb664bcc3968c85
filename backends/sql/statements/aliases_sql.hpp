/// Statements on the table aliases: other ids of a contact.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_aliases =
    R"sql(SELECT contact_id, alias FROM aliases
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, alias)sql";

// Session::find_alias().
inline constexpr std::string_view select_bearers =
    R"sql(SELECT contact_id FROM aliases WHERE team_id = :team_id AND alias = :alias ORDER BY contact_id)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr std::string_view insert_alias =
    R"sql(INSERT INTO aliases (team_id, contact_id, alias) VALUES (:team_id, :contact_id, :alias))sql";

// Session::write().
inline constexpr std::string_view upsert_alias =
    R"sql(INSERT INTO aliases (team_id, contact_id, alias) VALUES (:team_id, :contact_id, :alias)
          ON CONFLICT (team_id, contact_id, alias) DO NOTHING)sql";

// Session::write(), where every row of an id goes.
inline constexpr std::string_view drop_aliases =
    R"sql(DELETE FROM aliases WHERE team_id = :team_id AND contact_id = :contact_id)sql";

// Session::write().
inline constexpr std::string_view delete_alias =
    R"sql(DELETE FROM aliases WHERE team_id = :team_id AND contact_id = :contact_id AND alias = :alias)sql";

}  // namespace mailroll::detail::sql
