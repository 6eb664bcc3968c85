#include "mailroll/roll/reference.hpp"

#include "mailroll/error.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

namespace {

template <typename Noun>
const Noun& find_definition(const std::vector<Noun>& all, const std::string& text, const std::string& noun) {
  const std::optional<Uuid> id = parse_uuid(text);
  const Noun* found = nullptr;
  std::string ids;
  for (const Noun& one : all) {
    if (id && Uuid(one.id) == *id) return one;
    if (one.name != text) continue;
    ids += (ids.empty() ? "" : " ") + to_string(one.id);
    if (found == nullptr) found = &one;
  }
  if (found == nullptr) {
    throw Error(ErrorKind::not_found,
                "there is no " + noun + " of that name or id; `mailroll " + noun + "s list` shows those there are",
                {{"reason", noun + "_not_found"}});
  }
  if (ids.find(' ') != std::string::npos) {
    throw Error(ErrorKind::conflict, "several " + noun + "s bear that name; use one of their ids: " + ids,
                {{"reason", "ambiguous_name"}, {"ids", ids}});
  }
  return *found;
}

}  // namespace

const Topic& find_topic(const std::vector<Topic>& topics, const TopicRef& ref) {
  if (!ref.text)
    throw Error(ErrorKind::invalid, "name a topic: this cannot be about no topic", {{"reason", "no_topic"}});
  return find_definition(topics, *ref.text, "topic");
}

Segment find_segment(RollState& roll, Session& session, const SegmentRef& ref) {
  return find_definition(session.segments(roll.team.number), ref.text, "segment");
}

Segment find_static_segment(RollState& roll, Session& session, const SegmentRef& ref) {
  Segment segment = find_segment(roll, session, ref);
  if (!segment.filter.empty()) {
    throw Error(ErrorKind::refused,
                "that segment is dynamic: its filter says who is in it, so nobody can be put in or taken out",
                {{"reason", "dynamic_segment"}});
  }
  return segment;
}

Topic find_topic(RollState& roll, Session& session, const TopicRef& ref) {
  return find_topic(session.topics(roll.team.number), ref);
}

}  // namespace mailroll::detail
