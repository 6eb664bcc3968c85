/// Which property a file's other columns are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mailroll/people/property.hpp"

namespace mailroll::detail {

/// The key of a column's name: characters outside [A-Za-z0-9_] become "_"; at most 50 of them.
std::string property_key_of(std::string_view column_name);

/// The properties that an input speaks of, over all its files. Filled by one thread, then only read.
class PropertyColumns {
 public:
  struct Column {
    std::string key;
    PropertyType type = PropertyType::string;
    bool defined = false;  ///< in the team already; else it becomes a string where columns may define one
  };

  explicit PropertyColumns(const std::vector<PropertyDefinition>& known);

  /// From here on names belong to this file: two of them with one key are an error.
  void begin_file(std::string_view shown);
  /// Index of the property that a column's name means. Throws Error(invalid), "columns_clash".
  std::uint32_t index_of(std::string_view column_name);

  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  template <typename Value>
  using ByText = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  std::vector<Column> columns_;
  ByText<std::uint32_t> by_key_;
  ByText<PropertyType> known_;
  ByText<std::uint32_t> names_;            // of this file
  std::vector<std::string> name_of_file_;  // by index of the property: the name that this file gives it
  std::string shown_file_;
};

}  // namespace mailroll::detail
