#include "mailroll/roll/segments.hpp"

#include <algorithm>

#include "audience/members.hpp"
#include "audience/people_meant.hpp"
#include "mailroll/error.hpp"
#include "roll/filter_uses.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t delete_batch = 10000;

/// Ids of contacts that exist, in the order given; locked.
std::vector<ContactId> existing(detail::RollState& roll, Session& session, const std::vector<Who>& contacts) {
  std::vector<ContactId> ids;
  ids.reserve(contacts.size());
  for (const Who& who : contacts) {
    const Person person = detail::lock_person(roll, session, who, {});
    if (!person.contact) {
      throw Error(ErrorKind::not_found, "there is no such contact; add it first (nothing was changed)",
                  {{"reason", "contact_not_found"}, {"index", std::to_string(ids.size())}});
    }
    ids.push_back(person.id);
  }
  return ids;
}

/// The distinct ones of `ids` that are (or are not) in the segment.
std::vector<Membership> select(detail::RollState& roll, Session& session, std::vector<ContactId> ids,
                               SegmentNumber segment, bool members) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Membership> selected;
  for (const ContactId& id : ids) {
    const Person person = session.person(roll.team.number, id, {.segments = true});
    const bool in = std::find(person.segments.begin(), person.segments.end(), segment) != person.segments.end();
    if (in == members) selected.push_back({id, segment});
  }
  return selected;
}

}  // namespace

Segment Segments::create(std::string_view name, std::string_view where) {
  Segment segment;
  segment.name = detail::checked_name(name, max_segment_name, "segment's name");
  return roll_->write([&](Session& session) {
    segment.created_at = segment.updated_at = roll_->clock();
    segment.id = SegmentId(make_uuid_v7(segment.created_at));
    if (!where.empty()) {
      session.lock_shared(roll_->team.number, 0);
      segment.filter = detail::checked_filter(session, roll_->team.number, where, {});
    }
    segment.number = SegmentNumber(session.take_numbers(roll_->team.number, 1));
    session.put_segment(roll_->team.number, segment);
    return segment;
  });
}

Segment Segments::get(const SegmentRef& segment) const {
  const detail::PooledSession session = roll_->session();
  return detail::find_segment(*roll_, *session, segment);
}

std::vector<Segment> Segments::list() const { return roll_->session()->segments(roll_->team.number); }

Segment Segments::rename(const SegmentRef& segment, std::string_view name) {
  const std::string checked = detail::checked_name(name, max_segment_name, "segment's name");
  return roll_->write([&](Session& session) {
    // All of it is written: what others made of it meanwhile would be as before, and what they deleted there again.
    session.lock_shared(roll_->team.number, 0);
    Segment found = detail::find_segment(*roll_, session, segment);
    if (found.name != checked) {
      found.name = checked;
      found.updated_at = roll_->clock();
      session.put_segment(roll_->team.number, found);
    }
    return found;
  });
}

Segment Segments::change_filter(const SegmentRef& segment, std::string_view where) {
  return roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    Segment found = detail::find_segment(*roll_, session, segment);
    if (found.filter.empty()) {
      throw Error(ErrorKind::refused,
                  "that segment is static; make a dynamic one: mailroll segments create NAME --where",
                  {{"reason", "static_segment"}});
    }
    const std::string filter = detail::checked_filter(session, roll_->team.number, where, found.number);
    if (found.filter != filter) {
      found.filter = filter;
      if (found.materialised) found.materialised = MaterialisedMembers{};  // they are those of another filter
      found.updated_at = roll_->clock();
      session.put_segment(roll_->team.number, found);
    }
    return found;
  });
}

std::string Segments::where(const SegmentRef& segment) const {
  const std::optional<Filter> found = filter(segment);
  return found ? to_string(*found) : std::string();
}

std::optional<Filter> Segments::filter(const SegmentRef& segment) const {
  return roll_->read([&](Session& session) {
    return detail::readable_filter(session, roll_->team.number, detail::find_segment(*roll_, session, segment));
  });
}

void Segments::remove(const SegmentRef& segment) {
  const Segment found = roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    Segment doomed = detail::find_segment(*roll_, session, segment);
    detail::check_unused(session, roll_->team.number, doomed);
    session.remove_segment(roll_->team.number, doomed.number);
    return doomed;
  });
  // The number is never given again, so what is left of a deletion that was interrupted belongs to nobody.
  std::size_t removed = 0;
  do {
    removed = roll_->write(
        [&](Session& session) { return session.remove_members(roll_->team.number, found.number, delete_batch); });
  } while (removed == delete_batch);
}

std::uint64_t Segments::add(const SegmentRef& segment, const std::vector<Who>& contacts) {
  return roll_->write([&](Session& session) {
    const Segment found = detail::find_static_segment(*roll_, session, segment);
    ChangeSet changes;
    changes.joined = select(*roll_, session, existing(*roll_, session, contacts), found.number, false);
    session.write(roll_->team.number, changes);
    return static_cast<std::uint64_t>(changes.joined.size());
  });
}

std::uint64_t Segments::take_out(const SegmentRef& segment, const std::vector<Who>& contacts) {
  return roll_->write([&](Session& session) {
    const Segment found = detail::find_static_segment(*roll_, session, segment);
    ChangeSet changes;
    changes.left = select(*roll_, session, existing(*roll_, session, contacts), found.number, true);
    session.write(roll_->team.number, changes);
    return static_cast<std::uint64_t>(changes.left.size());
  });
}

std::uint64_t Segments::count(const SegmentRef& segment) const {
  return roll_->read([&](Session& session) -> std::uint64_t {
    const TeamNumber team = roll_->team.number;
    const Segment found = detail::find_segment(*roll_, session, segment);
    if (found.has_rows()) return session.count_members(team, found.number);
    CandidateQuery query;
    query.with_profile = false;
    detail::Members members(team, detail::find_people_meant(*roll_, session, found), query, roll_->clock());
    std::uint64_t count = 0;
    std::vector<Candidate> page;
    do {
      members.next(session, page);
      count += page.size();
    } while (page.size() == query.limit);
    return count;
  });
}

}  // namespace mailroll
