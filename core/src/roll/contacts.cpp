#include "mailroll/roll/contacts.hpp"

#include <algorithm>

#include "audience/members.hpp"
#include "audience/people_meant.hpp"
#include "mailroll/error.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace detail {

void check_limit(std::size_t limit) {
  if (limit < 1 || limit > 100000) {
    throw Error(ErrorKind::invalid, "a page's limit is a number from 1 to 100000", {{"reason", "limit"}});
  }
}

namespace {

/// The key under which the address has this id. The one that signs, where none does: the id came through an alias.
std::int32_t hash_key_of(const OpenKeys& keys, const EmailAddress& address, const ContactId& id) {
  for (const TeamHashKey& retired : keys.retired) {
    if (retired.hash(address.key()) == id) return retired.key.id;
  }
  return keys.signing.key.id;
}

}  // namespace

Contact new_contact(const RollState& roll, const EmailAddress& address, const ContactId& id) {
  Contact contact;
  contact.id = id;
  contact.email = address.delivery();
  contact.created_at = contact.updated_at = roll.clock();
  contact.key_version = address_key_version();
  contact.hash_key = hash_key_of(*roll.keys(), address, id);
  return contact;
}

}  // namespace detail

namespace {

constexpr std::size_t longest_name = 200;

std::string checked_person_name(const std::string& text, const char* what) {
  return text.empty() ? text : detail::checked_name(text, longest_name, what);
}

Error no_such_contact() {
  return {ErrorKind::not_found, "there is no such contact", {{"reason", "contact_not_found"}}};
}

/// Each value must be of its definition's type; nothing clears.
void set_properties(Contact& contact, const std::map<std::string, std::optional<PropertyValue>>& changes,
                    const std::vector<PropertyDefinition>& definitions) {
  if (changes.empty()) return;
  std::map<std::string, PropertyValue> values = contact.properties.values();
  for (const auto& [key, value] : changes) {
    const auto definition = std::find_if(definitions.begin(), definitions.end(),
                                         [&key = key](const PropertyDefinition& known) { return known.key == key; });
    if (definition == definitions.end()) {
      throw Error(ErrorKind::invalid,
                  "there is no property with that key; define it first: mailroll properties define KEY --type string",
                  {{"reason", "unknown_property"}, {"key", is_property_key(key) ? key : ""}});
    }
    if (value && type_of(*value) != definition->type) {
      throw Error(
          ErrorKind::invalid,
          "property " + key + " is defined as " + std::string(to_string(definition->type)) + "; the value given is not",
          {{"reason", "value_type"}, {"key", key}});
    }
    if (value)
      values.insert_or_assign(key, *value);
    else
      values.erase(key);
  }
  contact.properties = Properties(values);
}

}  // namespace

Contact Contacts::add(const NewContact& wanted, bool* created) {
  const EmailAddress address(wanted.email);
  return roll_->write([&](Session& session) {
    const Person before = detail::lock_person(*roll_, session, address, {.segments = true});
    const ContactId id = before.id;
    if (before.permission.standing.erased) {
      throw Error(ErrorKind::refused,
                  "this person was erased and is left alone; only they can come back, by a confirmed sign-up",
                  {{"reason", "suppressed_erased"}});
    }
    Contact contact = before.contact ? *before.contact : detail::new_contact(*roll_, address, id);
    if (wanted.first_name) contact.first_name = checked_person_name(*wanted.first_name, "first name");
    if (wanted.last_name) contact.last_name = checked_person_name(*wanted.last_name, "last name");
    std::map<std::string, std::optional<PropertyValue>> values(wanted.properties.begin(), wanted.properties.end());
    set_properties(contact, values, session.properties(roll_->team.number));
    ChangeSet changes;
    if (!before.contact || contact != *before.contact) {
      if (before.contact) contact.updated_at = roll_->clock();
      changes.contacts.push_back(contact);
    }
    for (const SegmentRef& ref : wanted.segments) {
      const Membership membership{id, detail::find_static_segment(*roll_, session, ref).number};
      const bool in = std::count(before.segments.begin(), before.segments.end(), membership.segment) != 0 ||
                      std::count(changes.joined.begin(), changes.joined.end(), membership) != 0;
      if (!in) changes.joined.push_back(membership);
    }
    session.write(roll_->team.number, changes);
    if (created != nullptr) *created = !before.contact;
    return contact;
  });
}

std::optional<Contact> Contacts::find(const Who& who) const {
  return roll_->read([&](Session& session) -> std::optional<Contact> {
    std::vector<Person> found = detail::find_people(*roll_, session, who, {});
    if (found.empty()) return std::nullopt;
    return detail::only(std::move(found)).contact;
  });
}

Contact Contacts::get(const Who& who) const {
  std::optional<Contact> found = find(who);
  if (!found) throw no_such_contact();
  return *std::move(found);
}

ContactDetails Contacts::show(const Who& who) const {
  return roll_->read([&](Session& session) {
    const Person person = detail::find_person(*roll_, session, who, {.segments = true});
    if (!person.contact) throw no_such_contact();
    ContactDetails details{.contact = *person.contact,
                           .unsubscribed = person.permission.standing.unsubscribed(),
                           .segments = {},
                           .topics = {}};
    for (const Segment& segment : session.segments(roll_->team.number)) {
      if (std::count(person.segments.begin(), person.segments.end(), segment.number) != 0) {
        details.segments.push_back(segment);
      }
    }
    const Time now = roll_->clock();
    for (const Topic& topic : session.topics(roll_->team.number)) {
      const ScopeState& choice = person.permission.choice(topic.number);
      const Mail mail{.transactional = false, .topic_default = topic.default_subscription, .at = now};
      const Reason reason = decide(true, true, person.permission.standing, choice, mail);
      details.topics.push_back({topic, choice.said, receives(reason), reason});
    }
    return details;
  });
}

std::vector<Contact> Contacts::list(const std::optional<ContactId>& after, std::size_t limit,
                                    const std::optional<SegmentRef>& segment) const {
  detail::check_limit(limit);
  return roll_->read([&](Session& session) {
    std::vector<Contact> contacts;
    if (segment) {
      CandidateQuery query{.segment = {}, .range = {}, .after = after, .limit = limit, .with_profile = false};
      std::vector<Candidate> members;
      detail::Members(roll_->team.number, detail::find_people_meant(*roll_, session, *segment), query, roll_->clock())
          .next(session, members);
      for (const Candidate& member : members) {
        Person person = session.person(roll_->team.number, member.id, {.contact = true});
        if (person.contact) contacts.push_back(*std::move(person.contact));
      }
      return contacts;
    }
    IdRange range;
    if (after) {
      if (*after == range.last) return contacts;
      range.first = next_id(*after);
    }
    std::vector<Person> page;
    session.people(roll_->team.number, range, {.contact = true}, limit, page);
    contacts.reserve(page.size());
    for (Person& person : page) contacts.push_back(*std::move(person.contact));
    return contacts;
  });
}

Contact Contacts::update(const Who& who, const ContactChange& change) {
  return roll_->write([&](Session& session) {
    const Person before = detail::lock_person(*roll_, session, who, {});
    if (!before.contact) throw no_such_contact();
    Contact contact = *before.contact;
    if (change.first_name) contact.first_name = checked_person_name(*change.first_name, "first name");
    if (change.last_name) contact.last_name = checked_person_name(*change.last_name, "last name");
    set_properties(contact, change.properties, session.properties(roll_->team.number));
    if (contact == *before.contact) return contact;
    contact.updated_at = roll_->clock();
    ChangeSet changes;
    changes.contacts.push_back(contact);
    session.write(roll_->team.number, changes);
    return contact;
  });
}

void Contacts::remove(const Who& who) {
  roll_->write([&](Session& session) {
    const Person before = detail::lock_person(*roll_, session, who, {.segments = true, .events = true});
    const ContactId id = before.id;
    if (!before.contact) throw no_such_contact();
    ChangeSet changes;
    changes.removed_contacts.push_back(id);
    for (const SegmentNumber segment : before.segments) changes.left.push_back({id, segment});
    session.write(roll_->team.number, changes);
    const ConsentEvent removed =
        detail::live_event(*roll_, id, everything_scope, Action::removed, before.permission.standing);
    detail::append_events(*roll_, session, id, {removed}, before);
  });
}

}  // namespace mailroll
