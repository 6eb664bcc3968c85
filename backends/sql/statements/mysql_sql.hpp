/// What is said to MySQL and MariaDB alone: transactions, settings of a connection, their catalogue, which is no table of ours and
/// has no team.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Transactions. Whoever changes a contact has locked it first, so that each statement may see what is committed by then: the
// level that is set below. Whoever reads wants one state.
inline constexpr std::string_view mysql_begin_write = "START TRANSACTION READ WRITE";
inline constexpr std::string_view mysql_next_sees_one_state = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
inline constexpr std::string_view mysql_begin_read = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
inline constexpr std::string_view mysql_commit = "COMMIT";
inline constexpr std::string_view mysql_rollback = "ROLLBACK";

// Opening. Strict, whatever the server is set to: a value that does not fit is an error and not another value.
inline constexpr std::string_view mysql_settings =
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', autocommit = 1, "
    "innodb_lock_wait_timeout = 30, lock_wait_timeout = 30; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

// Opening: whether the server takes files of clients.
inline constexpr std::string_view mysql_takes_files = "SELECT @@local_infile";

// Opening: the tables of the database.
inline constexpr std::string_view mysql_tables =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE'";

// Migrating: the names of foreign keys.
inline constexpr std::string_view mysql_foreign_keys =
    "SELECT constraint_name FROM information_schema.table_constraints "
    "WHERE constraint_schema = database() AND constraint_type = 'FOREIGN KEY'";

// Migrating: whether the connection is still there that holds the lock.
inline constexpr std::string_view mysql_still_there = "SELECT 1";

// Session::write(), around the table's name and before the columns, for many rows that are only inserted. Fields are as they
// are by default (tabs, newlines, \N, backslashes), and bytes, since ids are.
inline constexpr std::string_view mysql_load = "LOAD DATA LOCAL INFILE 'rows' INTO TABLE ";
inline constexpr std::string_view mysql_loaded_bytes = " CHARACTER SET binary ";

// Behind a range statement of a person's tables: a page that begins behind so many rows of its first contact.
inline constexpr std::string_view mysql_page = " LIMIT :limit OFFSET :seen";

}  // namespace mailroll::detail::sql
