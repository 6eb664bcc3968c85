#include <algorithm>

#include "mailroll/error.hpp"
#include "mailroll/roll/topics.hpp"
#include "mailroll/transfer/row.hpp"
#include "roll/filter_uses.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {
constexpr std::size_t page_size = 5000;
}

PropertyDefinition PropertyDefinitions::define(std::string_view key, PropertyType type,
                                               const std::optional<PropertyValue>& fallback) {
  if (!is_property_key(key)) {
    throw Error(ErrorKind::invalid, "a property's key is 1 to 50 letters, digits or underscores", {{"reason", "key"}});
  }
  if (Field field{}; parse_field(key, field)) {
    throw Error(ErrorKind::invalid,
                "that key is the name of a contact's own field, " + std::string(to_string(field)) + "; choose another",
                {{"reason", "reserved_key"}});
  }
  if (fallback && type_of(*fallback) != type) {
    throw Error(ErrorKind::invalid, "the fallback value is not of the property's type, " + std::string(to_string(type)),
                {{"reason", "value_type"}});
  }
  return roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    PropertyDefinition definition{
        .key = std::string(key), .type = type, .fallback = fallback, .created_at = roll_->clock()};
    for (const PropertyDefinition& known : session.properties(roll_->team.number)) {
      if (known.key != key) continue;
      if (known.type != type) {
        throw Error(ErrorKind::conflict,
                    "that property is defined as " + std::string(to_string(known.type)) + "; a type is for good",
                    {{"reason", "property_type"}});
      }
      definition.created_at = known.created_at;
    }
    session.put_property(roll_->team.number, definition);
    return definition;
  });
}

std::vector<PropertyDefinition> PropertyDefinitions::list() const {
  return roll_->session()->properties(roll_->team.number);
}

std::optional<PropertyDefinition> PropertyDefinitions::find(std::string_view key) const {
  for (PropertyDefinition& definition : list()) {
    if (definition.key == key) return definition;
  }
  return std::nullopt;
}

void PropertyDefinitions::remove(std::string_view key) {
  const std::optional<PropertyDefinition> known = find(key);
  if (!known) {
    throw Error(ErrorKind::not_found,
                "there is no property with that key; `mailroll properties list` shows those there are",
                {{"reason", "property_not_found"}});
  }
  const std::string doomed(key);
  roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    detail::check_unused(session, roll_->team.number, *known);
    session.remove_property(roll_->team.number, doomed);
  });
  IdRange range;
  std::vector<Person> page;
  do {
    roll_->write([&](Session& session) {
      session.people(roll_->team.number, range, {.contact = true}, page_size, page);
      std::vector<ContactId> ids;
      ids.reserve(page.size());
      for (const Person& person : page) ids.push_back(person.id);
      session.lock_all(roll_->team.number, ids);
      ChangeSet changes;
      for (const ContactId& id : ids) {
        // Read again: what somebody else changed before the lock stays.
        const Person person = session.person(roll_->team.number, id, {.contact = true});
        if (!person.contact) continue;
        if (person.contact->properties.empty()) continue;
        std::map<std::string, PropertyValue> values = person.contact->properties.values();
        if (values.erase(doomed) == 0) continue;
        changes.contacts.push_back(*person.contact);
        changes.contacts.back().properties = Properties(values);
        changes.contacts.back().updated_at = roll_->clock();
      }
      session.write(roll_->team.number, changes);
    });
    if (!page.empty()) range.first = next_id(page.back().id);
  } while (page.size() == page_size);
}

}  // namespace mailroll
