/// Statements on the table properties: the definitions; values are in contacts.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::properties().
inline constexpr std::string_view select_properties =
    R"sql(SELECT property_key, type, fallback, created_at FROM properties WHERE team_id = :team_id
          ORDER BY property_key)sql";

// Session::put_property().
inline constexpr std::string_view upsert_property =
    R"sql(INSERT INTO properties (team_id, property_key, type, fallback, created_at)
          VALUES (:team_id, :property_key, :type, :fallback, :created_at)
          ON CONFLICT (team_id, property_key) DO UPDATE SET type = excluded.type, fallback = excluded.fallback,
            created_at = excluded.created_at)sql";

// Session::remove_property().
inline constexpr std::string_view delete_property =
    R"sql(DELETE FROM properties WHERE team_id = :team_id AND property_key = :property_key)sql";

}  // namespace mailroll::detail::sql
