/// Segments, as a caller handles them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/audience/filter.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/roll/reference.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

/// What bringing materialised members up to date did.
struct SegmentRefresh {
  std::uint64_t looked_at = 0;  ///< contacts
  std::uint64_t entered = 0;
  std::uint64_t left = 0;
  bool everybody = false;  ///< not only those who changed had to be looked at
  Time as_of{};
};

struct SegmentEvent {
  std::int64_t position = 0;
  ContactId contact;
  bool entered = false;  ///< else left

  bool operator==(const SegmentEvent&) const = default;
};

struct SegmentEvents {
  std::vector<SegmentEvent> items;
  std::int64_t next = 0;  ///< the position to go on from
};

class MAILROLL_EXPORT Segments {
 public:
  /// Names need not be unique. Invalid: an empty or too long name, or control characters in it.
  /// `where`: a filter, as text or as JSON, which makes the segment dynamic: whoever it means is in it, at every moment
  /// (docs/segments.md). Invalid with details["column"], or details["path"] of JSON, where it is none, or names what the team
  /// has not defined.
  Segment create(std::string_view name, std::string_view where = {});
  /// Another filter for a dynamic segment. Refused for a static one; invalid as in create(), or where the filter would lead
  /// back to the segment itself.
  Segment change_filter(const SegmentRef& segment, std::string_view where);
  /// The filter as people read it, with the names of segments and topics; "" for a static segment.
  [[nodiscard]] std::string where(const SegmentRef& segment) const;
  /// The same as a tree, for to_json(); nothing for a static segment.
  [[nodiscard]] std::optional<Filter> filter(const SegmentRef& segment) const;
  [[nodiscard]] Segment get(const SegmentRef& segment) const;
  [[nodiscard]] std::vector<Segment> list() const;  ///< by number, i.e. as made
  Segment rename(const SegmentRef& segment, std::string_view name);
  /// Deletes the segment and its memberships. Refused while a filter names it. Contacts and permission stay as they are.
  void remove(const SegmentRef& segment);
  /// Puts contacts in; refused for a dynamic segment. Each must exist (not_found names none of them, details["index"] says
  /// which). Permission stays as it is. Answers how many were not in it before.
  std::uint64_t add(const SegmentRef& segment, const std::vector<Who>& contacts);
  /// Takes contacts out. Answers how many were in it.
  std::uint64_t take_out(const SegmentRef& segment, const std::vector<Who>& contacts);
  /// Keeps the members of a dynamic segment as rows from now on and fills them in: who asks then reads those, as of the last
  /// refresh(), in place of asking the filter about everybody; and events() says who came and went. Refused for a static one.
  /// Stopped by `progress`, or broken off, it goes on with the next call; until it is done, the filter is asked.
  SegmentRefresh materialise(const SegmentRef& segment, const ProgressFunction& progress = {});
  /// Brings materialised members up to date, some hundred contacts in a transaction. Looks only at contacts that changed
  /// since, and whose consent ran out since, unless the filter has now() in it or the log of changes does not reach back.
  /// Refused, with reason not_materialised, for a segment whose members are not.
  SegmentRefresh refresh(const SegmentRef& segment, const ProgressFunction& progress = {});
  /// The filter is asked again from now on; the rows go. No event says that anybody left.
  Segment stop_materialising(const SegmentRef& segment);
  /// Who entered and left a materialised segment behind a position (exclusive), at most `limit` (1 to 10,000), in the order
  /// in which it was recorded; of one contact only what happened last. Whoever is erased has left. Refused, with reason
  /// changes_forgotten and details["position"], where changes behind `after` are no longer kept: read all members then, and go
  /// on from that position; and with reason no_change_log in stores that keep none.
  [[nodiscard]] SegmentEvents events(const SegmentRef& segment, std::int64_t after, std::size_t limit) const;
  [[nodiscard]] std::uint64_t count(const SegmentRef& segment) const;  ///< members, of a dynamic one those of now

 private:
  friend class Roll;
  explicit Segments(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
