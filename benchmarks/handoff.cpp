/// Claim: leasing 100,000 people of a segment to a mailer in batches of 1,000, each judged again on their own rows, is done
/// at 0.15 times the rate of the bare statements or faster: a page of the list in SQL and an insert for each, in
/// transactions of 1,000 that are as durable. Confirming a batch is measured too.
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr const char* segment_name = "Half";
constexpr const char* topic_name = "News";
constexpr std::size_t batch_size = 1000;

void prepare(const std::filesystem::path& database, const std::filesystem::path& folder, std::uint64_t rows) {
  remove_database(database);
  mailroll::Roll roll = mailroll::open("sqlite:///" + database.string());
  roll.topics().create({.name = topic_name, .default_subscription = mailroll::Subscription::opt_out});
  mailroll::ImportOptions half;
  half.segments = {segment_name};
  half.topics = {topic_name};
  roll.contacts().import_file(contacts_file(folder, rows / 2), half).apply();
  mailroll::ImportOptions others;
  others.segments = {"Others"};
  others.topics = {topic_name};
  roll.contacts().import_file(contacts_file(folder, rows - rows / 2, rows / 2), others).apply();
}

/// The same table and indexes under another name, so that ours stay as they are.
class BareLeases {
 public:
  explicit BareLeases(const std::filesystem::path& path) : database_(path) {
    for (const char* what : {"table", "index"}) {
      const std::string of_kind = std::string("FROM sqlite_master WHERE tbl_name = 'leases' AND type = '") + what + "'";
      for (std::int64_t n = database_.number("SELECT count(*) " + of_kind); n > 0; --n) {
        sqlite3_stmt* definition = database_.prepare("SELECT replace(sql, 'leases', 'bare_leases') " + of_kind +
                                                     " LIMIT 1 OFFSET " + std::to_string(n - 1));
        std::string text;
        if (sqlite3_step(definition) == SQLITE_ROW) {
          text = reinterpret_cast<const char*>(sqlite3_column_text(definition, 0));
        }
        sqlite3_finalize(definition);
        database_.run(text);
      }
    }
    segment_ = database_.number("SELECT number FROM segments WHERE name = '" + std::string(segment_name) + "'");
    topic_ = database_.number("SELECT number FROM topics WHERE name = '" + std::string(topic_name) + "'");
    team_ = database_.number("SELECT team_id FROM teams WHERE name = 'default'");
    page_ = database_.prepare(R"sql(
      SELECT m.contact_id, c.email, c.first_name, c.last_name
        FROM memberships m
        JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id
        LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id
        LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id AND h.topic = ?3
       WHERE m.team_id = ?1 AND m.segment = ?2 AND m.contact_id > ?4
         AND coalesce(s.erased, 0) = 0 AND coalesce(s.suppressions, 0) = 0 AND coalesce(s.said, 0) NOT IN (2, 3)
         AND coalesce(h.said, 0) = 1
       ORDER BY m.contact_id LIMIT ?5)sql");
    put_ = database_.prepare(R"sql(
      INSERT INTO bare_leases (team_id, contact_id, broadcast, state, lease_id, worker, expires_at, changed_at)
      VALUES (?1, ?2, 1, 1, ?3, 'bare', 1, 1))sql");
  }
  BareLeases(const BareLeases&) = delete;
  BareLeases& operator=(const BareLeases&) = delete;
  ~BareLeases() {
    sqlite3_finalize(page_);
    sqlite3_finalize(put_);
  }

  std::uint64_t lease_all() {
    std::uint64_t people = 0;
    std::string last(16, '\0');
    for (std::uint64_t before = 1; before != people;) {
      before = people;
      database_.run("BEGIN IMMEDIATE");
      sqlite3_bind_int64(page_, 1, team_);
      sqlite3_bind_int64(page_, 2, segment_);
      sqlite3_bind_int64(page_, 3, topic_);
      sqlite3_bind_blob(page_, 4, last.data(), 16, SQLITE_TRANSIENT);
      sqlite3_bind_int64(page_, 5, batch_size);
      while (sqlite3_step(page_) == SQLITE_ROW) {
        last.assign(static_cast<const char*>(sqlite3_column_blob(page_, 0)), 16);
        for (int column = 1; column < 4; ++column) bytes_ += std::string_view(text(column)).size();
        sqlite3_bind_int64(put_, 1, team_);
        sqlite3_bind_blob(put_, 2, last.data(), 16, SQLITE_STATIC);
        sqlite3_bind_blob(put_, 3, "0123456789abcdef", 16, SQLITE_STATIC);
        if (sqlite3_step(put_) != SQLITE_DONE) throw std::runtime_error("floor: not inserted");
        database_.check(sqlite3_reset(put_));
        ++people;
      }
      database_.check(sqlite3_reset(page_));
      database_.run("COMMIT");
    }
    return people;
  }
  void clear() {
    database_.run("DELETE FROM bare_leases");
    database_.run("DELETE FROM leases");
    database_.run("DELETE FROM broadcasts");
  }

 private:
  [[nodiscard]] const char* text(int column) const {
    const unsigned char* found = sqlite3_column_text(page_, column);
    return found == nullptr ? "" : reinterpret_cast<const char*>(found);
  }

  BareDatabase database_;
  sqlite3_stmt* page_ = nullptr;
  sqlite3_stmt* put_ = nullptr;
  std::int64_t team_ = 0;
  std::int64_t segment_ = 0;
  std::int64_t topic_ = 0;
  std::uint64_t bytes_ = 0;  // so that nothing that was read is left out
};

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Leasing people in batches of 1,000.", {200'000});
  const std::uint64_t rows = settings.rows.front();
  const auto path = settings.folder / "handoff.db";
  prepare(path, settings.folder, rows);
  mailroll::Roll roll = mailroll::open("sqlite:///" + path.string());
  BareLeases bare(path);

  const auto checked = [&](std::uint64_t people) {
    if (people != rows / 2) throw std::runtime_error("not everybody was leased");
    return static_cast<double>(people);
  };
  std::vector<double> confirmed;
  Claim claim = run_pairs(
      "lease to a mailer", settings.pairs,
      [&] {
        bare.clear();
        mailroll::Handoff handoff = roll.handoff(segment_name, topic_name, "benchmark");
        std::uint64_t people = 0;
        std::vector<mailroll::LeaseId> leases;
        const double seconds = seconds_of([&] {
          for (mailroll::Batch batch = handoff.lease(batch_size); !batch.people.empty();
               batch = handoff.lease(batch_size)) {
            people += batch.people.size();
            leases.push_back(batch.lease);
          }
        });
        std::uint64_t done = 0;
        const double confirming = seconds_of([&] {
          for (const mailroll::LeaseId& lease : leases) done += handoff.confirm(lease).done;
        });
        confirmed.push_back(checked(done) / confirming);
        return checked(people) / seconds;
      },
      "bare statements (people a second)",
      [&] {
        bare.clear();
        std::uint64_t people = 0;
        const double seconds = seconds_of([&] { people = bare.lease_all(); });
        return checked(people) / seconds;
      });
  claim.bar = Bar::at_least;
  claim.limit = 0.15;
  print(claim);
  Claim confirming{.name = "confirm what was leased",
                   .unit = "people/s",
                   .floor_name = {},
                   .bar = Bar::at_least,
                   .limit = 50000,
                   .ours = confirmed,
                   .floor = {},
                   .values = confirmed};
  print(confirming);
  write_json(settings, "handoff", {claim, confirming});
  remove_database(path);
}
