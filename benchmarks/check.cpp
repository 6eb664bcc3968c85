/// Claim: `check`, which folds the events of everybody and compares the result with what is stored, does 300,000 contacts
/// a second on SQLite, or more; among the 700,000 people of a migration of 1,000,000 rows. Beside it, a bare scan of the
/// same five tables.
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

/// Reads every column of every row that a check reads.
std::uint64_t scan(const std::filesystem::path& path) {
  BareDatabase database(path);
  std::uint64_t cells = 0;
  for (const char* table : {"contacts", "standings", "choices", "memberships", "consent_events"}) {
    sqlite3_stmt* rows = database.prepare("SELECT * FROM " + std::string(table) + " ORDER BY team_id, contact_id");
    const int columns = sqlite3_column_count(rows);
    while (sqlite3_step(rows) == SQLITE_ROW) {
      for (int column = 0; column < columns; ++column) {
        cells += sqlite3_column_type(rows, column) == SQLITE_BLOB ? sqlite3_column_bytes(rows, column) > 0
                                                                  : sqlite3_column_int64(rows, column) >= 0;
      }
    }
    sqlite3_finalize(rows);
  }
  return cells;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings =
      read_settings(argc, argv, "check of a whole store beside a bare scan of the tables that it reads.", {1'000'000});
  const auto path = settings.folder / "check.db";
  remove_database(path);
  {
    mailroll::Roll roll = mailroll::open("sqlite:///" + path.string());
    const auto folder = audiences_folder(settings.folder, settings.rows.front());
    roll.migrate_audiences({folder.string()}).apply();
  }
  mailroll::Roll roll = mailroll::open("sqlite:///" + path.string());
  std::uint64_t people = 0;
  Claim beside = run_pairs(
      "check", settings.pairs,
      [&] {
        return seconds_of([&] {
          const mailroll::CheckReport report = roll.check();
          if (!report.ok() || report.people == 0) throw std::runtime_error("the store is not sound");
          people = report.people;
        });
      },
      "a bare scan of the same tables (s)",
      [&] {
        return seconds_of([&] {
          if (scan(path) == 0) throw std::runtime_error("floor: nothing read");
        });
      });
  beside.name = "check beside a bare scan";
  beside.bar = Bar::at_most;
  beside.limit = 2;
  Claim rate{.name = "check", .unit = "contacts a second", .floor_name = {}, .bar = Bar::at_least, .limit = 300'000};
  for (const double seconds : beside.ours) rate.values.push_back(static_cast<double>(people) / seconds);
  rate.ours = rate.values;
  const std::vector<Claim> claims{rate, beside};
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "check", claims);
  remove_database(path);
}
