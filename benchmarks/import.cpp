/// Claim: importing a CSV of 1,000,000 unsorted rows into an empty SQLite file takes at most 1.5 times what a bare C loop
/// takes to insert the same rows, sorted, into the same tables; and less than the sqlite3 shell's .import of that CSV into
/// one table with a unique address.
#include <cstdlib>
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

/// From nothing to a closed file.
double import_by_mailroll(const std::filesystem::path& csv, const std::filesystem::path& database, std::uint64_t rows) {
  remove_database(database);
  return seconds_of([&] {
    mailroll::Roll roll = mailroll::open("sqlite:///" + database.string());
    const mailroll::ImportSummary summary = roll.contacts().import_file(csv).apply();
    if (summary.by_verdict[static_cast<std::size_t>(mailroll::RowVerdict::created)] != rows) {
      throw std::runtime_error("not every row was imported");
    }
  });
}

double import_by_shell(const std::filesystem::path& csv, const std::filesystem::path& database, std::uint64_t rows,
                       const std::string& settings) {
  remove_database(database);
  const std::string command = "sqlite3 '" + database.string() + "' '" + settings +
                              "create table people(email text unique, first_name, last_name, plan, country);' '" +
                              ".import --csv --skip 1 \"" + csv.string() + "\" people' >/dev/null";
  const double seconds = seconds_of([&] {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the sqlite3 shell failed");
  });
  if (BareDatabase(database).number("select count(*) from people") != static_cast<std::int64_t>(rows)) {
    throw std::runtime_error("the sqlite3 shell did not import every row");
  }
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(
      argc, argv, "Import of a CSV beside a bare loop of inserts, and beside the sqlite3 shell.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  const auto csv = contacts_file(settings.folder, rows);
  const auto database = settings.folder / "import.db";
  const auto bare = settings.folder / "import-floor.db";

  import_by_mailroll(csv, database, rows);  // warms the file cache, and gives the floor its rows
  const Recording recording = record(database);

  const auto ours = [&] { return import_by_mailroll(csv, database, rows); };
  std::vector<Claim> claims;
  claims.push_back(run_pairs("import", settings.pairs, ours, "a bare loop inserting the same rows, sorted",
                             [&] { return seconds_of([&] { insert(recording, bare); }); }));
  claims.back().limit = 1.5;
  print(claims.back());

  claims.push_back(run_pairs("import beside .import", settings.pairs, ours, "the sqlite3 shell as it comes",
                             [&] { return import_by_shell(csv, bare, rows, ""); }));
  claims.back().bar = Bar::below;
  claims.back().limit = 1;
  print(claims.back());

  claims.push_back(run_pairs(
      "import beside .import with 64 MiB of pages and WAL", settings.pairs, ours, "the sqlite3 shell with our settings",
      [&] { return import_by_shell(csv, bare, rows, "pragma journal_mode = wal; pragma cache_size = -65536; "); }));
  claims.back().bar = Bar::below;
  claims.back().limit = 1;
  print(claims.back());

  write_json(settings, "import", claims);
  remove_database(database);
  remove_database(bare);
}
