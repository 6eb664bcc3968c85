#include "store/lease_withdrawal.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace mailroll::detail {
namespace {

/// What is needed to judge leases; read when the first one is met, since most people are in nobody's hands.
struct Mailings {
  std::vector<Broadcast> broadcasts;
  std::vector<Topic> topics;
};

bool may_receive(const Person& person, const Lease& lease, const Mailings& mailings, Time now) {
  const auto broadcast = std::ranges::find(mailings.broadcasts, lease.broadcast, &Broadcast::number);
  if (broadcast == mailings.broadcasts.end()) return false;
  return receives(decide(person.contact.has_value(), true, person.permission.standing,
                         person.permission.choice(broadcast->topic), mail_of(*broadcast, mailings.topics, now)));
}

}  // namespace

Mail mail_of(const Broadcast& broadcast, std::span<const Topic> topics, Time now) {
  Mail mail;
  mail.at = now;
  if (broadcast.topic == everything_scope) return mail;
  const auto topic = std::ranges::find(topics, broadcast.topic, &Topic::number);
  mail.topic_default = topic == topics.end() ? Subscription::opt_out : topic->default_subscription;
  return mail;
}

void withdraw_leases(Session& session, TeamNumber team, Time now, std::span<const OutboxEntry> lowered) {
  std::optional<Mailings> mailings;
  ChangeSet changes;
  std::optional<ContactId> last;
  for (const OutboxEntry& entry : lowered) {
    if (entry.contact == last) continue;
    last = entry.contact;
    const Person person = session.person(team, entry.contact, {.contact = true, .permission = true, .leases = true});
    for (Lease lease : person.leases) {
      if (lease.state != LeaseState::leased) continue;
      if (!mailings) mailings = {session.broadcasts(team), session.topics(team)};
      if (may_receive(person, lease, *mailings, now)) continue;
      lease.state = LeaseState::withdrawn;
      lease.changed_at = now;
      changes.leases.push_back(std::move(lease));
    }
  }
  if (!changes.leases.empty()) session.write(team, changes);
}

}  // namespace mailroll::detail
