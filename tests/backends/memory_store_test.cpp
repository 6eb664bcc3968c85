#include <thread>

#include <gtest/gtest.h>

#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

ContactId id_of(std::uint8_t first, std::uint8_t last) {
  ContactId id;
  id.bytes[0] = first;
  id.bytes[15] = last;
  return id;
}

Contact contact(const ContactId& id) {
  Contact made;
  made.id = id;
  made.email = "somebody@example.org";
  return made;
}

ChangeSet with(const ContactId& id) {
  ChangeSet changes;
  changes.contacts.push_back(contact(id));
  changes.joined.push_back({id, SegmentNumber{1}});
  return changes;
}

TEST(memory_store, every_open_is_a_new_empty_store) {
  const auto first = open_store("memory://");
  first->connect()->add_team(Uuid{}, "default", time_of(1));
  EXPECT_EQ(first->connect()->teams().size(), 1U);
  EXPECT_TRUE(open_store("memory://")->connect()->teams().empty());
}

TEST(memory_store, a_reader_sees_one_state_while_another_session_commits) {
  const auto store = open_store("memory://");
  const auto writer = store->connect();
  const auto reader = store->connect();
  const TeamNumber team{1};
  writer->write(team, with(id_of(1, 1)));
  reader->begin_read();
  writer->begin_write();
  writer->write(team, with(id_of(1, 2)));
  EXPECT_EQ(writer->counts(team).contacts, 2U);
  EXPECT_EQ(store->connect()->counts(team).contacts, 1U) << "what is not committed is seen by nobody else";
  writer->commit();
  EXPECT_EQ(reader->counts(team).contacts, 1U);
  reader->rollback();
  EXPECT_EQ(reader->counts(team).contacts, 2U);
}

TEST(memory_store, a_rollback_leaves_everything_as_it_was) {
  const auto session = open_store("memory://")->connect();
  const TeamNumber team{1};
  session->write(team, with(id_of(7, 1)));
  session->begin_write();
  ChangeSet changes = with(id_of(7, 2));
  changes.removed_contacts.push_back(id_of(7, 1));
  session->write(team, changes);
  session->remove_members(team, SegmentNumber{1}, 10);
  session->rollback();
  EXPECT_TRUE(session->person(team, id_of(7, 1), {.contact = true}).contact);
  EXPECT_FALSE(session->person(team, id_of(7, 2), {.contact = true}).contact);
  EXPECT_EQ(session->count_members(team, SegmentNumber{1}), 1U);
}

TEST(memory_store, writers_in_several_threads_lose_nothing) {
  const auto store = open_store("memory://");
  store->connect()->add_team(Uuid{}, "default", time_of(1));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&store] {
      const auto session = store->connect();
      for (int turn = 0; turn < 200; ++turn) {
        session->begin_write();
        session->take_numbers(TeamNumber{1}, 1);
        session->commit();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->connect()->take_numbers(TeamNumber{1}, 1), 801);
}

}  // namespace
}  // namespace mailroll
