/// Whoever is out is withdrawn from what is leased to mailers, in the transaction in which they left.
#pragma once

#include <span>

#include "mailroll/consent/decide.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/store/store.hpp"
#include "mailroll/time.hpp"

namespace mailroll::detail {

/// `lowered`: the events that a write, earlier in the open transaction, put into the outbox. Each of their contacts is
/// judged by decide() for every broadcast that somebody has them leased for; where they may not receive it (any more),
/// the lease becomes withdrawn. A lease that ran out and was not taken again counts as leased. Membership of the segment
/// is not asked for here: it is not permission, and the next lease asks.
void withdraw_leases(Session& session, TeamNumber team, Time now, std::span<const OutboxEntry> lowered);

/// The mail of a broadcast, as decide() wants it. Of a topic that is gone nobody knows the default: only an explicit
/// opt_in counts.
Mail mail_of(const Broadcast& broadcast, std::span<const Topic> topics, Time now);

}  // namespace mailroll::detail
