/// Statements on the table leases: people in the hands of a mailer.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_leases =
    R"sql(SELECT contact_id, broadcast, state, lease_id, worker, expires_at, changed_at FROM leases
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, broadcast)sql";

// Session::write(), both.
inline constexpr Statement upsert_lease(
    R"sql(INSERT INTO leases (team_id, contact_id, broadcast, state, lease_id, worker, expires_at, changed_at)
          VALUES (:team_id, :contact_id, :broadcast, :state, :lease_id, :worker, :expires_at, :changed_at)
          ON CONFLICT (team_id, contact_id, broadcast) DO UPDATE SET state = excluded.state,
            lease_id = excluded.lease_id, worker = excluded.worker, expires_at = excluded.expires_at,
            changed_at = excluded.changed_at)sql",
    {.postgresql =
         R"sql(INSERT INTO leases (team_id, contact_id, broadcast, state, lease_id, worker, expires_at, changed_at)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :broadcast::int[], :state::smallint[],
            :lease_id::uuid[], :worker::text[], :expires_at::bigint[], :changed_at::bigint[]) u
          ON CONFLICT (team_id, contact_id, broadcast) DO UPDATE SET state = excluded.state, lease_id =
            excluded.lease_id, worker = excluded.worker, expires_at = excluded.expires_at, changed_at =
            excluded.changed_at)sql"});
inline constexpr Statement drop_leases(
    R"sql(DELETE FROM leases WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql = R"sql(DELETE FROM leases WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

// Session::leases().
inline constexpr std::string_view select_leases_in_state =
    R"sql(SELECT contact_id, lease_id, worker, expires_at, changed_at FROM leases
          WHERE team_id = :team_id AND broadcast = :broadcast AND state = :state
            AND contact_id > {id :contact_id} AND expires_at <= :expired_by
          ORDER BY contact_id LIMIT :limit)sql";

// Session::leases_of().
inline constexpr std::string_view select_leases_of =
    R"sql(SELECT contact_id, broadcast, state, worker, expires_at, changed_at FROM leases
          WHERE team_id = :team_id AND lease_id = {id :lease_id} ORDER BY contact_id, broadcast)sql";

// Session::count_leases(), both.
inline constexpr std::string_view count_leases_in_state =
    R"sql(SELECT count(*) FROM leases WHERE team_id = :team_id AND broadcast = :broadcast AND state = :state)sql";
inline constexpr std::string_view count_leases =
    R"sql(SELECT state, count(*) FROM leases WHERE team_id = :team_id AND broadcast = :broadcast
          GROUP BY state ORDER BY state)sql";

}  // namespace mailroll::detail::sql
