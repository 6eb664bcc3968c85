#include "snapshot_store.hpp"

#include <array>
#include <string>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"

namespace mailroll::benchmark {

namespace {

constexpr std::uint64_t contacts_of_a_transaction = 100'000;
constexpr std::int64_t made_at = 1'767'225'600'000'000;   // 2026-01-01
constexpr std::int64_t runs_out = 4'102'444'800'000'000;  // 2100-01-01

/// SplitMix64: the same store everywhere.
class Chance {
 public:
  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }
  bool one_in(double many) { return static_cast<double>(next() >> 11U) * 0x1.0p-53 * many < 1; }

 private:
  std::uint64_t state_ = 1;
};

using Id = std::array<unsigned char, 16>;

/// Ascending, and as evenly spread as hashes are.
Id id_of(std::uint64_t contact, std::uint64_t contacts, std::uint64_t random) {
  const std::uint64_t spread = contact * (UINT64_MAX / contacts);
  Id id{};
  for (unsigned i = 0; i < 8; ++i) {
    id[i] = static_cast<unsigned char>(spread >> (56 - 8 * i));
    id[8 + i] = static_cast<unsigned char>(random >> (56 - 8 * i));
  }
  return id;
}

class Insert {
 public:
  Insert(BareDatabase& database, const std::string& sql) : database_(database), statement_(database.prepare(sql)) {}
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;
  ~Insert() { sqlite3_finalize(statement_); }
  Insert& id(int column, const Id& id) {
    sqlite3_bind_blob(statement_, column, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
    return *this;
  }
  Insert& number(int column, std::int64_t number) {
    sqlite3_bind_int64(statement_, column, number);
    return *this;
  }
  Insert& text(int column, const std::string& text) {
    sqlite3_bind_text(statement_, column, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  void run() {
    if (sqlite3_step(statement_) != SQLITE_DONE) database_.check(sqlite3_extended_errcode(database_.handle()));
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  BareDatabase& database_;
  sqlite3_stmt* statement_;
};

void fill(BareDatabase& database, std::uint64_t contacts) {
  const std::int64_t first_segment = database.number("SELECT min(number) FROM segments");
  const std::int64_t first_topic = database.number("SELECT min(number) FROM topics");
  const std::int64_t team = database.number("SELECT min(team_id) FROM segments");
  double weights = 0;
  for (int s = 0; s < snapshot_segments; ++s) weights += 1.0 / (s + 2);
  Insert contact(database,
                 "INSERT INTO contacts (team_id, contact_id, email, first_name, last_name, properties, created_at, "
                 "updated_at, key_version, hash_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1)");
  Insert membership(database, "INSERT INTO memberships (team_id, contact_id, segment) VALUES (?, ?, ?)");
  Insert choice(database,
                "INSERT INTO choices (team_id, contact_id, topic, said, objectors, valid_until, by_override, event_id) "
                "VALUES (?, ?, ?, ?, 0, ?, 0, ?)");
  Insert standing(database,
                  "INSERT INTO standings (team_id, contact_id, said, objectors, by_override, erased, suppressions, "
                  "last_event) VALUES (?, ?, ?, 0, 0, 0, ?, ?)");
  Chance chance;
  for (std::uint64_t at = 0; at < contacts; ++at) {
    if (at % contacts_of_a_transaction == 0) database.run(at == 0 ? "BEGIN" : "COMMIT; BEGIN");
    const Id id = id_of(at, contacts, chance.next());
    contact.number(1, team).id(2, id).text(3, address_of(at)).text(4, "First").text(5, "Last");
    contact.text(6, R"({"country":"DE","plan":"pro"})").number(7, made_at).number(8, made_at).run();
    for (int s = 0; s < snapshot_segments; ++s) {
      if (chance.one_in(weights * (s + 2) / 5)) membership.number(1, team).id(2, id).number(3, first_segment + s).run();
    }
    for (int t = 0; t < snapshot_topics; ++t) {
      if (!chance.one_in(7)) continue;
      choice.number(1, team).id(2, id).number(3, first_topic + t);
      const std::uint64_t kind = chance.next() % 20;  // 14 opted in, one of them for a while; 5 out; 1 pending
      choice.number(4, kind < 14 ? 1 : kind < 19 ? 2 : 3);
      if (kind == 0) choice.number(5, runs_out);
      if (kind == 1) choice.number(5, made_at);
      choice.id(6, id).run();
    }
    if (chance.one_in(20)) {
      const std::uint64_t kind = chance.next() % 20;  // 15 unsubscribed, 5 suppressed
      standing.number(1, team).id(2, id).number(3, kind < 15 ? 2 : 0).number(4, kind < 15 ? 0 : 1 << (kind % 3 + 1));
      standing.number(5, made_at).run();
    }
  }
  database.run("COMMIT");
}

}  // namespace

void make_snapshot_definitions(Roll& roll) {
  for (int s = 0; s < snapshot_segments; ++s) roll.segments().create("S" + std::to_string(s));
  for (int t = 0; t < snapshot_topics; ++t) {
    roll.topics().create({.name = "T" + std::to_string(t),
                          .default_subscription = t % 2 == 0 ? Subscription::opt_in : Subscription::opt_out});
  }
}

void make_snapshot_store(const std::filesystem::path& database, std::uint64_t contacts) {
  if (std::filesystem::exists(database)) return;
  auto unfinished = database;
  unfinished += ".unfinished";
  remove_database(unfinished);
  {
    mailroll::Roll roll = mailroll::open("sqlite:///" + std::filesystem::absolute(unfinished).string());
    make_snapshot_definitions(roll);
  }
  {
    BareDatabase bare(unfinished);
    bare.run("PRAGMA synchronous = OFF");
    bare.run("PRAGMA cache_size = -262144");
    const std::string index = "CREATE INDEX memberships_by_segment ON memberships (team_id, segment, contact_id)";
    bare.run("DROP INDEX memberships_by_segment");
    fill(bare, contacts);
    bare.run(index);
    bare.run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::filesystem::rename(unfinished, database);
}

}  // namespace mailroll::benchmark
