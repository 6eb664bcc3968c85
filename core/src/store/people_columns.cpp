#include "mailroll/store/people_columns.hpp"

#include <algorithm>

#include "mailroll/store/store.hpp"

namespace mailroll {

namespace {

constexpr std::size_t people_page = 1024;

/// Of a scope only what decide() reads.
ScopeState for_decide(const ScopeState& state) {
  ScopeState read;
  read.said = state.said;
  read.valid_until = state.valid_until;
  read.by_override = state.by_override;
  return read;
}

void add(const Person& person, PeopleColumns& out) {
  const auto contact = static_cast<std::uint32_t>(out.contacts.size());
  out.contacts.push_back(person.id);
  PeopleColumns::Stands stands{.contact = contact, .standing = {}};
  stands.standing.everything = for_decide(person.permission.standing.everything);
  stands.standing.erased = person.permission.standing.erased;
  stands.standing.suppressions = person.permission.standing.suppressions;
  if (stands.standing != Standing{}) out.standings.push_back(stands);
  for (const Choice& choice : person.permission.choices) {
    out.choices.push_back({.contact = contact, .topic = choice.topic, .state = for_decide(choice.state)});
  }
  for (const SegmentNumber segment : person.segments) out.memberships.push_back({contact, segment});
}

}  // namespace

void PeopleColumns::clear() {
  contacts.clear();
  standings.clear();
  choices.clear();
  memberships.clear();
}

void columns_of_people(Session& session, TeamNumber team, const IdRange& range, std::size_t limit, PeopleColumns& out) {
  out.clear();
  const Parts parts{.contact = true, .permission = true, .segments = true};
  std::vector<Person> page;
  IdRange rest = range;
  while (out.contacts.size() < limit && rest.first <= rest.last) {
    const std::size_t asked = std::min(people_page, limit - out.contacts.size());
    session.people(team, rest, parts, asked, page);
    for (const Person& person : page) {
      if (person.contact) add(person, out);
    }
    if (page.size() < asked || page.back().id >= rest.last) return;
    rest.first = page.back().id;
    for (auto byte = rest.first.bytes.rbegin(); byte != rest.first.bytes.rend() && ++*byte == 0; ++byte) {
    }
  }
}

}  // namespace mailroll
