/// What is said to PostgreSQL alone: transactions, settings of a connection, its catalogue, which is no table of ours and has
/// no team.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Transactions. Whoever changes a contact has locked it first, so that each statement may see what is committed by then.
inline constexpr std::string_view postgresql_begin_write = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
inline constexpr std::string_view postgresql_begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
inline constexpr std::string_view postgresql_commit = "COMMIT";
inline constexpr std::string_view postgresql_rollback = "ROLLBACK";

// Durability::bulk, for one transaction. A later commit that waits for the log waits for all of it.
inline constexpr std::string_view postgresql_commit_soon = "SET LOCAL synchronous_commit = off";

// Opening: nobody waits for ever, unless the address or the server says otherwise.
inline constexpr std::string_view postgresql_lock_timeout =
    "SELECT set_config('lock_timeout', '30s', false) WHERE current_setting('lock_timeout') = '0'";

// Opening: the tables where ours would be made, without those of extensions.
inline constexpr std::string_view postgresql_tables =
    "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend "
    "d "
    "WHERE d.classid = cast('pg_catalog.pg_class' AS regclass) AND d.objid = c.oid AND d.deptype = 'e')";

// Migrating: the names of foreign keys.
inline constexpr std::string_view postgresql_foreign_keys =
    "SELECT c.conname FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace "
    "WHERE n.nspname = current_schema() AND c.contype = 'f'";

// Migrating: how many functions there are that distribute tables; two, or the extension is missing.
inline constexpr std::string_view postgresql_distributing =
    "SELECT p.proname FROM pg_catalog.pg_proc p "
    "WHERE p.proname IN ('create_distributed_table', 'create_reference_table') AND "
    "pg_catalog.pg_function_is_visible(p.oid) "
    "GROUP BY p.proname";

// After a large load: until a table's rows are counted, joins are planned as if it had hardly any, and read all of it again for
// each row. Autovacuum counts a minute later. Only what has doubled; in one order, as two that end at once wait for each other.
inline constexpr std::string_view postgresql_grown_tables =
    "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind = 'r' "
    "AND pg_catalog.pg_relation_size(c.oid) > 2 * c.relpages * cast(current_setting('block_size') AS bigint) "
    "ORDER BY c.relname";
// ... before the name of each.
inline constexpr std::string_view postgresql_count_rows = "ANALYZE ";

// Session::write(), around the table and its columns, for many rows that are only inserted.
inline constexpr std::string_view postgresql_copy = "COPY ";
inline constexpr std::string_view postgresql_copied = " FROM STDIN (FORMAT binary)";

// Behind a range statement of a person's tables: a page that begins behind so many rows of its first contact.
inline constexpr std::string_view postgresql_page = " LIMIT :limit OFFSET :seen";

}  // namespace mailroll::detail::sql
