/// Statements on the table schema_version: which migrations have been applied.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// schema_version(): when a store is opened.
inline constexpr std::string_view select_schema_version =
    R"sql(SELECT max(version) FROM schema_version WHERE team_id = 0)sql";

// apply_migrations(): behind each migration, in its transaction.
inline constexpr std::string_view insert_schema_version =
    R"sql(INSERT INTO schema_version (team_id, version, applied_at) VALUES (0, :version, :applied_at))sql";

}  // namespace mailroll::detail::sql
