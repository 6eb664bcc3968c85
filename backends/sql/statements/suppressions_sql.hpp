/// Statements on the table suppressions: addresses that must get nothing, to look at.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_suppressions =
    R"sql(SELECT contact_id, reason, email, at FROM suppressions
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, reason)sql";

// Session::suppressions(): the page behind a contact and reason.
inline constexpr std::string_view select_suppressions_after =
    R"sql(SELECT contact_id, reason, email, at FROM suppressions
          WHERE team_id = :team_id AND (contact_id, reason) > (:contact_id, :reason)
          ORDER BY contact_id, reason LIMIT :limit)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr Statement insert_suppression(
    R"sql(INSERT INTO suppressions (team_id, contact_id, reason, email, at)
          VALUES (:team_id, :contact_id, :reason, :email, :at))sql",
    {.postgresql = R"sql(INSERT INTO suppressions (team_id, contact_id, reason, email, at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :reason::smallint[], :email::text[], :at::bigint[])
            u)sql"});

// Session::write(), both.
inline constexpr Statement upsert_suppression(
    R"sql(INSERT INTO suppressions (team_id, contact_id, reason, email, at)
          VALUES (:team_id, :contact_id, :reason, :email, :at)
          ON CONFLICT (team_id, contact_id, reason) DO UPDATE SET email = excluded.email, at = excluded.at)sql",
    {.postgresql = R"sql(INSERT INTO suppressions (team_id, contact_id, reason, email, at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :reason::smallint[], :email::text[], :at::bigint[])
            u
          ON CONFLICT (team_id, contact_id, reason) DO UPDATE SET email = excluded.email, at = excluded.at)sql"});
inline constexpr Statement delete_suppression(
    R"sql(DELETE FROM suppressions WHERE team_id = :team_id AND contact_id = :contact_id AND reason = :reason)sql",
    {.postgresql = R"sql(DELETE FROM suppressions WHERE team_id = :team_id
            AND (contact_id, reason) IN (SELECT * FROM unnest(:contact_id::uuid[], :reason::smallint[])))sql"});

// Session::write(), where every row of an id goes.
inline constexpr Statement drop_suppressions(
    R"sql(DELETE FROM suppressions WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM suppressions WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

}  // namespace mailroll::detail::sql
