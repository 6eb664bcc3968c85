/// Statements on the table schema_lock, of engines with several writers: its row is locked by whoever migrates.
#pragma once

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Migrating: finds the row or makes it, and locks it either way.
inline constexpr Statement lock_schema("", {.postgresql = R"sql(INSERT INTO schema_lock (team_id) VALUES (0)
          ON CONFLICT (team_id) DO UPDATE SET team_id = excluded.team_id WHERE false)sql",
                                            .mysql = R"sql(INSERT INTO schema_lock (team_id) VALUES (0)
          ON DUPLICATE KEY UPDATE team_id = team_id)sql"});

}  // namespace mailroll::detail::sql
