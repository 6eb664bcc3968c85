/// What a memory store holds, as one value that transactions copy cheaply: parts that two states agree on are shared,
/// and a part is copied when a transaction first writes to it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "mailroll/store/store.hpp"
#include "memory/memory_changes.hpp"
#include "memory/shared.hpp"

namespace mailroll::detail {

/// Everything under one contact id.
struct MemoryPerson {
  std::optional<Contact> contact;
  std::optional<Standing> standing;
  std::map<TopicNumber, ScopeState> choices;
  std::set<SegmentNumber> segments;
  std::map<EventId, ConsentEvent> events;
  std::map<SuppressionReason, Suppression> suppressions;
  std::set<std::string> aliases;
  std::set<Time> soft_bounces;
  std::map<BroadcastNumber, Lease> leases;
  std::optional<std::int32_t> link_epoch;

  [[nodiscard]] bool has(const Parts& parts) const {
    return (parts.contact && contact) || (parts.permission && (standing || !choices.empty())) ||
           (parts.segments && !segments.empty()) || (parts.events && !events.empty()) ||
           (parts.suppressions && !suppressions.empty()) || (parts.aliases && !aliases.empty()) ||
           (parts.soft_bounces && !soft_bounces.empty()) || (parts.leases && !leases.empty()) ||
           (parts.link_epoch && link_epoch);
  }
};

struct MemoryTeam {
  std::optional<Team> team;
  std::int32_t next_number = 1;
  std::map<RunId, Run> runs;
  std::map<SegmentNumber, Segment> segments;
  std::map<TopicNumber, Topic> topics;
  std::map<std::string, PropertyDefinition> properties;
  std::map<std::string, AudienceAlias> audience_aliases;
  std::map<std::string, std::string> settings;
  std::map<BroadcastNumber, Broadcast> broadcasts;
  std::map<std::pair<ContactId, EventId>, Time> outbox;  ///< to when it was recorded
  std::vector<FeedEntry> feed;                           ///< position p at index p - 1
  Shared<MemoryChanges> changes;

  /// By the first byte of the id, so that walking the shards in turn is walking the ids in order.
  std::array<Shared<std::map<ContactId, MemoryPerson>>, 256> people;
  /// By a hash of the text.
  std::array<Shared<std::map<std::string, std::set<ContactId>>>, 256> aliases;

  [[nodiscard]] static std::size_t shard(const ContactId& id) { return id.bytes[0]; }
  [[nodiscard]] static std::size_t shard(std::string_view alias) { return std::hash<std::string_view>{}(alias) % 256; }

  /// Calls `visit(id, person)` for the ids of `range`, ascending, until it answers false.
  template <typename Visit>
  void walk(const IdRange& range, Visit&& visit) const {
    for (std::size_t index = shard(range.first); index <= shard(range.last); ++index) {
      const auto& shard_people = *people[index];
      for (auto at = shard_people.lower_bound(range.first); at != shard_people.end() && at->first <= range.last; ++at) {
        if (!visit(at->first, at->second)) return;
      }
    }
  }
};

struct MemoryState {
  std::map<std::int32_t, Shared<MemoryTeam>> teams;
  std::map<std::pair<KeyKind, std::int32_t>, StoredKey> keys;
};

}  // namespace mailroll::detail
