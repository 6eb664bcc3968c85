// What a transaction promises to whoever is alone with the store.
#include "backends/some_people.hpp"
#include "conformance/case.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {
namespace {

using test::contact_id;
using test::some_people;

constexpr SegmentNumber segment{1};

void a_rollback_leaves_everything_as_it_was(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  session->write(team, some_people(1, 20));
  session->take_numbers(team, 5);
  const std::string before = whole_team(*session, team);
  session->begin_write();
  ChangeSet changes = some_people(15, 40);
  changes.removed_contacts = {contact_id(1)};
  changes.dropped = {contact_id(2)};
  changes.left = {{contact_id(3), segment}};
  changes.outbox = {{contact_id(3), EventId(contact_id(-3)), time_of(1)}};
  session->write(team, changes);
  session->publish(team, 10);
  session->put_segment(team, {SegmentId(contact_id(7)), segment, "News", time_of(1), time_of(1)});
  session->put_setting(team, "retention", "30");
  session->remove_members(team, segment, 10);
  session->take_numbers(team, 1);
  expect(whole_team(*session, team) != before, "inside the transaction its own changes are seen");
  session->rollback();
  expect_same(whole_team(*session, team), before, "all of the team, after the rollback");
}

void a_write_outside_a_transaction_is_one_of_its_own(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  {
    const auto session = trial.connect();
    session->write(team, some_people(1, 3));
    session->rollback();
  }
  expect(trial.connect()->counts(team).contacts == 3, "what was written without a transaction is there");
}

void a_session_that_ends_undoes_what_it_did_not_commit(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  {
    const auto session = trial.connect();
    session->begin_write();
    session->write(team, some_people(1, 3));
  }
  const auto session = trial.connect();
  expect(session->counts(team).contacts == 0, "nothing of it is there");
  session->write(team, some_people(4, 5));
  expect(session->counts(team).contacts == 2, "and the next one can write");
}

void misuse_of_a_transaction_is_an_error_and_not_a_lost_write(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const auto fails = [&](const char* what, auto call) {
    expect_same(outcome(call), "error storage failed", what);
    session->rollback();
  };
  fails("a commit where nothing is open", [&] { session->commit(); });
  session->begin_read();
  fails("a write in a read transaction", [&] { session->write(team, some_people(1, 1)); });
  session->begin_read();
  fails("a transaction inside a read transaction", [&] { session->begin_write(); });
  session->begin_write();
  fails("a transaction inside a transaction", [&] { session->begin_write(); });
  session->begin_write();
  fails("forget() inside a transaction", [&] { session->forget(); });
  session->rollback();
  session->rollback();
  session->write(team, some_people(1, 1));
  expect(session->counts(team).contacts == 1, "afterwards the session works");
}

void a_transaction_of_many_calls_is_one_change(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  session->begin_write();
  for (int first = 0; first < 200; first += 10) session->write(team, some_people(first, first + 9));
  session->commit(Durability::bulk);
  session->begin_write();
  session->write(team, some_people(200, 209));
  session->commit();
  expect(session->counts(team).contacts == 210, "all of it is there");
  expect(session->count_members(team, segment) == 210, "and all memberships");
}

void one_set_of_changes_takes_what_is_removed_before_what_is_added(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  ChangeSet changes = some_people(1, 1);
  const ContactId id = contact_id(1);
  changes.suppressions = {{id, SuppressionReason::bounce, "", time_of(1)}};
  changes.aliases = {{"old-1", id}, {"old-2", id}};
  changes.soft_bounces = {{id, time_of(1)}, {id, time_of(2)}};
  session->write(team, changes);

  changes.left = {{id, segment}};
  changes.removed_contacts = {id};
  changes.lifted_suppressions = {{id, SuppressionReason::bounce}};
  changes.removed_aliases = {{"old-1", id}};
  changes.aliases = {{"old-1", id}};
  changes.cleared_soft_bounces = {id};
  changes.soft_bounces = {{id, time_of(3)}};
  session->write(team, changes);
  const Person moved = session->person(team, id, Parts::all());
  expect(moved.contact.has_value(), "the profile, removed and added");
  expect(moved.segments.size() == 1, "the membership, left and joined");
  expect(moved.suppressions.size() == 1, "the suppression, lifted and added");
  expect(moved.aliases.size() == 2, "the alias, removed and added, beside the other");
  expect(moved.soft_bounces == std::vector{time_of(3)}, "the bounces, cleared and added");

  changes.clear();
  changes.dropped = {id};
  changes.joined = {{id, SegmentNumber{2}}};
  session->write(team, changes);
  const Person anew = session->person(team, id, Parts::all());
  expect(!anew.contact && anew.events.empty() && anew.suppressions.empty() && anew.aliases.empty() &&
             anew.soft_bounces.empty(),
         "of whoever is dropped nothing is left");
  expect(anew.segments == std::vector{SegmentNumber{2}}, "but what the same changes add");
}

void writing_again_what_is_there_changes_nothing(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  ChangeSet changes = some_people(1, 20);
  changes.aliases = {{"old-1", contact_id(1)}, {"old-1", contact_id(2)}};
  changes.outbox = {{contact_id(1), EventId(contact_id(-1)), time_of(1)}};
  changes.link_epochs = {{contact_id(1), 3}};
  session->write(team, changes);
  session->publish(team, 10);
  const std::string once = whole_team(*session, team);
  changes.outbox.clear();
  session->write(team, changes);
  expect_same(whole_team(*session, team), once, "all of the team, written twice");

  for (ConsentEvent& event : changes.events) event.source = "import:other";
  ChangeSet again;
  again.events = changes.events;
  session->write(team, again);
  expect_same(whole_team(*session, team), once, "events that are there already keep what they have");
  again.clear();
  again.removed_contacts = again.dropped = again.cleared_soft_bounces = {contact_id(99)};
  again.left = {{contact_id(99), segment}};
  again.lifted_suppressions = {{contact_id(99), SuppressionReason::manual}};
  again.removed_aliases = {{"old-99", contact_id(99)}};
  session->write(team, again);
  expect_same(whole_team(*session, team), once, "taking away what is not there");
}

void a_text_first_named_in_a_rolled_back_transaction_is_named_again(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  session->begin_write();
  session->write(team, some_people(1, 1));
  (void)session->person(team, contact_id(1), {.events = true});
  session->rollback();
  ChangeSet other = some_people(2, 2);
  other.events[0].source = "import:other";
  session->write(team, other);
  session->write(team, some_people(1, 1));
  const auto source_of = [&](int number) {
    const Person person = session->person(team, contact_id(number), {.events = true});
    expect(person.events.size() == 1, "one event each");
    return person.events[0].source;
  };
  expect_same(source_of(1), "import:test", "the source of the event that was rolled back at first");
  expect_same(source_of(2), "import:other", "the source of the event that came in between");
}

/// `all_new` for people of whom some are there is a lie: a store may fail on it, and then whole.
void a_write_that_fails_has_done_nothing_and_its_error_says_nothing_of_the_data(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  session->write(team, some_people(1, 3));
  const std::string before = whole_team(*session, team);
  ChangeSet clash = some_people(2, 6);
  clash.all_new = true;
  for (const bool inside : {false, true}) {
    try {
      if (inside) session->begin_write();
      session->write(team, clash);
      session->rollback();
      if (!inside) return;  // it does not rely on the caller's word
    } catch (const Error& error) {
      session->rollback();
      const std::string text = error.what();
      expect(error.kind() == ErrorKind::storage && !error.reason().empty(),
             "it is an error of kind storage, with a reason");
      for (const char* data : {"secret", "Secretia", "example.org"}) {
        expect(text.find(data) == std::string::npos, "the text of the error holds what was written");
      }
      expect(!holds_an_address(text), "the text of the error holds an address");
    }
    expect_same(whole_team(*session, team), before, "all of the team, after the failure");
  }
}

}  // namespace

std::vector<Case> transaction_cases() {
  return {
      {"a_rollback_leaves_everything_as_it_was", {}, a_rollback_leaves_everything_as_it_was},
      {"a_write_outside_a_transaction_is_one_of_its_own", {}, a_write_outside_a_transaction_is_one_of_its_own},
      {"a_session_that_ends_undoes_what_it_did_not_commit", {}, a_session_that_ends_undoes_what_it_did_not_commit},
      {"misuse_of_a_transaction_is_an_error_and_not_a_lost_write",
       {},
       misuse_of_a_transaction_is_an_error_and_not_a_lost_write},
      {"a_transaction_of_many_calls_is_one_change", {}, a_transaction_of_many_calls_is_one_change},
      {"one_set_of_changes_takes_what_is_removed_before_what_is_added",
       {},
       one_set_of_changes_takes_what_is_removed_before_what_is_added},
      {"writing_again_what_is_there_changes_nothing", {}, writing_again_what_is_there_changes_nothing},
      {"a_text_first_named_in_a_rolled_back_transaction_is_named_again",
       {},
       a_text_first_named_in_a_rolled_back_transaction_is_named_again},
      {"a_write_that_fails_has_done_nothing_and_its_error_says_nothing_of_the_data",
       {},
       a_write_that_fails_has_done_nothing_and_its_error_says_nothing_of_the_data},
  };
}

}  // namespace mailroll::conformance
