/// Mail on its way, over SOCI: broadcasts, leases, the feed of opt-outs, and consent that runs out. The functions do what
/// Session promises under the same names, in the transaction that is open; they throw what SOCI throws.
#pragma once

#include <optional>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/dialect.hpp"

namespace soci {
class session;
}

namespace mailroll::detail {

class Deliveries {
 public:
  Deliveries(soci::session& session, const Dialect& dialect) : session_(session), dialect_(dialect) {}

  std::vector<Broadcast> broadcasts(TeamNumber team);
  void put_broadcast(TeamNumber team, const Broadcast& broadcast);
  std::vector<Lease> leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                            const std::optional<ContactId>& after, std::size_t limit);
  std::vector<Lease> leases_of(TeamNumber team, const LeaseId& lease);
  LeaseCounts count_leases(TeamNumber team, BroadcastNumber broadcast);
  std::uint64_t count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state);

  std::vector<FeedEntry> feed(TeamNumber team, std::int64_t after, std::size_t limit);

  std::vector<Expiry> expiring(TeamNumber team, Time until, const std::optional<Expiry>& after, std::size_t limit);

 private:
  soci::session& session_;
  const Dialect& dialect_;
};

}  // namespace mailroll::detail
