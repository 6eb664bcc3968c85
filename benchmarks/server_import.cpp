/// Claims, on a server whose address (of scripts/servers urls --admin) is the last word: importing a CSV of 1,000,000 unsorted
/// new contacts takes at most 1.5 times what the server's shell takes to load the same rows, sorted, into a temporary table and
/// to insert them from there; is at least 6 times faster than row-at-a-time inserts; and importing the same people again, one
/// in a hundred of whom has changed, takes at most 0.8 times the first.
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_server.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr std::uint64_t most_single_rows = 50'000;

/// Opening the store, reading the file, writing all of it durably, and closing.
double import(const std::string& store, const std::filesystem::path& csv, mailroll::RowVerdict verdict,
              std::uint64_t rows) {
  return seconds_of([&] {
    mailroll::Roll roll = mailroll::open(store);
    const mailroll::ImportSummary summary = roll.contacts().import_file(csv).apply();
    if (summary.by_verdict[static_cast<std::size_t>(verdict)] != rows) {
      throw std::runtime_error("not every row came to what it was to come to");
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Imports into a server beside its own shell.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  const std::unique_ptr<BareServer> server = BareServer::at(settings.others);
  const auto csv = contacts_file(settings.folder, rows);
  const auto changed = changed_contacts_file(settings.folder, rows);
  const auto unloaded = settings.folder / ("contacts-of-" + server->engine());
  const std::string of = server->engine() + ": ";
  const std::string name = "mailroll_benchmark";

  {  // warms the file cache, and gives the floor its rows
    const ServerDatabase database(*server, name);
    import(database.store(), csv, mailroll::RowVerdict::created, rows);
    server->unload(name, unloaded);
  }

  Claim again{.name = of + "the same again with 1 % changed, beside the first", .unit = "x", .limit = 0.8};
  Claim singly{.name = of + "import beside row-at-a-time inserts", .unit = "x", .bar = Bar::at_least, .limit = 6};
  again.floor_name = "the first import";
  singly.floor_name = "single inserts in one transaction (people a second)";
  const auto ours = [&] {
    const ServerDatabase database(*server, name);
    server->settle();
    const double first = import(database.store(), csv, mailroll::RowVerdict::created, rows);
    server->settle();
    again.ours.push_back(import(database.store(), changed, mailroll::RowVerdict::updated, rows / 100));
    again.floor.push_back(first);
    again.values.push_back(again.ours.back() / first);

    const ServerDatabase other(*server, name + "_single");
    server->settle();
    const std::uint64_t some = std::min(rows, most_single_rows);
    singly.floor.push_back(static_cast<double>(some) / server->insert_singly(name, other.name(), some));
    singly.ours.push_back(static_cast<double>(rows) / first);
    singly.values.push_back(singly.ours.back() / singly.floor.back());
    return first;
  };
  const auto floor = [&] {
    const ServerDatabase database(*server, name + "_floor");
    server->settle();
    return seconds_of([&] { server->load(database.name(), unloaded); });
  };
  Claim beside =
      run_pairs(of + "import", settings.pairs, ours, "its shell: a temporary table, and INSERT ... SELECT", floor);
  beside.limit = 1.5;

  const std::vector<Claim> claims{beside, again, singly};
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "server_import_" + server->engine(), claims);
  std::filesystem::remove(unloaded);
}
