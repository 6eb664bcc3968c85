/// Numbered migrations of the schema. What is applied is recorded in the table schema_version, in the same transaction.
#pragma once

#include <span>
#include <string_view>

#include "sql/dialect.hpp"

namespace soci {
class session;
}

namespace mailroll::detail {

/// A file of sql/migrations: NNNN_name.sql for all dialects, NNNN_name.<dialect>.sql for one.
struct MigrationFile {
  std::string_view name;
  std::string_view text;
};
std::span<const MigrationFile> migration_files();  // written by CMake

/// The version after all migrations.
int newest_schema_version();

/// The version of an opened database: 0 where it is empty, -1 where it holds tables that are not ours.
/// `tables` are the names of its tables.
int schema_version(soci::session& session, std::span<const std::string_view> tables);

/// Whether some migration makes a table of this name.
bool is_table_of_ours(std::string_view table);

/// Applies the migrations after version `from`, in the transaction that is open. On an engine whose statements that define
/// tables commit by themselves, a migration may have broken off and is gone through again: `done_before`, called while what a
/// statement threw is handled, answers whether that means that it was done already.
void apply_migrations(soci::session& session, const Dialect& dialect, int from, bool (*done_before)() = nullptr);

}  // namespace mailroll::detail
