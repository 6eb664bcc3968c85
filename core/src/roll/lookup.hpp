/// Who has an address, or is meant by a caller's word, whatever key their id was computed under.
///
/// An address is looked for under the key that signs, then under each retired one, then among the old ids. Where there is
/// but one key and somebody is found, that is one read. Where nobody is, it is first made sure that the keys are still the
/// store's.
#pragma once

#include <string_view>
#include <vector>

#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// Whoever has the address, with `parts`, and profile and permission in any case; where nobody does, a Person with
/// nothing in it, whose id is the one that they would get. conflict where an old id is claimed by several.
Person find_person(RollState& roll, Session& session, const EmailAddress& address, Parts parts);
/// The same for a change, inside a write transaction: locked. Whoever is found under a retired key is first moved to their
/// id under the key that signs, with everything they have. Where there is no profile yet, the address's ids under retired
/// keys become aliases of that id: links may have been made of them.
Person lock_person(RollState& roll, Session& session, const EmailAddress& address, Parts parts);

/// Everybody whom the caller means: one; several where an old id is claimed by several; none where an id is unknown. An
/// address always means one. Invalid where the text is neither an address, a UUID nor a known alias.
std::vector<Person> find_people(RollState& roll, Session& session, const Who& who, Parts parts);
std::vector<Person> lock_people(RollState& roll, Session& session, const Who& who, Parts parts);

/// The one meant; not_found where an id is unknown, conflict where several claim it.
Person find_person(RollState& roll, Session& session, const Who& who, Parts parts);
Person lock_person(RollState& roll, Session& session, const Who& who, Parts parts);

/// Who bears the alias (an id that was given up, or an old one of somebody else's), locked, ascending. Whoever held the lock
/// before may have brought them to yet another id: looked for again until nobody is found who was not locked.
std::vector<ContactId> lock_bearers(Session& session, TeamNumber team, std::string_view alias);

/// Whether there is a profile, or anything was ever said, under the id. Of the person, both are read.
bool is_held(const Person& person);

/// The only one of `found`; errors as above.
Person only(std::vector<Person> found);

}  // namespace mailroll::detail
