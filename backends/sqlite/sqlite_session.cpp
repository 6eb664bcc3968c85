#include "sqlite/sqlite_session.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "sql/error.hpp"
#include "sql/statements/aliases_sql.hpp"
#include "sql/statements/choices_sql.hpp"
#include "sql/statements/contacts_sql.hpp"
#include "sql/statements/memberships_sql.hpp"
#include "sql/statements/suppressions_sql.hpp"
#include "sqlite/candidate_rows.hpp"
#include "sqlite/change_rows.hpp"
#include "sqlite/person_rows.hpp"

namespace mailroll::detail {

SqliteSession::SqliteSession(std::unique_ptr<Connection> connection, std::shared_ptr<WaitingConnection> home)
    : connection_(std::move(connection)), home_(std::move(home)), sources_(connection_->native()) {}

SqliteSession::~SqliteSession() {
  connection_->rollback();
  if (!home_->keep) return;
  const std::lock_guard lock(home_->mutex);
  home_->connection = std::move(connection_);
}

template <typename Work>
auto SqliteSession::reading(Work&& work) {
  if (!connection_->idle()) return connection_->guarded(work);
  // Several statements see one state only inside a transaction.
  connection_->begin_read();
  struct End {
    Connection& connection;
    ~End() { connection.rollback(); }
  } const end{*connection_};
  return connection_->guarded(work);
}

template <typename Change>
auto SqliteSession::changing(Change&& change) {
  if (!connection_->idle()) {
    connection_->require_write();
    return connection_->guarded(change);
  }
  begin_write();
  try {
    if constexpr (std::is_void_v<decltype(change())>) {
      connection_->guarded(change);
      commit(Durability::full);
    } else {
      auto result = connection_->guarded(change);
      commit(Durability::full);
      return result;
    }
  } catch (...) {
    rollback();
    throw;
  }
}

std::uint64_t SqliteSession::count(std::string_view statement, std::initializer_list<std::int32_t> parameters) {
  Cursor counting(connection_->native(), statement);
  for (const std::int32_t parameter : parameters) counting.bind(parameter);
  return counting.step() ? static_cast<std::uint64_t>(counting.large_number(0)) : 0;
}

void SqliteSession::begin_read() { connection_->begin_read(); }
void SqliteSession::begin_write() { connection_->begin_write(); }
void SqliteSession::commit(Durability durability) { connection_->commit(durability); }
void SqliteSession::rollback() noexcept {
  connection_->rollback();
  sources_.forget();
}

std::vector<Team> SqliteSession::teams() {
  return connection_->guarded([&] { return connection_->definitions().teams(); });
}
Team SqliteSession::add_team(const Uuid& id, std::string_view name, Time at) {
  return changing([&] { return connection_->definitions().add_team(id, name, at); });
}
std::vector<StoredKey> SqliteSession::keys() {
  return connection_->guarded([&] { return connection_->definitions().keys(); });
}
void SqliteSession::put_key(const StoredKey& key) {
  changing([&] { connection_->definitions().put_key(key); });
}
std::vector<Run> SqliteSession::runs(TeamNumber team) {
  return reading([&] { return connection_->definitions().runs(team); });
}
void SqliteSession::put_run(TeamNumber team, const Run& run) {
  changing([&] { connection_->definitions().put_run(team, run); });
}
std::map<std::string, std::string> SqliteSession::settings(TeamNumber team) {
  return connection_->guarded([&] { return connection_->definitions().settings(team); });
}
void SqliteSession::put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) {
  changing([&] { connection_->definitions().put_setting(team, name, value); });
}
std::int32_t SqliteSession::take_numbers(TeamNumber team, std::int32_t count) {
  return changing([&] { return connection_->definitions().take_numbers(team, count); });
}

std::vector<Segment> SqliteSession::segments(TeamNumber team) {
  return connection_->guarded([&] { return connection_->definitions().segments(team); });
}
void SqliteSession::put_segment(TeamNumber team, const Segment& segment) {
  changing([&] { connection_->definitions().put_segment(team, segment); });
}
void SqliteSession::remove_segment(TeamNumber team, SegmentNumber segment) {
  changing([&] { connection_->definitions().remove_segment(team, segment); });
}
std::vector<Topic> SqliteSession::topics(TeamNumber team) {
  return connection_->guarded([&] { return connection_->definitions().topics(team); });
}
void SqliteSession::put_topic(TeamNumber team, const Topic& topic) {
  changing([&] { connection_->definitions().put_topic(team, topic); });
}
void SqliteSession::remove_topic(TeamNumber team, TopicNumber topic) {
  changing([&] { connection_->definitions().remove_topic(team, topic); });
}
std::vector<PropertyDefinition> SqliteSession::properties(TeamNumber team) {
  return connection_->guarded([&] { return connection_->definitions().properties(team); });
}
void SqliteSession::put_property(TeamNumber team, const PropertyDefinition& property) {
  changing([&] { connection_->definitions().put_property(team, property); });
}
void SqliteSession::remove_property(TeamNumber team, std::string_view key) {
  changing([&] { connection_->definitions().remove_property(team, key); });
}
std::vector<AudienceAlias> SqliteSession::audience_aliases(TeamNumber team) {
  return connection_->guarded([&] { return connection_->definitions().audience_aliases(team); });
}
void SqliteSession::put_audience_alias(TeamNumber team, const AudienceAlias& alias) {
  changing([&] { connection_->definitions().put_audience_alias(team, alias); });
}

void SqliteSession::lock(TeamNumber, const ContactId&) {}  // BEGIN IMMEDIATE excludes every other writer

Person SqliteSession::person(TeamNumber team, const ContactId& id, Parts parts) {
  std::vector<Person> found;
  people(team, {id, id}, parts, 1, found);
  if (!found.empty()) return std::move(found.front());
  Person nobody;
  nobody.id = id;
  return nobody;
}

void SqliteSession::people(TeamNumber team, const IdRange& range, Parts parts, std::size_t limit,
                           std::vector<Person>& out) {
  reading([&] { read_people(connection_->native(), sources_, team, range, parts, limit, out); });
}

std::vector<ContactId> SqliteSession::find_alias(TeamNumber team, std::string_view text) {
  return connection_->guarded([&] {
    std::vector<ContactId> found;
    Cursor rows(connection_->native(), sql::select_bearers);
    rows.bind(number_of(team)).bind(text);
    while (rows.step()) rows.read_id(0, found.emplace_back());
    return found;
  });
}

void SqliteSession::write(TeamNumber team, const ChangeSet& changes) {
  changing([&] { write_changes(connection_->native(), sources_, team, changes); });
}

std::size_t SqliteSession::remove_members(TeamNumber team, SegmentNumber segment, std::size_t limit) {
  return changing([&] { return detail::remove_members(connection_->native(), team, segment, limit); });
}

void SqliteSession::candidates(TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) {
  connection_->guarded([&] { read_candidates(connection_->native(), team, query, out); });
}

TeamCounts SqliteSession::counts(TeamNumber team) {
  return reading([&] {
    return TeamCounts{count(sql::count_contacts, {number_of(team)}), count(sql::count_memberships, {number_of(team)})};
  });
}

std::uint64_t SqliteSession::count_members(TeamNumber team, SegmentNumber segment) {
  return connection_->guarded([&] { return count(sql::count_members, {number_of(team), number_of(segment)}); });
}

std::uint64_t SqliteSession::count_contacts(TeamNumber team, std::int32_t hash_key) {
  return connection_->guarded([&] { return count(sql::count_contacts_of_key, {number_of(team), hash_key}); });
}

std::uint64_t SqliteSession::count_choices(TeamNumber team, TopicNumber topic, Said said) {
  return connection_->guarded([&] {
    return count(sql::count_choices, {number_of(team), number_of(topic), static_cast<std::int32_t>(said)});
  });
}

std::vector<Suppression> SqliteSession::suppressions(TeamNumber team, const std::optional<Suppression>& after,
                                                     std::size_t limit) {
  return connection_->guarded([&] {
    std::vector<Suppression> found;
    const ContactId contact = after ? after->contact : ContactId{};
    Cursor rows(connection_->native(), sql::select_suppressions_after);
    rows.bind(number_of(team)).bind(contact).bind(after ? static_cast<std::int32_t>(after->reason) : 0);
    rows.bind(row_limit(limit));
    while (rows.step()) read_suppression(rows, found.emplace_back());
    return found;
  });
}

std::vector<Expiry> SqliteSession::expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                                            std::size_t limit) {
  return reading([&] { return connection_->deliveries().expiring(team, until, after, limit); });
}

std::vector<Broadcast> SqliteSession::broadcasts(TeamNumber team) {
  return connection_->guarded([&] { return connection_->deliveries().broadcasts(team); });
}
void SqliteSession::put_broadcast(TeamNumber team, const Broadcast& broadcast) {
  changing([&] { connection_->deliveries().put_broadcast(team, broadcast); });
}
std::vector<Lease> SqliteSession::leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                                         const std::optional<ContactId>& after, std::size_t limit) {
  return connection_->guarded(
      [&] { return connection_->deliveries().leases(team, broadcast, state, expired_by, after, limit); });
}
std::vector<Lease> SqliteSession::leases_of(TeamNumber team, const LeaseId& lease) {
  return connection_->guarded([&] { return connection_->deliveries().leases_of(team, lease); });
}
std::uint64_t SqliteSession::count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) {
  return connection_->guarded([&] { return connection_->deliveries().count_leases(team, broadcast, state); });
}
LeaseCounts SqliteSession::count_leases(TeamNumber team, BroadcastNumber broadcast) {
  return connection_->guarded([&] { return connection_->deliveries().count_leases(team, broadcast); });
}
std::size_t SqliteSession::publish(TeamNumber team, std::size_t limit) {
  return changing([&] { return connection_->deliveries().publish(team, limit); });
}
std::vector<FeedEntry> SqliteSession::feed(TeamNumber team, std::int64_t after, std::size_t limit) {
  return connection_->guarded([&] { return connection_->deliveries().feed(team, after, limit); });
}

void SqliteSession::expect_bulk(bool begins) { connection_->expect_bulk(begins); }
bool SqliteSession::forget() { return connection_->forget(); }

}  // namespace mailroll::detail
