// What sessions promise each other: whoever reads sees one state, and whoever writes loses nothing.
#include <chrono>
#include <exception>
#include <functional>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "backends/some_people.hpp"
#include "conformance/case.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {
namespace {

using test::contact_id;
using test::some_people;

constexpr int threads = 4;

/// Runs `work(session, number)` on several threads, which begin together; the first of their errors comes out.
void at_once(Trial& trial, const std::function<void(Session&, int)>& work) {
  std::mutex mutex;
  std::exception_ptr failure;
  std::latch all_there(threads);
  std::vector<std::thread> running;
  running.reserve(threads);
  for (int number = 0; number < threads; ++number) {
    running.emplace_back([&, number, session = trial.connect()] {
      all_there.arrive_and_wait();
      try {
        work(*session, number);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  if (failure) std::rethrow_exception(failure);
}

void it_says_what_it_can_do(Trial& trial) {
  Store& store = trial.store();
  const Capabilities can = store.capabilities();
  expect(store.max_sessions() >= 1, "max_sessions() is at least 1");
  expect(can.contains(Capability::several_sessions) == (store.max_sessions() > 1),
         "several_sessions is said exactly where max_sessions() is more than 1");
  expect(!can.contains(Capability::several_processes) || can.contains(Capability::survives_reopening),
         "several_processes without survives_reopening");
  expect(!can.contains(Capability::parallel_writers) || can.contains(Capability::several_sessions),
         "parallel_writers without several_sessions");
  expect(store.schema_version() == store.newest_schema_version(), "an open store has the newest schema");
  expect(store.name().find("://") != std::string::npos, "name() is the store's address");
}

void as_many_sessions_are_open_at_a_time_as_it_says(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  trial.connect()->write(team, some_people(1, 1));
  std::vector<std::unique_ptr<Session>> sessions(static_cast<std::size_t>(std::min(trial.store().max_sessions(), 256)));
  for (auto& session : sessions) session = trial.connect();
  for (auto& session : sessions) expect(session->counts(team).contacts == 1, "each of them reads");
}

void forget_answers_true_only_where_the_store_says_that_it_forgets(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  session->write(team, some_people(1, 50));
  ChangeSet changes;
  for (int number = 1; number <= 50; ++number) changes.dropped.push_back(contact_id(number));
  session->write(team, changes);
  expect(session->forget() == trial.store().capabilities().contains(Capability::forgets),
         "forget(), where nobody reads, answers whether the store forgets");
  expect(session->counts(team).contacts == 0, "and the session works afterwards");
}

void nobody_else_sees_what_is_not_committed(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto writer = trial.connect();
  const auto reader = trial.connect();
  writer->write(team, some_people(1, 10));
  expect(reader->counts(team).contacts == 10, "what is committed is seen by the other session");
  writer->begin_write();
  writer->write(team, some_people(11, 20));
  writer->put_setting(team, "retention", "30");
  expect(writer->counts(team).contacts == 20, "the writer sees its own changes");
  expect(reader->counts(team).contacts == 10, "the other session does not, and does not wait");
  expect(reader->settings(team).empty(), "nor what was set");
  writer->commit();
  expect(reader->counts(team).contacts == 20, "once committed it sees them");
  expect(reader->settings(team).size() == 1, "and what was set");
}

void a_reader_sees_the_state_of_its_beginning_while_another_session_commits(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto writer = trial.connect();
  const auto reader = trial.connect();
  writer->write(team, some_people(1, 10));
  const std::string before = whole_team(*reader, team);
  reader->begin_read();
  writer->write(team, some_people(11, 20));  // before the reader has read anything
  expect_same(whole_team(*reader, team), before, "the state of the beginning, at the first read");
  ChangeSet changes;
  changes.dropped = {contact_id(1), contact_id(11)};
  writer->write(team, changes);
  expect_same(whole_team(*reader, team), before, "the state of the beginning, later");
  reader->rollback();
  expect(reader->counts(team).contacts == 18, "the state of now, after it");
}

void writers_in_several_threads_lose_nothing(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  at_once(trial, [&](Session& session, int number) {
    for (int turn = 0; turn < 50; ++turn) {
      session.begin_write();
      session.take_numbers(team, 1);
      session.write(team, some_people(number * 1000 + turn, number * 1000 + turn));
      session.commit(turn % 3 == 0 ? Durability::full : Durability::bulk);
    }
  });
  const auto session = trial.connect();
  expect(session->take_numbers(team, 1) == threads * 50 + 1, "each number was taken once");
  expect(session->counts(team).contacts == threads * 50U, "everybody is there");
  expect(session->counts(team).memberships == threads * 50U, "and every membership");
}

void whoever_locks_a_contact_reads_what_the_last_one_wrote(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  at_once(trial, [&](Session& session, int) {
    for (int turn = 0; turn < 100; ++turn) {
      const ContactId id = contact_id(turn % 3);
      session.begin_write();
      session.lock(team, id);
      const std::int32_t epoch = session.person(team, id, {.link_epoch = true}).link_epoch;
      // Time for the others to come in between, where the store lets them.
      if (turn % 8 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ChangeSet changes;
      changes.link_epochs = {{id, epoch + 1}};
      session.write(team, changes);
      session.commit(Durability::bulk);
    }
  });
  const auto session = trial.connect();
  std::int32_t sum = 0;
  for (int number = 0; number < 3; ++number) {
    sum += session->person(team, contact_id(number), {.link_epoch = true}).link_epoch;
  }
  expect(sum == threads * 100, "no change of one contact is lost: " + std::to_string(sum) + " of " +
                                   std::to_string(threads * 100) + " are there");
}

void the_feed_has_no_gap_though_several_publish_at_once(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  at_once(trial, [&](Session& session, int number) {
    for (int turn = 0; turn < 30; ++turn) {
      ChangeSet changes;
      const ContactId id = contact_id(number * 1000 + turn);
      changes.outbox = {{id, EventId(id), time_of(turn)}};
      session.write(team, changes);
      session.publish(team, 3);
    }
  });
  const auto session = trial.connect();
  while (session->publish(team, 100) > 0) {
  }
  const std::vector<FeedEntry> feed = session->feed(team, 0, 1000);
  expect(feed.size() == threads * 30U, "every entry is in the feed: " + std::to_string(feed.size()));
  std::set<EventId> events;
  for (std::size_t at = 0; at < feed.size(); ++at) {
    expect(feed[at].position == static_cast<std::int64_t>(at) + 1, "positions count from 1 without a gap");
    expect(events.insert(feed[at].event).second, "no entry is in the feed twice");
  }
}

void writers_of_different_contacts_do_not_wait_for_each_other(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto first = trial.connect();
  const auto second = trial.connect();
  first->write(team, some_people(3, 3));  // texts that events share are there
  first->begin_write();
  first->lock(team, contact_id(1));
  first->write(team, some_people(1, 1));
  second->begin_write();  // a store whose writers all wait for each other answers busy
  second->lock(team, contact_id(2));
  second->write(team, some_people(2, 2));
  second->commit();
  first->commit();
  expect(first->counts(team).contacts == 3, "all are there");
}

}  // namespace

std::vector<Case> session_cases() {
  const Capabilities several = {Capability::several_sessions};
  return {
      {"it_says_what_it_can_do", {}, it_says_what_it_can_do},
      {"as_many_sessions_are_open_at_a_time_as_it_says", several, as_many_sessions_are_open_at_a_time_as_it_says},
      {"forget_answers_true_only_where_the_store_says_that_it_forgets",
       {},
       forget_answers_true_only_where_the_store_says_that_it_forgets},
      {"nobody_else_sees_what_is_not_committed", several, nobody_else_sees_what_is_not_committed},
      {"a_reader_sees_the_state_of_its_beginning_while_another_session_commits", several,
       a_reader_sees_the_state_of_its_beginning_while_another_session_commits},
      {"writers_in_several_threads_lose_nothing", several, writers_in_several_threads_lose_nothing},
      {"whoever_locks_a_contact_reads_what_the_last_one_wrote", several,
       whoever_locks_a_contact_reads_what_the_last_one_wrote},
      {"the_feed_has_no_gap_though_several_publish_at_once", several,
       the_feed_has_no_gap_though_several_publish_at_once},
      {"writers_of_different_contacts_do_not_wait_for_each_other",
       {Capability::several_sessions, Capability::parallel_writers},
       writers_of_different_contacts_do_not_wait_for_each_other},
  };
}

}  // namespace mailroll::conformance
