/// What dynamic segments' filters lean on: it is not deleted under them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mailroll/audience/filter.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// Reads, in either form, checks and names by id what somebody wrote as the filter of `self` (0: a segment that is not made
/// yet). Invalid with reason "filter", also where the filter would lead back to `self`.
std::string checked_filter(Session& session, TeamNumber team, std::string_view text, SegmentNumber self);

/// The filter as people read it, with names; nothing of a static segment.
std::optional<Filter> readable_filter(Session& session, TeamNumber team, const Segment& segment);

/// Refused, with reason used_by_filter and the segments' ids, where a filter names it.
void check_unused(Session& session, TeamNumber team, const Segment& segment);
void check_unused(Session& session, TeamNumber team, const Topic& topic);
void check_unused(Session& session, TeamNumber team, const PropertyDefinition& property);

}  // namespace mailroll::detail
