/// A filter as a tree: what every filter is once it is read. Reading, checking and writing: audience/filter.hpp; whom it means:
/// store/filter_match.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mailroll/people/property.hpp"

namespace mailroll {

enum class FilterField : std::uint8_t { email, email_domain, first_name, last_name, created_at, updated_at };

[[nodiscard]] constexpr PropertyType type_of(FilterField field) {
  return field == FilterField::created_at || field == FilterField::updated_at ? PropertyType::datetime
                                                                              : PropertyType::string;
}

/// What is compared.
struct FilterValue {
  enum class Kind : std::uint8_t { literal, field, property, now };
  Kind kind = Kind::literal;
  PropertyValue literal;  ///< of a time, in a filter that is not checked yet: its text
  FilterField field{};
  std::string property;            ///< its key
  std::chrono::seconds offset{0};  ///< added to a time
  std::size_t column = 0;          ///< in characters, from 1; 0: it was not read from a text
  std::string path = {};           ///< where it stands in JSON, a JSON pointer; "" of a text

  bool operator==(const FilterValue&) const = default;
};

enum class FilterOperation : std::uint8_t {
  all,       ///< `and` of all parts
  any,       ///< `or` of all parts
  negation,  ///< `not` of the one part
  equal,     ///< of two values, as the next five
  unequal,
  less,
  at_most,
  greater,
  at_least,
  one_of,       ///< the first value among the others
  between,      ///< the first value from the second to the third, both inclusive
  like,         ///< the first value by the pattern that is the second
  starts_with,  ///< the first value by the text that is the second
  is_null,      ///< of one value; never unknown
  holds,        ///< one boolean value alone
  in_segment,   ///< `name` is a segment; as the next three, never unknown
  opted_in,     ///< `name` is a topic
  opted_out,
  receives,
  unsubscribed,  ///< from everything
};

/// The operation that says of two values the other way round what this one says.
[[nodiscard]] constexpr FilterOperation mirrored(FilterOperation operation) {
  switch (operation) {
    case FilterOperation::less: return FilterOperation::greater;
    case FilterOperation::at_most: return FilterOperation::at_least;
    case FilterOperation::greater: return FilterOperation::less;
    case FilterOperation::at_least: return FilterOperation::at_most;
    default: return operation;
  }
}

struct Filter {
  FilterOperation operation = FilterOperation::all;
  std::vector<Filter> parts;
  std::vector<FilterValue> values;
  std::string name;         ///< of a segment or topic: name or id; once checked, its id
  std::int32_t number = 0;  ///< once checked, the number of that segment or topic
  std::size_t column = 0;
  std::string path = {};

  bool operator==(const Filter&) const = default;
};

}  // namespace mailroll
