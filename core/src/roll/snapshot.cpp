#include "mailroll/audience/snapshot.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "audience/segment_rules.hpp"
#include "audience/snapshot_columns.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

/// Contacts of a page; with ten choices each it takes 6 MB.
constexpr std::size_t page_size = 8192;

/// Puts everybody of the range into the dynamic segments whose filters mean them.
void put_filtered(Session& session, TeamNumber team, const IdRange& range, const std::vector<Segment>& segments,
                  const detail::SegmentRules& rules, Time now, detail::ColumnsOfPeople& people) {
  constexpr Parts parts{.contact = true, .permission = true, .segments = true};
  std::vector<Person> page;
  IdRange rest = range;
  do {
    session.people(team, rest, parts, page_size, page);
    for (const Person& person : page) {
      if (!person.contact) continue;
      for (std::size_t place = 0; place < segments.size(); ++place) {
        if (segments[place].has_rows()) continue;
        const SegmentSet alone{.segment = segments[place].number, .parts = {}};
        if (rules.contains(alone, person, now)) people.put(person.id, place);
      }
    }
    if (!page.empty()) rest.first = detail::next_id(page.back().id);
  } while (page.size() == page_size && page.back().id != range.last);
}

}  // namespace

Snapshot Roll::snapshot(const ProgressFunction& progress) const {
  const Time as_of = state_->clock();  // before the state is chosen: an age is never said too small
  return state_->read([&](Session& session) {
    const TeamNumber team = state_->team.number;
    const std::vector<Segment> segments = session.segments(team);
    const auto rules = detail::SegmentRules::read(session, team, segments);
    detail::ColumnsOfPeople people(segments, session.topics(team), as_of);
    const bool incomplete = state_->incomplete(session);
    const std::optional<ChangeBounds> bounds = session.change_bounds(team);
    PeopleColumns page;
    IdRange rest;
    std::uint64_t done = 0;
    do {
      session.people_columns(team, rest, page_size, page);
      people.add(page);
      if (rules && !page.contacts.empty()) {
        put_filtered(session, team, {rest.first, page.contacts.back()}, segments, *rules, as_of, people);
      }
      done += page.contacts.size();
      if (progress && !progress({"load", done, 0})) {
        throw Error(ErrorKind::cancelled, "the snapshot was not loaded to its end; nothing is changed by that",
                    {{"reason", "cancelled"}});
      }
      if (!page.contacts.empty()) rest.first = detail::next_id(page.contacts.back());
    } while (page.contacts.size() == page_size && rest.first != ContactId{});
    detail::SnapshotColumns columns = std::move(people).finish();
    columns.team = state_->team.id;
    columns.incomplete = incomplete;
    columns.rules = rules;
    if (bounds) columns.cursor = bounds->newest;
    return Snapshot(std::make_shared<const detail::SnapshotColumns>(std::move(columns)));
  });
}

}  // namespace mailroll
