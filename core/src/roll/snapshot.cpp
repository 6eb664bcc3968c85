#include "mailroll/audience/snapshot.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audience/segment_rules.hpp"
#include "audience/snapshot_columns.hpp"
#include "audience/snapshot_fields.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

/// Contacts of a page; with ten choices each it takes 6 MB.
constexpr std::size_t page_size = 8192;

/// What is made of whole people, page by page.
struct Wanted {
  const std::vector<Segment>& segments;
  const detail::SegmentRules* rules;  ///< nothing: no segment is dynamic
  detail::FieldsOfPeople* fields;     ///< nothing: no columns are wanted
  Time now;
};

/// Puts everybody of the page into the dynamic segments whose filters mean them, and their values into columns. Ordinals of the
/// page begin with `first`.
void read_profiles(Session& session, TeamNumber team, const IdRange& range, const PeopleColumns& ids, std::size_t first,
                   const Wanted& wanted, detail::ColumnsOfPeople& people) {
  const bool with_rules = wanted.rules != nullptr;
  const Parts parts{.contact = true, .permission = with_rules, .segments = with_rules};
  std::vector<Person> page;
  IdRange rest = range;
  std::size_t at = 0;
  do {
    session.people(team, rest, parts, page_size, page);
    for (const Person& person : page) {
      if (!person.contact) continue;
      if (wanted.fields != nullptr) {
        while (ids.contacts[at] < person.id) ++at;
        wanted.fields->add(*person.contact, first + at);
      }
      if (!with_rules) continue;
      for (std::size_t place = 0; place < wanted.segments.size(); ++place) {
        if (wanted.segments[place].has_rows()) continue;
        const SegmentSet alone{.segment = wanted.segments[place].number, .parts = {}};
        if (wanted.rules->contains(alone, person, wanted.now)) people.put(person.id, place);
      }
    }
    if (!page.empty()) rest.first = next_id(page.back().id);
  } while (page.size() == page_size && page.back().id != range.last);
}

/// With the columns that are named; nothing: without any.
detail::SnapshotColumns load(detail::RollState& roll, const std::vector<std::string>* names,
                             const ProgressFunction& progress) {
  const Time as_of = roll.clock();  // before the state is chosen: an age is never said too small
  return roll.read([&](Session& session) {
    const TeamNumber team = roll.team.number;
    const std::vector<Segment> segments = session.segments(team);
    const auto rules = detail::SegmentRules::read(session, team, segments);
    const std::vector<Topic> topics = session.topics(team);
    detail::ColumnsOfPeople people(segments, topics, as_of);
    std::optional<detail::FieldsOfPeople> fields;
    if (names != nullptr) fields.emplace(*names, session.properties(team), topics);
    const Wanted wanted{.segments = segments,
                        .rules = rules.get(),
                        .fields = fields && fields->need_profiles() ? &*fields : nullptr,
                        .now = as_of};
    const bool incomplete = roll.incomplete(session);
    const std::optional<ChangeBounds> bounds = session.change_bounds(team);
    PeopleColumns page;
    IdRange rest;
    std::uint64_t done = 0;
    do {
      session.people_columns(team, rest, page_size, page);
      people.add(page);
      if (fields) fields->add(page, done);
      if ((rules || wanted.fields != nullptr) && !page.contacts.empty()) {
        read_profiles(session, team, {rest.first, page.contacts.back()}, page, done, wanted, people);
      }
      done += page.contacts.size();
      if (progress && !progress({"load", done, 0})) {
        throw Error(ErrorKind::cancelled, "the snapshot was not loaded to its end; nothing is changed by that",
                    {{"reason", "cancelled"}});
      }
      if (!page.contacts.empty()) rest.first = next_id(page.contacts.back());
    } while (page.contacts.size() == page_size && rest.first != ContactId{});
    detail::SnapshotColumns columns = std::move(people).finish();
    if (fields) {
      const std::size_t bits = columns.words() * detail::word_bits;
      columns.fields = std::make_shared<const detail::SnapshotFields>((*std::move(fields)).finish(done, bits));
    }
    columns.team = roll.team.id;
    columns.incomplete = incomplete;
    columns.rules = rules;
    if (bounds) columns.cursor = bounds->newest;
    return columns;
  });
}

}  // namespace

Snapshot Roll::snapshot(const ProgressFunction& progress) const {
  return Snapshot(std::make_shared<const detail::SnapshotColumns>(load(*state_, nullptr, progress)));
}

Snapshot Roll::snapshot(const std::vector<std::string>& columns, const ProgressFunction& progress) const {
  return Snapshot(std::make_shared<const detail::SnapshotColumns>(load(*state_, &columns, progress)));
}

}  // namespace mailroll
