// Several processes on one store at a time, and processes that are killed. On any store: what is compared is what the
// processes were told, and what the store holds in the end.
#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "backends/some_people.hpp"
#include "backends/temporary_folder.hpp"
#include "conformance/case.hpp"
#include "conformance/process.hpp"
#include "conformance/roll_world.hpp"

namespace mailroll::conformance {
namespace {

using test::TemporaryFolder;
using testing::person_email;
using testing::World;

/// A file of people `first` to `last`.
std::string people_file(const TemporaryFolder& folder, int first, int last) {
  std::string csv = "email,first_name\n";
  for (int person = first; person <= last; ++person) csv.append(person_email(person)).append(",Name\n");
  const std::string name = "people-" + std::to_string(first) + ".csv";
  folder.write(name, csv);
  return folder.file(name).string();
}

/// A segment, and a topic that nobody gets who has not opted in: an import opts in to it.
void make_subject(World& world) {
  world.roll().segments().create(work_name);
  world.roll().topics().create({.name = work_name,
                                .default_subscription = Subscription::opt_out,
                                .visibility = Visibility::public_,
                                .basis = "consent"});
}

std::set<int> people_in(const std::string& log) {
  const std::vector<int> numbers = numbers_in(log);
  return {numbers.begin(), numbers.end()};
}

bool gets_mail(World& world, int person) {
  return receives(world.roll().explain(person_email(person), TopicRef(work_name), SegmentRef(work_name)).reason);
}

/// Each of the people 0 to work_people is one contact, and gets mail exactly if they have not left.
void expect_all_there(World& world, const std::set<int>& left) {
  expect(world.roll().usage().global == work_people,
         "one contact for each person: " + std::to_string(world.roll().usage().global) + " of " +
             std::to_string(work_people));
  for (int person = 0; person < work_people; ++person) {
    const bool has_left = left.contains(person);
    expect(gets_mail(world, person) != has_left,
           "person " + std::to_string(person) +
               (has_left ? ", whose opt-out was confirmed, gets mail" : ", who never left, gets no mail"));
  }
  expect_consistent(world);
}

void processes_that_import_leave_and_read_at_once_lose_no_contact_and_no_opt_out(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const TemporaryFolder folder;
    const std::string team = unused_team(trial);
    World world(trial.url(), team);
    make_subject(world);
    const std::string left = folder.file("left").string();
    const auto work = [&](const char* kind, std::uint64_t number, const std::string& input) {
      return Work{kind, trial.address(), team, seed * 100 + number, input, left};
    };
    do_at_once({work("import", 1, people_file(folder, 0, 499)), work("leave", 2, ""),
                work("import", 3, people_file(folder, 150, 649)), work("read", 4, ""),
                work("import", 5, people_file(folder, 300, work_people - 1)), work("leave", 6, ""), work("read", 7, ""),
                work("leave", 8, "")},
               folder.file("errors").string());
    expect_all_there(world, people_in(left));
  });
}

void processes_that_mail_one_broadcast_confirm_everybody_once(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const TemporaryFolder folder;
    const std::string team = unused_team(trial);
    World world(trial.url(), team);
    make_subject(world);
    (void)world.roll()
        .contacts()
        .import_file(people_file(folder, 0, work_people - 1), {.segments = {work_name}, .topics = {work_name}})
        .apply();
    const std::string left = folder.file("left").string();
    std::vector<Work> works = {{"leave", trial.address(), team, seed, "", left}};
    std::vector<std::string> logs;
    for (const char* name : {"mailed-1", "mailed-2", "mailed-3"}) {
      logs.push_back(folder.file(name).string());
      works.push_back({"mail", trial.address(), team, logs.size(), "", logs.back()});
    }
    do_at_once(works, folder.file("errors").string());
    std::set<int> mailed;
    for (const std::string& log : logs) {
      for (const int person : numbers_in(log)) {
        expect(mailed.insert(person).second, "person " + std::to_string(person) + " was confirmed to two workers");
      }
    }
    const BroadcastStatus status = world.roll().broadcasts().at(0);
    expect(status.counts.leased == 0, "nobody is still leased");
    expect(status.counts.confirmed + people_in(left).size() >= work_people,
           "whoever did not leave is confirmed: " + std::to_string(status.counts.confirmed));
    expect(status.counts.confirmed >= mailed.size(), "whoever a worker was told of is confirmed");
    expect_all_there(world, people_in(left));
  });
}

void processes_that_change_one_definition_keep_what_the_other_changed(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const TemporaryFolder folder;
    const std::string team = unused_team(trial);
    World world(trial.url(), team);
    world.roll().segments().create(work_name, "unsubscribed");
    world.roll().topics().create({.name = work_name, .default_subscription = Subscription::opt_in});
    do_at_once({{"rename", trial.address(), team, seed, "", ""}, {"describe", trial.address(), team, seed, "", ""}},
               folder.file("errors").string());
    const Segment segment = world.roll().segments().list().at(0);
    expect(segment.name == changed_name(work_changes - 1), "the segment has its last name: " + segment.name);
    expect(segment.filter == changed_filter(work_changes - 1), "the segment has its last filter: " + segment.filter);
    const Topic topic = world.roll().topics().list().at(0);
    expect(topic.name == changed_name(work_changes - 1), "the topic has its last name: " + topic.name);
    expect(topic.description == changed_name(work_changes - 1), "and its last description: " + topic.description);
  });
}

void an_import_that_was_killed_is_finished_by_the_next(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const TemporaryFolder folder;
    const std::string team = unused_team(trial);
    World world(trial.url(), team);
    make_subject(world);
    const std::string file = people_file(folder, 0, work_people - 1);
    std::mt19937_64 random(seed);
    const Work work{"import", trial.address(), team, seed, file, ""};
    for (int times = 0; times < 4; ++times) {
      Process process(work, folder.file("errors").string());
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
      process.kill();
      process.ended_well();
    }
    do_at_once({work}, folder.file("errors").string());
    expect_all_there(world, {});
  });
}

/// False where the killed writer's last transaction was not over: a server goes on with what it was sent, the commit too.
bool looks_whole_and_goes_on(Session& session, TeamNumber team, std::size_t told) try {
  session.begin_write();
  const std::uint64_t people = session.counts(team).contacts;
  const int next = static_cast<int>(people);
  // Whom the writer would write next: with their lock, it has committed, or cannot any more.
  session.lock(team, test::contact_id(next));
  if (session.counts(team).contacts != people) return false;
  expect(people % load_chunk == 0, "no transaction is there in part: " + std::to_string(people) + " people");
  expect(people >= told * load_chunk,
         "what was committed is there: " + std::to_string(people) + " people of " + std::to_string(told * load_chunk));
  expect(session.count_members(team, SegmentNumber{1}) == people, "with a membership each");
  std::vector<Person> all;
  session.people(team, {}, {.contact = true, .events = true}, people + 1, all);
  expect(all.size() == people, "and nobody else");
  for (const Person& person : all) expect(person.contact && person.events.size() == 1, "and an event each");
  session.write(team, test::some_people(next, next + 9));
  session.commit();
  expect(session.counts(team).contacts == people + 10, "and the store goes on from there");
  return true;
} catch (const Error& error) {
  if (error.reason() != "contended") throw;
  return false;
}

void a_killed_writer_leaves_whole_transactions_and_all_that_it_was_told_of(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const TemporaryFolder folder;
    const Team team = trial.new_team();
    const std::string log = folder.file("log").string();
    std::mt19937_64 random(seed);
    Process process({"load", trial.address(), team.name, seed, "", log}, folder.file("errors").string());
    const std::size_t enough = 2 + random() % 20;
    for (int patience = 0; numbers_in(log).size() < enough && patience < 10'000; ++patience) {
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 5000));
    process.kill();
    process.ended_well();
    const std::size_t told = numbers_in(log).size();
    expect(told >= enough, "the writer writes");

    const auto session = trial.connect();
    while (!looks_whole_and_goes_on(*session, team.number, told)) session->rollback();
  });
}

}  // namespace

std::vector<Case> process_cases() {
  const Capabilities several = {Capability::several_processes};
  return {
      {"processes_that_import_leave_and_read_at_once_lose_no_contact_and_no_opt_out", several,
       processes_that_import_leave_and_read_at_once_lose_no_contact_and_no_opt_out},
      {"processes_that_mail_one_broadcast_confirm_everybody_once", several,
       processes_that_mail_one_broadcast_confirm_everybody_once},
      {"processes_that_change_one_definition_keep_what_the_other_changed", several,
       processes_that_change_one_definition_keep_what_the_other_changed},
      {"an_import_that_was_killed_is_finished_by_the_next", several, an_import_that_was_killed_is_finished_by_the_next},
      {"a_killed_writer_leaves_whole_transactions_and_all_that_it_was_told_of", several,
       a_killed_writer_leaves_whole_transactions_and_all_that_it_was_told_of},
  };
}

}  // namespace mailroll::conformance
