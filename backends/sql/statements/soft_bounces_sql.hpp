/// Statements on the table soft_bounces: temporary failures of delivery.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_soft_bounces =
    R"sql(SELECT contact_id, at FROM soft_bounces
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, at)sql";

// Session::write(), both.
inline constexpr Statement upsert_soft_bounce(
    R"sql(INSERT INTO soft_bounces (team_id, contact_id, at) VALUES (:team_id, :contact_id, :at)
          ON CONFLICT (team_id, contact_id, at) DO NOTHING)sql",
    {.postgresql = R"sql(INSERT INTO soft_bounces (team_id, contact_id, at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :at::bigint[]) u
          ON CONFLICT (team_id, contact_id, at) DO NOTHING)sql"});
inline constexpr Statement drop_soft_bounces(
    R"sql(DELETE FROM soft_bounces WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM soft_bounces WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

}  // namespace mailroll::detail::sql
