/// Filters in JSON, for programs: the tree that the text means, one to one (docs/segments.md).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mailroll/audience/filter.hpp"
#include "mailroll/export.hpp"

namespace mailroll {

inline constexpr std::size_t max_filter_json_length = 200000;  ///< bytes; the text of it has its own bound

/// Reads a JSON object. Invalid, with details["reason"] = "filter" and details["path"], a JSON pointer to what is wrong,
/// where it is no filter or beyond the bounds of a text, brackets being counted that the text would need. Conditions and
/// values have their path in the place of a column, so that check_filter() answers with one too.
MAILROLL_EXPORT Filter filter_from_json(std::string_view text);

/// One line; filter_from_json() gives back the same conditions and values. Of a checked filter: to be checked again. Invalid
/// where something in it is not UTF-8.
MAILROLL_EXPORT std::string to_json(const Filter& filter);

/// In either form: JSON where it begins with {, which no text of a filter does.
MAILROLL_EXPORT Filter read_filter(std::string_view text);

}  // namespace mailroll
