#include "sql/schema_migration.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <soci/soci.h>

#include "mailroll/time.hpp"
#include "sql/statements/schema_version_sql.hpp"

namespace mailroll::detail {
namespace {

int version_of(const MigrationFile& file) {
  int version = 0;
  std::from_chars(file.name.data(), file.name.data() + file.name.size(), version);
  return version;
}

/// 0001_first.sql is for all dialects, 0001_first.sqlite.sql for sqlite only.
bool is_for(const MigrationFile& file, const Dialect& dialect) {
  const std::string_view stem = file.name.substr(0, file.name.size() - std::string_view(".sql").size());
  const auto dot = stem.find('.');
  return dot == std::string_view::npos || stem.substr(dot + 1) == dialect.name;
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

/// SOCI prepares one statement at a time; in our files a statement ends with its line.
void run(soci::session& session, std::string text, bool (*done_before)()) {
  constexpr std::string_view end_of_statement = ";\n";
  for (auto end = text.find(end_of_statement); end != std::string::npos; end = text.find(end_of_statement)) {
    try {
      session << text.substr(0, end);
    } catch (...) {
      if (done_before == nullptr || !done_before()) throw;
    }
    text.erase(0, end + end_of_statement.size());
  }
}

}  // namespace

int newest_schema_version() {
  int newest = 0;
  for (const MigrationFile& file : migration_files()) newest = std::max(newest, version_of(file));
  return newest;
}

int schema_version(soci::session& session, std::span<const std::string_view> tables) {
  if (tables.empty()) return 0;
  // Whoever has these three by chance has read this file.
  for (const std::string_view ours : {"schema_version", "consent_events", "standings"}) {
    if (std::find(tables.begin(), tables.end(), ours) == tables.end()) return -1;
  }
  int version = 0;
  soci::indicator known = soci::i_null;
  session << std::string(sql::select_schema_version), soci::into(version, known);
  return known == soci::i_ok ? version : -1;
}

bool is_table_of_ours(std::string_view table) {
  const std::string statement = "CREATE TABLE " + std::string(table) + " (";
  return std::ranges::any_of(migration_files(), [&](const MigrationFile& file) {
    return file.text.find(statement) != std::string_view::npos;
  });
}

void apply_migrations(soci::session& session, const Dialect& dialect, int from, bool (*done_before)()) {
  std::vector<const MigrationFile*> files;
  for (const MigrationFile& file : migration_files()) {
    if (version_of(file) > from && is_for(file, dialect)) files.push_back(&file);
  }
  // Tables before what only one dialect adds to them.
  std::sort(files.begin(), files.end(), [](const MigrationFile* a, const MigrationFile* b) {
    return std::make_pair(version_of(*a), a->name.size()) < std::make_pair(version_of(*b), b->name.size());
  });
  for (std::size_t at = 0; at < files.size(); ++at) {
    run(session, without_comments(dialect.migration(files[at]->text)), done_before);
    const int version = version_of(*files[at]);
    if (at + 1 == files.size() || version_of(*files[at + 1]) != version) {
      const long long applied_at = microseconds(system_now());
      session << std::string(sql::insert_schema_version), soci::use(version, "version"),
          soci::use(applied_at, "applied_at");
    }
  }
}

}  // namespace mailroll::detail
