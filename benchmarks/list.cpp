/// Claim: listing the 500,000 members of a segment of a team of 1,000,000 (all of whom receive the topic) runs at 0.7 times
/// the rate of a bare loop over the SQL that a person would write for it, or faster.
///
/// Two more ways to call it serve list_python.py: `prepare FILE` makes the database; `floor FILE` runs the bare loop once
/// for each line of standard input and answers its seconds.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_database.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr const char* segment_name = "Half";
constexpr const char* topic_name = "News";

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

/// What the compiler must not leave out: every byte count of what was read.
struct Seen {
  std::uint64_t people = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Seen&) const = default;
};

double timed(Seen& seen, const std::function<void(Seen&)>& work) {
  seen = {};
  return seconds_of([&] { work(seen); });
}

class BareList {
 public:
  explicit BareList(const std::filesystem::path& path) : database_(path) {
    segment_ = database_.number("SELECT number FROM segments WHERE name = '" + std::string(segment_name) + "'");
    topic_ = database_.number("SELECT number FROM topics WHERE name = '" + std::string(topic_name) + "'");
    team_ = database_.number("SELECT team_id FROM teams WHERE name = 'default'");
    statement_ = database_.prepare(R"sql(
      SELECT m.contact_id, c.email, c.first_name, c.last_name
        FROM memberships m
        JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id
        LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id
        LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id AND h.topic = ?3
       WHERE m.team_id = ?1 AND m.segment = ?2
         AND coalesce(s.erased, 0) = 0 AND coalesce(s.suppressions, 0) = 0 AND coalesce(s.said, 0) NOT IN (2, 3)
         AND coalesce(h.said, 0) = 1 AND (h.valid_until IS NULL OR h.valid_until > ?4)
       ORDER BY m.contact_id)sql");
  }
  BareList(const BareList&) = delete;
  BareList& operator=(const BareList&) = delete;
  ~BareList() { sqlite3_finalize(statement_); }

  void read(Seen& seen) {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
    sqlite3_bind_int64(statement_, 1, team_);
    sqlite3_bind_int64(statement_, 2, segment_);
    sqlite3_bind_int64(statement_, 3, topic_);
    sqlite3_bind_int64(statement_, 4, now.count());
    while (sqlite3_step(statement_) == SQLITE_ROW) {
      ++seen.people;
      sqlite3_column_blob(statement_, 0);
      seen.bytes += static_cast<std::uint64_t>(sqlite3_column_bytes(statement_, 0));
      for (int column = 1; column < 4; ++column) {
        sqlite3_column_text(statement_, column);
        seen.bytes += static_cast<std::uint64_t>(sqlite3_column_bytes(statement_, column));
      }
    }
    database_.check(sqlite3_reset(statement_));
  }

 private:
  BareDatabase database_;
  sqlite3_stmt* statement_ = nullptr;
  std::int64_t team_ = 0;
  std::int64_t segment_ = 0;
  std::int64_t topic_ = 0;
};

void read_audience(const mailroll::Audience& audience, Seen& seen) {
  for (const mailroll::Recipient& person : audience) {
    ++seen.people;
    seen.bytes += person.id.bytes.size() + person.email.size() + person.first_name.size() + person.last_name.size();
  }
}

void answer_floors(const std::filesystem::path& database) {
  BareList bare(database);
  Seen seen;
  bare.read(seen);
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << timed(seen, [&](Seen& now) { bare.read(now); }) << std::endl;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Listing an audience beside a bare loop over SQL.", {1'000'000});
  const std::uint64_t rows = settings.rows.front();
  if (settings.others.size() == 2) {
    if (settings.others[0] == "prepare")
      prepare(settings.others[1], settings.folder, rows);
    else
      answer_floors(settings.others[1]);
    return 0;
  }

  const auto database = settings.folder / "list.db";
  prepare(database, settings.folder, rows);
  const mailroll::Roll roll = mailroll::open("sqlite:///" + database.string());
  const mailroll::Audience audience = roll.audience(segment_name, topic_name);
  BareList bare(database);
  Seen by_us;
  Seen by_floor;
  read_audience(audience, by_us);
  bare.read(by_floor);
  if (by_us != by_floor || by_us.people != rows / 2) throw std::runtime_error("the two lists are not the same");

  Claim claim = run_pairs(
      "audience list, C++", settings.pairs,
      [&] { return static_cast<double>(rows / 2) / timed(by_us, [&](Seen& seen) { read_audience(audience, seen); }); },
      "a bare loop over SQL (people a second)",
      [&] { return static_cast<double>(rows / 2) / timed(by_floor, [&](Seen& seen) { bare.read(seen); }); });
  claim.bar = Bar::at_least;
  claim.limit = 0.7;
  print(claim);
  write_json(settings, "list", {claim});
  remove_database(database);
}
