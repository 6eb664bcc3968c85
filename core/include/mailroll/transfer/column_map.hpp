/// What columns mean where their own names do not say it: the `--map COLUMN=FIELD` of an import.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

/// Columns, property names and keys of one row; more than that is no contact list.
inline constexpr std::size_t max_columns = 4096;

class MAILROLL_EXPORT ColumnMap {
 public:
  ColumnMap() = default;
  /// Pairs of a column as the file writes it (ends trimmed) and what it is: a field's name (parse_field), a property key
  /// (`[A-Za-z0-9_]{1,50}`), or "" to leave it out. Throws Error(invalid) for anything else, and for a column named twice.
  explicit ColumnMap(std::vector<std::pair<std::string, std::string>> entries);
  /// The same from COLUMN=FIELD, split at the last "=".
  static ColumnMap parse(std::span<const std::string> entries);

  /// The name the column is to have: its own where the map does not speak of it.
  [[nodiscard]] std::string_view operator()(std::string_view column) const;
  /// Column, name.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// What one column is for.
struct ColumnUse {
  enum class Kind : std::uint8_t { field, property, ignored };
  Kind kind = Kind::ignored;  ///< a column without a name is ignored
  Field field{};
};

/// By the name that the map gave the column.
MAILROLL_EXPORT ColumnUse use_of(std::string_view name);

}  // namespace mailroll
