/// Claims: a snapshot is loaded from SQLite at half the rate of a bare scan of the same rows, or more; takes less than 40 bytes a
/// contact beside its sets; counts an expression of three segments by reason in less than 5 ms, and all segments by all
/// topics in less than 150 ms; and lists a million people in less than 20 ms; and is refreshed after 10,000 changes in less
/// than 100 ms. The times are promised of 10,000,000 contacts, 30 segments, 50,000,000 memberships and 10 topics: `--rows
/// 10000000` (a file of 5 GB, made once, in --folder).
#include <chrono>
#include <fstream>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <mailroll/mailroll.hpp>
#include <malloc.h>
#include <unistd.h>

#include "bare_database.hpp"
#include "pairs.hpp"
#include "snapshot_store.hpp"

namespace {

using namespace mailroll::benchmark;

/// Reads what a snapshot reads, and does nothing with it.
std::uint64_t scan(const std::filesystem::path& path) {
  BareDatabase database(path);
  std::uint64_t seen = 0;
  for (const char* sql :
       {"SELECT contact_id FROM contacts WHERE team_id = 1 ORDER BY contact_id",
        "SELECT contact_id, said, valid_until, by_override, erased, suppressions FROM standings WHERE team_id = 1 "
        "AND said >= 0 ORDER BY contact_id",
        "SELECT contact_id, topic, said, valid_until, by_override FROM choices WHERE team_id = 1 "
        "ORDER BY contact_id, topic",
        "SELECT contact_id, segment FROM memberships WHERE team_id = 1 ORDER BY contact_id, segment"}) {
    sqlite3_stmt* rows = database.prepare(sql);
    const int columns = sqlite3_column_count(rows);
    while (sqlite3_step(rows) == SQLITE_ROW) {
      seen += static_cast<const unsigned char*>(sqlite3_column_blob(rows, 0))[15];
      for (int column = 1; column < columns; ++column) {
        seen += static_cast<std::uint64_t>(sqlite3_column_int64(rows, column));
      }
    }
    sqlite3_finalize(rows);
  }
  return seen;
}

/// Bytes that the process has resident.
double resident() {
  ::malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  std::uint64_t pages = 0;
  file >> pages >> pages;
  return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

Claim timed(const std::string& name, int times, Bar bar, double limit, const std::function<void()>& work) {
  work();
  Claim claim{.name = name, .unit = "ms", .bar = bar, .limit = limit};
  for (int i = 0; i < times; ++i) claim.values.push_back(milliseconds_of(work));
  claim.ours = claim.values;
  return claim;
}

/// Changes 10,000 contacts, as programs do: two in five join or leave a segment, somewhat fewer choose about a topic, some leave
/// everything or come back, and some come or go. Each time others.
void change_ten_thousand(mailroll::Session& session, mailroll::TeamNumber team, const mailroll::Snapshot& snapshot,
                         const std::vector<mailroll::ContactId>& people, std::uint64_t seed) {
  constexpr int changes = 10'000;
  constexpr int at_once = 500;
  std::mt19937_64 chance(seed);
  const auto below = [&](std::uint64_t bound) { return chance() % bound; };
  for (int done = 0; done < changes; done += at_once) {
    mailroll::ChangeSet set;
    std::set<mailroll::ContactId> changed;
    while (changed.size() < at_once) {
      const mailroll::ContactId id = people[below(people.size())];
      if (!changed.insert(id).second) continue;
      const std::uint64_t kind = below(100);
      if (kind < 40) {
        (kind % 2 == 0 ? set.joined : set.left).push_back({id, snapshot.segments()[below(30)].number});
      } else if (kind < 75) {
        mailroll::ScopeState said;
        said.said = kind % 2 == 0 ? mailroll::Said::opt_in : mailroll::Said::opt_out;
        set.choices.push_back({id, {snapshot.topics()[below(10)].number, said}});
      } else if (kind < 90) {
        mailroll::Standing standing;
        standing.everything.said = kind < 87 ? mailroll::Said::opt_out : mailroll::Said::nothing;
        set.standings.push_back({id, standing});
      } else if (kind < 95) {
        mailroll::Contact contact;
        contact.id = id;
        for (std::size_t byte = 8; byte < contact.id.bytes.size(); ++byte) {
          contact.id.bytes[byte] = static_cast<std::uint8_t>(chance());
        }
        contact.email = "new" + std::to_string(chance()) + "@example.com";
        set.contacts.push_back(contact);
      } else {
        set.removed_contacts.push_back(id);
      }
    }
    session.begin_write();
    session.write(team, set);
    session.commit(mailroll::Durability::bulk);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Loading and asking a snapshot of a whole team.", {1'000'000});
  const std::uint64_t contacts = settings.rows.front();
  const auto path = settings.folder / ("snapshot-" + std::to_string(contacts) + ".db");
  make_snapshot_store(path, contacts);
  const int times = settings.pairs * 3;
  const std::string of = ", " + std::to_string(contacts) + " contacts";

  mailroll::Roll roll = mailroll::open("sqlite:///" + std::filesystem::absolute(path).string());
  std::optional<mailroll::Snapshot> snapshot;
  const double before = resident();
  snapshot = roll.snapshot();
  const double sets = static_cast<double>(snapshot->memory().sets);
  Claim memory{
      .name = "snapshot, memory beside its sets" + of, .unit = "bytes a contact", .bar = Bar::below, .limit = 40};
  memory.values.push_back((resident() - before - sets) / static_cast<double>(contacts));
  memory.ours = memory.values;
  Claim bitmaps{.name = "snapshot, sets" + of, .unit = "bytes a contact", .bar = Bar::none, .limit = 0};
  bitmaps.values.push_back(sets / static_cast<double>(contacts));
  bitmaps.ours = bitmaps.values;

  Claim load = run_pairs(
      "snapshot load" + of, settings.pairs, [&] { return seconds_of([&] { snapshot = roll.snapshot(); }); },
      "a bare scan of the same rows (s)",
      [&] {
        return seconds_of([&] {
          if (scan(path) == 0) throw std::runtime_error("floor: nothing read");
        });
      });
  load.bar = Bar::at_least;
  load.limit = 0.5;
  for (double& ratio : load.values) ratio = 1 / ratio;  // rates, not times

  // The audience nearest to a million people, or to half of a smaller team.
  const double wanted = std::min(1e6, static_cast<double>(contacts) / 2);
  const mailroll::SnapshotMatrix matrix = snapshot->matrix();
  std::size_t best = 0;
  const auto away = [&](std::size_t cell) {
    const double is = static_cast<double>(matrix.cells[cell].receives);
    return is > wanted ? is - wanted : wanted - is;
  };
  for (std::size_t cell = 0; cell < matrix.cells.size(); ++cell) {
    if (away(cell) < away(best)) best = cell;
  }
  const mailroll::Segment segment = matrix.segments[best / matrix.topics.size()];
  const std::optional<mailroll::Topic> topic = matrix.topics[best % matrix.topics.size()];
  const mailroll::TopicRef about = topic ? mailroll::TopicRef(*topic) : mailroll::TopicRef(mailroll::no_topic);
  const std::string people = ", " + std::to_string(matrix.cells[best].receives) + " people";
  std::vector<mailroll::SegmentRef> all(matrix.segments.begin(), matrix.segments.end());

  const std::vector<mailroll::ContactId> everybody = snapshot->people("S0 | S1 | S2 | S3", mailroll::no_topic);
  const auto store = mailroll::open_store("sqlite:///" + std::filesystem::absolute(path).string());
  const auto session = store->connect();
  std::uint64_t seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  Claim refresh{.name = "snapshot refresh after 10,000 changes" + of, .unit = "ms", .bar = Bar::below, .limit = 100};
  mailroll::Snapshot newest = *snapshot;
  for (int i = 0; i < times + 1; ++i) {
    change_ten_thousand(*session, roll.team().number, newest, everybody, ++seed);
    const double took = milliseconds_of([&] {
      const mailroll::Refreshed refreshed = roll.refresh(newest);
      if (refreshed.reloaded) throw std::runtime_error("refresh: everything was read");
      newest = refreshed.snapshot;
    });
    if (i > 0) refresh.values.push_back(took);
  }
  refresh.ours = refresh.values;

  const auto file = settings.folder / "team.snapshot";
  const std::vector<Claim> claims{
      load,
      memory,
      bitmaps,
      refresh,
      timed("snapshot count of three segments by reason" + of, times, Bar::below, 5,
            [&] { (void)snapshot->count("S0 & S1 - S2", "T1"); }),
      timed("snapshot matrix" + of, times, Bar::below, 150, [&] { (void)snapshot->matrix(); }),
      timed("snapshot overlap of all segments" + of, times, Bar::none, 0, [&] { (void)snapshot->overlap(all); }),
      timed("snapshot people" + people, times, Bar::below, 20, [&] { (void)snapshot->people(segment, about); }),
      timed("snapshot sample of 1,000 out of them" + of, times, Bar::none, 0,
            [&] { (void)snapshot->sample(segment, about, 1000, 1); }),
      timed("snapshot save" + of, settings.pairs, Bar::none, 0, [&] { snapshot->save(file.string()); }),
      timed("snapshot map" + of, settings.pairs, Bar::none, 0, [&] { (void)mailroll::Snapshot::map(file.string()); }),
  };
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "snapshot", claims);
  std::filesystem::remove(file);
}
