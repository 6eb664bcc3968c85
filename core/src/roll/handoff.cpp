#include "mailroll/roll/handoff.hpp"

#include <algorithm>

#include "mailroll/audience/expression.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t longest_broadcast = 200;
constexpr std::size_t longest_worker = 100;
constexpr std::chrono::seconds longest_lease = std::chrono::hours(24);

std::string nameless(const Expression& people, const std::optional<Topic>& topic) {
  std::string name = (people.parts.empty() ? "segment " : "segments ") + to_string(people) +
                     (topic ? ", topic " + to_string(topic->id) : ", no topic");
  if (name.size() > longest_broadcast) {
    throw Error(ErrorKind::invalid, "a broadcast to so many segments needs a name of its own; give it one",
                {{"reason", "broadcast_unnamed"}});
  }
  return name;
}

/// The broadcast of that name; nothing where there is none.
std::optional<Broadcast> find_broadcast(Session& session, TeamNumber team, const Broadcast& wanted) {
  for (const Broadcast& broadcast : session.broadcasts(team)) {
    if (broadcast.name != wanted.name) continue;
    if (broadcast.segment == wanted.segment && broadcast.expression == wanted.expression &&
        broadcast.topic == wanted.topic) {
      return broadcast;
    }
    throw Error(ErrorKind::conflict,
                "the broadcast of that name is for other segments or another topic; give this one a name of its own "
                "(`mailroll handoff list` shows those there are)",
                {{"reason", "broadcast_differs"}});
  }
  return std::nullopt;
}

}  // namespace

Handoff Roll::handoff(const SegmentRef& segment, const TopicRef& topic, std::string_view worker,
                      const HandoffOptions& options) {
  const std::string checked_worker = detail::checked_name(worker, longest_worker, "worker");
  if (options.lease_for < std::chrono::seconds(1) || options.lease_for > longest_lease) {
    throw Error(ErrorKind::invalid, "a lease lasts from 1 second to 24 hours", {{"reason", "lease_for"}});
  }
  Broadcast wanted;
  std::optional<Broadcast> found = state_->read([&](Session& session) {
    const std::vector<Segment> segments = session.segments(state_->team.number);
    const Expression people = with_ids(expression_of(segment, segments), segments);
    if (people.parts.empty()) {
      wanted.segment = resolve(people, segments).segment;
    } else {
      wanted.expression = to_string(people);
    }
    std::optional<Topic> about;
    if (topic.text) about = detail::find_topic(*state_, session, topic);
    wanted.name = options.broadcast.empty()
                      ? nameless(people, about)
                      : detail::checked_name(options.broadcast, longest_broadcast, "name of a broadcast");
    if (about) wanted.topic = about->number;
    return find_broadcast(session, state_->team.number, wanted);
  });
  if (!found) {
    found = state_->write([&](Session& session) {
      const TeamNumber team = state_->team.number;
      session.lock_shared(team, 0);
      if (std::optional<Broadcast> made = find_broadcast(session, team, wanted)) return *made;
      wanted.number = BroadcastNumber{session.take_numbers(team, 1)};
      wanted.created_at = state_->clock();
      session.put_broadcast(team, wanted);
      return wanted;
    });
  }
  return {state_, found->number, checked_worker, options};
}

Handoff Roll::handoff_of(const LeaseId& lease) const {
  const std::vector<Lease> held = state_->session()->leases_of(state_->team.number, lease);
  if (held.empty()) {
    throw Error(ErrorKind::not_found,
                "nobody is held under that lease: there is none of that id, or it ran out and others have its people",
                {{"reason", "lease_not_found"}});
  }
  return {state_, held.front().broadcast, held.front().worker, HandoffOptions{}};
}

std::vector<BroadcastStatus> Roll::broadcasts() const {
  return state_->read([&](Session& session) {
    std::vector<BroadcastStatus> all;
    for (Broadcast& broadcast : session.broadcasts(state_->team.number)) {
      const LeaseCounts counts = session.count_leases(state_->team.number, broadcast.number);
      all.push_back({std::move(broadcast), counts});
    }
    return all;
  });
}

BroadcastStatus Handoff::status() const {
  return roll_->read([&](Session& session) {
    return BroadcastStatus{detail::find_broadcast(*roll_, session, broadcast_),
                           session.count_leases(roll_->team.number, broadcast_)};
  });
}

namespace detail {

Broadcast find_broadcast(RollState& roll, Session& session, BroadcastNumber number) {
  const std::vector<Broadcast> all = session.broadcasts(roll.team.number);
  const auto found = std::ranges::find(all, number, &Broadcast::number);
  if (found == all.end()) {
    throw Error(ErrorKind::not_found, "this broadcast does not exist any more", {{"reason", "broadcast_not_found"}});
  }
  return *found;
}

}  // namespace detail

}  // namespace mailroll
