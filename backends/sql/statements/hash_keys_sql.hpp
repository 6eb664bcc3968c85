/// Statements on the table hash_keys: secrets under which contact ids are computed; they belong to no team: team_id is 0.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::keys().
inline constexpr std::string_view select_hash_keys =
    R"sql(SELECT key_id, fingerprint, secret, created_at FROM hash_keys WHERE team_id = 0 ORDER BY key_id)sql";

// Session::put_key().
inline constexpr std::string_view upsert_hash_key =
    R"sql(INSERT INTO hash_keys (team_id, key_id, fingerprint, secret, created_at)
          VALUES (0, :key_id, :fingerprint, cast(:secret AS blob), :created_at)
          ON CONFLICT (team_id, key_id) DO UPDATE SET fingerprint = excluded.fingerprint, secret = excluded.secret,
            created_at = excluded.created_at)sql";

}  // namespace mailroll::detail::sql
