#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "audience/members.hpp"
#include "audience/people_meant.hpp"
#include "mailroll/consent/decide.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll/handoff.hpp"
#include "roll/roll_state.hpp"
#include "store/lease_withdrawal.hpp"

namespace mailroll {

namespace {

constexpr std::size_t most_looked_at = 20000;  // members in one call: some tens of milliseconds
constexpr std::size_t longest_page = 1000;
constexpr std::size_t read_at_once = 500;  // people; all their rows are in memory at a time

const Lease* lease_for(const Person& person, BroadcastNumber broadcast) {
  const auto found = std::ranges::lower_bound(person.leases, broadcast, {}, &Lease::broadcast);
  return found != person.leases.end() && found->broadcast == broadcast ? &*found : nullptr;
}

Error segment_gone() {
  return {ErrorKind::not_found,
          "a segment of this broadcast is gone; nobody more can be leased for it",
          {{"reason", "segment_not_found"}}};
}

/// not_found where one of them is gone: without it nobody knows who was meant.
SegmentSet segments_of(const Broadcast& broadcast, std::span<const Segment> segments) {
  if (broadcast.expression.empty()) {
    if (std::ranges::find(segments, broadcast.segment, &Segment::number) == segments.end()) throw segment_gone();
    SegmentSet one;
    one.segment = broadcast.segment;
    return one;
  }
  try {
    return resolve(parse_expression(broadcast.expression), segments);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) throw segment_gone();
    throw;
  }
}

/// One call of lease(), inside its transaction.
class Leasing {
 public:
  Leasing(detail::RollState& roll, Session& session, BroadcastNumber number, std::size_t limit)
      : session_(session),
        team_(roll.team.number),
        now_(roll.clock()),
        limit_(limit),
        broadcast_(locked_broadcast(roll, session, number)) {
    const std::vector<Segment> segments = session_.segments(team_);
    people_.set = segments_of(broadcast_, segments);
    people_.rules = detail::SegmentRules::read(session_, team_, people_.set, segments);
    const std::vector<Topic> topics = session_.topics(team_);
    if (broadcast_.topic != everything_scope &&
        std::ranges::find(topics, broadcast_.topic, &Topic::number) == topics.end()) {
      throw Error(ErrorKind::not_found, "the topic of this broadcast is gone; nobody more can be leased for it",
                  {{"reason", "topic_not_found"}});
    }
    mail_ = detail::mail_of(broadcast_, topics, now_);
  }

  /// `lease` says to whom and for how long; whom it is about is filled in.
  Batch lease(Lease lease) {
    const Broadcast before = broadcast_;
    find_given_back();
    const bool nobody_left = walk();
    // Everybody's locks are taken in the same order, or two workers could wait for each other.
    std::ranges::sort(prospects_);
    Batch batch;
    std::span<const ContactId> rest(prospects_);
    while (!rest.empty()) {
      judge(rest.first(std::min(read_at_once, rest.size())), lease, batch);
      rest = rest.subspan(std::min(read_at_once, rest.size()));
    }
    if (!changes_.leases.empty()) session_.write(team_, changes_);
    if (broadcast_ != before) session_.put_broadcast(team_, broadcast_);
    batch.broadcast = broadcast_.name;
    batch.done = nobody_left && batch.people.empty();
    batch.outstanding = session_.count_leases(team_, broadcast_.number, LeaseState::leased);
    if (!batch.people.empty()) {
      batch.lease = lease.lease;
      batch.expires_at = lease.expires_at;
    }
    return batch;
  }

 private:
  /// Workers on one broadcast take turns: they walk on from one position.
  static Broadcast locked_broadcast(detail::RollState& roll, Session& session, BroadcastNumber number) {
    session.lock_shared(roll.team.number, number_of(number));
    return detail::find_broadcast(roll, session, number);
  }

  void find_given_back() {
    const auto take = [&](LeaseState state, Time expired_by) {
      if (prospects_.size() == limit_) return;
      const std::size_t most = limit_ - prospects_.size();
      for (const Lease& lease : session_.leases(team_, broadcast_.number, state, expired_by, {}, most)) {
        prospects_.push_back(lease.contact);
      }
    };
    take(LeaseState::released, Time::max());
    take(LeaseState::leased, now_);
  }

  /// Goes on through the segments. True: a whole walk, begun by an earlier call perhaps, has found nobody.
  bool walk() {
    CandidateQuery query;
    query.topic = broadcast_.topic;
    query.with_profile = false;
    std::vector<Candidate> page;
    for (std::size_t looked_at = 0; looked_at < most_looked_at && prospects_.size() < limit_;) {
      query.after = broadcast_.position;
      query.limit = std::min({longest_page, most_looked_at - looked_at, 2 * (limit_ - prospects_.size()) + 16});
      detail::Members(team_, people_, query, now_).next(session_, page);
      if (!take_from(page)) return false;
      looked_at += page.size();
      if (page.size() == query.limit) continue;
      // The end: begin anew, so that nobody who joined behind the position is passed by.
      const bool nobody = !broadcast_.found;
      broadcast_.position.reset();
      broadcast_.found = false;
      if (nobody) return true;
      if (!prospects_.empty()) return false;
    }
    return false;
  }

  /// False: there are enough.
  bool take_from(const std::vector<Candidate>& page) {
    std::vector<ContactId> receiving;
    for (auto next = page.begin(); next != page.end();) {
      if (prospects_.size() == limit_) return false;
      // No more than are taken if nobody has a lease yet: the position is behind the last one who was looked at.
      const std::size_t most = std::min(read_at_once, limit_ - prospects_.size());
      receiving.clear();
      for (; next != page.end() && receiving.size() < most; ++next) {
        broadcast_.position = next->id;
        if (receives(decide(true, true, next->standing, next->choice, mail_))) receiving.push_back(next->id);
      }
      take_unleased(receiving);
    }
    return true;
  }

  void take_unleased(std::span<const ContactId> receiving) {
    session_.people_of(team_, receiving, {.leases = true}, page_);
    auto leased = page_.cbegin();
    for (const ContactId& id : receiving) {
      while (leased != page_.cend() && leased->id < id) ++leased;
      if (leased != page_.cend() && leased->id == id && lease_for(*leased, broadcast_.number) != nullptr) continue;
      prospects_.push_back(id);
      broadcast_.found = true;
    }
  }

  /// The last word: by their own rows, which nobody else changes until this is committed. Of whom there is no row, nobody is
  /// to be leased or withdrawn.
  void judge(std::span<const ContactId> ids, Lease& lease, Batch& batch) {
    session_.lock_all(team_, ids);
    session_.people_of(team_, ids, {.contact = true, .permission = true, .segments = true, .leases = true}, page_);
    for (const Person& person : page_) judge(person, lease, batch);
  }

  void judge(const Person& person, Lease& lease, Batch& batch) {
    const Lease* had = lease_for(person, broadcast_.number);
    const bool free = had == nullptr || had->state == LeaseState::released ||
                      (had->state == LeaseState::leased && had->expires_at <= now_);
    if (!free) return;
    const bool member = people_.contains(person, now_);
    if (receives(decide(person.contact.has_value(), member, person.permission.standing,
                        person.permission.choice(broadcast_.topic), mail_))) {
      lease.contact = person.id;
      lease.changed_at = now_;
      changes_.leases.push_back(lease);
      batch.people.push_back({person.id, person.contact->email, person.contact->first_name, person.contact->last_name});
    } else if (had != nullptr) {
      // It would be found and judged again by every call, for ever.
      changes_.leases.push_back(*had);
      changes_.leases.back().state = LeaseState::withdrawn;
      changes_.leases.back().changed_at = now_;
    }
  }

  Session& session_;
  TeamNumber team_;
  Time now_;
  std::size_t limit_;
  Broadcast broadcast_;
  detail::People people_;
  Mail mail_;
  std::vector<ContactId> prospects_;
  std::vector<Person> page_;
  ChangeSet changes_;
};

}  // namespace

Batch Handoff::lease(std::size_t limit) {
  if (limit < 1 || limit > max_lease) {
    throw Error(ErrorKind::invalid, "a lease has a limit from 1 to 10000 people", {{"reason", "limit"}});
  }
  return roll_->write([&](Session& session) {
    const Time now = roll_->clock();
    const Lease lease{.contact = {},
                      .broadcast = broadcast_,
                      .state = LeaseState::leased,
                      .lease = LeaseId(make_uuid_v7(now)),
                      .worker = worker_,
                      .expires_at = now + options_.lease_for,
                      .changed_at = now};
    Batch batch = Leasing(*roll_, session, broadcast_, limit).lease(lease);
    batch.incomplete = roll_->incomplete(session);
    return batch;
  });
}

}  // namespace mailroll
