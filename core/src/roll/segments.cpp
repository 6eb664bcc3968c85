#include "mailroll/roll/segments.hpp"

#include <algorithm>

#include "mailroll/error.hpp"
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

Segment Segments::create(std::string_view name) {
  Segment segment;
  segment.name = detail::checked_name(name, max_segment_name, "segment's name");
  return roll_->write([&](Session& session) {
    segment.created_at = segment.updated_at = roll_->clock();
    segment.id = SegmentId(make_uuid_v7(segment.created_at));
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
    Segment found = detail::find_segment(*roll_, session, segment);
    if (found.name != checked) {
      found.name = checked;
      found.updated_at = roll_->clock();
      session.put_segment(roll_->team.number, found);
    }
    return found;
  });
}

void Segments::remove(const SegmentRef& segment) {
  const Segment found = roll_->write([&](Session& session) {
    Segment doomed = detail::find_segment(*roll_, session, segment);
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
    const Segment found = detail::find_segment(*roll_, session, segment);
    ChangeSet changes;
    changes.joined = select(*roll_, session, existing(*roll_, session, contacts), found.number, false);
    session.write(roll_->team.number, changes);
    return static_cast<std::uint64_t>(changes.joined.size());
  });
}

std::uint64_t Segments::take_out(const SegmentRef& segment, const std::vector<Who>& contacts) {
  return roll_->write([&](Session& session) {
    const Segment found = detail::find_segment(*roll_, session, segment);
    ChangeSet changes;
    changes.left = select(*roll_, session, existing(*roll_, session, contacts), found.number, true);
    session.write(roll_->team.number, changes);
    return static_cast<std::uint64_t>(changes.left.size());
  });
}

std::uint64_t Segments::count(const SegmentRef& segment) const {
  const detail::PooledSession session = roll_->session();
  return session->count_members(roll_->team.number, detail::find_segment(*roll_, *session, segment).number);
}

}  // namespace mailroll
