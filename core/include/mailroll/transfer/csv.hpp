/// Reads contacts from CSV.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/transfer/column_map.hpp"
#include "mailroll/transfer/input_file.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

/// RFC 4180 with a header line, UTF-8 with or without byte order mark, line ends LF, CRLF or CR, quoted line ends.
/// Cells are given as written, blanks at their ends too. Blank lines are skipped and are no rows. A column without a
/// name is ignored.
///
/// Throws Error(invalid) with "file", "line" and "reason" at once for: an empty file, UTF-16, a header that is not UTF-8
/// or wrongly quoted, two columns of one name ("column" says which), no column for the address, a mapped column that
/// is not there, more than max_columns. While reading: a quote that is never closed ("line" where it was opened).
///
/// Broken rows, which do not end the reading (the first of these that applies):
///  - row_shape: too few cells (the leading ones are there), too many (the declared ones are there), a cell over 1 MiB or
///    a row over 4 MiB (all other cells are there), a quote inside an unquoted cell or text behind a closing quote (all
///    other cells where their number is right, else those before it);
///  - encoding: a cell that is not UTF-8 or has a NUL byte (all other cells are there).
MAILROLL_EXPORT std::unique_ptr<RowReader> open_csv(InputFile file, const ColumnMap& map = {});

/// The names of the header, ends trimmed, without the header's checks but for emptiness and encoding.
MAILROLL_EXPORT std::vector<std::string> read_csv_header(InputFile file);

}  // namespace mailroll
