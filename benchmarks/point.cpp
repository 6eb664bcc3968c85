/// Claim: among 1,000,000 contacts, `explain` by address takes less than 1 ms, and `unsubscribe` by address less than 1 ms
/// and less than 3 times a durable commit (synchronous = FULL) of a one-row update by address in a file of the same kind
/// on the same disk. Medians.
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr int acts_in_a_pair = 200;
constexpr const char* topic_name = "News";

/// One table of people by address, as somebody would make it who keeps only a flag.
class BareFlags {
 public:
  BareFlags(const std::filesystem::path& path, std::uint64_t rows) : database_(path) {
    database_.run(
        "CREATE TABLE people (email TEXT PRIMARY KEY, first_name TEXT, unsubscribed INTEGER NOT NULL) WITHOUT ROWID");
    database_.run("BEGIN");
    sqlite3_stmt* insert = database_.prepare("INSERT INTO people VALUES (?, 'Ada', 0)");
    for (std::uint64_t number = 0; number < rows; ++number) {
      const std::string email = address_of(number);
      sqlite3_bind_text(insert, 1, email.data(), static_cast<int>(email.size()), SQLITE_STATIC);
      if (sqlite3_step(insert) != SQLITE_DONE) throw std::runtime_error("floor: insert failed");
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    database_.run("COMMIT");
    database_.run("PRAGMA wal_checkpoint(TRUNCATE)");
    update_ = database_.prepare("UPDATE people SET unsubscribed = 1 WHERE email = ?");
  }
  BareFlags(const BareFlags&) = delete;
  BareFlags& operator=(const BareFlags&) = delete;
  ~BareFlags() { sqlite3_finalize(update_); }

  /// The statement is a transaction of its own; when this returns, it is on the disk.
  void unsubscribe(const std::string& email) {
    sqlite3_bind_text(update_, 1, email.data(), static_cast<int>(email.size()), SQLITE_STATIC);
    if (sqlite3_step(update_) != SQLITE_DONE || sqlite3_changes(database_.handle()) != 1) {
      throw std::runtime_error("floor: update failed");
    }
    sqlite3_reset(update_);
  }

 private:
  BareDatabase database_;
  sqlite3_stmt* update_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  const Settings settings =
      read_settings(argc, argv, "explain and unsubscribe by address beside a durable one-row update.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  if (rows < acts_in_a_pair * (1 + 2 * static_cast<std::uint64_t>(settings.pairs))) {
    throw std::invalid_argument("too few rows for so many pairs: nobody may leave twice");
  }
  const auto database = settings.folder / "point.db";
  const auto bare_path = settings.folder / "point-floor.db";
  remove_database(database);
  remove_database(bare_path);
  mailroll::Roll roll = mailroll::open("sqlite:///" + database.string());
  roll.topics().create({.name = topic_name, .default_subscription = mailroll::Subscription::opt_out});
  mailroll::ImportOptions options;
  options.segments = {"All"};
  options.topics = {topic_name};
  roll.contacts().import_file(contacts_file(settings.folder, rows), options).apply();
  BareFlags bare(bare_path, rows);

  // Nobody twice, and nobody near the last one.
  std::uint64_t next = 0;
  const auto somebody = [&] { return address_of(next++ * 7919 % rows); };
  const auto explain = [&](const std::string& email) {
    if (!roll.explain(email, topic_name, mailroll::SegmentRef("All")).receives)
      throw std::runtime_error("must receive it");
  };
  for (int i = 0; i < acts_in_a_pair; ++i) explain(somebody());

  Claim explained{.name = "explain by address", .unit = "ms", .bar = Bar::below, .limit = 1};
  Claim left{.name = "unsubscribe by address", .unit = "ms", .bar = Bar::below, .limit = 1};
  Claim beside{.name = "unsubscribe beside a durable commit",
               .unit = "x",
               .floor_name = "a durable one-row update (ms)",
               .bar = Bar::below,
               .limit = 3};
  for (int pair = 0; pair < settings.pairs; ++pair) {
    std::vector<double> reads;
    std::vector<double> ours;
    std::vector<double> floors;
    for (int act = 0; act < acts_in_a_pair; ++act) {
      const std::string reader = somebody();
      reads.push_back(milliseconds_of([&] { explain(reader); }));
      const std::string leaver = somebody();
      const auto we = [&] {
        ours.push_back(milliseconds_of([&] { roll.unsubscribe(leaver, mailroll::TopicRef(topic_name)); }));
      };
      const auto they = [&] { floors.push_back(milliseconds_of([&] { bare.unsubscribe(leaver); })); };
      if (act % 2 == 0) we();
      they();
      if (act % 2 == 1) we();
    }
    explained.values.push_back(median(reads));
    left.values.push_back(median(ours));
    beside.ours.push_back(median(ours));
    beside.floor.push_back(median(floors));
    beside.values.push_back(beside.ours.back() / beside.floor.back());
  }
  explained.ours = explained.values;
  left.ours = left.values;
  const std::vector<Claim> claims{explained, left, beside};
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "point", claims);
  remove_database(database);
  remove_database(bare_path);
}
