#include "conformance/followed_log.hpp"

#include <algorithm>
#include <iterator>

#include "conformance/shown.hpp"
#include "conformance/trial.hpp"

namespace mailroll::conformance {
namespace {

ScopeState what_is_decided_by(const ScopeState& state) {
  ScopeState less;
  less.said = state.said;
  less.valid_until = state.valid_until;
  less.by_override = state.by_override;
  return less;
}

KnownPerson known(const Person& person) {
  KnownPerson made;
  made.profile = person.contact.has_value();
  made.standing.everything = what_is_decided_by(person.permission.standing.everything);
  made.standing.erased = person.permission.standing.erased;
  made.standing.suppressions = person.permission.standing.suppressions;
  for (const Choice& choice : person.permission.choices) {
    const ScopeState state = what_is_decided_by(choice.state);
    if (state != ScopeState{}) made.choices[choice.topic] = state;
  }
  made.segments.insert(person.segments.begin(), person.segments.end());
  return made;
}

std::map<ContactId, KnownPerson> everybody(Session& session, TeamNumber team, const IdRange& range) {
  std::vector<Person> people;
  session.people(team, range, {.contact = true, .permission = true, .segments = true}, 1'000'000, people);
  std::map<ContactId, KnownPerson> found;
  for (const Person& person : people) {
    KnownPerson one = known(person);
    if (one != KnownPerson{}) found.emplace(person.id, std::move(one));
  }
  return found;
}

std::string shown(const std::map<ContactId, KnownPerson>& people) {
  std::string text;
  for (const auto& [id, person] : people) {
    text += conformance::shown(id) + (person.profile ? " profile " : " - ") + conformance::shown(person.standing);
    for (const auto& [topic, state] : person.choices) {
      text += " topic " + conformance::shown(number_of(topic)) + " " + conformance::shown(state);
    }
    for (const SegmentNumber segment : person.segments) text += " in " + conformance::shown(number_of(segment));
    text += "\n";
  }
  return text;
}

}  // namespace

void FollowedLog::read(Session& session, std::size_t page) {
  last_read_.clear();
  std::vector<PersonChange> changes;
  do {
    session.changes(team_, cursor_, page, changes);
    expect(changes.size() <= page, "no more changes than were asked for");
    for (const PersonChange& change : changes) {
      expect(change.position > cursor_, "positions ascend, and are behind the cursor");
      cursor_ = change.position;
      take(session, change);
    }
    last_read_.insert(last_read_.end(), changes.begin(), changes.end());
  } while (changes.size() == page);
}

void FollowedLog::follow(Session& session) {
  publish_all(session, team_);
  read(session);
}

void FollowedLog::expect_current(Session& session, const char* when) const {
  expect_same(shown(people_), shown(everybody(session, team_, {})), std::string("what the log told, ") + when);
}

void FollowedLog::take(Session& session, const PersonChange& change) {
  if (change.kind == PersonChange::Kind::read_again) return read_again(session, {change.contact, change.last});
  KnownPerson& person = people_[change.contact];
  switch (change.kind) {
    case PersonChange::Kind::read_again: break;
    case PersonChange::Kind::profile: person.profile = change.present; break;
    case PersonChange::Kind::standing: person.standing = change.standing; break;
    case PersonChange::Kind::choice:
      if (change.choice == ScopeState{}) {
        person.choices.erase(TopicNumber{change.number});
      } else {
        person.choices[TopicNumber{change.number}] = change.choice;
      }
      break;
    case PersonChange::Kind::membership:
      if (change.present) {
        person.segments.insert(SegmentNumber{change.number});
      } else {
        person.segments.erase(SegmentNumber{change.number});
      }
      break;
  }
  if (person == KnownPerson{}) people_.erase(change.contact);
}

void FollowedLog::read_again(Session& session, const IdRange& range) {
  people_.erase(people_.lower_bound(range.first), people_.upper_bound(range.last));
  people_.merge(everybody(session, team_, range));
}

std::size_t publish_all(Session& session, TeamNumber team, std::size_t limit) {
  std::size_t all = 0;
  for (std::size_t published = limit; published == limit; all += published) {
    published = session.publish_changes(team, limit);
    expect(published <= limit, "no more are published than were asked for");
  }
  return all;
}

}  // namespace mailroll::conformance
