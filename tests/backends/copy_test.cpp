// Moving house: what is in one store is in the other one, whole, and nothing that was there before is written over.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include <gtest/gtest.h>

#include "backends/copy_world.hpp"
#include "backends/raw_sqlite.hpp"
#include "conformance/random_values.hpp"

namespace mailroll {
namespace {

using namespace test;

/// Acts of every kind that the port knows, on two teams.
class Histories {
 public:
  explicit Histories(std::uint64_t seed) : random_(seed) {}

  void begin(Session& session) {
    session.add_team(random_.id<Uuid>(901), "default", random_.time());
    session.add_team(random_.id<Uuid>(902), "other", random_.time());
    for (int id = 1; id <= 3; ++id) {
      session.put_key({KeyKind::hash, id, KeyState::retired, random_.word(), make_key_secret(), random_.time(), {}});
      session.put_key({KeyKind::link, id, KeyState::signing, random_.word(), {}, random_.time(), random_.time()});
    }
  }

  void act(Session& session) {
    const TeamNumber team{1 + random_.below(2)};
    switch (random_.below(10)) {
      case 0: session.put_setting(team, random_.word(), setting()); break;
      case 1: session.put_run(team, run()); break;
      case 2: segment_or_topic(session, team); break;
      case 3:
        if (random_.chance(3)) {
          session.remove_property(team, random_.property().key);
        } else {
          session.put_property(team, random_.property());
        }
        break;
      case 4:
        session.put_audience_alias(team, {random_.word(), random_.segment(), TopicNumber{random_.below(5)}});
        break;
      case 5: session.put_broadcast(team, random_.broadcast()); break;
      case 6: session.publish(team, static_cast<std::size_t>(random_.below(12))); break;
      default: session.write(team, random_.changes([this] { return random_.contact_id(); }));
    }
  }

 private:
  std::optional<std::string> setting() { return random_.chance(3) ? std::nullopt : std::optional(random_.text()); }
  Run run() {
    Run run{random_.id<RunId>(random_.below(140)), "import", random_.word(), random_.time(), random_.maybe_time()};
    return run;
  }
  void segment_or_topic(Session& session, TeamNumber team) {
    switch (random_.below(4)) {
      case 0: session.remove_segment(team, random_.segment()); break;
      case 1: session.remove_topic(team, random_.topic()); break;
      case 2:
        session.put_segment(team,
                            {random_.id<SegmentId>(random_.below(9)), random_.segment(), random_.word(), random_.time(),
                             random_.time(), random_.below(2) == 0 ? std::string() : random_.word()});
        break;
      default: {
        Topic topic;
        topic.id = random_.id<TopicId>(random_.below(9));
        topic.number = random_.topic();
        topic.name = random_.word();
        topic.description = random_.text();
        topic.basis = random_.chance(2) ? "" : "consent";
        topic.created_at = random_.time();
        session.put_topic(team, topic);
      }
    }
  }

  conformance::RandomValues random_;
};

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("MAILROLL_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "MAILROLL_SEED=" << seed << '\n';
  return seed;
}

/// From and to: "memory" or "sqlite".
class Copy : public testing::TestWithParam<std::pair<std::string, std::string>> {
 protected:
  std::shared_ptr<Store> make(const std::string& engine, const std::string& name) {
    return open_store(engine == "memory" ? "memory://" + name : folder_.store(name + ".db"));
  }
  std::shared_ptr<Store> source() { return make(GetParam().first, "source"); }
  std::shared_ptr<Store> target(int number = 0) { return make(GetParam().second, "target" + std::to_string(number)); }

  TemporaryFolder folder_;
};

TEST_P(Copy, of_any_history_is_equal_to_its_source_part_by_part_and_copied_again_changes_nothing) {
  const std::uint64_t seed = seed_of_this_run();
  Histories histories(seed);
  const std::shared_ptr<Store> from = source();
  histories.begin(*from->connect());
  for (int round = 0; round < 12; ++round) {
    {
      const std::unique_ptr<Session> session = from->connect();
      session->begin_write();
      for (int acts = 0; acts < 60; ++acts) histories.act(*session);
      session->commit();
    }
    const std::string wanted = shown_store(*from);
    const std::shared_ptr<Store> to = target(round);
    const CopyReport report = copy(*from, *to);
    ASSERT_EQ(shown_store(*to), wanted) << "round " << round;
    ASSERT_EQ(shown_store(*from), wanted) << "the source is only read";
    EXPECT_EQ(open_copies(*to), 0);
    EXPECT_EQ(report.target_was, CopyTarget::empty);
    EXPECT_EQ(report.written, report.counts.people);
    EXPECT_EQ(report.keys_outside, 3U);

    const CopyReport again = copy(*from, *to);
    EXPECT_EQ(again.target_was, CopyTarget::complete);
    EXPECT_EQ(again.written, 0U);
    EXPECT_EQ(again.digest, report.digest);
    EXPECT_TRUE(again.counts == report.counts);
    ASSERT_EQ(shown_store(*to), wanted);
  }
}

TEST_P(Copy, that_was_stopped_anywhere_ends_equal_also_where_the_source_went_on_meanwhile) {
  const std::uint64_t seed = seed_of_this_run();
  std::mt19937_64 dice(seed);
  Histories histories(seed);
  const std::shared_ptr<Store> from = source();
  histories.begin(*from->connect());
  from->connect()->write(first_team, some_people(1, 3500));
  for (int round = 0; round < 4; ++round) {
    const std::shared_ptr<Store> to = target(round);
    for (int stops = 0; stops < 3; ++stops) {
      std::uint64_t left = dice() % 9;
      const CopyOptions options{.progress = [&](const Progress&) { return left-- > 0; }};
      const std::string stopped = reason_of([&] { copy(*from, *to, options); });
      if (stopped.empty()) break;
      ASSERT_EQ(stopped, "cancelled:cancelled");
      EXPECT_GT(open_copies(*to), 0);
      const std::unique_ptr<Session> session = from->connect();
      session->begin_write();
      for (int acts = 0; acts < 30; ++acts) histories.act(*session);
      // Some go, as by a rekey, and some come.
      ChangeSet changes = some_people(4000 + 100 * stops, 4050 + 100 * stops);
      for (int gone = 0; gone < 20; ++gone) changes.dropped.push_back(contact_id(1 + static_cast<int>(dice() % 3500)));
      std::ranges::sort(changes.dropped);
      changes.dropped.erase(std::unique(changes.dropped.begin(), changes.dropped.end()), changes.dropped.end());
      session->write(first_team, changes);
      session->commit();
    }
    const std::string ended = reason_of([&] { copy(*from, *to); });
    if (ended == "conflict:target_differs") continue;  // it had ended before the last acts
    ASSERT_EQ(ended, "");
    ASSERT_EQ(shown_store(*to), shown_store(*from)) << "round " << round;
  }
}

TEST_P(Copy, that_was_cancelled_keeps_what_is_committed_and_writes_only_the_rest) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 5000);
  const std::shared_ptr<Store> to = target();
  std::uint64_t copied = 0;
  const auto stop = [&](const Progress& progress) { return (copied = progress.done) == 0; };
  ASSERT_EQ(reason_of([&] { copy(*from, *to, {.progress = stop}); }), "cancelled:cancelled");
  ASSERT_GE(copied, 1000U);
  ASSERT_LT(copied, 5000U);
  EXPECT_EQ(to->connect()->counts(first_team).contacts, copied);
  EXPECT_EQ(copy(*from, *to, {.dry_run = true}).written, 5000 - copied);
  EXPECT_EQ(copy(*from, *to).written, 5000 - copied);
  EXPECT_EQ(shown_store(*to), shown_store(*from));
}

TEST_P(Copy, that_was_stopped_holds_nobody_who_has_gone_from_the_source_since) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 4000);
  const std::shared_ptr<Store> to = target();
  const auto stop = [&](const Progress& progress) { return progress.phase == "copy" && progress.done < 4000; };
  ASSERT_EQ(reason_of([&] { copy(*from, *to, {.progress = stop}); }), "cancelled:cancelled");
  ASSERT_GE(to->connect()->counts(first_team).contacts, 1000U);
  ChangeSet gone;  // all but the last, more than a page at once, as after a rekey
  for (int number = 1; number < 4000; ++number) gone.dropped.push_back(contact_id(number));
  from->connect()->write(first_team, gone);
  copy(*from, *to);
  EXPECT_EQ(to->connect()->counts(first_team).contacts, 1U);
  EXPECT_EQ(shown_store(*to), shown_store(*from));
}

TEST_P(Copy, tells_of_copying_and_of_verifying_and_never_more_than_there_is) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 2500);
  std::map<std::string, std::uint64_t> done;
  copy(*from, *target(), {.progress = [&](const Progress& progress) {
    EXPECT_GE(progress.done, done[std::string(progress.phase)]);
    EXPECT_EQ(progress.total, 2500U);
    done[std::string(progress.phase)] = progress.done;
    return true;
  }});
  EXPECT_EQ(done, (std::map<std::string, std::uint64_t>{{"copy", 2500}, {"verify", 2500}}));
}

TEST_P(Copy, is_of_one_moment_of_its_source) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 2500);
  const std::string wanted = shown_store(*from);
  const std::shared_ptr<Store> to = target();
  bool acted = false;
  copy(*from, *to, {.progress = [&](const Progress&) {
    if (!acted) from->connect()->write(first_team, some_people(3000, 3100));
    return acted = true;
  }});
  EXPECT_EQ(shown_store(*to), wanted);
  EXPECT_EQ(reason_of([&] { copy(*from, *to); }), "conflict:target_differs");
  EXPECT_EQ(shown_store(*to), wanted) << "nothing is written over in a copy that has ended";
}

TEST_P(Copy, into_a_store_that_holds_something_is_refused_and_changes_nothing) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 10);
  const std::shared_ptr<Store> other = target();
  other->connect()->put_key({KeyKind::hash, 1, KeyState::signing, "0000000000000000", {}, {}, {}});
  EXPECT_EQ(reason_of([&] { copy(*from, *other); }), "conflict:target_not_empty") << "a key alone";
  other->connect()->add_team(contact_id(5), "default", {});
  other->connect()->write(first_team, some_people(1, 10));
  const std::string before = shown_store(*other);
  EXPECT_EQ(reason_of([&] { copy(*from, *other); }), "conflict:target_not_empty");
  EXPECT_EQ(reason_of([&] { copy(*from, *other, {.dry_run = true}); }), "conflict:target_not_empty");
  EXPECT_EQ(reason_of([&] { copy(*from, *from); }), "conflict:target_not_empty") << "the same store";
  EXPECT_EQ(shown_store(*other), before);

  // An unfinished copy of another store.
  const std::shared_ptr<Store> to = target(1);
  EXPECT_EQ(reason_of([&] { copy(*from, *to, {.progress = [&](const Progress&) { return false; }}); }),
            "cancelled:cancelled");
  EXPECT_EQ(reason_of([&] { copy(*other, *to); }), "conflict:target_not_empty");
  EXPECT_EQ(reason_of([&] { copy(*to, *target(2)); }), "conflict:source_incomplete");
}

TEST_P(Copy, of_nothing_is_an_error_and_a_dry_run_writes_nothing) {
  EXPECT_EQ(reason_of([&] { copy(*source(), *target()); }), "not_found:empty_source");
  const std::shared_ptr<Store> from = make(GetParam().first, "full");
  fill(*from, 30);
  const std::shared_ptr<Store> to = target();
  const CopyReport planned = copy(*from, *to, {.dry_run = true});
  EXPECT_TRUE(planned.dry_run);
  EXPECT_EQ(planned.written, 30U);
  EXPECT_TRUE(to->connect()->teams().empty());
  EXPECT_TRUE(to->connect()->keys().empty());
  const CopyReport done = copy(*from, *to);
  EXPECT_TRUE(done.counts == planned.counts);
  EXPECT_EQ(done.digest, planned.digest);
}

TEST_P(Copy, does_not_write_over_an_opt_out_in_a_target_that_was_used_too_early) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 3000);
  const std::shared_ptr<Store> to = target();
  EXPECT_EQ(reason_of([&] { copy(*from, *to, {.progress = [&](const Progress&) { return false; }}); }),
            "cancelled:cancelled");
  ConsentEvent left = some_people(7, 7).events.front();
  left.id = EventId(contact_id(77));
  left.action = Action::opt_out;
  ChangeSet act;
  act.events.push_back(left);
  act.outbox.push_back({left.contact, left.id, left.recorded_at});
  to->connect()->write(first_team, act);
  const std::string before = shown_store(*to);
  EXPECT_EQ(reason_of([&] { copy(*from, *to); }), "conflict:target_in_use");
  to->connect()->publish(first_team, 10);
  EXPECT_EQ(reason_of([&] { copy(*from, *to); }), "conflict:target_in_use");
  const auto events = to->connect()->person(first_team, left.contact, Parts::all()).events;
  EXPECT_NE(std::ranges::find(events, left.id, &ConsentEvent::id), events.end());
}

TEST_P(Copy, gives_no_number_again_that_anything_still_names) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 3);
  const std::unique_ptr<Session> session = from->connect();
  session->take_numbers(first_team, 40);
  ScopeState left;
  left.said = Said::opt_out;
  ChangeSet choice;  // of a topic that was removed
  choice.choices.push_back({contact_id(1), {TopicNumber{30}, left}});
  session->write(first_team, choice);
  const std::shared_ptr<Store> to = target();
  copy(*from, *to);
  EXPECT_EQ(to->connect()->take_numbers(first_team, 1), 31);
}

TEST_P(Copy, keeps_the_positions_of_a_feed_that_names_an_event_twice) {
  const std::shared_ptr<Store> from = source();
  fill(*from, 3);
  const std::unique_ptr<Session> session = from->connect();
  for (const int event : {3, 1, 3, 2, 3, 1}) {
    ChangeSet act;
    act.outbox.push_back({contact_id(event), EventId(contact_id(-event)), {}});
    session->write(first_team, act);
    session->publish(first_team, 1);
  }
  const std::vector<FeedEntry> wanted = session->feed(first_team, 0, 10);
  ASSERT_EQ(wanted.size(), 6U);
  const std::shared_ptr<Store> to = target();
  EXPECT_EQ(copy(*from, *to).counts.feed, 6U);
  EXPECT_EQ(to->connect()->feed(first_team, 0, 10), wanted);
}

INSTANTIATE_TEST_SUITE_P(engines, Copy,
                         testing::Values(std::pair{"memory", "memory"}, std::pair{"memory", "sqlite"},
                                         std::pair{"sqlite", "memory"}, std::pair{"sqlite", "sqlite"}),
                         [](const auto& info) { return info.param.first + "_to_" + info.param.second; });

TEST(CopyOfAFile, that_does_not_hold_what_was_written_is_said_in_counts_and_mended_by_the_next) {
  TemporaryFolder folder;
  const std::shared_ptr<Store> from = open_store(folder.store("source.db"));
  fill(*from, 20);
  const std::shared_ptr<Store> to = open_store(folder.store("target.db"));
  const auto spoil = [&](const Progress& progress) {
    RawSqlite file(folder.file("target.db"));
    if (progress.done == 20 && progress.phase == "copy") {
      file.run("DELETE FROM consent_events WHERE contact_id IN (SELECT contact_id FROM contacts LIMIT 2)");
    }
    return true;
  };
  try {
    copy(*from, *to, {.progress = spoil});
    FAIL() << "nobody noticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "copy_differs");
    const std::string text = error.what();
    EXPECT_NE(text.find("events 20 and 18"), std::string::npos) << text;
    EXPECT_NE(text.find("people not alike 2"), std::string::npos) << text;
    EXPECT_NE(text.find("digests of permission"), std::string::npos) << text;
    EXPECT_EQ(text.find("secret.person"), std::string::npos);
  }
  EXPECT_EQ(open_copies(*to), 1);
  EXPECT_EQ(copy(*from, *to).written, 2U);
  EXPECT_EQ(shown_store(*to), shown_store(*from));
}

TEST(CopyOfAFile, whose_team_numbers_have_gaps_is_refused_since_links_name_them) {
  TemporaryFolder folder;
  const std::shared_ptr<Store> from = open_store(folder.store("source.db"));
  fill(*from, 2);
  from->connect()->add_team(contact_id(9), "other", {});
  RawSqlite(folder.file("source.db")).run("UPDATE teams SET team_id = 4 WHERE team_id = 2");
  const std::shared_ptr<Store> to = open_store("memory://");
  EXPECT_EQ(reason_of([&] { copy(*from, *to); }), "conflict:team_numbers");
  EXPECT_TRUE(to->connect()->teams().empty());
}

TEST(CopyOfAFile, leaves_the_source_as_it_was_byte_by_byte_and_needs_no_target_for_a_mistyped_source) {
  TemporaryFolder folder;
  fill(*open_store(folder.store("source.db")), 50);
  const auto bytes = [&] {
    std::ifstream file(folder.file("source.db"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string before = bytes();
  EXPECT_EQ(copy(folder.store("source.db"), folder.store("target.db")).written, 50U);
  EXPECT_TRUE(bytes() == before);
  EXPECT_EQ(reason_of([&] { copy(folder.store("sorce.db"), folder.store("new.db")); }), "not_found:empty_source");
  EXPECT_FALSE(std::filesystem::exists(folder.file("new.db")));
}

}  // namespace
}  // namespace mailroll
