#include "mailroll/roll/reference.hpp"

#include "mailroll/error.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

namespace {

template <typename Noun>
Noun find_definition(const std::vector<Noun>& all, const std::string& text, const std::string& noun) {
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

Resolved resolve(RollState& roll, Session& session, const Who& who) {
  Resolved resolved;
  if (who.text.find('@') != std::string::npos) {
    resolved.address.emplace(who.text);
    if (roll.keys()->retired.empty()) {
      resolved.ids.push_back(roll.id_of(*resolved.address));
      return resolved;
    }
  }
  for (const Person& person : find_people(roll, session, who, {})) resolved.ids.push_back(person.id);
  return resolved;
}

ContactId resolve_one(RollState& roll, Session& session, const Who& who) {
  const Resolved resolved = resolve(roll, session, who);
  if (resolved.ids.empty()) {
    throw Error(ErrorKind::not_found, "there is no contact with that id", {{"reason", "contact_not_found"}});
  }
  if (resolved.ids.size() > 1) {
    std::string ids;
    for (const ContactId& id : resolved.ids) ids += (ids.empty() ? "" : " ") + to_string(id);
    throw Error(ErrorKind::conflict, "several contacts claim that old id; use one of their ids: " + ids,
                {{"reason", "ambiguous_alias"}, {"ids", ids}});
  }
  return resolved.ids.front();
}

Segment find_segment(RollState& roll, Session& session, const SegmentRef& ref) {
  return find_definition(session.segments(roll.team.number), ref.text, "segment");
}

Topic find_topic(RollState& roll, Session& session, const TopicRef& ref) {
  if (!ref.text)
    throw Error(ErrorKind::invalid, "name a topic: this cannot be about no topic", {{"reason", "no_topic"}});
  return find_definition(session.topics(roll.team.number), *ref.text, "topic");
}

}  // namespace mailroll::detail
