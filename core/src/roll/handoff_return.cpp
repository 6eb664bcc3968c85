// What workers say about the people whom they leased: handed over, or given back.
#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "mailroll/error.hpp"
#include "mailroll/roll/handoff.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

/// Sets the people of one lease to a state, inside a transaction.
class Return {
 public:
  Return(detail::RollState& roll, Session& session, BroadcastNumber broadcast, const LeaseId& lease, LeaseState state)
      : session_(session),
        team_(roll.team.number),
        now_(roll.clock()),
        broadcast_(broadcast),
        lease_(lease),
        state_(state) {}

  HandoffReport all() {
    for (const Lease& listed : session_.leases_of(team_, lease_)) {
      const std::optional<Lease> held = find_theirs(listed.contact);
      if (!held || !settled_.insert(held->contact).second) continue;
      // Whoever gave some of them back and now confirms "all of it" means the others.
      if (held->state == LeaseState::released && state_ == LeaseState::confirmed)
        ++report_.kept;
      else
        settle(*held);
    }
    return write();
  }

  HandoffReport these(std::vector<ContactId> people) {
    std::ranges::sort(people);
    people.erase(std::ranges::unique(people).begin(), people.end());
    for (const ContactId& id : people) {
      const std::optional<Lease> held = find_theirs(id);
      if (!held)
        ++report_.lost;
      else if (settled_.insert(held->contact).second)
        settle(*held);
    }
    return write();
  }

 private:
  /// What this lease holds of the contact; nothing where it is somebody else's, or nobody's.
  std::optional<Lease> find(const ContactId& id) {
    session_.lock(team_, id);
    for (const Lease& held : session_.person(team_, id, {.leases = true}).leases) {
      if (held.broadcast == broadcast_ && held.lease == lease_) return held;
    }
    return std::nullopt;
  }

  /// Of whoever has come to another id, by another address or a merge, the lease went along, and is withdrawn here.
  std::optional<Lease> find_theirs(const ContactId& id) {
    std::optional<Lease> held = find(id);
    if (held && held->state != LeaseState::withdrawn) return held;
    const std::optional<Lease> now = find_by_old_id(id);
    return now ? now : held;
  }

  /// The contact may have got another id since it was leased.
  std::optional<Lease> find_by_old_id(const ContactId& id) {
    for (const ContactId& now : detail::lock_bearers(session_, team_, to_string(id))) {
      if (std::optional<Lease> held = find(now)) return held;
    }
    return std::nullopt;
  }

  void settle(const Lease& held) {
    if (held.state == LeaseState::withdrawn) {
      ++report_.withdrawn;
    } else if (held.state == state_) {
      ++report_.repeated;
    } else if (held.state == LeaseState::confirmed) {
      ++report_.kept;
    } else {
      ++report_.done;
      changes_.leases.push_back(held);
      changes_.leases.back().state = state_;
      changes_.leases.back().changed_at = now_;
    }
  }

  HandoffReport write() {
    if (!changes_.leases.empty()) session_.write(team_, changes_);
    return report_;
  }

  Session& session_;
  TeamNumber team_;
  Time now_;
  BroadcastNumber broadcast_;
  LeaseId lease_;
  LeaseState state_;
  std::set<ContactId> settled_;  // one may be named by two ids
  ChangeSet changes_;
  HandoffReport report_;
};

/// `people`: nothing for all of the lease, which an empty list is not.
HandoffReport give_back(detail::RollState& roll, BroadcastNumber broadcast, const LeaseId& lease,
                        const std::vector<ContactId>* people, LeaseState state) {
  if (people != nullptr && people->size() > max_lease) {
    throw Error(ErrorKind::invalid, "a lease has at most 10000 people", {{"reason", "limit"}});
  }
  return roll.write([&](Session& session) {
    Return given(roll, session, broadcast, lease, state);
    return people == nullptr ? given.all() : given.these(*people);
  });
}

}  // namespace

HandoffReport Handoff::confirm(const LeaseId& lease, const std::vector<ContactId>& people) {
  return give_back(*roll_, broadcast_, lease, &people, LeaseState::confirmed);
}

HandoffReport Handoff::confirm(const LeaseId& lease) {
  return give_back(*roll_, broadcast_, lease, nullptr, LeaseState::confirmed);
}

HandoffReport Handoff::release(const LeaseId& lease, const std::vector<ContactId>& people) {
  return give_back(*roll_, broadcast_, lease, &people, LeaseState::released);
}

HandoffReport Handoff::release(const LeaseId& lease) {
  return give_back(*roll_, broadcast_, lease, nullptr, LeaseState::released);
}

}  // namespace mailroll
