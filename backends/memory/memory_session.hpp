/// A session of the memory store, and the states that the sessions of one store share.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include "mailroll/error.hpp"
#include "memory/memory_state.hpp"

namespace mailroll::detail {

/// The committed state of a store, and who writes the next one. Thread-safe.
class MemoryStates {
 public:
  [[nodiscard]] std::shared_ptr<const MemoryState> committed() const;
  /// Waits until nobody else writes (Error busy after 30 seconds); a copy to write to, and the transaction's number.
  std::pair<std::shared_ptr<MemoryState>, std::uint64_t> begin_write();
  /// Makes `result` the committed state; nothing: what was written is dropped.
  void end_write(std::shared_ptr<const MemoryState> result) noexcept;

 private:
  mutable std::mutex mutex_;
  std::condition_variable writer_left_;
  std::shared_ptr<const MemoryState> committed_ = std::make_shared<MemoryState>();
  std::uint64_t transactions_ = 0;
  bool writing_ = false;
};

class MemorySession final : public Session {
 public:
  explicit MemorySession(std::shared_ptr<MemoryStates> states) : states_(std::move(states)) {}
  MemorySession(const MemorySession&) = delete;
  MemorySession& operator=(const MemorySession&) = delete;
  ~MemorySession() override { MemorySession::rollback(); }

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
  std::vector<OutboxEntry> outbox(TeamNumber team, const std::optional<OutboxEntry>& after, std::size_t limit) override;
  std::vector<FeedEntry> feed(TeamNumber team, std::int64_t after, std::size_t limit) override;
  std::optional<ChangeBounds> change_bounds(TeamNumber team) override;
  std::size_t publish_changes(TeamNumber team, std::size_t limit) override;
  void changes(TeamNumber team, std::int64_t after, std::size_t limit, std::vector<PersonChange>& out) override;
  std::size_t forget_changes(TeamNumber team, std::int64_t up_to, std::size_t limit) override;
  void expect_bulk(bool begins) override;
  bool forget() override;

 private:
  /// The state that this session sees now. What is answered is kept alive by the pointer.
  [[nodiscard]] std::shared_ptr<const MemoryState> state() const;
  [[nodiscard]] std::shared_ptr<const MemoryTeam> team_of(TeamNumber team) const;
  /// Runs `change(MemoryState&)` in the open write transaction, or in one of its own.
  template <typename Change>
  auto changing(Change&& change);
  MemoryTeam& own(TeamNumber team);
  MemoryPerson& own_person(MemoryTeam& team, const ContactId& id) const;
  void remove_alias(MemoryTeam& team, const Alias& alias) const;

  std::shared_ptr<MemoryStates> states_;
  std::shared_ptr<const MemoryState> reading_;
  std::shared_ptr<MemoryState> writing_;
  std::uint64_t transaction_ = 0;
};

[[noreturn]] inline void misuse(const char* what) { throw Error(ErrorKind::storage, what, {{"reason", "failed"}}); }

template <typename Map>
auto values_of(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  values.reserve(map.size());
  for (const auto& entry : map) values.push_back(entry.second);
  return values;
}

template <typename Change>
auto MemorySession::changing(Change&& change) {
  if (reading_) misuse("a write inside a read transaction");
  if (writing_) return change();
  begin_write();
  try {
    if constexpr (std::is_void_v<decltype(change())>) {
      change();
      commit(Durability::full);
    } else {
      auto result = change();
      commit(Durability::full);
      return result;
    }
  } catch (...) {
    rollback();
    throw;
  }
}

}  // namespace mailroll::detail
