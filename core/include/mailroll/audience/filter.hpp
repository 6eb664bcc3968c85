/// A filter: which contacts a dynamic segment has. Grammar, meaning and examples: docs/segments.md.
///
/// Read into a tree with columns, checked against what the team has defined, and evaluated in the core: never given to a
/// database as text. Three-valued as in SQL: what is compared with something that a contact does not have is unknown, and a
/// contact is in the segment where the whole is true.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/store/person.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

enum class FilterField : std::uint8_t { email, email_domain, first_name, last_name, created_at, updated_at };
MAILROLL_EXPORT std::string_view to_string(FilterField field);

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
/// reason "filter" and the column (or path, of JSON: filter_json.hpp), where a name is nobody's (and says the nearest) or several's, or types do not fit.
MAILROLL_EXPORT Filter check_filter(Filter filter, const FilterNames& names);

/// The same with names in the place of ids, where only one segment or topic bears the name: to show to people.
MAILROLL_EXPORT Filter with_names(Filter filter, const FilterNames& names);

enum class Truth : std::uint8_t { no, yes, unknown };

/// A contact as filters see it.
struct FilterSubject {
  const Person& person;  ///< with contact, permission and segments
  Time now{};
  std::span<const Topic> topics;
  std::function<bool(SegmentNumber)> in_segment;
  /// The contact's properties, read when a filter first asks for one.
  mutable std::optional<std::map<std::string, PropertyValue>> properties = {};
};

/// Of a checked filter. Pure.
MAILROLL_EXPORT Truth evaluate(const Filter& filter, const FilterSubject& subject);

}  // namespace mailroll
