/// No bar: what a snapshot saves. The same counts by plain SQL on SQLite and on the server whose address (of scripts/servers urls
/// --admin) is the last word, by the store through mailroll, and by a snapshot, which must all be the same.
#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <mailroll/mailroll.hpp>
#include <mailroll/store/registry.hpp>

#include "bare_database.hpp"
#include "bare_server.hpp"
#include "pairs.hpp"
#include "snapshot_store.hpp"

namespace {

using namespace mailroll::benchmark;
using mailroll::Reason;

constexpr std::size_t page_size = 20'000;

/// Rows of two segments, or a segment and a topic, and a reason, and how many: what the statements below answer.
using Answer = std::map<std::vector<std::int64_t>, std::uint64_t>;
using Query = std::function<Answer(const std::string&)>;

Query on(BareDatabase& database) {
  return [&database](const std::string& sql) {
    Answer answer;
    sqlite3_stmt* rows = database.prepare(sql);
    const int last = sqlite3_column_count(rows) - 1;
    while (sqlite3_step(rows) == SQLITE_ROW) {
      std::vector<std::int64_t> key;
      for (int column = 0; column < last; ++column) key.push_back(sqlite3_column_int64(rows, column));
      answer[key] = static_cast<std::uint64_t>(sqlite3_column_int64(rows, last));
    }
    sqlite3_finalize(rows);
    return answer;
  };
}

Query on(BareServer& server, const std::string& database) {
  return [&server, database](const std::string& sql) {
    Answer answer;
    for (const std::vector<std::int64_t>& row : server.numbers(database, sql)) {
      answer[{row.begin(), row.end() - 1}] = static_cast<std::uint64_t>(row.back());
    }
    return answer;
  };
}

/// decide() as one would write it in SQL, over standings s and choices h; answers a Reason's number.
std::string reason_of(const std::string& topic_default, std::int64_t now) {
  const auto number = [](Reason reason) { return std::to_string(static_cast<int>(reason)); };
  return "CASE WHEN coalesce(s.erased, 0) <> 0 THEN " + number(Reason::erased) +
         " WHEN coalesce(s.suppressions, 0) & 2 <> 0 THEN " + number(Reason::suppressed_complaint) +
         " WHEN coalesce(s.suppressions, 0) & 4 <> 0 THEN " + number(Reason::suppressed_bounce) +
         " WHEN coalesce(s.suppressions, 0) <> 0 THEN " + number(Reason::suppressed_manual) + " WHEN s.said = 2 THEN " +
         number(Reason::unsubscribed) + " WHEN h.said = 2 THEN " + number(Reason::topic_opted_out) +
         " WHEN h.said = 3 OR s.said = 3 THEN " + number(Reason::unconfirmed) +
         " WHEN h.said = 1 AND h.valid_until <= " + std::to_string(now) + " THEN " + number(Reason::consent_expired) +
         " WHEN h.said = 1 THEN " + number(Reason::topic_opted_in) + " WHEN " + topic_default + " THEN " +
         number(Reason::topic_default_opt_in) + " ELSE " + number(Reason::topic_default_opt_out) + " END";
}

std::string standing_of_m() {
  return " LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id";
}

/// S0 & S1 - S2, about T1, by reason.
std::string count_sql(const mailroll::Roll& roll, std::int64_t now) {
  const auto number = [&](const char* name) {
    return std::to_string(mailroll::number_of(roll.segments().get(name).number));
  };
  const mailroll::Topic topic = roll.topics().get("T1");
  const bool everybody = topic.default_subscription == mailroll::Subscription::opt_in;
  return "SELECT reason, count(*) FROM (SELECT " + reason_of(everybody ? "1 = 1" : "1 = 0", now) +
         " AS reason FROM memberships m"
         " JOIN memberships b ON b.team_id = m.team_id AND b.contact_id = m.contact_id AND b.segment = " +
         number("S1") +
         " LEFT JOIN memberships x ON x.team_id = m.team_id AND x.contact_id = m.contact_id AND x.segment = " +
         number("S2") + standing_of_m() +
         " LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id AND h.topic = " +
         std::to_string(mailroll::number_of(topic.number)) + " WHERE m.team_id = 1 AND m.segment = " + number("S0") +
         " AND x.contact_id IS NULL) judged GROUP BY reason";
}

const std::string overlap_sql =
    "SELECT m.segment, b.segment, count(*) FROM memberships m JOIN memberships b ON b.team_id = m.team_id AND "
    "b.contact_id = m.contact_id WHERE m.team_id = 1 GROUP BY m.segment, b.segment";

/// Every segment by every topic by reason.
std::string matrix_sql(std::int64_t now) {
  return "SELECT segment, topic, reason, count(*) FROM (SELECT m.segment, t.number AS topic, " +
         reason_of("t.default_subscription = 1", now) +
         " AS reason FROM memberships m JOIN topics t ON t.team_id = m.team_id" + standing_of_m() +
         " LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id AND h.topic = t.number"
         " WHERE m.team_id = 1) judged GROUP BY segment, topic, reason";
}

void put_reasons(Answer& answer, std::vector<std::int64_t> key, const mailroll::Counts& counts) {
  key.push_back(0);
  for (std::size_t reason = 0; reason < mailroll::reason_count; ++reason) {
    if (counts.by_reason[reason] == 0) continue;
    key.back() = static_cast<std::int64_t>(reason);
    answer[key] = counts.by_reason[reason];
  }
}

Answer count_of(const mailroll::Counts& counts) {
  Answer answer;
  put_reasons(answer, {}, counts);
  return answer;
}

Answer overlap_of(const mailroll::Snapshot& snapshot) {
  const std::vector<mailroll::SegmentRef> all(snapshot.segments().begin(), snapshot.segments().end());
  const mailroll::SegmentOverlap overlap = snapshot.overlap(all);
  Answer answer;
  for (std::size_t one = 0; one < all.size(); ++one) {
    for (std::size_t other = 0; other < all.size(); ++other) {
      if (overlap.at(one, other) == 0) continue;
      answer[{mailroll::number_of(snapshot.segments()[one].number),
              mailroll::number_of(snapshot.segments()[other].number)}] = overlap.at(one, other);
    }
  }
  return answer;
}

Answer matrix_of(const mailroll::Snapshot& snapshot) {
  const mailroll::SnapshotMatrix matrix = snapshot.matrix();
  Answer answer;
  for (std::size_t segment = 0; segment < matrix.segments.size(); ++segment) {
    for (std::size_t topic = 1; topic < matrix.topics.size(); ++topic) {
      put_reasons(
          answer,
          {mailroll::number_of(matrix.segments[segment].number), mailroll::number_of(matrix.topics[topic]->number)},
          matrix.at(segment, topic));
    }
  }
  return answer;
}

/// The people of one store into another that has the same segments and topics.
void copy_people(const std::string& from, const std::string& to) {
  const auto source_store = mailroll::open_store(from);
  const auto target_store = mailroll::open_store(to);
  const auto source = source_store->connect();
  const auto target = target_store->connect();
  const mailroll::TeamNumber team{1};
  constexpr mailroll::Parts parts{.contact = true, .permission = true, .segments = true};
  std::vector<mailroll::Person> page;
  mailroll::IdRange rest;
  target->expect_bulk(true);
  do {
    source->people(team, rest, parts, page_size, page);
    mailroll::ChangeSet changes;
    changes.all_new = true;
    for (mailroll::Person& person : page) {
      changes.standings.push_back({person.id, person.permission.standing});
      for (const mailroll::Choice& choice : person.permission.choices) changes.choices.push_back({person.id, choice});
      for (const mailroll::SegmentNumber segment : person.segments) changes.joined.push_back({person.id, segment});
      changes.contacts.push_back(*std::move(person.contact));
    }
    if (page.empty()) break;
    target->begin_write();
    target->write(team, changes);
    target->commit();
    rest.first = mailroll::next_id(page.back().id);
  } while (page.size() == page_size);
  target->expect_bulk(false);
}

/// Milliseconds of `work`, which must answer what the snapshot does.
double same(const Answer& expected, const std::function<Answer()>& work) {
  Answer answer;
  const double time = milliseconds_of([&] { answer = work(); });
  if (answer != expected) throw std::runtime_error("two ways of counting do not give the same");
  return time;
}

/// How many times as fast the snapshot is.
Claim beside(const std::string& name, int pairs, const Answer& expected, const std::function<Answer()>& ours,
             const std::string& floor_name, const std::function<Answer()>& floor) {
  Claim claim = run_pairs(
      name, pairs, [&] { return same(expected, ours); }, floor_name + " (ms)", [&] { return same(expected, floor); });
  claim.bar = Bar::none;
  claim.unit = "times as fast";
  for (double& ratio : claim.values) ratio = 1 / ratio;
  return claim;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Counts of a snapshot beside the same in SQL.", {1'000'000});
  const std::uint64_t contacts = settings.rows.front();
  const std::unique_ptr<BareServer> server = BareServer::at(settings.others);
  // Of its own: the one of the benchmark `snapshot` is changed there, and then has memberships without a profile.
  const auto path = settings.folder / ("counted-" + std::to_string(contacts) + ".db");
  make_snapshot_store(path, contacts);
  const std::string url = "sqlite:///" + std::filesystem::absolute(path).string();

  const ServerDatabase database(*server, "mailroll_benchmark");
  mailroll::Roll on_server = mailroll::open(database.store());
  make_snapshot_definitions(on_server);
  copy_people(url, database.store());
  server->analyse(database.name());
  server->settle();

  const mailroll::Roll roll = mailroll::open(url);
  const mailroll::Snapshot snapshot = roll.snapshot();
  const std::int64_t now = mailroll::microseconds(snapshot.as_of());
  BareDatabase bare(path);
  const Query sqlite = on(bare);
  const Query by_server = on(*server, database.name());
  const std::string expression = "S0 & S1 - S2";
  const auto count = [&] { return count_of(snapshot.count(expression, "T1")); };
  const auto overlap = [&] { return overlap_of(snapshot); };
  const auto matrix = [&] { return matrix_of(snapshot); };
  const Answer counted = count();
  const Answer overlapped = overlap();
  const Answer whole = matrix();

  std::vector<Claim> claims;
  const auto add = [&](const std::string& what, const Answer& expected, const std::function<Answer()>& ours,
                       const std::string& sql) {
    for (const auto& [engine, query] :
         {std::pair(std::string("SQLite"), sqlite), std::pair(server->engine(), by_server)}) {
      claims.push_back(beside("snapshot: " + what + ", beside " + engine, settings.pairs, expected, ours,
                              "one statement", [&, run = query] { return run(sql); }));
      print(claims.back());
    }
  };
  add("count of three segments by reason", counted, count, count_sql(roll, now));
  for (const auto& [engine, store] :
       {std::pair(std::string("SQLite"), &roll), std::pair(server->engine(), &std::as_const(on_server))}) {
    claims.push_back(beside("snapshot: the same, beside the store's count on " + engine, settings.pairs, counted, count,
                            "Audience::count()",
                            [&, from = store] { return count_of(from->audience(expression, "T1").count()); }));
    print(claims.back());
  }
  add("overlap of all segments", overlapped, overlap, overlap_sql);
  add("matrix of segments by topics by reason", whole, matrix, matrix_sql(now));
  write_json(settings, "server_snapshot_" + server->engine(), claims);
}
