// The memory store is the reference: thousands of random operations, through every function of the port, give the same
// answers on SQLite. MAILROLL_SEED repeats a run.
#include <cstdlib>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "backends/random_changes.hpp"
#include "backends/random_deliveries.hpp"
#include "backends/shown.hpp"
#include "backends/store_pair.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

using test::Pair;
using test::RandomChanges;
using test::shown;

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("MAILROLL_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "MAILROLL_SEED=" << seed << '\n';
  return seed;
}

class sqlite_store : public ::testing::Test {
 protected:
  void read_something(Pair& pair);
  void change_something(Pair& pair);
  TeamNumber team() { return TeamNumber{1 + random_.below(3)}; }  // the third one does not exist at first
  Parts parts() {
    return {.contact = random_.chance(2),
            .permission = random_.chance(2),
            .segments = random_.chance(2),
            .events = random_.chance(2),
            .suppressions = random_.chance(2),
            .aliases = random_.chance(2),
            .soft_bounces = random_.chance(2),
            .leases = random_.chance(2),
            .link_epoch = random_.chance(2)};
  }
  IdRange range() {
    if (random_.chance(3)) return {};
    return {random_.contact_id(), random_.contact_id()};  // often the wrong way round: nothing lies between
  }

  std::uint64_t seed_ = seed_of_this_run();
  RandomChanges random_{seed_};
  std::vector<Person> people_[2];
  std::vector<Candidate> candidates_[2];
};

void sqlite_store::read_something(Pair& pair) {
  const TeamNumber in = team();
  switch (random_.below(18)) {
    case 0: pair.same("teams", [](Session& session) { return shown(session.teams()); }); break;
    case 1: pair.same("keys", [](Session& session) { return shown(session.keys()); }); break;
    case 2: pair.same("runs", [&](Session& session) { return shown(session.runs(in)); }); break;
    case 3: pair.same("segments", [&](Session& session) { return shown(session.segments(in)); }); break;
    case 4: pair.same("topics", [&](Session& session) { return shown(session.topics(in)); }); break;
    case 5: pair.same("properties", [&](Session& session) { return shown(session.properties(in)); }); break;
    case 6: pair.same("aliases", [&](Session& session) { return shown(session.audience_aliases(in)); }); break;
    case 7: {
      const ContactId id = random_.contact_id();
      const Parts asked = parts();
      pair.same("person", [&](Session& session) { return shown(session.person(in, id, asked)); });
      break;
    }
    case 8: {
      const IdRange asked_range = range();
      const Parts asked = parts();
      const auto limit = static_cast<std::size_t>(random_.below(30));
      pair.same("people", [&](Session& session) {
        auto& people = people_[&session == pair.memory.get() ? 0 : 1];  // used again, as callers do
        session.people(in, asked_range, asked, limit, people);
        return shown(people);
      });
      break;
    }
    case 9: {
      const std::string alias = "old-" + std::to_string(random_.below(32));
      pair.same("find_alias", [&](Session& session) { return shown(session.find_alias(in, alias)); });
      break;
    }
    case 10: {
      CandidateQuery query;
      query.segment = random_.segment();
      if (random_.chance(2)) query.topic = random_.topic();
      query.range = range();
      if (random_.chance(2)) query.after = random_.contact_id();
      query.limit = static_cast<std::size_t>(random_.below(20));
      query.with_profile = !random_.chance(4);
      pair.same("candidates", [&](Session& session) {
        auto& candidates = candidates_[&session == pair.memory.get() ? 0 : 1];
        session.candidates(in, query, candidates);
        return shown(candidates);
      });
      break;
    }
    case 11: {
      const SegmentNumber segment = random_.segment();
      pair.same("counts", [&](Session& session) {
        return shown(session.counts(in)) + " " + shown(session.count_members(in, segment)) + " " +
               shown(session.count_contacts(in, 2));
      });
      break;
    }
    case 12: {
      const TopicNumber topic = random_.topic();
      const Said said = static_cast<Said>(random_.below(4));
      pair.same("count_choices", [&](Session& session) { return shown(session.count_choices(in, topic, said)); });
      break;
    }
    case 13: {
      std::optional<Suppression> after;
      if (random_.chance(2)) after = Suppression{random_.contact_id(), random_.suppression_reason(), "", {}};
      const auto limit = static_cast<std::size_t>(random_.below(20));
      pair.same("suppressions", [&](Session& session) { return shown(session.suppressions(in, after, limit)); });
      break;
    }
    default: test::read_deliveries(pair, random_, in);
  }
}

void sqlite_store::change_something(Pair& pair) {
  const TeamNumber in = team();
  switch (random_.below(26)) {
    case 0: {
      const Uuid id = random_.id<Uuid>(random_.below(100));
      const std::string name = "team " + std::to_string(random_.below(4));
      const Time at = random_.time();
      pair.same("add_team", [&](Session& session) { return shown(session.add_team(id, name, at)); });
      break;
    }
    case 1: {
      StoredKey key;
      key.kind = static_cast<KeyKind>(1 + random_.below(2));
      key.id = 1 + random_.below(3);
      key.state = static_cast<KeyState>(1 + random_.below(3));
      key.changed_at = random_.maybe_time();
      key.fingerprint = random_.word();
      key.created_at = random_.time();
      if (random_.chance(2)) {
        for (auto& byte : key.secret.emplace()) byte = static_cast<std::uint8_t>(random_.below(256));
      }
      pair.same_change("put_key", [&](Session& session) { session.put_key(key); });
      break;
    }
    case 2: {
      for (int times = random_.chance(20) ? 120 : 1; times > 0; --times) {
        const mailroll::Run run{random_.id<RunId>(random_.below(150)), random_.word(), random_.text(), random_.time(),
                                random_.maybe_time()};
        pair.same_change("put_run", [&](Session& session) { session.put_run(in, run); });
      }
      break;
    }
    case 3: {
      const int count = 1 + random_.below(3);
      pair.same("take_numbers", [&](Session& session) { return shown(session.take_numbers(in, count)); });
      break;
    }
    case 4: {
      const Segment segment{random_.id<SegmentId>(random_.below(50)), random_.segment(), random_.text(), random_.time(),
                            random_.time()};
      pair.same_change("put_segment", [&](Session& session) { session.put_segment(in, segment); });
      break;
    }
    case 5: {
      const SegmentNumber segment = random_.segment();
      pair.same_change("remove_segment", [&](Session& session) { session.remove_segment(in, segment); });
      break;
    }
    case 6: {
      const Topic topic{random_.id<TopicId>(random_.below(50)),
                        random_.topic(),
                        random_.text(),
                        random_.text(),
                        random_.chance(2) ? Subscription::opt_in : Subscription::opt_out,
                        random_.chance(2) ? Visibility::public_ : Visibility::private_,
                        random_.chance(2) ? "" : random_.word(),
                        random_.time(),
                        random_.time()};
      pair.same_change("put_topic", [&](Session& session) { session.put_topic(in, topic); });
      break;
    }
    case 7: {
      const TopicNumber topic = random_.topic();
      pair.same_change("remove_topic", [&](Session& session) { session.remove_topic(in, topic); });
      break;
    }
    case 8: {
      const PropertyDefinition property = random_.property();
      pair.same_change("put_property", [&](Session& session) { session.put_property(in, property); });
      break;
    }
    case 9: {
      const std::string key = random_.property().key;
      pair.same_change("remove_property", [&](Session& session) { session.remove_property(in, key); });
      break;
    }
    case 10: {
      const AudienceAlias alias{random_.text(), random_.segment(), TopicNumber{random_.below(5)}};
      pair.same_change("put_audience_alias", [&](Session& session) { session.put_audience_alias(in, alias); });
      break;
    }
    case 11: {
      // In pieces, since which ones go first is not promised.
      const SegmentNumber segment = random_.segment();
      const auto limit = static_cast<std::size_t>(1 + random_.below(5));
      pair.same("remove_members", [&](Session& session) {
        std::string pieces;
        for (std::size_t gone = limit; gone == limit; pieces += shown(gone) + " ") {
          gone = session.remove_members(in, segment, limit);
        }
        return pieces;
      });
      break;
    }
    case 12: {
      const bool begins = random_.chance(2);
      pair.same_change("expect_bulk", [&](Session& session) { session.expect_bulk(begins); });
      break;
    }
    case 13:
    case 14: test::change_deliveries(pair, random_, in); break;
    case 15: {
      if (random_.chance(20)) pair.same_change("forget", [&](Session& session) { session.forget(); });
      break;
    }
    default: {
      ChangeSet changes = random_.changes([&] { return random_.contact_id(); });
      if (random_.chance(5)) {
        changes = random_.changes([&] { return random_.id<ContactId>(1000 + random_.below(1'000'000)); });
        changes.all_new = true;
        const auto had_rows = [&](const ContactId& id) {
          std::vector<Person> found;
          pair.memory->people(in, {id, id}, test::all_parts, 1, found);
          return !found.empty();
        };
        std::erase_if(changes.contacts, [&](const auto& row) { return had_rows(row.id); });
        std::erase_if(changes.joined, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.events, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.standings, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.choices, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.suppressions, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.aliases, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.leases, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.soft_bounces, [&](const auto& row) { return had_rows(row.contact); });
        std::erase_if(changes.link_epochs, [&](const auto& row) { return had_rows(row.first); });
      }
      const ContactId locked = random_.contact_id();
      pair.same_change("write", [&](Session& session) {
        session.lock(in, locked);
        session.write(in, changes);
      });
    }
  }
}

TEST_F(sqlite_store, answers_every_operation_as_the_memory_store_does) {
  SCOPED_TRACE("MAILROLL_SEED=" + std::to_string(seed_));
  const test::TemporaryFolder folder;
  const auto memory = open_store("memory://");
  const auto sqlite = open_store(folder.store());
  Pair writer{memory->connect(), sqlite->connect()};
  Pair reader{memory->connect(), sqlite->connect()};
  bool writing = false;
  for (int step = 0; step < 6000 && !HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    switch (random_.below(20)) {
      case 0: writer.same_change("begin_write", [](Session& session) { session.begin_write(); }), writing = true; break;
      case 1: {
        const Durability durability = random_.chance(2) ? Durability::full : Durability::bulk;
        writer.same_change("commit", [&](Session& session) { session.commit(durability); });
        writing = false;
        break;
      }
      case 2:
        if (random_.chance(3)) {
          writer.same_change("rollback", [](Session& session) { session.rollback(); });
          writing = false;
        } else if (!writing) {
          writer.same_change("begin_read", [](Session& session) { session.begin_read(); });
          writing = true;  // whatever it is: the next commit or rollback ends it
        }
        break;
      case 3: reader.same_change("begin_read", [](Session& session) { session.begin_read(); }); break;
      case 4: reader.same_change("rollback", [](Session& session) { session.rollback(); }); break;
      case 5:
      case 6: read_something(reader); break;
      case 7:
      case 8:
      case 9:
      case 10:
      case 11: read_something(writer); break;
      default: change_something(writer);
    }
    if (step % 50 == 0) {
      for (const std::int32_t number : {1, 2, 3}) {
        const TeamNumber in{number};
        writer.same("all of the team", [&](Session& session) { return test::whole_team(session, in); });
        reader.same("all of the team, from outside", [&](Session& session) { return test::whole_team(session, in); });
      }
    }
  }
}

TEST_F(sqlite_store, keeps_everything_when_it_is_closed_and_opened_again) {
  SCOPED_TRACE("MAILROLL_SEED=" + std::to_string(seed_));
  const test::TemporaryFolder folder;
  const auto memory = open_store("memory://");
  Pair writer{memory->connect(), nullptr};
  for (int round = 0; round < 20 && !HasFailure(); ++round) {
    writer.sqlite = open_store(folder.store())->connect();
    for (int step = 0; step < 20; ++step) change_something(writer);
    writer.sqlite.reset();
    writer.sqlite = open_store(folder.store())->connect();
    for (const std::int32_t number : {1, 2, 3}) {
      const TeamNumber in{number};
      writer.same("all of the team", [&](Session& session) { return test::whole_team(session, in); });
    }
  }
}

}  // namespace
}  // namespace mailroll
