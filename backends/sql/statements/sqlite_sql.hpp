/// What is said to SQLite alone: transactions and settings of a connection.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Transactions. IMMEDIATE takes the write lock at once, so that waiting for it is waiting, and never a failure midway.
inline constexpr std::string_view sqlite_begin_write = "BEGIN IMMEDIATE";
inline constexpr std::string_view sqlite_begin_read = "BEGIN";
inline constexpr std::string_view sqlite_commit = "COMMIT";
inline constexpr std::string_view sqlite_rollback = "ROLLBACK";

// Opening. SQLite's catalogue is not a table of ours, and has no team.
inline constexpr std::string_view sqlite_tables =
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'";
inline constexpr std::string_view sqlite_journal = "PRAGMA journal_mode";
inline constexpr std::string_view sqlite_use_wal = "PRAGMA journal_mode = WAL";
inline constexpr std::string_view sqlite_limit_wal = "PRAGMA journal_size_limit = 67108864";

// What is deleted is overwritten, pages that become free too. The first holds for a file without tables only.
inline constexpr std::string_view sqlite_no_auto_vacuum = "PRAGMA auto_vacuum = NONE";
inline constexpr std::string_view sqlite_auto_vacuum = "PRAGMA auto_vacuum";
inline constexpr std::string_view sqlite_secure_delete = "PRAGMA secure_delete = ON";

// How much a commit promises (Durability); not changed inside a transaction.
inline constexpr std::string_view sqlite_sync_full = "PRAGMA synchronous = FULL";
inline constexpr std::string_view sqlite_sync_normal = "PRAGMA synchronous = NORMAL";

// Session::expect_bulk(): 64 MiB of pages and of log rather than 16 and 4.
inline constexpr std::string_view sqlite_large_cache = "PRAGMA cache_size = -65536";
inline constexpr std::string_view sqlite_usual_cache = "PRAGMA cache_size = -16384";
inline constexpr std::string_view sqlite_late_checkpoints = "PRAGMA wal_autocheckpoint = 16384";
inline constexpr std::string_view sqlite_usual_checkpoints = "PRAGMA wal_autocheckpoint = 1000";

}  // namespace mailroll::detail::sql
