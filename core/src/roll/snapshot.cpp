#include "mailroll/audience/snapshot.hpp"

#include <utility>

#include "audience/snapshot_columns.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

/// Contacts of a page; with ten choices each it takes 6 MB.
constexpr std::size_t page_size = 8192;

}  // namespace

Snapshot Roll::snapshot(const ProgressFunction& progress) const {
  const Time as_of = state_->clock();  // before the state is chosen: an age is never said too small
  return state_->read([&](Session& session) {
    const TeamNumber team = state_->team.number;
    detail::ColumnsOfPeople people(session.segments(team), session.topics(team), as_of);
    const bool incomplete = state_->incomplete(session);
    PeopleColumns page;
    IdRange rest;
    std::uint64_t done = 0;
    do {
      session.people_columns(team, rest, page_size, page);
      people.add(page);
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
    return Snapshot(std::make_shared<const detail::SnapshotColumns>(std::move(columns)));
  });
}

}  // namespace mailroll
