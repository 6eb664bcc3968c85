/// Numbered migrations of the schema: their files, what a database needs of them, and applying it. What is applied is recorded
/// in the table schema_version.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/store/init.hpp"
#include "sql/dialect.hpp"

namespace soci {
class session;
}

namespace mailroll::detail {

/// A file of sql/migrations: NNNN_name.sql for all dialects, NNNN_name.<dialect>.sql for one, NNNN_name.foreign_keys.sql the
/// optional last step. Version 0 is what excludes others who migrate (lock_table()).
struct MigrationFile {
  std::string_view name;
  std::string_view text;
};
std::span<const MigrationFile> migration_files();  // written by CMake

/// The version after all migrations.
int newest_schema_version();

/// The names that a query of the catalogue answers with, in its column 0. Rows: an engine's.
template <typename Rows>
std::vector<std::string> names_in(Rows rows) {
  std::vector<std::string> names;
  while (rows.step()) names.emplace_back(rows.text(0));
  return names;
}

/// The version of an opened database, 0 where it is empty. `tables` are the names of its tables, `store` is the name to show.
/// Throws Error(storage): not_a_database where it holds tables that are not ours, newer_schema.
int schema_version(soci::session& session, std::span<const std::string> tables, std::string_view store);

/// Whether a migration makes a table of that name.
bool is_table_of_ours(std::string_view table);

/// A first migration that broke off, on an engine where it is not undone: tables of ours only, and no version yet.
bool is_unfinished(soci::session& session, std::span<const std::string> tables);

/// What is in a database before it is changed.
struct SchemaState {
  int version = 0;
  std::optional<Distribution> distribution;
  std::vector<std::string> foreign_keys;  ///< their names; only where foreign keys are asked for
};

/// What brings a database of that state to what is asked for. Throws Error(invalid, refused) as init_store() does, but for what
/// only the server knows; `store` is the name to show.
InitPlan schema_plan(const Dialect& dialect, const SchemaState& state, const InitOptions& options,
                     std::string_view store);

/// The statement that makes the table whose row is locked by whoever migrates; it may be there.
std::string lock_table(const Dialect& dialect);

/// What a statement of a migration does, by which it is known that it was done before.
enum class StatementKind { makes_table, makes_index, alters_table, drops_table, moves_rows, binds_rows, other };

/// Whether what is being thrown means that a statement of this kind was done before.
using DoneBefore = std::function<bool(StatementKind kind)>;

/// Applies the plan and records the versions and the distribution. Where it is not inside a transaction, since the engine's
/// statements that define tables commit by themselves, it may break off anywhere: then the whole plan is applied again, and
/// `done_before`, called while what a statement threw is handled, answers whether that means that it was done already.
/// `go_on` is called before each statement, and may throw.
void apply_plan(soci::session& session, const Dialect& dialect, const InitPlan& plan,
                const DoneBefore& done_before = {}, const std::function<void()>& go_on = {});

}  // namespace mailroll::detail
