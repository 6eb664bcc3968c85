/// Statements on the table aliases: other ids of a contact.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

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
inline constexpr Statement insert_alias(
    R"sql(INSERT INTO aliases (team_id, contact_id, alias) VALUES (:team_id, :contact_id, :alias))sql",
    {.postgresql = R"sql(INSERT INTO aliases (team_id, contact_id, alias)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :alias::text[]) u)sql"});

// Session::write().
inline constexpr Statement upsert_alias(
    R"sql(INSERT INTO aliases (team_id, contact_id, alias) VALUES (:team_id, :contact_id, :alias)
          ON CONFLICT (team_id, contact_id, alias) DO NOTHING)sql",
    {.postgresql = R"sql(INSERT INTO aliases (team_id, contact_id, alias)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :alias::text[]) u
          ON CONFLICT (team_id, contact_id, alias) DO NOTHING)sql"});

// Session::write(), where every row of an id goes.
inline constexpr Statement drop_aliases(
    R"sql(DELETE FROM aliases WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql = R"sql(DELETE FROM aliases WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

// Session::write().
inline constexpr Statement delete_alias(
    R"sql(DELETE FROM aliases WHERE team_id = :team_id AND contact_id = :contact_id AND alias = :alias)sql",
    {.postgresql = R"sql(DELETE FROM aliases WHERE team_id = :team_id
            AND (contact_id, alias) IN (SELECT * FROM unnest(:contact_id::uuid[], :alias::text[])))sql"});

}  // namespace mailroll::detail::sql
