/// A segment: the team's own grouping of contacts. People never see it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// That the members of a dynamic segment are kept as rows, as those of a static one are (Segments::materialise).
struct MaterialisedMembers {
  Time as_of{};                ///< whom the filter meant then; Time{}: not all are there yet, and nobody reads them
  std::int64_t position = -1;  ///< of the log of changes, up to which they are looked at; -1: everybody has to be

  bool operator==(const MaterialisedMembers&) const = default;
};

struct Segment {
  SegmentId id;
  SegmentNumber number{};
  std::string name;  ///< 1 to 200 characters; need not be unique
  Time created_at{};
  Time updated_at{};
  /// Of a dynamic segment, what its contacts have in common (docs/segments.md), naming segments and topics by id; "": the
  /// segment is static, and contacts are put in and taken out.
  std::string filter = {};
  std::optional<MaterialisedMembers> materialised = {};  ///< of dynamic segments

  /// Whether its members are read from rows: of a static segment, and of one whose members are materialised.
  [[nodiscard]] bool has_rows() const { return filter.empty() || (materialised && materialised->as_of != Time{}); }

  bool operator==(const Segment&) const = default;
};

/// Longest segment name, in characters (code points).
inline constexpr std::size_t max_segment_name = 200;

}  // namespace mailroll
