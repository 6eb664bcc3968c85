/// Random operations of the port on what is set and on mail on its way: settings, broadcasts, leases, the feed.
#pragma once

#include <string>

#include "backends/random_changes.hpp"
#include "backends/shown.hpp"
#include "backends/store_pair.hpp"

namespace mailroll::test {

inline void read_deliveries(Pair& pair, RandomChanges& random, TeamNumber in) {
  const auto limit = static_cast<std::size_t>(random.below(20));
  switch (random.below(7)) {
    case 0: pair.same("settings", [&](Session& session) { return shown(session.settings(in)); }); break;
    case 1: pair.same("broadcasts", [&](Session& session) { return shown(session.broadcasts(in)); }); break;
    case 2: {
      const BroadcastNumber broadcast = random.broadcast_number();
      const LeaseState state = random.lease_state();
      const Time expired_by = random.time();
      std::optional<ContactId> after;
      if (random.chance(2)) after = random.contact_id();
      pair.same("leases", [&](Session& session) {
        return shown(session.leases(in, broadcast, state, expired_by, after, limit));
      });
      break;
    }
    case 3: {
      const BroadcastNumber broadcast = random.broadcast_number();
      const LeaseState state = random.lease_state();
      pair.same("count_leases", [&](Session& session) {
        return shown(session.count_leases(in, broadcast)) + " " + shown(session.count_leases(in, broadcast, state));
      });
      break;
    }
    case 4: {
      const auto lease = random.id<LeaseId>(random.below(50));
      pair.same("leases_of", [&](Session& session) { return shown(session.leases_of(in, lease)); });
      break;
    }
    case 5: {
      const std::int64_t after = random.below(60) - 5;
      pair.same("feed", [&](Session& session) { return shown(session.feed(in, after, limit)); });
      break;
    }
    default: {
      const Time until = random.time();
      std::optional<Expiry> after;
      if (random.chance(2)) after = Expiry{random.contact_id(), TopicNumber{random.below(6)}, random.time()};
      pair.same("expiring", [&](Session& session) { return shown(session.expiring(in, until, after, limit)); });
    }
  }
}

inline void change_deliveries(Pair& pair, RandomChanges& random, TeamNumber in) {
  switch (random.below(4)) {
    case 0:
    case 1: {
      const std::string name = random.word();
      const std::optional<std::string> value = random.chance(3) ? std::nullopt : std::optional(random.text());
      pair.same_change("put_setting", [&](Session& session) { session.put_setting(in, name, value); });
      break;
    }
    case 2: {
      const Broadcast broadcast = random.broadcast();
      pair.same_change("put_broadcast", [&](Session& session) { session.put_broadcast(in, broadcast); });
      break;
    }
    default: {
      const auto limit = static_cast<std::size_t>(random.below(12));
      pair.same("publish", [&](Session& session) { return shown(session.publish(in, limit)); });
    }
  }
}

}  // namespace mailroll::test
