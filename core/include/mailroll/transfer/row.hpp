/// A row of an input file, before anything is believed of it; and why a row is rejected.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/export.hpp"

namespace mailroll {

/// The fields that mean something to us. Everything else in a file is a property.
enum class Field : std::uint8_t {
  email,
  id,
  first_name,
  last_name,
  unsubscribed,
  unsubscribed_at,
  created_at,
  updated_at,
  audience,  ///< migrations only
};
inline constexpr std::size_t field_count = 9;

/// The field that a header names: any case, blanks, hyphens or underscores ("First Name", "first_name", "E-Mail");
/// nothing for another word.
MAILROLL_EXPORT bool parse_field(std::string_view header, Field& field);
MAILROLL_EXPORT std::string_view to_string(Field field);

/// Why a row is rejected (domain rules, part 6), in words: "address_empty", "encoding", "address_too_long",
/// "address_syntax", "address_characters", "address_domain", "value_type", "row_shape", "unknown_property",
/// "suppressed_erased".
enum class RejectReason : std::uint8_t {
  address_empty,
  encoding,
  address_too_long,
  address_syntax,
  address_characters,
  address_domain,
  value_type,
  row_shape,
  unknown_property,
  suppressed_erased,
};
inline constexpr std::size_t reject_reason_count = 10;
MAILROLL_EXPORT std::string_view to_string(RejectReason reason);

/// Text of the cells of one row. Views into the reader's buffer, good until its next call.
struct RawRow {
  std::uint64_t row = 0;   ///< 1-based data row in its file
  std::uint64_t line = 0;  ///< 1-based line where the row starts; 0 where the format has no lines (JSON arrays)
  std::string_view fields[field_count];  ///< "" where absent, empty or null; JSON true/false/numbers as their text
  /// Other columns with a value, in the order of the file. The name as the header or JSON key writes it.
  std::vector<std::pair<std::string_view, std::string_view>> properties;

  /// The row could not be taken apart: its reason is row_shape, encoding or value_type and `problem_column` names the column
  /// ("" for the row as a whole). Fields that could be read are there all the same (an opt-out must not be lost).
  bool broken = false;
  RejectReason problem{};
  std::string_view problem_column;
  std::string_view problem_value;  ///< that column's bytes as far as they are known, for value_hmac; not to be stored

  [[nodiscard]] std::string_view operator[](Field field) const { return fields[static_cast<std::size_t>(field)]; }
  std::string_view& operator[](Field field) { return fields[static_cast<std::size_t>(field)]; }
};

/// Reads the rows of one file in order. Bounded memory, whatever the file's size.
class RowReader {
 public:
  virtual ~RowReader() = default;
  /// False at the end. Throws Error(invalid) with "file" (and "line", "column") where the rest of the file cannot be read
  /// at all: unclosed quote, truncated JSON, JSON of another shape.
  virtual bool next(RawRow& row) = 0;
  /// Bytes taken from the file so far, for progress.
  [[nodiscard]] virtual std::uint64_t bytes_read() const = 0;
};

}  // namespace mailroll
