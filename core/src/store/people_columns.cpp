#include "mailroll/store/people_columns.hpp"

#include <algorithm>

#include "mailroll/store/store.hpp"

namespace mailroll {

namespace {

constexpr std::size_t people_page = 1024;

void add(const Person& person, PeopleColumns& out) {
  const auto contact = static_cast<std::uint32_t>(out.contacts.size());
  out.contacts.push_back(person.id);
  const Standing standing = for_decide(person.permission.standing);
  if (standing != Standing{}) out.standings.push_back({.contact = contact, .standing = standing});
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
    rest.first = next_id(page.back().id);
  }
}

}  // namespace mailroll
