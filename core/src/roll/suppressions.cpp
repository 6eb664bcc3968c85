#include "mailroll/roll/suppressions.hpp"

#include <algorithm>
#include <tuple>

#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr Parts permission_parts{.contact = true, .permission = true, .events = true, .suppressions = true};

}  // namespace

Suppression Suppressions::add(std::string_view email, SuppressionReason reason, const std::string& note) {
  const EmailAddress address(email);
  return roll_->write([&](Session& session) {
    const Person before = detail::lock_person(*roll_, session, address, permission_parts);
    const ContactId id = before.id;
    for (const Suppression& known : before.suppressions) {
      if (known.reason == reason && before.permission.standing.suppressed(reason)) return known;
    }
    ConsentEvent event =
        detail::live_event(*roll_, id, everything_scope, Action::suppressed, before.permission.standing);
    event.suppression = reason;
    event.evidence.note = note;
    std::vector<ConsentEvent> events{event};
    if (reason == SuppressionReason::bounce) events[0].channel = Channel::bounce;
    if (reason == SuppressionReason::complaint) {
      events[0].channel = Channel::complaint;
      // Who complains has also left, and for good: lifting the suppression later must not bring mail back.
      ConsentEvent left = events[0];
      left.id = EventId(make_uuid_v7(*left.at));
      left.action = Action::opt_out;
      left.actor = Actor::person;
      left.suppression.reset();
      events.push_back(left);
    }
    detail::append_events(*roll_, session, id, events, before);
    Suppression suppression{.contact = id, .reason = reason, .email = address.delivery(), .at = *event.at};
    if (before.permission.standing.erased) suppression.email.clear();
    ChangeSet changes;
    changes.suppressions.push_back(suppression);
    session.write(roll_->team.number, changes);
    return suppression;
  });
}

void Suppressions::remove(const Who& who, const std::optional<SuppressionReason>& reason, const std::string& note) {
  roll_->write([&](Session& session) {
    const Person before = detail::lock_person(*roll_, session, who, permission_parts);
    const ContactId id = before.id;
    ChangeSet changes;
    for (const Suppression& known : before.suppressions) {
      if (!reason || known.reason == *reason) changes.lifted_suppressions.emplace_back(id, known.reason);
    }
    if (changes.lifted_suppressions.empty()) {
      throw Error(ErrorKind::not_found,
                  "no such suppression stands; `mailroll suppressions list` shows those there are",
                  {{"reason", "suppression_not_found"}});
    }
    ConsentEvent event =
        detail::live_event(*roll_, id, everything_scope, Action::unsuppressed, before.permission.standing);
    event.suppression = reason;
    event.evidence.note = note;
    detail::append_events(*roll_, session, id, {event}, before);
    session.write(roll_->team.number, changes);
  });
}

std::vector<Suppression> Suppressions::list(const std::optional<Suppression>& after, std::size_t limit) const {
  detail::check_limit(limit);
  return roll_->session()->suppressions(roll_->team.number, after, limit);
}

std::vector<ConsentEvent> Events::list(const Who& who) const {
  return roll_->read([&](Session& session) {
    const std::vector<Person> people = detail::find_people(*roll_, session, who, {.events = true});
    if (people.empty()) {
      throw Error(ErrorKind::not_found, "there is no contact with that id", {{"reason", "contact_not_found"}});
    }
    std::vector<ConsentEvent> events;
    for (const Person& person : people) {
      events.insert(events.end(), person.events.begin(), person.events.end());
    }
    std::stable_sort(events.begin(), events.end(), [](const ConsentEvent& a, const ConsentEvent& b) {
      return std::tuple(effective_time(a), a.action, a.id) < std::tuple(effective_time(b), b.action, b.id);
    });
    return events;
  });
}

Team Teams::create(std::string_view name) {
  const std::string checked = detail::checked_name(name, 100, "team's name");
  return roll_->write([&](Session& session) {
    const Time now = roll_->clock();
    return session.add_team(make_uuid_v7(now), checked, now);
  });
}

std::vector<Team> Teams::list() const { return roll_->session()->teams(); }

}  // namespace mailroll
