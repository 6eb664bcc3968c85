// What the log of changes promises to whoever follows it. A store without one (change_bounds() is nothing) promises nothing.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "backends/some_people.hpp"
#include "conformance/case.hpp"
#include "conformance/followed_log.hpp"
#include "conformance/random_values.hpp"
#include "conformance/rounds.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {
namespace {

using test::contact_id;
using test::some_people;

constexpr SegmentNumber segment{1};
constexpr TopicNumber topic{3};

bool keeps_a_log(Session& session, TeamNumber team) { return session.change_bounds(team).has_value(); }

void a_new_team_has_no_changes(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  std::vector<PersonChange> changes{PersonChange{}};
  session->changes(team, 0, 10, changes);
  expect(changes.empty(), "no changes, in the place of what was there");
  expect(session->publish_changes(team, 10) == 0, "none to publish");
  expect(session->forget_changes(team, 100, 10) == 0, "none to forget");
  if (!keeps_a_log(*session, team)) return;
  expect(session->change_bounds(team) == ChangeBounds{}, "no positions");
}

void the_log_says_what_was_written(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  if (!keeps_a_log(*session, team)) return;
  FollowedLog log(team);
  ChangeSet changes = some_people(1, 3);
  Standing standing;
  standing.everything = {Said::opt_out, {Actor::person}, std::nullopt, true, EventId(contact_id(-1))};
  standing.suppressions = 5;
  standing.last_event = time_of(7);
  const ScopeState said{Said::opt_in, {}, time_of(1'800'000'000'000'000), false, EventId(contact_id(-2))};
  changes.standings = {{contact_id(1), standing}};
  changes.choices = {{contact_id(2), {topic, said}}, {contact_id(4), {topic, said}}};
  session->write(team, changes);
  log.read(*session);
  expect(log.last_read().empty(), "nothing is said before it is published");
  log.follow(*session);
  expect(log.last_read().size() == 9,
         "three profiles, three memberships, one standing and two choices: " + std::to_string(log.last_read().size()));
  log.expect_current(*session, "of what was added");
  const ChangeBounds bounds = session->change_bounds(team).value();
  expect(bounds.forgotten == 0 && bounds.newest == log.cursor(), "the newest position is the last that was read");

  changes.clear();
  changes.left = {{contact_id(1), segment}};
  changes.removed_contacts = {contact_id(2)};
  changes.choices = {{contact_id(2), {topic, {}}}};
  session->write(team, changes);
  log.follow(*session);
  expect(log.last_read().size() == 3, "only what changed since");
  log.expect_current(*session, "of what was removed");
  session->remove_members(team, segment, 10);
  log.follow(*session);
  log.expect_current(*session, "of a segment without its members");
  changes.clear();
  changes.dropped = {contact_id(4)};
  session->write(team, changes);
  log.follow(*session);
  log.expect_current(*session, "of somebody who was dropped");
  log.follow(*session);
  expect(log.last_read().empty(), "and nothing twice");
}

void what_is_written_again_moves_behind(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  if (!keeps_a_log(*session, team)) return;
  FollowedLog log(team);
  for (int number = 1; number <= 3; ++number) {
    ChangeSet changes;
    changes.joined = {{contact_id(number), segment}};
    session->write(team, changes);
    publish_all(*session, team);
  }
  log.read(*session);
  expect(log.cursor() == 3, "three positions, from 1");
  // The last one, so that its own position is not given again.
  ChangeSet changes;
  changes.left = {{contact_id(3), segment}};
  session->write(team, changes);
  changes.left.clear();
  changes.joined = {{contact_id(1), segment}};
  session->write(team, changes);
  expect(session->change_bounds(team).value().newest == 3, "positions that were given stay given");
  log.follow(*session);
  expect(log.last_read().size() == 2, "both are behind the cursor");
  log.expect_current(*session, "of what was written again");
  FollowedLog late(team);
  late.read(*session);
  expect(late.last_read().size() == 3, "each thing is there once: " + std::to_string(late.last_read().size()));
  late.expect_current(*session, "to whoever comes late");
}

void a_load_is_told_of_whole(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  if (!keeps_a_log(*session, team)) return;
  FollowedLog log(team);
  session->write(team, some_people(1, 10));
  log.follow(*session);
  ChangeSet load = some_people(11, 6000);
  load.all_new = true;
  session->write(team, load);
  log.follow(*session);
  log.expect_current(*session, "of a load of newcomers");
  // The last of all goes in a load that changes everybody else; then one begins with the same contact, and ends before.
  std::vector<std::pair<ContactId, int>> everybody;
  for (int number = 1; number <= 6000; ++number) everybody.emplace_back(contact_id(number), number);
  std::ranges::sort(everybody);
  const auto people = [&](std::size_t count) {
    ChangeSet changes;
    for (std::size_t at = 0; at < count; ++at) {
      ChangeSet one = some_people(everybody[at].second, everybody[at].second);
      one.contacts.front().first_name = "Other";
      changes.contacts.push_back(std::move(one.contacts.front()));
      changes.joined.push_back({everybody[at].first, SegmentNumber{2}});
    }
    return changes;
  };
  load = people(5999);
  load.dropped = {everybody.back().first};
  session->write(team, load);
  session->write(team, people(3000));
  ChangeSet inside;
  inside.left = {{contact_id(102), segment}};
  session->write(team, inside);
  log.follow(*session);
  log.expect_current(*session, "of a load over what was there");
  session->remove_members(team, segment, 10'000);
  log.follow(*session);
  log.expect_current(*session, "of many who left at once");
}

void what_is_rolled_back_is_in_no_log(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  if (!keeps_a_log(*session, team)) return;
  session->begin_write();
  session->write(team, some_people(1, 3));
  session->rollback();
  expect(session->publish_changes(team, 10) == 0, "nothing waits");
  session->write(team, some_people(4, 5));
  session->begin_write();
  expect(publish_all(*session, team) == 4, "four wait");
  session->rollback();
  expect(session->change_bounds(team) == ChangeBounds{}, "positions that were rolled back are not given");
  session->begin_write();
  session->write(team, some_people(5, 6));
  FollowedLog inside(team);
  publish_all(*session, team);
  inside.read(*session);
  inside.expect_current(*session, "inside the transaction");
  session->commit();
  FollowedLog log(team);
  log.read(*session);
  log.expect_current(*session, "after it");
}

void what_is_forgotten_is_said_to_be(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  if (!keeps_a_log(*session, team)) return;
  session->write(team, some_people(1, 5));
  publish_all(*session, team);
  const std::int64_t newest = session->change_bounds(team).value().newest;
  expect(newest == 10, "ten positions");
  expect(session->forget_changes(team, 4, 3) == 3, "the three oldest");
  ChangeBounds bounds = session->change_bounds(team).value();
  expect(bounds.forgotten == 3 && bounds.newest == newest, "are forgotten, and the newest stays");
  expect(session->forget_changes(team, 4, 3) == 1, "and the one up to the bound");
  std::vector<PersonChange> changes;
  session->changes(team, 4, 100, changes);
  expect(changes.size() == 6, "the others are there");
  // What is written again before it is forgotten is not.
  ChangeSet again;
  again.left = {{contact_id(2), segment}, {contact_id(3), segment}};
  session->write(team, again);
  while (session->forget_changes(team, newest, 2) == 2) {
  }
  bounds = session->change_bounds(team).value();
  expect(bounds.newest == newest, "also when all are forgotten");
  FollowedLog log(team);
  log.follow(*session);
  expect(log.last_read().size() == 2, "what was waiting is published");
  expect(log.last_read().front().position > newest, "at positions that nobody had");
}

void whoever_follows_knows_what_the_store_says(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const TeamNumber team = trial.new_team().number;
    const auto session = trial.connect();
    if (!keeps_a_log(*session, team)) return;
    RandomValues random(seed);
    FollowedLog one(team);
    FollowedLog other(team);
    std::int64_t both_read = 0;
    for (int step = 0; step < 300; ++step) {
      switch (random.below(8)) {
        case 0: session->remove_members(team, random.segment(), static_cast<std::size_t>(1 + random.below(5))); break;
        case 1: session->publish_changes(team, static_cast<std::size_t>(random.below(9))); break;
        case 2: one.read(*session, static_cast<std::size_t>(1 + random.below(20))); break;
        case 3:
          if (random.chance(3)) session->forget_changes(team, both_read, static_cast<std::size_t>(random.below(20)));
          break;
        case 4:
          session->begin_write();
          session->write(team, random.changes([&] { return random.contact_id(); }));
          session->write(team, random.changes([&] { return random.contact_id(); }));
          random.chance(3) ? session->rollback() : session->commit(Durability::bulk);
          break;
        default: session->write(team, random.changes([&] { return random.contact_id(); }));
      }
      if (step % 30 != 29) continue;
      one.follow(*session);
      one.expect_current(*session, "to whoever reads often");
      other.read(*session);
      other.expect_current(*session, "to whoever reads seldom");
      both_read = std::min(one.cursor(), other.cursor());
    }
  });
}

/// Several write and publish while one follows: what it knows in the end is what is there, though it read while others wrote.
void changes_of_several_writers_are_all_published(Trial& trial) {
  constexpr int writers = 3;
  constexpr int turns = 60;
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  if (!keeps_a_log(*session, team)) return;
  std::atomic<int> running = writers;
  std::atomic<bool> failed = false;
  std::vector<std::thread> threads;
  threads.reserve(writers);
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer, own = trial.connect()] {
      RandomValues random(trial.seed(writer));
      for (int turn = 0; turn < turns;) {
        try {
          own->begin_write();
          std::vector<ContactId> contacts;
          for (int count = 1 + random.below(3); count > 0; --count) contacts.push_back(contact_id(random.below(12)));
          std::ranges::sort(contacts);
          contacts.erase(std::ranges::unique(contacts).begin(), contacts.end());
          own->lock_all(team, contacts);
          ChangeSet changes;
          for (const ContactId& contact : contacts) {
            auto& memberships = random.chance(2) ? changes.joined : changes.left;
            memberships.push_back({contact, SegmentNumber{writer + 1}});
            changes.choices.push_back({contact, {topic, random.chance(3) ? ScopeState{} : random.scope()}});
          }
          own->write(team, changes);
          own->commit(Durability::bulk);
          if (random.chance(3)) own->publish_changes(team, static_cast<std::size_t>(1 + random.below(10)));
          ++turn;
        } catch (const Error& error) {
          own->rollback();
          if (error.reason() == "contended") continue;  // the core does it again
          failed = true;
          break;
        }
      }
      --running;
    });
  }
  FollowedLog log(team);
  std::string failure;
  try {
    while (running > 0) log.read(*session);
  } catch (const std::exception& error) {
    failure = error.what();
  }
  for (std::thread& thread : threads) thread.join();
  expect(failure.empty(), failure);
  expect(!failed, "nobody fails but where others are in the way");
  log.follow(*session);
  log.expect_current(*session, "of several writers");
}

void what_is_not_committed_is_not_published_and_holds_nobody_up(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto writer = trial.connect();
  const auto reader = trial.connect();
  if (!keeps_a_log(*reader, team)) return;
  reader->write(team, some_people(9, 9));  // texts that events share are there
  FollowedLog log(team);
  writer->begin_write();
  writer->lock(team, contact_id(1));
  writer->write(team, some_people(1, 1));
  writer->counts(team);  // it is done, and not put off
  reader->write(team, some_people(2, 2));
  log.follow(*reader);
  log.expect_current(*reader, "of what is committed");
  expect(log.last_read().size() == 4, "and nothing else");
  writer->commit();
  log.follow(*reader);
  log.expect_current(*reader, "of what was committed later");
}

}  // namespace

std::vector<Case> change_cases() {
  const Capabilities several = {Capability::several_sessions};
  return {
      {"a_new_team_has_no_changes", {}, a_new_team_has_no_changes},
      {"the_log_says_what_was_written", {}, the_log_says_what_was_written},
      {"what_is_written_again_moves_behind", {}, what_is_written_again_moves_behind},
      {"a_load_is_told_of_whole", {}, a_load_is_told_of_whole},
      {"what_is_rolled_back_is_in_no_log", {}, what_is_rolled_back_is_in_no_log},
      {"what_is_forgotten_is_said_to_be", {}, what_is_forgotten_is_said_to_be},
      {"whoever_follows_knows_what_the_store_says", {}, whoever_follows_knows_what_the_store_says},
      {"changes_of_several_writers_are_all_published", several, changes_of_several_writers_are_all_published},
      {"what_is_not_committed_is_not_published_and_holds_nobody_up",
       {Capability::several_sessions, Capability::parallel_writers},
       what_is_not_committed_is_not_published_and_holds_nobody_up},
  };
}

}  // namespace mailroll::conformance
