#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "audience/segment_rules.hpp"
#include "audience/snapshot_fields.hpp"
#include "audience/snapshot_patch.hpp"
#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/change_log.hpp"

namespace mailroll {

namespace {

using detail::SnapshotColumns;
using detail::SnapshotPatch;

constexpr std::size_t people_at_once = 500;
constexpr std::size_t page_size = 8192;

/// Above it, reading everybody in order is quicker than reading those who changed one by one.
std::size_t most_to_read(const SnapshotColumns& older) { return 10'000 + older.ids.contacts() / 16; }

/// Nothing: the log does not reach back to the cursor, or it is quicker to load anew.
std::optional<std::vector<PersonChange>> changes_behind(Session& session, TeamNumber team, std::int64_t cursor,
                                                        const ChangeBounds& bounds, std::size_t most) {
  if (cursor < bounds.forgotten || cursor > bounds.newest) return std::nullopt;
  std::vector<PersonChange> all;
  bool too_many = false;
  detail::each_change(session, team, cursor, [&](const PersonChange& change) {
    too_many = all.size() == most;
    if (!too_many) all.push_back(change);
    return !too_many;
  });
  if (too_many) return std::nullopt;
  std::ranges::stable_sort(all, {}, &PersonChange::contact);
  return all;
}

/// False: there are too many of them.
bool read_anew(Session& session, TeamNumber team, SnapshotPatch& patch, std::size_t most) {
  constexpr Parts parts{.contact = true, .permission = true, .segments = true};
  std::size_t read = patch.to_read().size() + patch.known_in_ranges();
  if (read > most) return false;
  std::vector<Person> page;
  const std::span<const ContactId> ids(patch.to_read());
  for (std::size_t at = 0; at < ids.size(); at += people_at_once) {
    session.people_of(team, ids.subspan(at, std::min(people_at_once, ids.size() - at)), parts, page);
    for (const Person& person : page) patch.put(person);
  }
  std::size_t in_ranges = 0;
  for (IdRange rest : patch.ranges()) {
    do {
      session.people(team, rest, parts, page_size, page);
      for (const Person& person : page) patch.put(person);
      in_ranges += page.size();
      if (in_ranges > most) return false;
      if (!page.empty()) rest.first = next_id(page.back().id);
    } while (page.size() == page_size && page.back().id != rest.last);
  }
  return true;
}

struct Read {
  std::optional<SnapshotPatch> patch;
  std::size_t changes = 0;
  std::int64_t cursor = 0;
  bool incomplete = false;
};

/// Nothing in it: load anew. In the transaction that gives the last changes their positions, so that where writers exclude
/// each other everything is of one moment.
Read read_changes(detail::RollState& roll, Session& session, const SnapshotColumns& older, Time as_of) {
  const TeamNumber team = roll.team.number;
  Read read;
  const std::optional<ChangeBounds> bounds = session.change_bounds(team);
  if (!bounds) return read;
  detail::forget_old_changes(session, team, *bounds);
  const std::size_t most = most_to_read(older);
  const auto changes = changes_behind(session, team, *older.cursor, *bounds, most);
  if (!changes) return read;
  std::vector<Segment> segments = session.segments(team);
  auto rules = detail::SegmentRules::read(session, team, segments);
  if (rules && rules->lean_on_now()) return read;
  auto under = detail::under_definitions(older, std::move(segments), session.topics(team), std::move(rules));
  if (!under) return read;
  SnapshotPatch patch(*std::move(under), as_of);
  patch.apply(*changes);
  if (!read_anew(session, team, patch, most)) return read;
  read.patch.emplace(std::move(patch));
  read.changes = changes->size();
  read.cursor = bounds->newest;
  read.incomplete = roll.incomplete(session);
  return read;
}

}  // namespace

Refreshed Roll::refresh(const Snapshot& older, const ProgressFunction& progress) const {
  const SnapshotColumns& columns = *older.columns_;
  if (columns.team != state_->team.id) {
    throw Error(ErrorKind::invalid, "the snapshot is of another team; refresh it by a roll of its own",
                {{"reason", "other_team"}});
  }
  if (columns.fields) return {.snapshot = snapshot(columns.fields->names, progress), .changes = 0, .reloaded = true};
  const Time as_of = state_->clock();  // before the state is chosen: an age is never said too small
  const bool has_log =
      columns.cursor && as_of >= columns.as_of && state_->session()->change_bounds(state_->team.number).has_value();
  if (has_log) {
    std::optional<Read> read;
    while (!read) {
      read = state_->write([&](Session& session) -> std::optional<Read> {
        if (!detail::publish_changes(session, state_->team.number)) return std::nullopt;
        return read_changes(*state_, session, columns, as_of);
      });
    }
    if (read->patch) {
      SnapshotColumns now = (*std::move(read->patch)).finish();
      now.cursor = read->cursor;
      now.incomplete = read->incomplete;
      return {.snapshot = Snapshot(std::make_shared<const SnapshotColumns>(std::move(now))),
              .changes = read->changes,
              .reloaded = false};
    }
  }
  return {.snapshot = snapshot(progress), .changes = 0, .reloaded = true};
}

}  // namespace mailroll
