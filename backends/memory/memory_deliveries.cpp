// Mail on its way: the part of a memory session about broadcasts, leases, the feed, and consent that runs out.
#include <algorithm>
#include <tuple>

#include "memory/memory_session.hpp"

namespace mailroll::detail {

std::vector<Expiry> MemorySession::expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                                            std::size_t limit) {
  std::vector<Expiry> found;
  const auto add = [&](const ContactId& id, TopicNumber topic, const ScopeState& state) {
    if (state.said != Said::opt_in || !state.valid_until || *state.valid_until >= until) return;
    if (after && std::tie(id, topic) <= std::tie(after->contact, after->topic)) return;
    if (found.size() < limit) found.push_back({id, topic, *state.valid_until});
  };
  team_of(team)->walk({}, [&](const ContactId& id, const MemoryPerson& person) {
    if (person.standing) add(id, everything_scope, person.standing->everything);
    for (const auto& [topic, state] : person.choices) add(id, topic, state);
    return found.size() < limit;
  });
  return found;
}

std::vector<Broadcast> MemorySession::broadcasts(TeamNumber team) { return values_of(team_of(team)->broadcasts); }

void MemorySession::put_broadcast(TeamNumber team, const Broadcast& broadcast) {
  changing([&] { own(team).broadcasts[broadcast.number] = broadcast; });
}

std::vector<Lease> MemorySession::leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                                         const std::optional<ContactId>& after, std::size_t limit) {
  std::vector<Lease> found;
  team_of(team)->walk({}, [&](const ContactId& id, const MemoryPerson& person) {
    if (found.size() == limit) return false;
    const auto lease = person.leases.find(broadcast);
    if (lease == person.leases.end() || lease->second.state != state || lease->second.expires_at > expired_by)
      return true;
    // An id of zeros is behind nothing, as on the other engines.
    if (id > after.value_or(ContactId{})) found.push_back(lease->second);
    return true;
  });
  return found;
}

std::vector<Lease> MemorySession::leases_of(TeamNumber team, const LeaseId& lease) {
  std::vector<Lease> found;
  team_of(team)->walk({}, [&](const ContactId&, const MemoryPerson& person) {
    for (const auto& [broadcast, held] : person.leases) {
      if (held.lease == lease) found.push_back(held);
    }
    return true;
  });
  return found;
}

LeaseCounts MemorySession::count_leases(TeamNumber team, BroadcastNumber broadcast) {
  LeaseCounts counts;
  team_of(team)->walk({}, [&](const ContactId&, const MemoryPerson& person) {
    const auto lease = person.leases.find(broadcast);
    if (lease == person.leases.end()) return true;
    switch (lease->second.state) {
      case LeaseState::leased: ++counts.leased; break;
      case LeaseState::confirmed: ++counts.confirmed; break;
      case LeaseState::released: ++counts.released; break;
      case LeaseState::withdrawn: ++counts.withdrawn; break;
    }
    return true;
  });
  return counts;
}

std::uint64_t MemorySession::count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) {
  const LeaseCounts counts = count_leases(team, broadcast);
  switch (state) {
    case LeaseState::leased: return counts.leased;
    case LeaseState::confirmed: return counts.confirmed;
    case LeaseState::released: return counts.released;
    case LeaseState::withdrawn: return counts.withdrawn;
  }
  return 0;
}

std::size_t MemorySession::publish(TeamNumber team, std::size_t limit) {
  return changing([&] {
    const std::vector<OutboxEntry> waiting = outbox(team, {}, limit);
    MemoryTeam& in = own(team);
    for (const OutboxEntry& entry : waiting) {
      in.feed.push_back({static_cast<std::int64_t>(in.feed.size()) + 1, entry.contact, entry.event});
      in.outbox.erase({entry.contact, entry.event});
    }
    return waiting.size();
  });
}

std::vector<OutboxEntry> MemorySession::outbox(TeamNumber team, const std::optional<OutboxEntry>& after,
                                               std::size_t limit) {
  const auto place = [](const OutboxEntry& entry) { return std::tie(entry.recorded_at, entry.contact, entry.event); };
  std::vector<OutboxEntry> waiting;
  const auto in = team_of(team);
  waiting.reserve(in->outbox.size());
  for (const auto& [entry, at] : in->outbox) {
    const OutboxEntry& one = waiting.emplace_back(OutboxEntry{entry.first, entry.second, at});
    if (after && place(one) <= place(*after)) waiting.pop_back();
  }
  std::ranges::sort(waiting, {}, place);
  if (waiting.size() > limit) waiting.resize(limit);
  return waiting;
}

std::vector<FeedEntry> MemorySession::feed(TeamNumber team, std::int64_t after, std::size_t limit) {
  const auto in = team_of(team);
  const auto size = static_cast<std::int64_t>(in->feed.size());
  const std::int64_t first = std::clamp<std::int64_t>(after, 0, size);
  const std::int64_t last = first + std::min<std::int64_t>(size - first, static_cast<std::int64_t>(limit));
  return {in->feed.begin() + first, in->feed.begin() + last};
}

}  // namespace mailroll::detail
