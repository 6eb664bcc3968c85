/// Statements on the table key_ring: hash and link keys; they belong to no team: team_id is 0.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::keys().
inline constexpr std::string_view select_keys =
    R"sql(SELECT kind, key_id, state, fingerprint, secret, created_at, changed_at FROM key_ring WHERE team_id = 0
          ORDER BY kind, key_id)sql";

// Session::put_key().
inline constexpr std::string_view upsert_key =
    R"sql(INSERT INTO key_ring (team_id, kind, key_id, state, fingerprint, secret, created_at, changed_at)
          VALUES (0, :kind, :key_id, :state, :fingerprint, {blob :secret}, :created_at, :changed_at)
          ON CONFLICT (team_id, kind, key_id) DO UPDATE SET state = excluded.state, fingerprint = excluded.fingerprint,
            secret = excluded.secret, created_at = excluded.created_at, changed_at = excluded.changed_at)sql";

}  // namespace mailroll::detail::sql
