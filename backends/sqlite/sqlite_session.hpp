/// A session of a SQLite store.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sqlite/connection.hpp"
#include "sqlite/sources.hpp"

namespace mailroll::detail {

/// The connection that waits for the next session: the first one of a store, and always the one in SQLite's memory,
/// whose data would end with it.
struct WaitingConnection {
  std::mutex mutex;
  std::unique_ptr<Connection> connection;
  bool keep = false;  ///< sessions give their connection back
};

class SqliteSession final : public Session {
 public:
  SqliteSession(std::unique_ptr<Connection> connection, std::shared_ptr<WaitingConnection> home);
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;
  ~SqliteSession() override;

  void begin_read() override;
  void begin_write() override;
  void commit(Durability durability) override;
  void rollback() noexcept override;

  std::vector<Team> teams() override;
  Team add_team(const Uuid& id, std::string_view name, Time at) override;
  std::vector<StoredKey> keys() override;
  void put_key(const StoredKey& key) override;
  std::vector<Run> runs(TeamNumber team) override;
  void put_run(TeamNumber team, const Run& run) override;
  std::map<std::string, std::string> settings(TeamNumber team) override;
  void put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) override;
  std::int32_t take_numbers(TeamNumber team, std::int32_t count) override;

  std::vector<Segment> segments(TeamNumber team) override;
  void put_segment(TeamNumber team, const Segment& segment) override;
  void remove_segment(TeamNumber team, SegmentNumber segment) override;
  std::vector<Topic> topics(TeamNumber team) override;
  void put_topic(TeamNumber team, const Topic& topic) override;
  void remove_topic(TeamNumber team, TopicNumber topic) override;
  std::vector<PropertyDefinition> properties(TeamNumber team) override;
  void put_property(TeamNumber team, const PropertyDefinition& property) override;
  void remove_property(TeamNumber team, std::string_view key) override;
  std::vector<AudienceAlias> audience_aliases(TeamNumber team) override;
  void put_audience_alias(TeamNumber team, const AudienceAlias& alias) override;

  void lock(TeamNumber team, const ContactId& contact) override;
  Person person(TeamNumber team, const ContactId& id, Parts parts) override;
  void people(TeamNumber team, const IdRange& range, Parts parts, std::size_t limit, std::vector<Person>& out) override;
  std::vector<ContactId> find_alias(TeamNumber team, std::string_view text) override;
  void write(TeamNumber team, const ChangeSet& changes) override;
  std::size_t remove_members(TeamNumber team, SegmentNumber segment, std::size_t limit) override;

  void candidates(TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) override;
  TeamCounts counts(TeamNumber team) override;
  std::uint64_t count_members(TeamNumber team, SegmentNumber segment) override;
  std::uint64_t count_contacts(TeamNumber team, std::int32_t hash_key) override;
  std::uint64_t count_choices(TeamNumber team, TopicNumber topic, Said said) override;
  std::vector<Suppression> suppressions(TeamNumber team, const std::optional<Suppression>& after,
                                        std::size_t limit) override;
  std::vector<Expiry> expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                               std::size_t limit) override;
  std::vector<Broadcast> broadcasts(TeamNumber team) override;
  void put_broadcast(TeamNumber team, const Broadcast& broadcast) override;
  std::vector<Lease> leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                            const std::optional<ContactId>& after, std::size_t limit) override;
  std::vector<Lease> leases_of(TeamNumber team, const LeaseId& lease) override;
  LeaseCounts count_leases(TeamNumber team, BroadcastNumber broadcast) override;
  std::uint64_t count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) override;
  std::size_t publish(TeamNumber team, std::size_t limit) override;
  std::vector<FeedEntry> feed(TeamNumber team, std::int64_t after, std::size_t limit) override;
  void expect_bulk(bool begins) override;
  bool forget() override;

 private:
  /// Runs `work()` as one read: in the transaction that is open, or in one of its own.
  template <typename Work>
  auto reading(Work&& work);
  /// Runs `change()` in the write transaction that is open, or in one of its own.
  template <typename Change>
  auto changing(Change&& change);
  std::uint64_t count(std::string_view statement, std::initializer_list<std::int32_t> parameters);

  std::unique_ptr<Connection> connection_;
  std::shared_ptr<WaitingConnection> home_;
  Sources sources_;
};

}  // namespace mailroll::detail
