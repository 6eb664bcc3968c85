/// A filter: which contacts a dynamic segment has. Grammar, meaning and examples: docs/segments.md.
///
/// Read into a tree with columns, checked against what the team has defined, and evaluated in the core, or by a store that can
/// say the same of the tree: never given to a database as text. Three-valued as in SQL: what is compared with something that a
/// contact does not have is unknown, and a contact is in the segment where the whole is true.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/people/filter_tree.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/store/filter_match.hpp"

namespace mailroll {

MAILROLL_EXPORT std::string_view to_string(FilterField field);

inline constexpr std::size_t max_filter_length = 20000;     ///< bytes
inline constexpr std::size_t max_filter_depth = 100;        ///< `not` and brackets inside each other
inline constexpr std::size_t max_filter_conditions = 1000;  ///< and as many values

/// Reads a text. Invalid, with details["reason"] = "filter" and details["column"], where it is none or beyond the bounds.
MAILROLL_EXPORT Filter parse_filter(std::string_view text);
/// The text; parse_filter() gives back a filter that means the same.
MAILROLL_EXPORT std::string to_string(const Filter& filter);

/// What a team has defined.
struct FilterNames {
  std::span<const PropertyDefinition> properties;
  std::span<const Segment> segments;
  std::span<const Topic> topics;
};

/// Finds every name and checks every type; texts that are compared with times become times, names become ids. Invalid, with
/// reason "filter" and the column (or path, of JSON: filter_json.hpp), where a name is nobody's (and says the nearest) or
/// several's, or types do not fit.
MAILROLL_EXPORT Filter check_filter(Filter filter, const FilterNames& names);

/// The same with names in the place of ids, where only one segment or topic bears the name: to show to people.
MAILROLL_EXPORT Filter with_names(Filter filter, const FilterNames& names);

}  // namespace mailroll
