/// Whom a caller's text means: a segment, or an expression of several.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "audience/segment_rules.hpp"
#include "mailroll/audience/expression.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/roll/reference.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

struct People {
  SegmentSet set;
  std::optional<Segment> segment;             ///< where it is just one
  std::string said;                           ///< its name, or the expression as it was said
  std::shared_ptr<const SegmentRules> rules;  ///< nothing where all its segments are static

  /// `person`: with contact, permission and segments.
  [[nodiscard]] bool contains(const Person& person, Time now) const {
    return rules ? rules->contains(set, person, now) : set.contains(person.segments);
  }
};

/// Invalid, not_found or conflict as parse_expression() and resolve() say.
People find_people_meant(RollState& roll, Session& session, const SegmentRef& text);

}  // namespace mailroll::detail
