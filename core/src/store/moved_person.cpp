#include "store/moved_person.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>

#include "mailroll/consent/fold.hpp"
#include "store/permission_change.hpp"

namespace mailroll::detail {
namespace {

/// Both lists, which are ordered by `key`, as one without repetition; where both have one, `better` chooses between them.
template <typename Noun, typename Key, typename Better>
std::vector<Noun> united(const std::vector<Noun>& kept, const std::vector<Noun>& added, Key key, Better better) {
  std::vector<Noun> all = kept;
  for (const Noun& one : added) {
    const auto place = std::ranges::lower_bound(all, std::invoke(key, one), {}, key);
    if (place == all.end() || std::invoke(key, *place) != std::invoke(key, one)) {
      all.insert(place, one);
    } else if (better(one, *place)) {
      *place = one;
    }
  }
  return all;
}

constexpr auto never = [](const auto&, const auto&) { return false; };

/// A mail that was, or may have been, handed over must not be handed over again.
int weight(const Lease& lease) {
  static constexpr std::array<LeaseState, 4> rising{LeaseState::released, LeaseState::leased, LeaseState::withdrawn,
                                                    LeaseState::confirmed};
  return static_cast<int>(std::ranges::find(rising, lease.state) - rising.begin());
}

/// Only what is not there as it is to be.
template <typename Noun>
void add_new(std::vector<Noun>& out, const std::vector<Noun>& after, const std::vector<Noun>& before) {
  std::ranges::copy_if(after, std::back_inserter(out),
                       [&](const Noun& one) { return std::ranges::find(before, one) == before.end(); });
}

}  // namespace

bool holds_anything(const Person& person) {
  return person.contact || person.permission != Permission{} || !person.events.empty() || !person.segments.empty() ||
         !person.suppressions.empty() || !person.aliases.empty() || !person.soft_bounces.empty() ||
         !person.leases.empty() || person.link_epoch != 0;
}

Person joined(const Person& from, const Person& to, const NewId& now) {
  Person old = from;
  for (ConsentEvent& event : old.events) event.contact = now.id;
  for (Suppression& suppression : old.suppressions) suppression.contact = now.id;
  for (Lease& lease : old.leases) lease.contact = now.id;

  Person after;
  after.id = now.id;
  after.contact = to.contact ? to.contact : old.contact;
  if (after.contact) {
    after.contact->id = now.id;
    after.contact->hash_key = now.hash_key;
    after.contact->key_version = now.key_version;
  }
  after.events = united(to.events, old.events, &ConsentEvent::id, never);
  after.permission = fold(after.events);
  after.segments = united(to.segments, old.segments, std::identity{}, never);
  after.suppressions =
      united(to.suppressions, old.suppressions, &Suppression::reason,
             [](const Suppression& one, const Suppression& kept) { return kept.email.empty() && !one.email.empty(); });
  if (after.permission.standing.erased) {
    for (Suppression& suppression : after.suppressions) suppression.email.clear();
  }
  after.aliases = united(to.aliases, old.aliases, std::identity{}, never);
  after.aliases = united(after.aliases, {to_string(from.id)}, std::identity{}, never);
  std::erase(after.aliases, to_string(now.id));
  after.soft_bounces = united(to.soft_bounces, old.soft_bounces, std::identity{}, never);
  after.leases = united(to.leases, old.leases, &Lease::broadcast,
                        [](const Lease& one, const Lease& kept) { return weight(one) > weight(kept); });
  after.link_epoch = std::max(to.link_epoch, old.link_epoch);
  return after;
}

void add_arrival(ChangeSet& changes, const Person& to, const Person& after) {
  if (after.contact && after.contact != to.contact) changes.contacts.push_back(*after.contact);
  for (const SegmentNumber segment : after.segments) {
    if (!std::ranges::binary_search(to.segments, segment)) changes.joined.push_back({after.id, segment});
  }
  std::ranges::copy_if(after.events, std::back_inserter(changes.events), [&](const ConsentEvent& event) {
    return !std::ranges::binary_search(to.events, event.id, {}, &ConsentEvent::id);
  });
  add_permission_change(changes, after.id, to.permission, after.permission);
  add_new(changes.suppressions, after.suppressions, to.suppressions);
  for (const std::string& alias : after.aliases) {
    if (!std::ranges::binary_search(to.aliases, alias)) changes.aliases.push_back({alias, after.id});
  }
  for (const std::string& alias : to.aliases) {
    if (!std::ranges::binary_search(after.aliases, alias)) changes.removed_aliases.push_back({alias, after.id});
  }
  for (const Time at : after.soft_bounces) {
    if (!std::ranges::binary_search(to.soft_bounces, at)) changes.soft_bounces.push_back({after.id, at});
  }
  add_new(changes.leases, after.leases, to.leases);
  if (after.link_epoch != to.link_epoch) changes.link_epochs.emplace_back(after.id, after.link_epoch);
}

Person add_move(Session& session, TeamNumber team, const Person& from, const Person& to, const NewId& now,
                ChangeSet& changes) {
  Person after = joined(from, to, now);
  // Whoever said something under both ids may have left what is on its way to them.
  if (!to.events.empty() && after.permission != from.permission) {
    for (Lease& lease : after.leases) {
      if (lease.state == LeaseState::leased) lease.state = LeaseState::withdrawn;
    }
  }
  const std::string old_id = to_string(from.id);
  std::vector<ContactId> others = session.find_alias(team, old_id);
  std::erase(others, now.id);
  for (const ContactId& other : others) {
    changes.aliases.push_back({to_string(now.id), other});
    // Whoever has a profile is who is meant by their id, as before.
    if (after.contact) changes.removed_aliases.push_back({old_id, other});
  }
  if (!others.empty() && !after.contact) std::erase(after.aliases, old_id);
  changes.dropped.push_back(from.id);
  add_arrival(changes, to, after);
  return after;
}

void walk_again(Session& session, TeamNumber team) {
  for (const Broadcast& each : session.broadcasts(team)) {
    // Locked, and read again: a worker may be walking, and would put its position back.
    session.lock_shared(team, number_of(each.number));
    for (Broadcast& broadcast : session.broadcasts(team)) {
      if (broadcast.number != each.number || !broadcast.position) continue;
      broadcast.position.reset();
      session.put_broadcast(team, broadcast);
    }
  }
}

}  // namespace mailroll::detail
