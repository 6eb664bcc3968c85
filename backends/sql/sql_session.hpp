/// A session of any SQL engine. What differs is the Engine: one connection, used by one thread at a time, with
///
///   begin_read(), begin_write(), commit(durability), rollback(), idle(), require_write(), expect_bulk(), forget()
///                    as Session promises them; require_write() throws where no write transaction is open
///   guarded(work)    runs work(): what SOCI or the engine throws comes out as Error(storage) without the engine's text, and
///                    what work() has sent is done when it returns; writes may be put off to the next read or the commit, which
///                    then throws for them
///   reading(work)    the same, in the transaction that is open or in one of its own, so that work() sees one state
///   definitions(), deliveries()      the small tables, over SOCI
///   lock(team, ids), lock_shared(team, number)   as Session promises them
///   apart(work)      runs work(engine) on an engine that commits at once, whatever becomes of the transaction that is open here;
///                    one with one writer at a time gives itself
///   locks_contacts   true: others write at the same time, and what is locked is the row of standings (standings_sql.hpp)
///   dialect()        its Dialect
///   TextRows         the same as Rows, of a text that was made for this call: TextRows(engine, text)
///   Held             what is held while many calls are made
///   Rows             a query: Rows(engine, statement), bind(...) for each parameter, step() to the next row, then columns by
///                    number: number, large_number, time, optional_time, text (until the next step), is_null, read_id.
///                    May be asked for when it is made and answered when it is stepped first
///   RangeRows        the same for the range statements of a person's tables: RangeRows(engine, statement, team, range, limit)
///                    has the rows of the range in order, as many as are stepped over; some `limit` contacts will be.
///                    Where asking crosses a network also RangeRows(engine, statement, team, ids), which has all of theirs
///   Batch            one statement for many rows (Statement): keep(team) binds the first parameter for all of them, bind(...)
///                    the others of one row, run() ends the row, send() what was collected. An engine may do it row by row
///
/// sqlite/connection.hpp is the simplest one.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/candidate_rows.hpp"
#include "sql/change_log.hpp"
#include "sql/change_rows.hpp"
#include "sql/column_rows.hpp"
#include "sql/definition_rows.hpp"
#include "sql/definitions.hpp"
#include "sql/deliveries.hpp"
#include "sql/filter_rows.hpp"
#include "sql/person_rows.hpp"
#include "sql/row_limit.hpp"
#include "sql/sources.hpp"
#include "sql/statements/feed_sql.hpp"

namespace mailroll::detail {

template <typename Engine>
class SqlSession : public Session {
 public:
  explicit SqlSession(std::unique_ptr<Engine> engine) : engine_(std::move(engine)), sources_(*engine_) {}
  SqlSession(const SqlSession&) = delete;
  SqlSession& operator=(const SqlSession&) = delete;
  ~SqlSession() override {
    if (engine_) engine_->rollback();
  }

  void begin_read() override { engine_->begin_read(); }
  void begin_write() override { engine_->begin_write(); }
  void commit(Durability durability) override { engine_->commit(durability); }
  void rollback() noexcept override {
    engine_->rollback();
    sources_.forget();
  }

  std::vector<Team> teams() override {
    return guarded([&] { return engine_->definitions().teams(); });
  }
  Team add_team(const Uuid& id, std::string_view name, Time at) override {
    return changing([&] { return engine_->definitions().add_team(id, name, at); });
  }
  std::vector<StoredKey> keys() override {
    return guarded([&] { return read_keys(*engine_); });
  }
  void put_key(const StoredKey& key) override {
    changing([&] { engine_->definitions().put_key(key); });
  }
  std::vector<Run> runs(TeamNumber team) override {
    return reading([&] { return engine_->definitions().runs(team); });
  }
  void put_run(TeamNumber team, const Run& run) override {
    changing([&] { engine_->definitions().put_run(team, run); });
  }
  std::map<std::string, std::string> settings(TeamNumber team) override {
    return guarded([&] { return engine_->definitions().settings(team); });
  }
  void put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) override {
    changing([&] { engine_->definitions().put_setting(team, name, value); });
  }
  std::int32_t take_numbers(TeamNumber team, std::int32_t count) override {
    return changing([&] { return engine_->definitions().take_numbers(team, count); });
  }

  std::vector<Segment> segments(TeamNumber team) override {
    return guarded([&] { return read_segments(*engine_, team); });
  }
  void put_segment(TeamNumber team, const Segment& segment) override {
    changing([&] { engine_->definitions().put_segment(team, segment); });
  }
  void remove_segment(TeamNumber team, SegmentNumber segment) override {
    changing([&] { engine_->definitions().remove_segment(team, segment); });
  }
  std::vector<Topic> topics(TeamNumber team) override {
    return guarded([&] { return read_topics(*engine_, team); });
  }
  void put_topic(TeamNumber team, const Topic& topic) override {
    changing([&] { engine_->definitions().put_topic(team, topic); });
  }
  void remove_topic(TeamNumber team, TopicNumber topic) override {
    changing([&] { engine_->definitions().remove_topic(team, topic); });
  }
  std::vector<PropertyDefinition> properties(TeamNumber team) override {
    return guarded([&] { return engine_->definitions().properties(team); });
  }
  void put_property(TeamNumber team, const PropertyDefinition& property) override {
    changing([&] { engine_->definitions().put_property(team, property); });
  }
  void remove_property(TeamNumber team, std::string_view key) override {
    changing([&] { engine_->definitions().remove_property(team, key); });
  }
  std::vector<AudienceAlias> audience_aliases(TeamNumber team) override {
    return guarded([&] { return engine_->definitions().audience_aliases(team); });
  }
  void put_audience_alias(TeamNumber team, const AudienceAlias& alias) override {
    changing([&] { engine_->definitions().put_audience_alias(team, alias); });
  }

  void lock(TeamNumber team, const ContactId& contact) override { lock_all(team, {&contact, 1}); }
  void lock_all(TeamNumber team, std::span<const ContactId> contacts) override { engine_->lock(team, contacts); }
  void lock_shared(TeamNumber team, std::int32_t number) override { engine_->lock_shared(team, number); }

  Person person(TeamNumber team, const ContactId& id, Parts parts) override {
    std::vector<Person> found;
    people(team, {id, id}, parts, 1, found);
    if (!found.empty()) return std::move(found.front());
    Person nobody;
    nobody.id = id;
    return nobody;
  }
  void people(TeamNumber team, const IdRange& range, Parts parts, std::size_t limit,
              std::vector<Person>& out) override {
    reading([&] { read_people(*engine_, sources_, team, parts, limit, out, range, limit); });
  }
  void people_of(TeamNumber team, std::span<const ContactId> contacts, Parts parts, std::vector<Person>& out) override {
    if constexpr (finds_named_contacts) {
      if (contacts.empty()) return out.clear();
      reading([&] { read_people(*engine_, sources_, team, parts, contacts.size(), out, contacts); });
    } else {
      Session::people_of(team, contacts, parts, out);
    }
  }
  void people_columns(TeamNumber team, const IdRange& range, std::size_t limit, PeopleColumns& out) override {
    reading([&] { read_people_columns(*engine_, team, range, limit, out); });
  }
  std::vector<ContactId> find_alias(TeamNumber team, std::string_view text) override {
    return guarded([&] {
      std::vector<ContactId> found;
      Rows rows(*engine_, sql::select_bearers);
      rows.bind(number_of(team)).bind(text);
      while (rows.step()) rows.read_id(0, found.emplace_back());
      return found;
    });
  }
  void write(TeamNumber team, const ChangeSet& changes) override {
    changing([&] { Changes<Engine>(*engine_, sources_, team, changes).write(); });
  }
  std::size_t remove_members(TeamNumber team, SegmentNumber segment, std::size_t limit) override {
    return changing([&] { return detail::remove_members(*engine_, team, segment, limit); });
  }

  void candidates(TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) override {
    guarded([&] { read_candidates(*engine_, team, query, out); });
  }
  void matching(TeamNumber team, const FilterQuery& whom, const CandidateQuery& query,
                std::vector<Candidate>& out) override {
    const bool said = guarded([&] { return read_matching(*engine_, team, whom, query, out); });
    if (!said) Session::matching(team, whom, query, out);
  }
  TeamCounts counts(TeamNumber team) override {
    return reading([&] {
      return TeamCounts{count(sql::count_contacts, {number_of(team)}),
                        count(sql::count_memberships, {number_of(team)})};
    });
  }
  std::uint64_t count_members(TeamNumber team, SegmentNumber segment) override {
    return guarded([&] { return count(sql::count_members, {number_of(team), number_of(segment)}); });
  }
  std::uint64_t count_contacts(TeamNumber team, std::int32_t hash_key) override {
    return guarded([&] { return count(sql::count_contacts_of_key, {number_of(team), hash_key}); });
  }
  std::uint64_t count_choices(TeamNumber team, TopicNumber topic, Said said) override {
    return guarded([&] {
      return count(sql::count_choices, {number_of(team), number_of(topic), static_cast<std::int32_t>(said)});
    });
  }
  std::vector<Suppression> suppressions(TeamNumber team, const std::optional<Suppression>& after,
                                        std::size_t limit) override {
    return guarded([&] {
      std::vector<Suppression> found;
      const ContactId contact = after ? after->contact : ContactId{};
      Rows rows(*engine_, sql::select_suppressions_after);
      rows.bind(number_of(team)).bind(contact).bind(after ? static_cast<std::int32_t>(after->reason) : 0);
      rows.bind(row_limit(limit));
      while (rows.step()) read_suppression(rows, found.emplace_back());
      return found;
    });
  }
  std::vector<Expiry> expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                               std::size_t limit) override {
    return reading([&] { return engine_->deliveries().expiring(team, until, after, limit); });
  }

  std::vector<Broadcast> broadcasts(TeamNumber team) override {
    return guarded([&] { return engine_->deliveries().broadcasts(team); });
  }
  void put_broadcast(TeamNumber team, const Broadcast& broadcast) override {
    changing([&] { engine_->deliveries().put_broadcast(team, broadcast); });
  }
  std::vector<Lease> leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                            const std::optional<ContactId>& after, std::size_t limit) override {
    return guarded([&] { return engine_->deliveries().leases(team, broadcast, state, expired_by, after, limit); });
  }
  std::vector<Lease> leases_of(TeamNumber team, const LeaseId& lease) override {
    return guarded([&] { return engine_->deliveries().leases_of(team, lease); });
  }
  LeaseCounts count_leases(TeamNumber team, BroadcastNumber broadcast) override {
    return guarded([&] { return engine_->deliveries().count_leases(team, broadcast); });
  }
  std::uint64_t count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) override {
    return guarded([&] { return engine_->deliveries().count_leases(team, broadcast, state); });
  }
  std::size_t publish(TeamNumber team, std::size_t limit) override {
    return changing([&] {
      engine_->lock_shared(team, feed_lock);
      return detail::publish(*engine_, team, limit);
    });
  }
  std::vector<OutboxEntry> outbox(TeamNumber team, const std::optional<OutboxEntry>& after,
                                  std::size_t limit) override {
    return guarded([&] {
      std::vector<OutboxEntry> found;
      const OutboxEntry behind = after.value_or(OutboxEntry{{}, {}, Time::min()});
      Rows rows(*engine_, sql::select_outbox_after);
      rows.bind(number_of(team)).bind(std::int64_t{microseconds(behind.recorded_at)}).bind(behind.contact);
      rows.bind(behind.event).bind(row_limit(limit));
      while (rows.step()) {
        OutboxEntry& entry = found.emplace_back();
        rows.read_id(0, entry.contact);
        rows.read_id(1, entry.event);
        entry.recorded_at = rows.time(2);
      }
      return found;
    });
  }
  std::vector<FeedEntry> feed(TeamNumber team, std::int64_t after, std::size_t limit) override {
    return guarded([&] { return engine_->deliveries().feed(team, after, limit); });
  }

  std::optional<ChangeBounds> change_bounds(TeamNumber team) override {
    return guarded([&] { return detail::change_bounds(*engine_, number_of(team)); });
  }
  std::size_t publish_changes(TeamNumber team, std::size_t limit) override {
    return changing([&] {
      engine_->lock_shared(team, changes_lock);
      return detail::publish_changes(*engine_, number_of(team), limit);
    });
  }
  void changes(TeamNumber team, std::int64_t after, std::size_t limit, std::vector<PersonChange>& out) override {
    guarded([&] { read_changes(*engine_, number_of(team), after, limit, out); });
  }
  std::size_t forget_changes(TeamNumber team, std::int64_t up_to, std::size_t limit) override {
    return changing([&] {
      engine_->lock_shared(team, changes_lock);
      return detail::forget_changes(*engine_, number_of(team), up_to, limit);
    });
  }

  void expect_bulk(bool begins) override { engine_->expect_bulk(begins); }
  bool forget() override { return engine_->forget(); }

 protected:
  std::unique_ptr<Engine> engine_;  ///< whoever takes it out leaves a session that can only end

 private:
  using Rows = typename Engine::Rows;
  static constexpr bool finds_named_contacts =
      std::is_constructible_v<typename Engine::RangeRows, Engine&, const Statement&, std::int32_t,
                              std::span<const ContactId>>;
  static constexpr std::int32_t feed_lock = -1;  // no broadcast has these numbers
  static constexpr std::int32_t changes_lock = -2;

  template <typename Work>
  auto guarded(Work&& work) {
    return engine_->guarded(work);
  }
  template <typename Work>
  auto reading(Work&& work) {
    return engine_->reading(work);
  }
  /// Runs `change()` in the write transaction that is open, or in one of its own.
  template <typename Change>
  auto changing(Change&& change) {
    if (!engine_->idle()) {
      engine_->require_write();
      return engine_->guarded(change);
    }
    begin_write();
    try {
      if constexpr (std::is_void_v<decltype(change())>) {
        engine_->guarded(change);
        commit(Durability::full);
      } else {
        auto result = engine_->guarded(change);
        commit(Durability::full);
        return result;
      }
    } catch (...) {
      rollback();
      throw;
    }
  }
  std::uint64_t count(const Statement& statement, std::initializer_list<std::int32_t> parameters) {
    Rows counting(*engine_, statement);
    for (const std::int32_t parameter : parameters) counting.bind(parameter);
    return counting.step() ? static_cast<std::uint64_t>(counting.large_number(0)) : 0;
  }

  Sources<Engine> sources_;
};

}  // namespace mailroll::detail
