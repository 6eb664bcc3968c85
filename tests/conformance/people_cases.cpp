// People in pages, in parts of the ids, and in numbers.
#include <algorithm>

#include "backends/some_people.hpp"
#include "conformance/case.hpp"
#include "conformance/random_values.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {
namespace {

using test::contact_id;
using test::some_people;

constexpr SegmentNumber segment{1};

/// Everything that `next(after, limit)` gives page by page. A page that is not full is the last.
template <typename Row, typename Next>
std::vector<Row> paged(std::size_t limit, Next next) {
  std::vector<Row> rows;
  std::optional<Row> after;
  for (;;) {
    const std::vector<Row> page = next(after, limit);
    expect(page.size() <= limit, "a page is at most as long as asked for");
    rows.insert(rows.end(), page.begin(), page.end());
    expect(rows.size() <= 10'000, "the pages never end: what is behind `after` is given again");
    if (page.size() < limit) return rows;
    after = page.back();
  }
}

void pages_of_any_length_give_everybody_once_and_in_order(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  RandomValues random(trial.seed(0));
  ChangeSet changes = some_people(1, 60);
  for (int number = 1; number <= 60; number += 3) changes.contacts.erase(changes.contacts.begin() + number / 3);
  for (int number = 1; number <= 60; ++number) {
    const ContactId id = contact_id(number);
    changes.suppressions.push_back({id, static_cast<SuppressionReason>(1 + number % 3), "", time_of(number)});
    if (number % 2 == 0) changes.suppressions.push_back({id, SuppressionReason::complaint, "", time_of(number)});
    ScopeState state;
    state.said = Said::opt_in;
    state.valid_until = time_of(number % 7);
    changes.choices.push_back({id, {TopicNumber{1}, state}});
    if (number % 2 == 0) changes.choices.push_back({id, {TopicNumber{2}, state}});
    changes.leases.push_back(
        {id, BroadcastNumber{1}, LeaseState::leased, LeaseId(id), "worker", time_of(1), time_of(1)});
  }
  std::erase_if(changes.suppressions,
                [seen = std::set<std::pair<ContactId, SuppressionReason>>()](const Suppression& row) mutable {
                  return !seen.emplace(row.contact, row.reason).second;
                });
  session->write(team, changes);
  std::vector<Candidate> candidates;
  const auto next_candidates = [&](const std::optional<Candidate>& after, std::size_t limit) {
    CandidateQuery query;
    query.segment = segment;
    query.topic = TopicNumber{1};
    if (after) query.after = after->id;
    query.limit = limit;
    session->candidates(team, query, candidates);
    return candidates;
  };
  const auto next_suppressions = [&](const std::optional<Suppression>& after, std::size_t limit) {
    return session->suppressions(team, after, limit);
  };
  const auto next_expiring = [&](const std::optional<Expiry>& after, std::size_t limit) {
    return session->expiring(team, time_of(5), after, limit);
  };
  const auto next_leases = [&](const std::optional<Lease>& after, std::size_t limit) {
    const std::optional<ContactId> behind = after ? std::optional(after->contact) : std::nullopt;
    return session->leases(team, BroadcastNumber{1}, LeaseState::leased, time_of(1), behind, limit);
  };
  const std::string all_candidates = shown(paged<Candidate>(1000, next_candidates));
  const std::string all_suppressions = shown(paged<Suppression>(1000, next_suppressions));
  const std::string all_expiring = shown(paged<Expiry>(1000, next_expiring));
  const std::string all_leases = shown(paged<Lease>(1000, next_leases));
  expect(paged<Candidate>(1000, next_candidates).size() == changes.contacts.size(),
         "candidates are the members that have a profile");
  expect(paged<Suppression>(1000, next_suppressions).size() == changes.suppressions.size(), "all suppressions");
  expect(paged<Lease>(1000, next_leases).size() == 60, "all leases");
  for (const std::size_t limit : {1U, 2U, 7U, 59U, 60U}) {
    expect_same(shown(paged<Candidate>(limit, next_candidates)), all_candidates, "candidates, in pages");
    expect_same(shown(paged<Suppression>(limit, next_suppressions)), all_suppressions, "suppressions, in pages");
    expect_same(shown(paged<Expiry>(limit, next_expiring)), all_expiring, "consent that runs out, in pages");
    expect_same(shown(paged<Lease>(limit, next_leases)), all_leases, "leases, in pages");
  }
}

void parts_of_the_ids_hold_everybody_once(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  ChangeSet changes = some_people(1, 300);
  for (const ContactId& end : {IdRange{}.first, IdRange{}.last}) {
    Contact& contact = changes.contacts.emplace_back();
    contact.id = end;
    contact.email = "p@example.org";
    changes.joined.push_back({end, segment});
  }
  session->write(team, changes);
  std::vector<ContactId> expected;
  for (const Contact& contact : changes.contacts) expected.push_back(contact.id);
  std::sort(expected.begin(), expected.end());
  for (const int count : {1, 2, 3, 8, 256, 1000}) {
    std::vector<ContactId> members;
    std::vector<ContactId> found;
    std::vector<Candidate> candidates;
    std::vector<Person> people;
    for (int part = 1; part <= count; ++part) {
      CandidateQuery query;
      query.segment = segment;
      query.range = id_partition(part, count);
      session->candidates(team, query, candidates);
      for (const Candidate& candidate : candidates) members.push_back(candidate.id);
      session->people(team, query.range, {.contact = true}, 1000, people);
      for (const Person& person : people) found.push_back(person.id);
    }
    expect(members == expected, "candidates of all parts, of " + std::to_string(count));
    expect(found == expected, "people of all parts, of " + std::to_string(count));
  }
}

void people_who_are_named_are_read_alone_and_whole(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const TeamNumber other = trial.new_team().number;
  const auto session = trial.connect();
  session->write(team, some_people(1, 700));
  session->write(other, some_people(1, 3));
  std::vector<ContactId> named = {IdRange{}.first, IdRange{}.last};
  for (int number = 1; number <= 705; number += 2) named.push_back(contact_id(number));
  std::sort(named.begin(), named.end());
  std::vector<Person> expected;
  std::vector<Person> one;
  for (const ContactId& id : named) {
    session->people(team, {id, id}, Parts::all(), 1, one);
    expected.insert(expected.end(), one.begin(), one.end());
  }
  expect(expected.size() == 350, "those with an odd number are there");
  std::vector<Person> found(3);  // used again, as callers do
  session->people_of(team, named, Parts::all(), found);
  expect_same(shown(found), shown(expected), "people who are named");
  session->people_of(team, named, {.suppressions = true}, found);
  std::erase_if(expected, [](const Person& person) { return person.suppressions.empty(); });
  expect(found.size() == expected.size(), "whoever has nothing of what is asked for is not listed");
  session->people_of(team, {}, Parts::all(), found);
  expect(found.empty(), "nobody is named");
  session->begin_write();
  ChangeSet changes;
  changes.dropped = {contact_id(1)};
  session->write(team, changes);
  session->people_of(team, std::vector{contact_id(1), contact_id(3)}, {.contact = true}, found);
  expect(found.size() == 1 && found.front().id == contact_id(3), "what the transaction has written is seen");
  session->rollback();
  session->people_of(other, std::vector{contact_id(3), contact_id(5)}, {.contact = true}, found);
  expect(found.size() == 1, "of one team");
}

void whoever_has_nothing_of_what_is_asked_for_is_not_listed(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  ChangeSet changes;
  const auto id = [](int number) { return contact_id(number); };
  changes.contacts = {{.id = id(1), .email = "p@example.org", .first_name = {}, .last_name = {}, .properties = {}}};
  changes.joined = {{id(2), segment}};
  changes.standings = {{id(3), Standing{}}};  // a row, though it says nothing
  ScopeState said_something;
  said_something.said = Said::opt_out;
  changes.choices = {{id(4), {TopicNumber{1}, said_something}}};
  changes.suppressions = {{id(5), SuppressionReason::bounce, "", time_of(1)}};
  changes.aliases = {{"old-1", id(6)}};
  changes.soft_bounces = {{id(7), time_of(1)}};
  changes.leases = {{id(8), BroadcastNumber{1}, LeaseState::leased, LeaseId(id(1)), "worker", time_of(1), time_of(1)}};
  changes.link_epochs = {{id(9), 0}};
  ConsentEvent event;
  event.id = EventId(id(1));
  event.contact = id(10);
  event.action = Action::opt_in;
  event.actor = Actor::api;
  changes.events = {event};
  session->write(team, changes);
  const auto listed = [&](const Parts& parts) {
    std::vector<Person> people;
    session->people(team, {}, parts, 100, people);
    std::vector<ContactId> ids;
    for (const Person& person : people) ids.push_back(person.id);
    return ids;
  };
  expect(listed({.contact = true}) == std::vector{id(1)}, "profiles");
  expect(listed({.segments = true}) == std::vector{id(2)}, "memberships");
  std::vector<ContactId> two = {id(3), id(4)};
  std::sort(two.begin(), two.end());
  expect(listed({.permission = true}) == two, "a standing that was written, and a choice");
  expect(listed({.suppressions = true}) == std::vector{id(5)}, "suppressions");
  expect(listed({.aliases = true}) == std::vector{id(6)}, "aliases");
  expect(listed({.soft_bounces = true}) == std::vector{id(7)}, "soft bounces");
  expect(listed({.leases = true}) == std::vector{id(8)}, "leases");
  expect(listed({.link_epoch = true}) == std::vector{id(9)}, "an epoch of links");
  expect(listed({.events = true}) == std::vector{id(10)}, "events");
  expect(listed(Parts{}).empty(), "of nothing asked for, nobody has something");
  expect(listed(Parts::all()).size() == 10, "of everything, everybody");
  changes.clear();
  changes.choices = {{id(4), {TopicNumber{1}, ScopeState{}}}};
  session->write(team, changes);
  expect(listed({.permission = true}) == std::vector{id(3)}, "a choice that is taken back is no row");
}

void thousands_of_people_are_written_in_one_set_of_changes(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  constexpr int people = 5000;
  session->expect_bulk(true);
  session->begin_write();
  ChangeSet changes = some_people(1, people);
  changes.all_new = true;
  session->write(team, changes);
  session->commit(Durability::bulk);
  session->expect_bulk(false);
  const TeamCounts counts = session->counts(team);
  expect(counts.contacts == people && counts.memberships == people, "all of them, all new");
  changes = some_people(people / 2, people + people / 2);
  session->write(team, changes);
  expect(session->counts(team).contacts == people + people / 2, "some of them new");
  std::size_t gone = 0;
  for (std::size_t piece = 1; piece > 0; gone += piece) piece = session->remove_members(team, segment, 2000);
  expect(gone == people + people / 2, "remove_members answers how many went");
  expect(session->count_members(team, segment) == 0 && session->counts(team).contacts == people + people / 2,
         "only the memberships went");
}

}  // namespace

std::vector<Case> people_cases() {
  return {
      {"pages_of_any_length_give_everybody_once_and_in_order",
       {},
       pages_of_any_length_give_everybody_once_and_in_order},
      {"parts_of_the_ids_hold_everybody_once", {}, parts_of_the_ids_hold_everybody_once},
      {"people_who_are_named_are_read_alone_and_whole", {}, people_who_are_named_are_read_alone_and_whole},
      {"whoever_has_nothing_of_what_is_asked_for_is_not_listed",
       {},
       whoever_has_nothing_of_what_is_asked_for_is_not_listed},
      {"thousands_of_people_are_written_in_one_set_of_changes",
       {},
       thousands_of_people_are_written_in_one_set_of_changes},
  };
}

}  // namespace mailroll::conformance
