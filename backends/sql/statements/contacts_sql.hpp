/// Statements on the table contacts: the profiles.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_contacts =
    R"sql(SELECT contact_id, email, first_name, last_name, properties, created_at, updated_at, key_version, hash_key
          FROM contacts WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id)sql";

// Session::people_columns().
inline constexpr std::string_view select_contact_ids =
    R"sql(SELECT contact_id FROM contacts WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr Statement insert_contact(
    R"sql(INSERT INTO contacts (team_id, contact_id, email, first_name, last_name, properties, created_at, updated_at,
            key_version, hash_key)
          VALUES (:team_id, :contact_id, :email, :first_name, :last_name, :properties, :created_at, :updated_at,
            :key_version, :hash_key))sql",
    {.postgresql =
         R"sql(INSERT INTO contacts (team_id, contact_id, email, first_name, last_name, properties, created_at,
            updated_at, key_version, hash_key)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :email::text[], :first_name::text[],
            :last_name::text[], :properties::text[], :created_at::bigint[], :updated_at::bigint[],
            :key_version::int[], :hash_key::int[]) u)sql"});

// Session::write().
inline constexpr Statement upsert_contact(
    R"sql(INSERT INTO contacts (team_id, contact_id, email, first_name, last_name, properties, created_at, updated_at,
            key_version, hash_key)
          VALUES (:team_id, :contact_id, :email, :first_name, :last_name, :properties, :created_at, :updated_at,
            :key_version, :hash_key)
          ON CONFLICT (team_id, contact_id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name,
            last_name = excluded.last_name, properties = excluded.properties, created_at = excluded.created_at,
            updated_at = excluded.updated_at, key_version = excluded.key_version, hash_key = excluded.hash_key)sql",
    {.postgresql =
         R"sql(INSERT INTO contacts (team_id, contact_id, email, first_name, last_name, properties, created_at,
            updated_at, key_version, hash_key)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :email::text[], :first_name::text[],
            :last_name::text[], :properties::text[], :created_at::bigint[], :updated_at::bigint[],
            :key_version::int[], :hash_key::int[]) u
          ON CONFLICT (team_id, contact_id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name,
            last_name = excluded.last_name, properties = excluded.properties, created_at = excluded.created_at,
            updated_at = excluded.updated_at, key_version = excluded.key_version, hash_key = excluded.hash_key)sql"});

// Session::write().
inline constexpr Statement delete_contact(
    R"sql(DELETE FROM contacts WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM contacts WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

// Session::counts().
inline constexpr std::string_view count_contacts = R"sql(SELECT count(*) FROM contacts WHERE team_id = :team_id)sql";

// Session::count_contacts(): rare, so that it walks the team's contacts rather than make every import keep an index.
inline constexpr std::string_view count_contacts_of_key =
    R"sql(SELECT count(*) FROM contacts WHERE team_id = :team_id AND hash_key = :hash_key)sql";

}  // namespace mailroll::detail::sql
