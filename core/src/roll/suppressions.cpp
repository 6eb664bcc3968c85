#include "mailroll/roll/suppressions.hpp"

#include <algorithm>
#include <tuple>

#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"
#include "roll/suppress.hpp"

namespace mailroll {

Suppression Suppressions::add(std::string_view email, SuppressionReason reason, const std::string& note) {
  const EmailAddress address(email);
  detail::SuppressionRequest request = detail::suppression_request(*roll_, reason);
  request.note = detail::checked_words(note, "note");
  return roll_->write(
      [&](Session& session) { return detail::suppress(*roll_, session, address, request).stands.value(); });
}

void Suppressions::remove(const Who& who, const std::optional<SuppressionReason>& reason, const std::string& note) {
  const std::string words = detail::checked_words(note, "note");
  roll_->write([&](Session& session) {
    const Person before = detail::lock_person(*roll_, session, who, detail::suppressed_parts);
    const ContactId& id = before.id;
    ChangeSet changes;
    for (const Suppression& known : before.suppressions) {
      if (reason && known.reason != *reason) continue;
      if (known.reason == SuppressionReason::complaint && words.empty()) {
        throw Error(ErrorKind::invalid, "this person complained: write down why the suppression is lifted all the same",
                    {{"reason", "note_missing"}});
      }
      changes.lifted_suppressions.emplace_back(id, known.reason);
    }
    if (changes.lifted_suppressions.empty()) {
      throw Error(ErrorKind::not_found,
                  "no such suppression stands; `mailroll suppressions list` shows those there are",
                  {{"reason", "suppression_not_found"}});
    }
    ConsentEvent event =
        detail::live_event(*roll_, id, everything_scope, Action::unsuppressed, before.permission.standing);
    event.suppression = reason;
    event.evidence.note = words;
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
    session.lock_shared(TeamNumber{0}, 0);
    const Time now = roll_->clock();
    return session.add_team(make_uuid_v7(now), checked, now);
  });
}

std::vector<Team> Teams::list() const { return roll_->session()->teams(); }

}  // namespace mailroll
