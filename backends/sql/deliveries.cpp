#include "sql/deliveries.hpp"

#include <algorithm>
#include <tuple>

#include <soci/soci.h>

#include "sql/row_limit.hpp"
#include "sql/rows.hpp"
#include "sql/statements/broadcasts_sql.hpp"
#include "sql/statements/choices_sql.hpp"
#include "sql/statements/feed_sql.hpp"
#include "sql/statements/leases_sql.hpp"
#include "sql/statements/standings_sql.hpp"

namespace mailroll::detail {

std::vector<Broadcast> Deliveries::broadcasts(TeamNumber team) {
  std::vector<Broadcast> found;
  const int team_id = number_of(team);
  Broadcast broadcast;
  int number = 0;
  int segment = 0;
  int topic = 0;
  std::string position;
  soci::indicator has_position = soci::i_null;
  int someone = 0;
  long long created = 0;
  std::string expression;
  soci::indicator has_expression = soci::i_null;
  soci::statement rows =
      (session_.prepare << dialect_.text(sql::select_broadcasts), soci::use(team_id, "team_id"), soci::into(number),
       soci::into(broadcast.name), soci::into(segment), soci::into(topic), soci::into(position, has_position),
       soci::into(someone), soci::into(created), soci::into(expression, has_expression));
  rows.execute();
  while (rows.fetch()) {
    broadcast.number = BroadcastNumber{number};
    broadcast.segment = SegmentNumber{segment};
    broadcast.topic = TopicNumber{topic};
    broadcast.position.reset();
    if (has_position == soci::i_ok) broadcast.position = ContactId(uuid_of(position));
    broadcast.found = someone != 0;
    broadcast.created_at = time_of(created);
    broadcast.expression = has_expression == soci::i_ok ? expression : std::string();
    found.push_back(broadcast);
  }
  return found;
}

void Deliveries::put_broadcast(TeamNumber team, const Broadcast& broadcast) {
  const int team_id = number_of(team);
  const int number = number_of(broadcast.number);
  const int segment = number_of(broadcast.segment);
  const int topic = number_of(broadcast.topic);
  const std::string position = broadcast.position ? soci_id(dialect_, *broadcast.position) : std::string();
  soci::indicator has_position = broadcast.position ? soci::i_ok : soci::i_null;
  const int someone = broadcast.found ? 1 : 0;
  const long long created = microseconds(broadcast.created_at);
  soci::indicator has_expression = broadcast.expression.empty() ? soci::i_null : soci::i_ok;
  session_ << dialect_.text(sql::upsert_broadcast), soci::use(team_id, "team_id"), soci::use(number, "number"),
      soci::use(broadcast.name, "name"), soci::use(segment, "segment"), soci::use(topic, "topic"),
      soci::use(position, has_position, "position"), soci::use(someone, "found"), soci::use(created, "created_at"),
      soci::use(broadcast.expression, has_expression, "expression");
}

std::vector<Lease> Deliveries::leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                                      const std::optional<ContactId>& after, std::size_t limit) {
  std::vector<Lease> found;
  const int team_id = number_of(team);
  const int number = number_of(broadcast);
  const int state_number = static_cast<int>(state);
  const std::string behind = soci_id(dialect_, after.value_or(ContactId{}));
  const long long by = microseconds(expired_by);
  const long long most = row_limit(limit);
  std::string contact;
  std::string lease_id;
  std::string worker;
  long long expires = 0;
  long long changed = 0;
  soci::statement rows =
      (session_.prepare << dialect_.text(sql::select_leases_in_state), soci::use(team_id, "team_id"),
       soci::use(number, "broadcast"), soci::use(state_number, "state"), soci::use(behind, "contact_id"),
       soci::use(by, "expired_by"), soci::use(most, "limit"), soci::into(contact), soci::into(lease_id),
       soci::into(worker), soci::into(expires), soci::into(changed));
  rows.execute();
  while (rows.fetch()) {
    found.push_back({ContactId(uuid_of(contact)), broadcast, state, LeaseId(uuid_of(lease_id)), worker,
                     time_of(expires), time_of(changed)});
  }
  return found;
}

std::vector<Lease> Deliveries::leases_of(TeamNumber team, const LeaseId& lease) {
  std::vector<Lease> found;
  const int team_id = number_of(team);
  const std::string lease_id = soci_id(dialect_, lease);
  std::string contact;
  int broadcast = 0;
  int state = 0;
  std::string worker;
  long long expires = 0;
  long long changed = 0;
  soci::statement rows = (session_.prepare << dialect_.text(sql::select_leases_of), soci::use(team_id, "team_id"),
                          soci::use(lease_id, "lease_id"), soci::into(contact), soci::into(broadcast),
                          soci::into(state), soci::into(worker), soci::into(expires), soci::into(changed));
  rows.execute();
  while (rows.fetch()) {
    found.push_back({ContactId(uuid_of(contact)), BroadcastNumber{broadcast}, static_cast<LeaseState>(state), lease,
                     worker, time_of(expires), time_of(changed)});
  }
  return found;
}

LeaseCounts Deliveries::count_leases(TeamNumber team, BroadcastNumber broadcast) {
  LeaseCounts counts;
  const int team_id = number_of(team);
  const int number = number_of(broadcast);
  int state = 0;
  long long count = 0;
  soci::statement rows = (session_.prepare << dialect_.text(sql::count_leases), soci::use(team_id, "team_id"),
                          soci::use(number, "broadcast"), soci::into(state), soci::into(count));
  rows.execute();
  while (rows.fetch()) {
    const auto many = static_cast<std::uint64_t>(count);
    switch (static_cast<LeaseState>(state)) {
      case LeaseState::leased: counts.leased = many; break;
      case LeaseState::confirmed: counts.confirmed = many; break;
      case LeaseState::released: counts.released = many; break;
      case LeaseState::withdrawn: counts.withdrawn = many; break;
    }
  }
  return counts;
}

std::uint64_t Deliveries::count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) {
  const int team_id = number_of(team);
  const int number = number_of(broadcast);
  const int state_number = static_cast<int>(state);
  long long count = 0;
  session_ << dialect_.text(sql::count_leases_in_state), soci::use(team_id, "team_id"), soci::use(number, "broadcast"),
      soci::use(state_number, "state"), soci::into(count);
  return static_cast<std::uint64_t>(count);
}

std::vector<FeedEntry> Deliveries::feed(TeamNumber team, std::int64_t after, std::size_t limit) {
  std::vector<FeedEntry> found;
  const int team_id = number_of(team);
  const long long behind = after;
  const long long most = row_limit(limit);
  long long position = 0;
  std::string contact;
  std::string event;
  soci::statement rows =
      (session_.prepare << dialect_.text(sql::select_feed), soci::use(team_id, "team_id"), soci::use(behind, "after"),
       soci::use(most, "limit"), soci::into(position), soci::into(contact), soci::into(event));
  rows.execute();
  while (rows.fetch()) found.push_back({position, ContactId(uuid_of(contact)), EventId(uuid_of(event))});
  return found;
}

std::vector<Expiry> Deliveries::expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                                         std::size_t limit) {
  std::vector<Expiry> found;
  const int team_id = number_of(team);
  const std::string behind = soci_id(dialect_, after ? after->contact : ContactId{});
  const int behind_topic = after ? number_of(after->topic) : 0;
  const long long before = microseconds(until);
  // One more, since the standing of the contact that the last page ended with comes again.
  const long long most = row_limit(limit) + 1;
  std::string contact;
  int topic = 0;
  long long valid_until = 0;
  {
    soci::statement rows = (session_.prepare << dialect_.text(sql::select_expiring_standings),
                            soci::use(team_id, "team_id"), soci::use(behind, "contact_id"), soci::use(before, "until"),
                            soci::use(most, "limit"), soci::into(contact), soci::into(valid_until));
    rows.execute();
    while (rows.fetch()) {
      const ContactId id(uuid_of(contact));
      if (!after || id > after->contact) found.push_back({id, everything_scope, time_of(valid_until)});
    }
  }
  soci::statement rows =
      (session_.prepare << dialect_.text(sql::select_expiring_choices), soci::use(team_id, "team_id"),
       soci::use(behind, "contact_id"), soci::use(behind_topic, "topic"), soci::use(before, "until"),
       soci::use(most, "limit"), soci::into(contact), soci::into(topic), soci::into(valid_until));
  rows.execute();
  while (rows.fetch()) found.push_back({ContactId(uuid_of(contact)), TopicNumber{topic}, time_of(valid_until)});
  std::sort(found.begin(), found.end(), [](const Expiry& a, const Expiry& b) {
    return std::tie(a.contact, a.topic) < std::tie(b.contact, b.topic);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace mailroll::detail
