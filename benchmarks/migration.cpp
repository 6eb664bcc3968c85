/// Claim: migrating five audiences of 1,000,000 rows in all (700,000 people) into an empty SQLite file takes at most twice
/// what a bare C loop takes to insert everything that it wrote: contacts, standings, memberships, choices, events, aliases.
#include <cstdio>
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

double migrate(const std::filesystem::path& folder, const std::filesystem::path& database, std::uint64_t rows) {
  remove_database(database);
  return seconds_of([&] {
    mailroll::Roll roll = mailroll::open("sqlite:///" + database.string());
    const mailroll::MigrationSummary summary = roll.migrate_audiences({folder}).apply();
    if (summary.rows != rows || summary.memberships != rows || summary.contacts_created != rows / 10 * 7) {
      throw std::runtime_error("not everything was migrated");
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings =
      read_settings(argc, argv, "Migration of five audiences beside the floor of its inserts.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  const auto folder = audiences_folder(settings.folder, rows);
  const auto database = settings.folder / "migration.db";
  const auto bare = settings.folder / "migration-floor.db";

  migrate(folder, database, rows);
  const Recording recording = record(database);
  for (const Recording::Table& table : recording.tables) {
    if (table.rows > 0) {
      std::fprintf(stderr, "  %-16s %9llu rows\n", table.name.c_str(), static_cast<unsigned long long>(table.rows));
    }
  }

  Claim claim = run_pairs(
      "migration", settings.pairs, [&] { return migrate(folder, database, rows); },
      "a bare loop inserting the same rows, sorted", [&] { return seconds_of([&] { insert(recording, bare); }); });
  claim.limit = 2;
  print(claim);
  write_json(settings, "migration", {claim});
  remove_database(database);
  remove_database(bare);
}
