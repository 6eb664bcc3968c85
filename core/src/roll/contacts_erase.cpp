#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mailroll/error.hpp"
#include "mailroll/roll/contacts.hpp"
#include "roll/former_ids.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

std::string checked_reason(const std::string& reason) {
  std::string words = detail::checked_words(reason, "reason of the erasure");
  if (words.find('@') == std::string::npos) return words;
  throw Error(ErrorKind::invalid,
              "the reason of an erasure stays for good; leave addresses out of it, e.g. \"asked by letter on 3 March\"",
              {{"reason", "reason_holds_address"}});
}

/// In the place of a written reason: that there was one makes an event an override, and what follows from it must not change.
constexpr const char* erased_words = "(erased)";

/// The event without what tells of the person; nothing where there is nothing of the kind.
std::optional<ConsentEvent> redacted(const ConsentEvent& event) {
  if (event.action == Action::erased) return std::nullopt;
  ConsentEvent less = event;
  less.evidence = {};
  if (!less.reason.empty()) less.reason = erased_words;
  less.source.clear();
  if (less == event) return std::nullopt;
  return less;
}

/// Of whoever is a contact of their own again under an id that the person had before: only what both have.
void redact_shared(ChangeSet& changes, const Person& person, const std::set<EventId>& erased) {
  for (const ConsentEvent& event : person.events) {
    if (!erased.contains(event.id)) continue;
    if (std::optional<ConsentEvent> less = redacted(event)) changes.redacted_events.push_back(*std::move(less));
  }
}

void forget(ChangeSet& changes, const Person& person) {
  if (person.contact) changes.removed_contacts.push_back(person.id);
  for (const SegmentNumber segment : person.segments) changes.left.push_back({person.id, segment});
  for (const std::string& alias : person.aliases) {
    // By a former id of ours, links that were sent still find whom they are to leave alone.
    if (!detail::is_contact_id(alias)) changes.removed_aliases.push_back({alias, person.id});
  }
  for (Suppression suppression : person.suppressions) {
    if (suppression.email.empty()) continue;
    suppression.email.clear();
    changes.suppressions.push_back(std::move(suppression));
  }
  for (const ConsentEvent& event : person.events) {
    if (std::optional<ConsentEvent> less = redacted(event)) changes.redacted_events.push_back(*std::move(less));
  }
  if (!person.soft_bounces.empty()) changes.cleared_soft_bounces.push_back(person.id);
  // Were they ever to come back, links from before must not come alive again.
  if (person.contact) changes.link_epochs.emplace_back(person.id, std::min(person.link_epoch + 1, 65535));
}

/// The erasure that holds; nothing where there is none, or somebody has said something since.
const ConsentEvent* standing_erasure(const Person& person) {
  if (!person.permission.standing.erased) return nullptr;
  const auto latest = std::ranges::max_element(
      person.events, {}, [](const ConsentEvent& event) { return std::pair(effective_time(event), event.action); });
  return latest->action == Action::erased ? &*latest : nullptr;
}

ConsentEvent record(detail::RollState& roll, Session& session, const Person& person, const std::string& reason) {
  if (const ConsentEvent* known = standing_erasure(person)) return *known;
  ConsentEvent event =
      detail::live_event(roll, person.id, everything_scope, Action::erased, person.permission.standing);
  event.reason = reason;
  detail::append_events(roll, session, person.id, {event}, person);
  return event;
}

}  // namespace

ConsentEvent Contacts::erase(const Who& who, const std::string& reason, bool* logs_emptied) {
  const std::string words = checked_reason(reason);
  ConsentEvent event = roll_->write([&](Session& session) {
    const ContactId named = detail::lock_person(*roll_, session, who, {}).id;
    const detail::AllIds ids = detail::lock_all_ids(*roll_, session, named);
    ChangeSet changes;
    std::set<EventId> said;
    for (const Person& person : ids.theirs) {
      forget(changes, person);
      for (const ConsentEvent& one : person.events) said.insert(one.id);
    }
    for (const Person& person : ids.others) redact_shared(changes, person, said);
    session.write(roll_->team.number, changes);
    std::optional<ConsentEvent> answer;
    for (const Person& person : ids.theirs) {
      ConsentEvent recorded = record(*roll_, session, person, words);
      if (!answer) answer = std::move(recorded);
    }
    return *answer;
  });
  bool emptied = false;
  try {
    emptied = roll_->session()->forget();
  } catch (const Error&) {
    // The person is erased; what the engine's log still holds goes with its next checkpoint.
  }
  if (!emptied) roll_->log("erased; " + detail::why_not_forgotten(*roll_));
  if (logs_emptied != nullptr) *logs_emptied = emptied;
  return event;
}

}  // namespace mailroll
