/// Contacts, made in numbers, for tests that need some.
#pragma once

#include <random>
#include <string>

#include "mailroll/store/store.hpp"

namespace mailroll::test {

/// The same number gives the same id; ids are spread.
inline ContactId contact_id(int number) {
  ContactId id;
  std::mt19937_64 bytes(static_cast<std::uint64_t>(number));
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(bytes());
  return id;
}

/// Contacts `first` to `last`, each with a membership of segment 1 and an event.
inline ChangeSet some_people(int first, int last) {
  ChangeSet changes;
  for (int number = first; number <= last; ++number) {
    Contact contact;
    contact.id = contact_id(number);
    contact.email = "secret.person." + std::to_string(number) + "@example.org";
    contact.first_name = "Secretia";
    changes.contacts.push_back(contact);
    changes.joined.push_back({contact.id, SegmentNumber{1}});
    ConsentEvent event;
    event.id = EventId(contact_id(-number));
    event.contact = contact.id;
    event.action = Action::opt_in;
    event.actor = Actor::import;
    event.source = "import:test";
    changes.events.push_back(event);
  }
  return changes;
}

}  // namespace mailroll::test
