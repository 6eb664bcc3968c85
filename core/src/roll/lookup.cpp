#include "roll/lookup.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "mailroll/error.hpp"
#include "roll/lock_found.hpp"
#include "store/retired_ids.hpp"

namespace mailroll::detail {

namespace {

class Lookup {
 public:
  Lookup(RollState& roll, Session& session, Parts parts, bool writing)
      : roll_(roll), session_(session), parts_(parts), writing_(writing) {
    parts_.contact = parts_.permission = true;
  }

  std::vector<Person> of_address(const EmailAddress& address) {
    for (;;) {
      const std::shared_ptr<const OpenKeys> keys = roll_.keys();
      const std::vector<ContactId> ids = ids_of(address, *keys);
      lock(ids);
      Person person = read(ids.front());
      if (person.contact) return {std::move(person)};
      // Links may have opted out under several keys what had no profile under any.
      if (!writing_)
        look_under_retired_keys(ids, person);
      else if (adopt_all(address, ids.front(), *keys))
        person = read(ids.front());
      if (!is_held(person)) {
        // A process that does not know of a change of keys would make a second identity out of whom it does not find.
        if (roll_.reload_keys(session_)) continue;
        for (const ContactId& id : ids) {
          std::vector<Person> bearers = of_alias(to_string(id));
          if (!bearers.empty()) return bearers;
        }
      }
      if (writing_) lead_from_retired_ids(address, person, *keys);
      return {std::move(person)};
    }
  }

  std::vector<Person> of_id(const ContactId& id) {
    lock({id});
    Person person = read(id);
    if (person.contact) return {std::move(person)};
    // An id that was given up, by another address or a merge, keeps what was said under it, and its person is elsewhere.
    std::vector<Person> bearers = of_alias(to_string(id));
    if (bearers.empty() && is_held(person)) bearers.push_back(std::move(person));
    return bearers;
  }

  std::vector<Person> of_alias(std::string_view text) {
    const TeamNumber team = roll_.team.number;
    const std::vector<ContactId> ids = writing_ ? lock_bearers(session_, team, text) : session_.find_alias(team, text);
    std::vector<Person> people;
    people.reserve(ids.size());
    for (const ContactId& id : ids) people.push_back(read(id));
    return people;
  }

 private:
  /// Under the key that signs, then under the retired ones.
  static std::vector<ContactId> ids_of(const EmailAddress& address, const OpenKeys& keys) {
    std::vector<ContactId> ids{keys.signing.hash(address.key())};
    for (const TeamHashKey& retired : keys.retired) ids.push_back(retired.hash(address.key()));
    return ids;
  }

  void lock(std::vector<ContactId> ids) {
    if (!writing_) return;
    std::ranges::sort(ids);
    for (const ContactId& id : ids) session_.lock(roll_.team.number, id);
  }

  Person read(const ContactId& id) { return session_.person(roll_.team.number, id, parts_); }

  void look_under_retired_keys(const std::vector<ContactId>& ids, Person& person) {
    for (std::size_t i = 1; i < ids.size() && !is_held(person); ++i) {
      if (Person retired = read(ids[i]); is_held(retired)) person = std::move(retired);
    }
  }

  bool adopt_all(const EmailAddress& address, const ContactId& id, const OpenKeys& keys) {
    const auto write = [this](const ChangeSet& changes) { session_.write(roll_.team.number, changes); };
    return adopt(session_, roll_.team.number, keys, address, id, write).has_value();
  }

  /// Whoever is about to get their first row must be found by links that were made before there was one.
  void lead_from_retired_ids(const EmailAddress& address, Person& person, const OpenKeys& keys) {
    ChangeSet changes;
    changes.aliases = aliases_of_retired_ids(session_, roll_.team.number, keys, address, person.id);
    if (changes.aliases.empty()) return;
    session_.write(roll_.team.number, changes);
    if (is_held(person)) person = read(person.id);
  }

  RollState& roll_;
  Session& session_;
  Parts parts_;
  bool writing_;
};

std::vector<Person> people(RollState& roll, Session& session, const Who& who, Parts parts, bool writing) {
  Lookup lookup(roll, session, parts, writing);
  if (who.text.find('@') != std::string::npos) return lookup.of_address(EmailAddress(who.text));
  const std::optional<Uuid> id = parse_uuid(who.text);
  std::vector<Person> found = id ? lookup.of_id(ContactId(*id)) : std::vector<Person>{};
  if (found.empty() && !(id && to_string(*id) == who.text)) found = lookup.of_alias(who.text);
  // A text that is no id and no alias was meant as an address: say what is wrong with it.
  if (found.empty() && !id) (void)EmailAddress(who.text);
  return found;
}

}  // namespace

std::vector<ContactId> lock_bearers(Session& session, TeamNumber team, std::string_view alias) {
  return lock_found(
      session, team, {}, [&] { return session.find_alias(team, alias); },
      [](const std::vector<ContactId>& found) { return std::set<ContactId>(found.begin(), found.end()); });
}

bool is_held(const Person& person) {
  // Whatever is said about an id leaves a trace in its permission.
  return person.contact || person.permission != Permission{};
}

Person only(std::vector<Person> found) {
  if (found.empty()) {
    throw Error(ErrorKind::not_found, "there is no contact with that id", {{"reason", "contact_not_found"}});
  }
  if (found.size() > 1) {
    std::string ids;
    for (const Person& person : found) ids += (ids.empty() ? "" : " ") + to_string(person.id);
    throw Error(ErrorKind::conflict, "several contacts claim that old id; use one of their ids: " + ids,
                {{"reason", "ambiguous_alias"}, {"ids", ids}});
  }
  return std::move(found.front());
}

Person find_person(RollState& roll, Session& session, const EmailAddress& address, Parts parts) {
  return only(Lookup(roll, session, parts, false).of_address(address));
}

Person lock_person(RollState& roll, Session& session, const EmailAddress& address, Parts parts) {
  return only(Lookup(roll, session, parts, true).of_address(address));
}

std::vector<Person> find_people(RollState& roll, Session& session, const Who& who, Parts parts) {
  return people(roll, session, who, parts, false);
}

std::vector<Person> lock_people(RollState& roll, Session& session, const Who& who, Parts parts) {
  return people(roll, session, who, parts, true);
}

Person find_person(RollState& roll, Session& session, const Who& who, Parts parts) {
  return only(find_people(roll, session, who, parts));
}

Person lock_person(RollState& roll, Session& session, const Who& who, Parts parts) {
  return only(lock_people(roll, session, who, parts));
}

}  // namespace mailroll::detail
