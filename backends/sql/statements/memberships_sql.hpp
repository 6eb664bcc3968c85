/// Statements on the table memberships: which contacts a segment holds.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person(), people() and people_columns().
inline constexpr std::string_view select_memberships =
    R"sql(SELECT contact_id, segment FROM memberships
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, segment)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr Statement insert_membership(
    R"sql(INSERT INTO memberships (team_id, contact_id, segment) VALUES (:team_id, :contact_id, :segment))sql",
    {.postgresql = R"sql(INSERT INTO memberships (team_id, contact_id, segment)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :segment::int[]) u)sql"});

// Session::write(), both.
inline constexpr Statement upsert_membership(
    R"sql(INSERT INTO memberships (team_id, contact_id, segment) VALUES (:team_id, :contact_id, :segment)
          ON CONFLICT (team_id, contact_id, segment) DO NOTHING)sql",
    {.postgresql = R"sql(INSERT INTO memberships (team_id, contact_id, segment)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :segment::int[]) u
          ON CONFLICT (team_id, contact_id, segment) DO NOTHING)sql"});
inline constexpr Statement delete_membership(
    R"sql(DELETE FROM memberships WHERE team_id = :team_id AND contact_id = :contact_id AND segment = :segment)sql",
    {.postgresql = R"sql(DELETE FROM memberships WHERE team_id = :team_id
            AND (contact_id, segment) IN (SELECT * FROM unnest(:contact_id::uuid[], :segment::int[])))sql"});

// Session::remove_members(), both: who goes next, then delete_membership for each.
inline constexpr std::string_view select_members =
    R"sql(SELECT contact_id FROM memberships WHERE team_id = :team_id AND segment = :segment
          ORDER BY contact_id LIMIT :limit)sql";

// Session::counts() and count_members().
inline constexpr std::string_view count_memberships =
    R"sql(SELECT count(*) FROM memberships WHERE team_id = :team_id)sql";
inline constexpr std::string_view count_members =
    R"sql(SELECT count(*) FROM memberships WHERE team_id = :team_id AND segment = :segment)sql";

// Session::write(), where every row of an id goes.
inline constexpr Statement drop_memberships(
    R"sql(DELETE FROM memberships WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM memberships WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

}  // namespace mailroll::detail::sql
