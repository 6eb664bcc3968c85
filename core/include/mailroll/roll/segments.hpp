/// Segments, as a caller handles them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/roll/reference.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

class MAILROLL_EXPORT Segments {
 public:
  /// Names need not be unique. Invalid: an empty or too long name, or control characters in it.
  /// `where`: a filter, which makes the segment dynamic: whoever it means is in it, at every moment (docs/segments.md).
  /// Invalid with details["column"] where it is none, or names what the team has not defined.
  Segment create(std::string_view name, std::string_view where = {});
  /// Another filter for a dynamic segment. Refused for a static one; invalid as in create(), or where the filter would lead
  /// back to the segment itself.
  Segment change_filter(const SegmentRef& segment, std::string_view where);
  /// The filter as people read it, with the names of segments and topics; "" for a static segment.
  [[nodiscard]] std::string where(const SegmentRef& segment) const;
  [[nodiscard]] Segment get(const SegmentRef& segment) const;
  [[nodiscard]] std::vector<Segment> list() const;  ///< by number, i.e. as made
  Segment rename(const SegmentRef& segment, std::string_view name);
  /// Deletes the segment and its memberships. Refused while a filter names it. Contacts and permission stay as they are.
  void remove(const SegmentRef& segment);
  /// Puts contacts in; refused for a dynamic segment. Each must exist (not_found names none of them, details["index"] says which). Permission stays as it
  /// is. Answers how many were not in it before.
  std::uint64_t add(const SegmentRef& segment, const std::vector<Who>& contacts);
  /// Takes contacts out. Answers how many were in it.
  std::uint64_t take_out(const SegmentRef& segment, const std::vector<Who>& contacts);
  [[nodiscard]] std::uint64_t count(const SegmentRef& segment) const;  ///< members, of a dynamic one those of now

 private:
  friend class Roll;
  explicit Segments(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
