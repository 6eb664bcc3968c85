// Mail on its way: the part of a session about broadcasts, leases, the feed, and consent that runs out.
#include <algorithm>
#include <tuple>

#include "jsonl_session.hpp"

namespace jsonl {

std::vector<Expiry> JsonlSession::expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                                           std::size_t limit) {
  std::vector<Expiry> found;
  const auto add = [&](const ContactId& id, TopicNumber topic, const ScopeState& state) {
    if (state.said != Said::opt_in || !state.valid_until || *state.valid_until >= until) return;
    if (after && std::tie(id, topic) <= std::tie(after->contact, after->topic)) return;
    if (found.size() < limit) found.push_back({id, topic, *state.valid_until});
  };
  const auto in = team_of(team);
  for (const auto& [id, held] : in->people) {
    if (held.standing) add(id, everything_scope, held.standing->everything);
    for (const auto& [topic, state] : held.choices) add(id, topic, state);
  }
  return found;
}

std::vector<Broadcast> JsonlSession::broadcasts(TeamNumber team) { return values_of(team_of(team)->record.broadcasts); }

void JsonlSession::put_broadcast(TeamNumber team, const Broadcast& broadcast) {
  changing([&] { own(team).record.broadcasts[broadcast.number] = broadcast; });
}

std::vector<Lease> JsonlSession::leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                                        const std::optional<ContactId>& after, std::size_t limit) {
  std::vector<Lease> found;
  const auto in = team_of(team);
  for (auto at = in->people.upper_bound(after.value_or(ContactId{})); at != in->people.end() && found.size() < limit;
       ++at) {
    const auto lease = at->second.leases.find(broadcast);
    if (lease == at->second.leases.end()) continue;
    if (lease->second.state == state && lease->second.expires_at <= expired_by) found.push_back(lease->second);
  }
  return found;
}

std::vector<Lease> JsonlSession::leases_of(TeamNumber team, const LeaseId& lease) {
  std::vector<Lease> found;
  const auto in = team_of(team);
  for (const auto& [id, held] : in->people) {
    for (const auto& [broadcast, one] : held.leases) {
      if (one.lease == lease) found.push_back(one);
    }
  }
  return found;
}

LeaseCounts JsonlSession::count_leases(TeamNumber team, BroadcastNumber broadcast) {
  return {.leased = count_leases(team, broadcast, LeaseState::leased),
          .confirmed = count_leases(team, broadcast, LeaseState::confirmed),
          .released = count_leases(team, broadcast, LeaseState::released),
          .withdrawn = count_leases(team, broadcast, LeaseState::withdrawn)};
}

std::uint64_t JsonlSession::count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) {
  return count_people(team, [&](const Held& held) {
    const auto lease = held.leases.find(broadcast);
    return lease != held.leases.end() && lease->second.state == state;
  });
}

std::size_t JsonlSession::publish(TeamNumber team, std::size_t limit) {
  return changing([&] {
    const std::vector<OutboxEntry> waiting = outbox(team, {}, limit);
    TeamRecord& in = own(team).record;
    for (const OutboxEntry& entry : waiting) {
      in.feed.push_back({static_cast<std::int64_t>(in.feed.size()) + 1, entry.contact, entry.event});
      in.outbox.erase({entry.contact, entry.event});
    }
    return waiting.size();
  });
}

std::vector<OutboxEntry> JsonlSession::outbox(TeamNumber team, const std::optional<OutboxEntry>& after,
                                              std::size_t limit) {
  const auto place = [](const OutboxEntry& entry) { return std::tie(entry.recorded_at, entry.contact, entry.event); };
  const auto in = team_of(team);
  std::vector<OutboxEntry> waiting;
  waiting.reserve(in->record.outbox.size());
  for (const auto& [entry, at] : in->record.outbox) {
    const OutboxEntry& one = waiting.emplace_back(OutboxEntry{entry.first, entry.second, at});
    if (after && place(one) <= place(*after)) waiting.pop_back();
  }
  std::ranges::sort(waiting, {}, place);
  if (waiting.size() > limit) waiting.resize(limit);
  return waiting;
}

std::vector<FeedEntry> JsonlSession::feed(TeamNumber team, std::int64_t after, std::size_t limit) {
  const auto in = team_of(team);
  const auto& feed = in->record.feed;
  const auto size = static_cast<std::int64_t>(feed.size());
  const std::int64_t first = std::clamp<std::int64_t>(after, 0, size);
  const std::int64_t last =
      first + static_cast<std::int64_t>(std::min(feed.size() - static_cast<std::size_t>(first), limit));
  return {feed.begin() + first, feed.begin() + last};
}

}  // namespace jsonl
