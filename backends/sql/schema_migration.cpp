#include "sql/schema_migration.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <soci/soci.h>

#include "mailroll/error.hpp"
#include "mailroll/time.hpp"
#include "sql/definitions.hpp"
#include "sql/error.hpp"
#include "sql/schema_distribution.hpp"
#include "sql/statements/schema_version_sql.hpp"

namespace mailroll::detail {
namespace {

constexpr std::string_view end_of_file_name = ".sql";
constexpr std::string_view lock = "schema_lock";

int version_of(std::string_view name) {
  int version = 0;
  std::from_chars(name.data(), name.data() + name.size(), version);
  return version;
}

/// 0001_first.sqlite.sql: its name without what follows the first dot, and the word between the dots, "" where there is none.
std::pair<std::string_view, std::string_view> parts_of(const MigrationFile& file) {
  const std::string_view stem = file.name.substr(0, file.name.size() - end_of_file_name.size());
  const auto dot = stem.find('.');
  if (dot == std::string_view::npos) return {stem, {}};
  return {stem.substr(0, dot), stem.substr(dot + 1)};
}

/// SOCI would look for placeholders and quotes in comments, too.
std::string without_comments(std::string_view text) {
  std::string left;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    if (!line.starts_with("--")) left += line;
    text.remove_prefix(line.size());
  }
  return left;
}

/// In our files a statement ends with its line.
std::vector<std::string> statements_of(const Dialect& dialect, const MigrationFile& file) {
  constexpr std::string_view end_of_statement = ";\n";
  std::string text = without_comments(dialect.migration(file.text));
  std::vector<std::string> statements;
  for (auto end = text.find(end_of_statement); end != std::string::npos; end = text.find(end_of_statement)) {
    const auto begin = text.find_first_not_of('\n');
    statements.push_back(text.substr(begin, end - begin));
    text.erase(0, end + end_of_statement.size());
  }
  return statements;
}

InitPhase phase_of(std::string_view statement) {
  const std::string_view words = statement.substr(0, statement.find('\n'));
  if (words.find(" INDEX ") != std::string_view::npos) return InitPhase::indexes;
  if (words.find(" VIEW ") != std::string_view::npos) return InitPhase::views;
  return InitPhase::tables;
}

StatementKind kind_of(std::string_view statement) {
  if (statement.starts_with("CREATE INDEX ")) return StatementKind::makes_index;
  if (statement.starts_with("CREATE ")) return StatementKind::makes_table;  // or a view, which is one to the engine
  if (statement.find(" ADD CONSTRAINT ") != std::string_view::npos) return StatementKind::binds_rows;
  if (statement.starts_with("ALTER TABLE ")) return StatementKind::alters_table;
  if (statement.starts_with("DROP TABLE ")) return StatementKind::drops_table;
  if (statement.starts_with("INSERT ")) return StatementKind::moves_rows;
  return StatementKind::other;
}

/// The migrations behind `version`, in order: tables before what only one dialect adds to them.
std::vector<InitStep> steps_behind(const Dialect& dialect, int version) {
  std::vector<const MigrationFile*> files;
  for (const MigrationFile& file : migration_files()) {
    const std::string_view word = parts_of(file).second;
    if (version_of(file.name) > version && (word.empty() || word == dialect.name)) files.push_back(&file);
  }
  std::ranges::sort(
      files, {}, [](const MigrationFile* file) { return std::make_pair(version_of(file->name), file->name.size()); });
  std::vector<InitStep> steps;
  for (const MigrationFile* file : files) {
    for (std::string& statement : statements_of(dialect, *file)) {
      const InitPhase phase = phase_of(statement);
      steps.push_back({std::string(parts_of(*file).first), phase, std::move(statement)});
    }
  }
  return steps;
}

/// Those whose names are not among the ones there are.
std::vector<InitStep> missing_foreign_keys(const Dialect& dialect, std::span<const std::string> there) {
  std::vector<InitStep> steps;
  for (const MigrationFile& file : migration_files()) {
    if (parts_of(file).second != "foreign_keys") continue;
    for (std::string& statement : statements_of(dialect, file)) {
      const bool known = std::ranges::any_of(there, [&](const std::string& name) {
        return statement.find(" CONSTRAINT " + name + " ") != std::string::npos;
      });
      if (!known) steps.push_back({std::string(parts_of(file).first), InitPhase::foreign_keys, std::move(statement)});
    }
  }
  return steps;
}

/// An index of a table that a later migration drops is not made.
bool is_in_vain(const InitStep& step, std::span<const InitStep> steps) {
  return step.phase == InitPhase::indexes && std::ranges::any_of(steps, [&](const InitStep& later) {
           constexpr std::string_view drop = "DROP TABLE ";
           return later.statement.starts_with(drop) && version_of(later.migration) > version_of(step.migration) &&
                  step.statement.find(" ON " + later.statement.substr(drop.size()) + " ") != std::string::npos;
         });
}

/// Nothing where the table is there and no migration was recorded in it.
std::optional<int> recorded_version(soci::session& session) {
  int version = 0;
  soci::indicator known = soci::i_null;
  session << std::string(sql::select_schema_version), soci::into(version, known);
  return known == soci::i_ok ? std::optional(version) : std::nullopt;
}

void require_distributable(const Dialect& dialect, const SchemaState& state, const InitOptions& options,
                           std::string_view store) {
  if (!options.distribute) return;
  if (!dialect.distributes) {
    throw Error(ErrorKind::invalid,
                "the store " + std::string(store) +
                    " cannot be distributed; only PostgreSQL with the extension citus can: leave the option out",
                {{"reason", "distribute"}});
  }
  if (state.version > 0 && state.distribution != options.distribute) {
    const std::string is = state.distribution ? std::string(to_string(*state.distribution)) : "not";
    throw Error(ErrorKind::refused,
                "the store " + std::string(store) + " has its tables already, distributed: " + is +
                    "; make a new one with `mailroll init --distribute` and `mailroll copy` this one into it",
                {{"reason", "distribution"}, {"distribution", is}});
  }
}

}  // namespace

int newest_schema_version() {
  int newest = 0;
  for (const MigrationFile& file : migration_files()) newest = std::max(newest, version_of(file.name));
  return newest;
}

int schema_version(soci::session& session, std::span<const std::string> tables, std::string_view store) {
  const auto is_there = [&](std::string_view table) { return std::ranges::find(tables, table) != tables.end(); };
  if (tables.empty() || (tables.size() == 1 && is_there(lock))) return 0;
  // Whoever has these three by chance has read this file.
  for (const std::string_view ours : {"schema_version", "consent_events", "standings"}) {
    if (!is_there(ours)) raise_storage_failure(StorageFailure::not_a_database, store);
  }
  const std::optional<int> version = recorded_version(session);
  if (!version) raise_storage_failure(StorageFailure::not_a_database, store);
  if (*version > newest_schema_version()) {
    raise_storage_failure(StorageFailure::newer_schema, store,
                          "its schema is version " + std::to_string(*version) + ", this one knows " +
                              std::to_string(newest_schema_version()));
  }
  return *version;
}

bool is_table_of_ours(std::string_view table) {
  const std::string statement = "CREATE TABLE " + std::string(table) + " (";
  return table == lock || std::ranges::any_of(migration_files(), [&](const MigrationFile& file) {
           return file.text.find(statement) != std::string_view::npos;
         });
}

bool is_unfinished(soci::session& session, std::span<const std::string> tables) {
  if (std::ranges::find(tables, "schema_version") == tables.end() || !std::ranges::all_of(tables, is_table_of_ours))
    return false;
  return !recorded_version(session);
}

InitPlan schema_plan(const Dialect& dialect, const SchemaState& state, const InitOptions& options,
                     std::string_view store) {
  if (options.foreign_keys && !dialect.adds_foreign_keys) {
    throw Error(
        ErrorKind::invalid,
        "the store " + std::string(store) +
            " cannot be given foreign keys: SQLite adds none to tables that are there; leave the option out, and "
            "use `mailroll check`, which finds what they would",
        {{"reason", "foreign_keys"}});
  }
  require_distributable(dialect, state, options, store);
  InitPlan plan{.from_version = state.version,
                .to_version = newest_schema_version(),
                .distribution = state.distribution ? state.distribution : options.distribute,
                .steps = {}};
  const std::vector<InitStep> migrations = steps_behind(dialect, state.version);
  if (plan.distribution && !migrations.empty()) plan.steps = before_distribution();
  const auto take = [&](InitPhase phase) {
    std::ranges::copy_if(migrations, std::back_inserter(plan.steps),
                         [&](const InitStep& step) { return step.phase == phase && !is_in_vain(step, migrations); });
  };
  take(InitPhase::tables);
  if (plan.distribution)
    std::ranges::copy(distribution_of(migrations, *plan.distribution), std::back_inserter(plan.steps));
  take(InitPhase::indexes);
  take(InitPhase::views);
  if (options.foreign_keys) {
    std::ranges::copy(missing_foreign_keys(dialect, state.foreign_keys), std::back_inserter(plan.steps));
  }
  return plan;
}

std::string lock_table(const Dialect& dialect) {
  for (const MigrationFile& file : migration_files()) {
    if (version_of(file.name) == 0 && parts_of(file).second == dialect.name)
      return statements_of(dialect, file).front();
  }
  return {};
}

void apply_plan(soci::session& session, const Dialect& dialect, const InitPlan& plan, const DoneBefore& done_before,
                const std::function<void()>& go_on) {
  for (const InitStep& step : plan.steps) {
    if (go_on) go_on();
    try {
      session << step.statement;
    } catch (...) {
      if (!done_before || !done_before(kind_of(step.statement))) throw;
    }
  }
  if (go_on) go_on();
  if (plan.from_version == 0 && plan.distribution) {
    Definitions(session, dialect)
        .put_setting(TeamNumber{0}, distribution_setting, std::string(to_string(*plan.distribution)));
  }
  // Last: from here on the schema is whole.
  for (int version = plan.from_version + 1; version <= plan.to_version; ++version) {
    const long long applied_at = microseconds(system_now());
    session << std::string(sql::insert_schema_version), soci::use(version, "version"),
        soci::use(applied_at, "applied_at");
  }
}

}  // namespace mailroll::detail
