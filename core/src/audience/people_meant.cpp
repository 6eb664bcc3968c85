#include "audience/people_meant.hpp"

#include <algorithm>
#include <vector>

namespace mailroll::detail {

People find_people_meant(RollState& roll, Session& session, const SegmentRef& text) {
  const std::vector<Segment> segments = session.segments(roll.team.number);
  People people{.set = resolve(expression_of(text, segments), segments), .segment = {}, .said = text.text, .rules = {}};
  people.rules = SegmentRules::read(session, roll.team.number, people.set, segments);
  if (people.set.operation == SetOperation::segment) {
    people.segment = *std::ranges::find(segments, people.set.segment, &Segment::number);
    people.said = people.segment->name;
  }
  return people;
}

}  // namespace mailroll::detail
