#include <algorithm>
#include <set>

#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"
#include "store/permission_change.hpp"

namespace mailroll {

namespace {

constexpr std::size_t page_size = 4096;
constexpr Parts checked_parts{
    .contact = true, .permission = true, .segments = true, .events = true, .suppressions = false, .aliases = false};

bool right_id(const detail::RollState& roll, const Contact& contact) {
  // What was computed under another key or Unicode version cannot be judged by this one.
  if (contact.hash_key != roll.keys()->signing.key.id || contact.key_version != address_key_version()) return true;
  const std::optional<EmailAddress> address = EmailAddress::parse(contact.email);
  return address && roll.id_of(*address) == contact.id;
}

void put_right(detail::RollState& roll, const std::vector<ContactId>& ids) {
  roll.write([&](Session& session) {
    for (const ContactId& id : ids) {
      session.lock(roll.team.number, id);
      const Person now = session.person(roll.team.number, id, checked_parts);
      ChangeSet changes;
      detail::add_permission_change(changes, id, now.permission, fold(now.events));
      session.write(roll.team.number, changes);
    }
  });
}

}  // namespace

bool CheckReport::ok() const {
  return cache_differs == repaired && orphans == 0 && wrong_ids == 0 && unfinished_runs.empty();
}

CheckReport Roll::check(bool repair, const ProgressFunction& progress) {
  CheckReport report;
  report.schema_version = state_->store->schema_version();
  std::set<SegmentNumber> segments;
  std::uint64_t total = 0;
  {
    const detail::PooledSession session = state_->session();
    for (const Segment& segment : session->segments(state_->team.number)) segments.insert(segment.number);
    for (const Run& run : session->runs(state_->team.number)) {
      if (!run.finished_at) report.unfinished_runs.push_back(run.kind + ", begun " + format_time(run.started_at));
    }
    total = session->counts(state_->team.number).contacts;
  }
  IdRange range;
  std::vector<Person> page;
  std::vector<ContactId> wrong;
  do {
    // One state for all parts of a person: what is written meanwhile must not look like a difference.
    state_->read([&](Session& session) { session.people(state_->team.number, range, checked_parts, page_size, page); });
    wrong.clear();
    for (const Person& person : page) {
      if (fold(person.events) != person.permission) wrong.push_back(person.id);
      if (!person.contact) report.orphans += person.segments.size();
      if (person.contact && !right_id(*state_, *person.contact)) ++report.wrong_ids;
      report.unknown_numbers +=
          static_cast<std::uint64_t>(std::count_if(person.segments.begin(), person.segments.end(),
                                                   [&](SegmentNumber number) { return !segments.contains(number); }));
    }
    report.people += page.size();
    report.cache_differs += wrong.size();
    if (repair && !wrong.empty()) {
      put_right(*state_, wrong);
      report.repaired += wrong.size();
    }
    if (!page.empty()) range.first = detail::next_id(page.back().id);
    if (progress && !progress({"check", report.people, std::max(total, report.people)})) {
      throw Error(ErrorKind::cancelled, "the check was stopped; it changes nothing unless asked to repair",
                  {{"reason", "cancelled"}});
    }
  } while (page.size() == page_size);
  return report;
}

}  // namespace mailroll
