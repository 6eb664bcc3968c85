/// Statements on the table runs: work over many contacts, in chunks.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::runs(), both.
inline constexpr std::string_view select_open_runs =
    R"sql(SELECT run_id, kind, source, started_at, finished_at FROM runs
          WHERE team_id = :team_id AND finished_at IS NULL)sql";
inline constexpr std::string_view select_finished_runs =
    R"sql(SELECT run_id, kind, source, started_at, finished_at FROM runs
          WHERE team_id = :team_id AND finished_at IS NOT NULL
          ORDER BY finished_at DESC, run_id DESC LIMIT 100)sql";

// Session::put_run().
inline constexpr std::string_view upsert_run =
    R"sql(INSERT INTO runs (team_id, run_id, kind, source, started_at, finished_at)
          VALUES (:team_id, {id :run_id}, :kind, :source, :started_at, :finished_at)
          ON CONFLICT (team_id, run_id) DO UPDATE SET kind = excluded.kind, source = excluded.source,
            started_at = excluded.started_at, finished_at = excluded.finished_at)sql";

}  // namespace mailroll::detail::sql
