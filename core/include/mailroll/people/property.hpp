/// Custom attributes of contacts: typed, defined per team.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

enum class PropertyType { string, number, boolean, datetime };
MAILROLL_EXPORT std::string_view to_string(PropertyType type);
MAILROLL_EXPORT std::optional<PropertyType> parse_property_type(std::string_view word);

using PropertyValue = std::variant<std::string, double, bool, Time>;
MAILROLL_EXPORT PropertyType type_of(const PropertyValue& value);
/// Text as people write it: 3 rather than 3.000000, true, RFC 3339.
MAILROLL_EXPORT std::string to_string(const PropertyValue& value);
/// Reads a cell as the type says (numbers: finite decimals; booleans: the words of `unsubscribed`; datetimes:
/// parse_time); nothing where the text is not of that type, as it stands (no trimming).
MAILROLL_EXPORT std::optional<PropertyValue> parse_property_value(PropertyType type, std::string_view text);

/// True for `[A-Za-z0-9_]{1,50}`; keys are case-sensitive.
MAILROLL_EXPORT bool is_property_key(std::string_view key);

/// The definition of a property in a team.
struct PropertyDefinition {
  std::string key;
  PropertyType type = PropertyType::string;
  std::optional<PropertyValue> fallback;  ///< shown where a contact has none; of the same type
  Time created_at{};

  bool operator==(const PropertyDefinition&) const = default;
};

/// The properties of one contact. Kept as one JSON object in canonical form (keys in byte order, no blanks), which is
/// what stores keep: strings, numbers and booleans as themselves, a datetime as {"time":"<RFC 3339>"}. Equal sets are
/// equal texts.
class MAILROLL_EXPORT Properties {
 public:
  Properties() = default;
  explicit Properties(const std::map<std::string, PropertyValue>& values);
  /// Takes a text that json() gave. Throws Error(storage, corrupt) on one that is no object; what is wrong inside an
  /// object is found by values(), so that reading many rows costs nothing.
  static Properties from_json(std::string text);

  [[nodiscard]] const std::string& json() const { return json_; }  ///< "" where there are none
  [[nodiscard]] bool empty() const { return json_.empty(); }
  [[nodiscard]] std::map<std::string, PropertyValue> values() const;  ///< throws Error(storage, corrupt)

  bool operator==(const Properties&) const = default;

 private:
  std::string json_;
};

}  // namespace mailroll
