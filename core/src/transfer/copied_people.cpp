#include "transfer/copied_people.hpp"

#include <algorithm>

#include "roll/roll_state.hpp"
#include "store/moved_person.hpp"

namespace mailroll::detail {

void add_person(ChangeSet& changes, const Person& person) {
  const ContactId& id = person.id;
  if (person.contact) changes.contacts.push_back(*person.contact);
  for (const SegmentNumber segment : person.segments) changes.joined.push_back({id, segment});
  changes.events.insert(changes.events.end(), person.events.begin(), person.events.end());
  // A standing that says nothing is a row all the same where it is all that there is.
  if (person.permission.standing != Standing{} || !holds_anything(person)) {
    changes.standings.push_back({id, person.permission.standing});
  }
  for (const Choice& choice : person.permission.choices) changes.choices.push_back({id, choice});
  changes.suppressions.insert(changes.suppressions.end(), person.suppressions.begin(), person.suppressions.end());
  for (const std::string& alias : person.aliases) changes.aliases.push_back({alias, id});
  for (const Time at : person.soft_bounces) changes.soft_bounces.push_back({id, at});
  changes.leases.insert(changes.leases.end(), person.leases.begin(), person.leases.end());
  if (person.link_epoch != 0) changes.link_epochs.emplace_back(id, person.link_epoch);
}

std::int32_t highest_number(const Person& person) {
  std::int32_t highest = 0;
  for (const SegmentNumber segment : person.segments) highest = std::max(highest, number_of(segment));
  for (const Choice& choice : person.permission.choices) highest = std::max(highest, number_of(choice.topic));
  for (const ConsentEvent& event : person.events) highest = std::max(highest, number_of(event.topic));
  for (const Lease& lease : person.leases) highest = std::max(highest, number_of(lease.broadcast));
  return highest;
}

void PeopleSideBySide::next(Session& source, Session& target) {
  source.people(team_, {.first = first_}, Parts::all(), page_size_, in_source_);
  ContactId last = in_source_.size() < page_size_ ? IdRange{}.last : in_source_.back().id;
  target.people(team_, {first_, last}, Parts::all(), page_size_, in_target_);
  if (in_target_.size() == page_size_) {
    last = in_target_.back().id;
    std::erase_if(in_source_, [&](const Person& person) { return person.id > last; });
  }
  at_end_ = last == IdRange{}.last;
  first_ = next_id(last);
}

}  // namespace mailroll::detail
