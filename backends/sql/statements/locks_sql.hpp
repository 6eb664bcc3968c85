/// Statements on the table locks, of engines with several writers: a row for each thing that is not about one contact.
#pragma once

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::lock_shared(): finds the row or makes it, and locks it either way; the update never holds.
inline constexpr Statement lock_row("",
                                    {.postgresql = R"sql(INSERT INTO locks (team_id, number) VALUES (:team_id, :number)
          ON CONFLICT (team_id, number) DO UPDATE SET number = excluded.number WHERE false)sql",
                                     .mysql = R"sql(INSERT INTO locks (team_id, number) VALUES (:team_id, :number)
          ON DUPLICATE KEY UPDATE number = number)sql"});

}  // namespace mailroll::detail::sql
