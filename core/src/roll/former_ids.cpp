#include "roll/former_ids.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "roll/lock_found.hpp"
#include "roll/lookup.hpp"
#include "store/moved_person.hpp"

namespace mailroll::detail {

namespace {

Person read(RollState& roll, Session& session, const ContactId& id) {
  return session.person(roll.team.number, id, Parts::all());
}

/// Who has the person of this id now: itself, or the contact that it is an alias of.
ContactId now(RollState& roll, Session& session, const ContactId& id) {
  if (read(roll, session, id).contact) return id;
  std::vector<Person> bearers;
  for (const ContactId& bearer : session.find_alias(roll.team.number, to_string(id))) {
    bearers.push_back(read(roll, session, bearer));
  }
  return bearers.empty() ? id : only(std::move(bearers)).id;
}

}  // namespace

bool is_contact_id(std::string_view alias) {
  const std::optional<Uuid> id = parse_uuid(alias);
  return id && id->bytes[6] >> 4U == 8;
}

AllIds find_all_ids(RollState& roll, Session& session, const ContactId& id) {
  const ContactId current = now(roll, session, id);
  AllIds all{{read(roll, session, current)}, {}};
  std::map<ContactId, Person> former;
  if (id != current) former.emplace(id, read(roll, session, id));
  for (const std::string& alias : all.theirs.front().aliases) {
    if (!is_contact_id(alias)) continue;
    const ContactId had(*parse_uuid(alias));
    if (had != current) former.try_emplace(had, read(roll, session, had));
  }
  for (auto& [had, person] : former) {
    if (person.contact) {
      all.others.push_back(std::move(person));
    } else if (holds_anything(person)) {
      all.theirs.push_back(std::move(person));
    }
  }
  return all;
}

AllIds lock_all_ids(RollState& roll, Session& session, const ContactId& id) {
  return lock_found(
      session, roll.team.number, {}, [&] { return find_all_ids(roll, session, id); },
      [](const AllIds& found) {
        std::set<ContactId> ids;
        for (const std::vector<Person>* people : {&found.theirs, &found.others}) {
          for (const Person& person : *people) ids.insert(person.id);
        }
        return ids;
      });
}

}  // namespace mailroll::detail
