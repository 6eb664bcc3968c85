/// Takes a CSV file apart into records and cells (RFC 4180; LF, CRLF or CR line ends). Knows nothing of what they mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mailroll/transfer/input_file.hpp"

namespace mailroll::detail {

struct CsvCell {
  std::string_view text;   ///< doubled quotes undone; "" where too long
  bool misquoted = false;  ///< a quote inside an unquoted cell, or something after the closing quote
  bool too_long = false;   ///< beyond max_cell, or in a record beyond max_row
  std::size_t begin = 0;   ///< while scanning: offset from the record's start
  std::size_t length = 0;
  bool doubled = false;
};

/// Memory: at most max_row, a block and a cell, whatever the file holds.
class CsvScanner {
 public:
  /// Skips a UTF-8 byte order mark. Throws Error(invalid) for UTF-16 and for a file without a byte.
  explicit CsvScanner(InputFile file);

  /// Cells beyond this many are counted, not kept.
  void keep(std::size_t cells) { keep_ = cells; }

  /// The next record that is not a blank line; false at the end. Throws Error(invalid) with file and line for a quote
  /// that is never closed.
  bool next();

  [[nodiscard]] const std::vector<CsvCell>& cells() const { return cells_; }  ///< views good until the next call
  [[nodiscard]] std::size_t cell_count() const { return count_; }             ///< with those not kept
  [[nodiscard]] bool flawless() const { return flawless_; }                   ///< no cell misquoted or too long
  [[nodiscard]] std::string_view bytes() const;                      ///< the record as written, less what was dropped
  [[nodiscard]] std::uint64_t line() const { return record_line_; }  ///< where the record starts, from 1
  [[nodiscard]] const InputFile& file() const { return file_; }

 private:
  bool refill();
  bool end_of_cell_is_record(std::size_t end);
  bool scan_cell();
  bool scan_unquoted();
  bool scan_quoted();
  void measure_cell(std::size_t end);
  void end_cell(std::size_t end);
  void finish_record();

  InputFile file_;
  std::vector<char> buffer_;
  std::size_t pos_ = 0;    // next byte to look at
  std::size_t end_ = 0;    // behind the last byte read
  std::size_t start_ = 0;  // of the record
  std::size_t record_end_ = 0;
  std::size_t cell_begin_ = 0;
  std::size_t kept_end_ = 0;    // behind the last byte of the record that somebody may still ask for
  std::size_t kept_bytes_ = 0;  // in the record's cells
  std::size_t keep_ = SIZE_MAX;
  std::size_t count_ = 0;
  std::uint64_t line_ = 1;  // of the byte at pos_
  std::uint64_t record_line_ = 1;
  bool after_cr_ = false;  // a LF at pos_ belongs to the CR before it
  bool at_end_ = false;
  bool cell_dropped_ = false;
  bool row_dropped_ = false;
  bool doubled_ = false;
  bool misquoted_ = false;
  bool flawless_ = true;
  bool any_doubled_ = false;
  std::vector<CsvCell> cells_;
};

}  // namespace mailroll::detail
