#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"
#include "store/permission_change.hpp"
#include "transfer/handover.hpp"

namespace mailroll {

namespace {

constexpr std::size_t page_size = 2048;
constexpr int parts_of_a_team = 256;
constexpr unsigned most_threads = 8;
constexpr Parts checked_parts{.contact = true, .permission = true, .segments = true, .events = true};

struct Found {
  std::uint64_t people = 0;
  std::uint64_t cache_differs = 0;
  std::uint64_t repaired = 0;
  std::uint64_t orphans = 0;
  std::uint64_t unknown_numbers = 0;
  std::uint64_t wrong_ids = 0;
  std::uint64_t to_rekey = 0;
};

/// The check of one team: its ids in parts, which several threads take in turn.
class TeamCheck {
 public:
  TeamCheck(detail::RollState& roll, const Team& team, bool repair) : roll_(roll), team_(team.number), repair_(repair) {
    roll.reload_keys(*roll.session());
    const std::shared_ptr<const detail::OpenKeys> keys = roll.keys();
    hashes_.emplace_back(keys->signing.key.id, ContactIdHash(keys->signing.key, team.id));
    for (const detail::TeamHashKey& key : keys->retired) {
      hashes_.emplace_back(key.key.id, ContactIdHash(key.key, team.id));
    }
    const detail::PooledSession session = roll.session();
    for (const Segment& segment : session->segments(team_)) segments_.insert(segment.number);
  }

  /// Takes parts until there are none left, or `go_on(people so far)` says false.
  template <typename GoOn>
  void work(GoOn&& go_on) {
    std::vector<Person> page;
    std::vector<ContactId> wrong;
    for (int part = next_part_++; part <= parts_of_a_team && !stopped_; part = next_part_++) {
      IdRange range = id_partition(part, parts_of_a_team);
      do {
        // One state for all parts of a person: what is written meanwhile must not look like a difference.
        roll_.read([&](Session& session) { session.people(team_, range, checked_parts, page_size, page); });
        wrong.clear();
        Found found = look(page, wrong);
        if (repair_ && !wrong.empty()) {
          put_right(wrong);
          found.repaired = wrong.size();
        }
        if (!page.empty()) range.first = next_id(page.back().id);
        if (!go_on(add(found))) stopped_ = true;
      } while (page.size() == page_size && page.back().id != range.last && !stopped_);
    }
  }

  void stop() { stopped_ = true; }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] const Found& found() const { return found_; }

 private:
  Found look(const std::vector<Person>& page, std::vector<ContactId>& wrong) const {
    Found found;
    found.people = page.size();
    for (const Person& person : page) {
      if (fold(person.events) != person.permission) wrong.push_back(person.id);
      if (!person.contact) found.orphans += person.segments.size();
      if (person.contact && !right_id(*person.contact)) ++found.wrong_ids;
      if (person.contact && is_to_rekey(*person.contact)) ++found.to_rekey;
      found.unknown_numbers +=
          static_cast<std::uint64_t>(std::count_if(person.segments.begin(), person.segments.end(),
                                                   [&](SegmentNumber number) { return !segments_.contains(number); }));
    }
    found.cache_differs = wrong.size();
    return found;
  }

  bool right_id(const Contact& contact) const {
    // What was computed under another Unicode version, or a key added since, cannot be judged here.
    if (contact.key_version != address_key_version()) return true;
    const auto known = std::ranges::find(hashes_, contact.hash_key, &std::pair<std::int32_t, ContactIdHash>::first);
    if (known == hashes_.end()) return true;
    const std::optional<EmailAddress> address = EmailAddress::parse(contact.email);
    return address && known->second(address->key()) == contact.id;
  }

  bool is_to_rekey(const Contact& contact) const {
    return contact.hash_key != hashes_.front().first || contact.key_version != address_key_version();
  }

  void put_right(const std::vector<ContactId>& ids) {
    roll_.write([&](Session& session) {
      for (const ContactId& id : ids) {
        session.lock(team_, id);
        const Person now = session.person(team_, id, checked_parts);
        ChangeSet changes;
        detail::add_permission_change(changes, id, now.permission, fold(now.events));
        session.write(team_, changes);
      }
    });
  }

  std::uint64_t add(const Found& more) {
    const std::lock_guard guard(mutex_);
    found_.people += more.people;
    found_.cache_differs += more.cache_differs;
    found_.repaired += more.repaired;
    found_.orphans += more.orphans;
    found_.unknown_numbers += more.unknown_numbers;
    found_.wrong_ids += more.wrong_ids;
    found_.to_rekey += more.to_rekey;
    return found_.people;
  }

  detail::RollState& roll_;
  TeamNumber team_;
  std::vector<std::pair<std::int32_t, ContactIdHash>> hashes_;  // by HashKey::id; the one that signs is first
  bool repair_;
  std::set<SegmentNumber> segments_;
  std::atomic<int> next_part_ = 1;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  Found found_;
};

/// Runs the check on as many threads as the store has sessions for; progress is told by the caller's thread alone.
void run(TeamCheck& check, unsigned threads, const std::function<bool(std::uint64_t)>& tell) {
  std::vector<std::unique_ptr<detail::Companion>> others;
  for (unsigned thread = 1; thread < threads; ++thread) {
    others.push_back(std::make_unique<detail::Companion>([&check] {
      try {
        check.work([](std::uint64_t) { return true; });
      } catch (...) {
        check.stop();
        throw;
      }
    }));
  }
  try {
    check.work(tell);
  } catch (...) {
    check.stop();
    throw;
  }
  for (const auto& other : others) other->join();
  // The last page may have been another thread's.
  if (!check.stopped() && !tell(check.found().people)) check.stop();
}

}  // namespace

bool CheckReport::ok() const {
  return cache_differs == repaired && orphans == 0 && wrong_ids == 0 && unfinished_runs.empty();
}

CheckReport Roll::check(bool repair, const ProgressFunction& progress) {
  CheckReport report;
  report.schema_version = state_->store->schema_version();
  std::vector<Team> teams;
  std::uint64_t total = 0;
  {
    const detail::PooledSession session = state_->session();
    teams = session->teams();
    for (const Team& team : teams) {
      total += session->counts(team.number).contacts;
      for (const Run& run : session->runs(team.number)) {
        if (!run.finished_at) report.unfinished_runs.push_back(run.kind + ", begun " + format_time(run.started_at));
      }
    }
  }
  report.teams = teams.size();
  const unsigned sessions = static_cast<unsigned>(std::max(1, state_->store->max_sessions()));
  const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, std::min(sessions, most_threads));
  for (const Team& team : teams) {
    TeamCheck check(*state_, team, repair);
    run(check, threads, [&](std::uint64_t people) {
      const std::uint64_t done = report.people + people;
      return !progress || progress({"check", done, std::max(total, done)});
    });
    if (check.stopped()) {
      throw Error(ErrorKind::cancelled, "the check was stopped; it changes nothing unless asked to repair",
                  {{"reason", "cancelled"}});
    }
    report.people += check.found().people;
    report.cache_differs += check.found().cache_differs;
    report.repaired += check.found().repaired;
    report.orphans += check.found().orphans;
    report.unknown_numbers += check.found().unknown_numbers;
    report.wrong_ids += check.found().wrong_ids;
    report.to_rekey += check.found().to_rekey;
  }
  return report;
}

}  // namespace mailroll
