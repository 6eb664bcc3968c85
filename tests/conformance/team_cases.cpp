// Teams, and what is few in a team: numbers, definitions, runs, settings, the feed.
#include "backends/some_people.hpp"
#include "conformance/case.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {
namespace {

using test::contact_id;
using test::some_people;

std::vector<std::string> names_of(const std::vector<Team>& teams) {
  std::vector<std::string> names;
  names.reserve(teams.size());
  for (const Team& team : teams) names.push_back(team.name);
  return names;
}

void a_team_is_found_again_as_it_was_made_and_no_name_is_given_twice(Trial& trial) {
  const Team made = trial.new_team();
  const auto session = trial.connect();
  expect_same(outcome([&] { session->add_team(Uuid(contact_id(1)), made.name, time_of(1)); }), "error conflict ",
              "a second team of a name");
  bool found = false;
  std::int32_t last = 0;
  for (const Team& team : session->teams()) {
    expect(number_of(team.number) > last, "teams are ordered by number, from 1");
    last = number_of(team.number);
    if (team.number != made.number) continue;
    found = true;
    expect_same(shown(team), shown(made), "the team");
  }
  expect(found, "the team is there");
}

void names_of_teams_are_compared_as_bytes(Trial& trial) {
  const std::string name = trial.new_team().name;
  const auto session = trial.connect();
  const std::size_t before = session->teams().size();
  std::string capital = name;
  capital[0] = 'C';
  const std::vector<std::string> near = {capital, name + " ", name + "é", name + "e"};
  for (std::size_t at = 0; at < near.size(); ++at) {
    session->add_team(Uuid(contact_id(static_cast<int>(at))), near[at], time_of(-1));
  }
  const std::vector<std::string> names = names_of(session->teams());
  expect(names.size() == before + near.size(), "names that differ by case, accent or a blank are different names");
  for (const std::string& made : near) {
    expect(std::find(names.begin(), names.end(), made) != names.end(), "a team's name comes back as it was given");
  }
}

void nothing_crosses_teams(Trial& trial) {
  const TeamNumber one = trial.new_team().number;
  const TeamNumber other = trial.new_team().number;
  const auto session = trial.connect();
  const std::string empty = whole_team(*session, other);
  ChangeSet changes = some_people(1, 10);
  changes.aliases = {{"old-1", contact_id(1)}};
  changes.outbox = {{contact_id(1), EventId(contact_id(-1)), time_of(1)}};
  session->write(one, changes);
  session->put_setting(one, "retention", "30");
  session->publish(one, 10);
  expect_same(whole_team(*session, other), empty, "the other team");
  expect(session->find_alias(other, "old-1").empty(), "nor is anybody found by another team's alias");
  session->write(other, some_people(1, 5));
  changes.clear();
  for (int number = 1; number <= 10; ++number) changes.dropped.push_back(contact_id(number));
  session->write(other, changes);
  expect(session->counts(other).contacts == 0 && session->counts(one).contacts == 10,
         "the same contact id in two teams is two contacts");
}

void a_team_that_is_not_there_is_empty_and_gives_no_numbers(Trial& trial) {
  const auto session = trial.connect();
  const TeamNumber nobody{2'000'000'000};
  expect(session->counts(nobody).contacts == 0, "nobody is in it");
  expect(session->segments(nobody).empty() && session->runs(nobody).empty(), "nor anything else");
  expect_same(outcome([&] { session->take_numbers(nobody, 1); }), "error not_found ", "take_numbers");
}

void numbers_are_given_once(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const std::int32_t first = session->take_numbers(team, 1);
  expect(first == 1, "numbers begin at 1");
  expect(session->take_numbers(team, 500) == 2, "the next ones follow");
  expect(session->take_numbers(team, 1) == 502, "all that were taken are taken");
}

void removing_a_topic_keeps_the_audience_and_removing_a_segment_does_not(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  for (const int number : {1, 2}) {
    session->put_segment(team, {SegmentId(contact_id(number)), SegmentNumber{number}, "News", time_of(1), time_of(1)});
    Topic topic;
    topic.id = TopicId(contact_id(number));
    topic.number = TopicNumber{number};
    topic.name = "News";
    session->put_topic(team, topic);
    session->put_audience_alias(team,
                                {"audience " + std::to_string(number), SegmentNumber{number}, TopicNumber{number}});
  }
  session->remove_topic(team, TopicNumber{1});
  std::vector<AudienceAlias> aliases = session->audience_aliases(team);
  expect(aliases.size() == 2 && aliases[0].topic == TopicNumber{0} && aliases[0].segment == SegmentNumber{1},
         "of the audience whose topic went, the segment stays and the topic is 0");
  expect(session->topics(team).size() == 1 && session->segments(team).size() == 2, "only the topic went");
  session->remove_segment(team, SegmentNumber{1});
  aliases = session->audience_aliases(team);
  expect(aliases.size() == 1 && aliases[0].segment == SegmentNumber{2}, "the audience of the segment went with it");
}

void runs_are_those_unfinished_and_the_last_hundred_finished_oldest_first(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const auto run = [&](int number, bool finished) {
    Run made;
    made.id = RunId(contact_id(number));
    made.kind = "import";
    made.source = "digest";
    made.started_at = time_of(number);
    if (finished) made.finished_at = time_of(1000 - number);  // what began first ends last
    session->put_run(team, made);
  };
  for (int number = 0; number < 130; ++number) run(number, true);
  for (int number = 200; number < 205; ++number) run(number, false);
  const std::vector<Run> runs = session->runs(team);
  expect(runs.size() == 105, "100 finished and 5 unfinished: " + std::to_string(runs.size()));
  for (std::size_t at = 1; at < runs.size(); ++at) {
    expect(runs[at - 1].started_at < runs[at].started_at, "ordered by their beginning");
  }
  expect(runs.front().started_at == time_of(0) && runs[99].started_at == time_of(99), "those that finished last");
  run(204, true);
  expect(session->runs(team).size() == 104, "a run that is put again is replaced");
}

void the_feed_is_ordered_by_time_then_contact_then_event(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  ChangeSet changes;
  for (int number = 0; number < 20; ++number) {
    changes.outbox.push_back({contact_id(number % 5), EventId(contact_id(number)), time_of(number % 3 - 1)});
  }
  session->write(team, changes);
  auto expected = changes.outbox;
  std::sort(expected.begin(), expected.end(), [](const OutboxEntry& a, const OutboxEntry& b) {
    return std::tie(a.recorded_at, a.contact, a.event) < std::tie(b.recorded_at, b.contact, b.event);
  });
  for (const std::size_t went : {7U, 7U, 6U, 0U}) {
    expect(session->publish(team, 7) == went, "publish answers how many went");
  }
  std::vector<FeedEntry> feed;
  for (std::int64_t after = 0;;) {
    const std::vector<FeedEntry> page = session->feed(team, after, 6);
    if (page.empty()) break;
    feed.insert(feed.end(), page.begin(), page.end());
    after = page.back().position;
  }
  expect(feed.size() == expected.size(), "all of them are in it");
  for (std::size_t at = 0; at < feed.size(); ++at) {
    expect(feed[at].position == static_cast<std::int64_t>(at) + 1, "positions count from 1 without a gap");
    expect(feed[at].contact == expected[at].contact && feed[at].event == expected[at].event, "in order");
  }
  changes.outbox.resize(1);
  changes.dropped = {changes.outbox[0].contact};
  session->write(team, changes);
  expect(session->publish(team, 7) == 1, "what waits in the outbox stays though its contact is dropped");
}

}  // namespace

std::vector<Case> team_cases() {
  return {
      {"a_team_is_found_again_as_it_was_made_and_no_name_is_given_twice",
       {},
       a_team_is_found_again_as_it_was_made_and_no_name_is_given_twice},
      {"names_of_teams_are_compared_as_bytes", {}, names_of_teams_are_compared_as_bytes},
      {"nothing_crosses_teams", {}, nothing_crosses_teams},
      {"a_team_that_is_not_there_is_empty_and_gives_no_numbers",
       {},
       a_team_that_is_not_there_is_empty_and_gives_no_numbers},
      {"numbers_are_given_once", {}, numbers_are_given_once},
      {"removing_a_topic_keeps_the_audience_and_removing_a_segment_does_not",
       {},
       removing_a_topic_keeps_the_audience_and_removing_a_segment_does_not},
      {"runs_are_those_unfinished_and_the_last_hundred_finished_oldest_first",
       {},
       runs_are_those_unfinished_and_the_last_hundred_finished_oldest_first},
      {"the_feed_is_ordered_by_time_then_contact_then_event", {}, the_feed_is_ordered_by_time_then_contact_then_event},
  };
}

}  // namespace mailroll::conformance
