#include "conformance/work.hpp"

#include <fstream>
#include <set>

#include "backends/some_people.hpp"
#include "conformance/trial.hpp"
#include "core/old_audiences.hpp"
#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll::conformance {
namespace {

constexpr int acts = 60;
constexpr int walks = 12;
constexpr std::size_t lease_size = 16;
constexpr int most_chunks = 3000;  // where nobody kills it, it ends

Roll opened(const Work& work) { return mailroll::open(work.store.url, {.team = work.team}); }

class Log {
 public:
  explicit Log(const std::string& path) : file_(path, std::ios::app) {}
  /// In one piece and at once, so that a line that can be read is an act that was confirmed.
  void add(int number) { file_ << std::to_string(number) + "\n" << std::flush; }

 private:
  std::ofstream file_;
};

int person_of(const std::string& email) { return std::stoi(email.substr(1)); }

void import(const Work& work) {
  Roll roll = opened(work);
  (void)roll.contacts().import_file(work.input, {.segments = {work_name}, .topics = {work_name}}).apply();
}

/// People leave: the topic, or everything.
void leave(const Work& work) {
  Roll roll = opened(work);
  testing::Dice dice(static_cast<unsigned>(work.seed));
  Log log(work.log);
  for (int act = 0; act < acts; ++act) {
    const int person = dice.below(work_people);
    if (dice.one_in(2)) {
      roll.unsubscribe(testing::person_email(person), everything);
    } else {
      roll.unsubscribe(testing::person_email(person), TopicRef(work_name));
    }
    log.add(person);
  }
}

/// Reads the audience again and again: whoever was told that they have left is not in it.
void read(const Work& work) {
  Roll roll = opened(work);
  for (int walk = 0; walk < walks; ++walk) {
    const std::vector<int> logged = numbers_in(work.log);
    const std::set<int> left(logged.begin(), logged.end());
    std::set<ContactId> seen;
    for (const Recipient& person : roll.audience(work_name, TopicRef(work_name))) {
      expect(seen.insert(person.id).second, "somebody is twice in an audience");
      expect(!left.contains(person_of(person.email)),
             "somebody whose opt-out was confirmed is in an audience after it");
    }
  }
}

/// Leases people of one broadcast, and confirms them.
void mail(const Work& work) {
  Roll roll = opened(work);
  Handoff handoff = roll.handoff(work_name, TopicRef(work_name), "worker " + std::to_string(work.seed));
  Log log(work.log);
  for (;;) {
    const Batch batch = handoff.lease(lease_size);
    if (batch.done) return;
    if (batch.people.empty()) continue;
    std::set<int> people;
    for (const Recipient& person : batch.people) people.insert(person_of(person.email));
    const HandoffReport report = handoff.confirm(batch.lease);
    expect(report.done <= people.size(), "more people are confirmed than were leased");
    if (report.done < people.size()) continue;  // somebody left meanwhile: not told who
    for (const int person : people) log.add(person);
  }
}

/// Gives the team's one dynamic segment and its one topic other names, again and again.
void rename(const Work& work) {
  Roll roll = opened(work);
  const SegmentId segment = roll.segments().list().at(0).id;
  const TopicId topic = roll.topics().list().at(0).id;
  for (int change = 0; change < work_changes; ++change) {
    roll.segments().rename(segment, changed_name(change));
    roll.topics().update(topic, {.name = changed_name(change)});
    // Nobody else changes these: what they are later is what they were made here.
    if (change % 2 == 0) continue;
    expect(roll.segments().get(segment).name == changed_name(change), "a segment has the name that it was given");
    expect(roll.topics().get(topic).name == changed_name(change), "a topic has the name that it was given");
  }
}

/// Gives the same another filter and another description.
void describe(const Work& work) {
  Roll roll = opened(work);
  const SegmentId segment = roll.segments().list().at(0).id;
  const TopicId topic = roll.topics().list().at(0).id;
  for (int change = 0; change < work_changes; ++change) {
    roll.segments().change_filter(segment, changed_filter(change));
    roll.topics().update(topic, {.description = changed_name(change)});
    if (change % 2 == 0) continue;
    expect(roll.segments().get(segment).filter == changed_filter(change), "a segment has the filter that it was given");
    expect(roll.topics().get(topic).description == changed_name(change),
           "a topic has the description that it was given");
  }
}

/// Writes people through the port, in transactions of two halves, until it is killed.
void load(const Work& work) {
  const std::shared_ptr<Store> store = open_store(work.store.url);
  const std::unique_ptr<Session> session = store->connect();
  TeamNumber team{};
  for (const Team& one : session->teams()) {
    if (one.name == work.team) team = one.number;
  }
  Log log(work.log);
  session->expect_bulk(true);
  for (int chunk = 0; chunk < most_chunks; ++chunk) {
    const int first = chunk * load_chunk;
    session->begin_write();
    for (const int half : {first, first + load_chunk / 2}) {
      ChangeSet changes = test::some_people(half, half + load_chunk / 2 - 1);
      changes.all_new = true;
      session->write(team, changes);
    }
    session->commit(Durability::bulk);
    log.add(chunk);
  }
}

}  // namespace

std::vector<std::string> words_of(const Work& work) {
  std::vector<std::string> words = {"--db", work.store.url, "--worker", work.kind, "--team", work.team, "--seed"};
  words.insert(words.end(), {std::to_string(work.seed), "--input", work.input, "--log", work.log});
  for (const std::string& path : work.store.backend_paths) words.insert(words.end(), {"--backend-path", path});
  return words;
}

void do_work(const Work& work) {
  if (work.kind == "import") return import(work);
  if (work.kind == "leave") return leave(work);
  if (work.kind == "read") return read(work);
  if (work.kind == "mail") return mail(work);
  if (work.kind == "load") return load(work);
  if (work.kind == "rename") return rename(work);
  if (work.kind == "describe") return describe(work);
  throw Broken("no such work");
}

std::vector<int> numbers_in(const std::string& log) {
  std::vector<int> numbers;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line) && !file.eof();) numbers.push_back(std::stoi(line));
  return numbers;
}

}  // namespace mailroll::conformance
