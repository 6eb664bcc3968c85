/// A segment: the team's own grouping of contacts. People never see it.
#pragma once

#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

struct Segment {
  SegmentId id;
  SegmentNumber number{};
  std::string name;  ///< 1 to 200 characters; need not be unique
  Time created_at{};
  Time updated_at{};
  /// Of a dynamic segment, what its contacts have in common (docs/segments.md), naming segments and topics by id; "": the
  /// segment is static, and contacts are put in and taken out.
  std::string filter = {};

  bool operator==(const Segment&) const = default;
};

/// Longest segment name, in characters (code points).
inline constexpr std::size_t max_segment_name = 200;

}  // namespace mailroll
