/// What the outbox of opt-outs costs whoever writes many of them: an import of 1,000,000 people who have all left, into a
/// new store and into one that holds them, and people who leave one by one. The floor is the same, in a store whose outbox
/// ignores what it is given (a trigger; it costs a little itself). And how fast the feed is read, which empties the outbox.
#include <stdexcept>
#include <string>
#include <vector>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr std::uint64_t most_in_a_pair = 200;
constexpr std::size_t page_size = 10'000;

mailroll::Roll open_at(const std::filesystem::path& path) { return mailroll::open("sqlite:///" + path.string()); }

std::int64_t waiting(const std::filesystem::path& path) {
  return BareDatabase(path).number("SELECT count(*) FROM outbox");
}

/// A new store.
void prepare(const std::filesystem::path& path, bool ignores) {
  remove_database(path);
  (void)open_at(path);
  if (!ignores) return;
  BareDatabase(path).run("CREATE TRIGGER ignored BEFORE INSERT ON outbox BEGIN SELECT raise(IGNORE); END");
}

double import_leavers(const std::filesystem::path& path, const std::filesystem::path& leavers) {
  return seconds_of([&] {
    const mailroll::Roll roll = open_at(path);
    roll.contacts().import_file(leavers).apply();
  });
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "What the outbox of opt-outs costs.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  const auto leavers = leavers_file(settings.folder, rows);
  const auto everybody = contacts_file(settings.folder, rows);
  const auto with = settings.folder / "outbox.db";
  const auto without = settings.folder / "outbox-floor.db";
  std::vector<Claim> claims;
  Claim read{.name = "feed of opt-outs, published and read", .unit = "people/s", .floor_name = {}, .bar = Bar::none};

  const auto into_new = [&](const std::filesystem::path& path, bool ignores) {
    prepare(path, ignores);
    return import_leavers(path, leavers);
  };
  const auto read_feed = [&] {
    mailroll::Roll roll = open_at(with);
    std::uint64_t people = 0;
    const double seconds = seconds_of([&] {
      for (std::int64_t after = 0; people < rows;) {
        const mailroll::FeedPage page = roll.opt_outs(after, page_size);
        if (page.items.empty()) throw std::runtime_error("not everybody who left is in the feed");
        people += page.items.size();
        after = page.next;
      }
    });
    read.values.push_back(static_cast<double>(people) / seconds);
  };
  claims.push_back(run_pairs(
      "import of people who left, new store", settings.pairs,
      [&] {
        const double seconds = into_new(with, false);
        if (waiting(with) != static_cast<std::int64_t>(rows)) throw std::runtime_error("not every opt-out waits");
        return seconds;
      },
      "the same without the outbox (s)",
      [&] {
        const double seconds = into_new(without, true);
        if (waiting(without) != 0) throw std::runtime_error("floor: something waits");
        return seconds;
      }));
  read_feed();

  const auto into_full = [&](const std::filesystem::path& path, bool ignores) {
    prepare(path, ignores);
    open_at(path).contacts().import_file(everybody).apply();
    return import_leavers(path, leavers);
  };
  claims.push_back(run_pairs(
      "import of people who left, of contacts", settings.pairs,
      [&] {
        const double seconds = into_full(with, false);
        read_feed();
        return seconds;
      },
      "the same without the outbox (s)", [&] { return into_full(without, true); }));

  for (const auto& [path, ignores] : {std::pair(with, false), std::pair(without, true)}) {
    prepare(path, ignores);
    open_at(path).contacts().import_file(everybody).apply();
  }
  mailroll::Roll ours = open_at(with);
  mailroll::Roll floor = open_at(without);
  std::uint64_t next = 0;
  const auto in_a_pair = std::min(most_in_a_pair, rows / 2 / static_cast<std::uint64_t>(settings.pairs));
  Claim one{.name = "unsubscribe one by one", .unit = "x", .floor_name = "the same without the outbox (ms)"};
  for (int pair = 0; pair < settings.pairs; ++pair) {
    const auto leave = [&](mailroll::Roll& roll) { roll.unsubscribe(address_of(next++), mailroll::everything); };
    const std::vector<double> took =
        medians_of(static_cast<int>(in_a_pair), {[&] { leave(ours); }, [&] { leave(floor); }});
    one.ours.push_back(took[0]);
    one.floor.push_back(took[1]);
    one.values.push_back(took[0] / took[1]);
  }
  claims.push_back(one);
  read.ours = read.values;
  claims.push_back(read);
  for (Claim& claim : claims) {
    claim.bar = Bar::none;
    print(claim);
  }
  write_json(settings, "outbox", claims);
  remove_database(with);
  remove_database(without);
}
