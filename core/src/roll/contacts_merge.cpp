#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "mailroll/consent/fold.hpp"
#include "mailroll/consent/merge.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll/contacts.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"
#include "store/lease_withdrawal.hpp"
#include "store/moved_person.hpp"
#include "store/permission_change.hpp"

namespace mailroll {

namespace {

constexpr std::int32_t last_epoch = 65535;  // a token has two octets for it

Error no_such_contact() {
  return {ErrorKind::not_found, "there is no such contact", {{"reason", "contact_not_found"}}};
}

Error left_alone() {
  return {ErrorKind::refused,
          "one of the two was erased and is left alone; if they are the same person, erase the other too",
          {{"reason", "suppressed_erased"}}};
}

/// Two people, locked in the order of their ids, with everything that is held.
template <typename Other>
std::pair<Person, Person> lock_two(detail::RollState& roll, Session& session, const Who& one, const Other& other) {
  std::array ids{detail::find_person(roll, session, one, {}).id, detail::find_person(roll, session, other, {}).id};
  std::ranges::sort(ids);
  for (const ContactId& id : ids) session.lock(roll.team.number, id);
  Person first = detail::lock_person(roll, session, one, Parts::all());
  Person second = detail::lock_person(roll, session, other, Parts::all());
  return {std::move(first), std::move(second)};
}

/// Says only that a person is elsewhere now.
bool is_farewell(const ConsentEvent& event) {
  return event.action == Action::removed && event.channel == Channel::merge;
}

bool is_bounce(const ConsentEvent& event) { return event.suppression == SuppressionReason::bounce; }

/// How one person comes to another id of theirs; nothing but what they said stays under the old one.
class Move {
 public:
  Move(detail::RollState& roll, Session& session, const Person& from, const Person& to)
      : roll_(roll), session_(session), from_(from), to_(to) {}

  /// What there will be under the new id, save for the events, when `leaving`, which is `from` or less, comes there.
  [[nodiscard]] Person joined(const Person& leaving, const detail::NewId& now) const {
    return detail::joined(leaving, to_, now);
  }

  void write(Person after, const std::vector<ConsentEvent>& appended) {
    after.events = to_.events;
    after.events.insert(after.events.end(), appended.begin(), appended.end());
    std::ranges::sort(after.events, {}, &ConsentEvent::id);
    after.permission = fold(after.events);
    ChangeSet changes;
    detail::add_arrival(changes, to_, after);
    for (const ConsentEvent& event : appended) {
      // What the old id has in its ledger is in the feed, or on its way, under that id.
      const bool known = std::ranges::binary_search(from_.events, event.id, {}, &ConsentEvent::id);
      if (!known && lowers(event.action)) changes.outbox.push_back({to_.id, event.id, event.recorded_at});
    }
    if (from_.contact) changes.removed_contacts.push_back(from_.id);
    for (const SegmentNumber segment : from_.segments) changes.left.push_back({from_.id, segment});
    for (const std::string& alias : from_.aliases) changes.removed_aliases.push_back({alias, from_.id});
    session_.write(roll_.team.number, changes);
    // Mail on its way to the old id goes on under the new one, but for what they have left: perhaps long ago, under the other.
    const std::array judged{OutboxEntry{.contact = to_.id, .event = {}, .recorded_at = {}}};
    detail::withdraw_leases(session_, roll_.team.number, roll_.clock(), judged);
    detail::walk_again(session_, roll_.team.number);
    if (from_.contact) say_farewell();
  }

 private:
  void say_farewell() {
    ConsentEvent removed =
        detail::live_event(roll_, from_.id, everything_scope, Action::removed, from_.permission.standing);
    removed.channel = Channel::merge;
    detail::append_events(roll_, session_, from_.id, {removed}, from_);
  }

  detail::RollState& roll_;
  Session& session_;
  const Person& from_;
  const Person& to_;
};

/// Of an address and a new spelling of it that has the same id.
Contact respell(detail::RollState& roll, Session& session, const Person& person, const EmailAddress& address) {
  Contact contact = *person.contact;
  if (contact.email == address.delivery()) return contact;
  contact.email = address.delivery();
  contact.updated_at = roll.clock();
  ChangeSet changes;
  changes.contacts.push_back(contact);
  session.write(roll.team.number, changes);
  return contact;
}

/// `kept` with what is missing in it.
Contact completed(Contact kept, const Contact& other, Time now) {
  const Contact before = kept;
  if (kept.first_name.empty() && kept.last_name.empty()) {  // as a pair: no person is made of two
    kept.first_name = other.first_name;
    kept.last_name = other.last_name;
  }
  std::map<std::string, PropertyValue> values = kept.properties.values();
  const std::map<std::string, PropertyValue> more = other.properties.values();
  values.insert(more.begin(), more.end());
  kept.properties = Properties(values);
  kept.created_at = std::min(kept.created_at, other.created_at);
  if (kept != before) kept.updated_at = now;
  return kept;
}

}  // namespace

Contact Contacts::change_address(const Who& who, std::string_view new_email) {
  const EmailAddress address(new_email);
  return roll_->write([&](Session& session) {
    const auto [from, to] = lock_two(*roll_, session, who, address);
    if (from.permission.standing.erased || to.permission.standing.erased) throw left_alone();
    if (!from.contact) throw no_such_contact();
    if (from.id == to.id) return respell(*roll_, session, from, address);
    if (to.contact) {
      throw Error(
          ErrorKind::conflict,
          "the new address is a contact already; if they are the same person, `mailroll contacts merge` joins them",
          {{"reason", "address_taken"}, {"id", to_string(to.id)}});
    }
    Contact contact = detail::new_contact(*roll_, address, to.id);
    contact.first_name = from.contact->first_name;
    contact.last_name = from.contact->last_name;
    contact.properties = from.contact->properties;
    contact.created_at = from.contact->created_at;

    Person leaving = from;
    std::erase_if(leaving.events, is_bounce);
    leaving.soft_bounces.clear();
    std::erase_if(leaving.suppressions, [](const Suppression& one) { return one.reason == SuppressionReason::bounce; });
    Move move(*roll_, session, from, to);
    Person after = move.joined(leaving, {to.id, contact.hash_key, contact.key_version});
    after.contact = contact;
    for (Suppression& suppression : after.suppressions) suppression.email = contact.email;
    // Links that were sent to the new address while it was somebody's before are good for leaving only.
    if (detail::holds_anything(to)) after.link_epoch = std::min(after.link_epoch + 1, last_epoch);
    move.write(std::move(after),
               merged_events(to.events, leaving.events,
                             {.into = to.id, .actor = roll_->actor, .now = roll_->clock(), .says_again = false}));
    return contact;
  });
}

Contact Contacts::merge(const Who& keep, const Who& other) {
  return roll_->write([&](Session& session) {
    const auto [to, from] = lock_two(*roll_, session, keep, other);
    if (from.permission.standing.erased || to.permission.standing.erased) throw left_alone();
    if (!to.contact || !detail::holds_anything(from)) throw no_such_contact();
    if (from.id == to.id) return *to.contact;
    std::vector<ConsentEvent> said = from.events;
    if (!from.contact && std::ranges::binary_search(to.aliases, to_string(from.id))) {
      // Merged already: its farewell would end what was said since, and anything else may be news.
      std::erase_if(said, is_farewell);
      const auto known = [&](const ConsentEvent& event) {
        return std::ranges::binary_search(to.events, event.id, {}, &ConsentEvent::id);
      };
      if (std::ranges::all_of(said, known)) return *to.contact;
    }
    Move move(*roll_, session, from, to);
    Person after = move.joined(from, {to.id, to.contact->hash_key, to.contact->key_version});
    if (from.contact) after.contact = completed(*to.contact, *from.contact, roll_->clock());
    Contact contact = *after.contact;
    move.write(std::move(after),
               merged_events(to.events, said, {.into = to.id, .actor = roll_->actor, .now = roll_->clock()}));
    return contact;
  });
}

std::int32_t Contacts::revoke_links(const Who& who) {
  return roll_->write([&](Session& session) {
    const Person person = detail::lock_person(*roll_, session, who, Parts::all());
    if (!detail::holds_anything(person)) throw no_such_contact();
    if (person.link_epoch >= last_epoch) {
      throw Error(ErrorKind::conflict, "this contact's links were revoked as often as is possible",
                  {{"reason", "epochs_used_up"}});
    }
    ChangeSet changes;
    changes.link_epochs.emplace_back(person.id, person.link_epoch + 1);
    session.write(roll_->team.number, changes);
    return person.link_epoch + 1;
  });
}

}  // namespace mailroll
