/// Reads contacts from newline-delimited JSON: one object a line.
#pragma once

#include <memory>

#include "mailroll/export.hpp"
#include "mailroll/transfer/column_map.hpp"
#include "mailroll/transfer/input_file.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

/// UTF-8 with or without byte order mark; lines end in LF or CRLF; blank lines are skipped and are no rows. Keys name
/// fields as headers do (parse_field), every other key is a property. Numbers keep their text, true and false are
/// words, null and "" are absent. Of a key given twice the last value holds. An object under "properties" is taken
/// apart into properties: {"plan": "pro"} as well as {"plan": {"type": "string", "value": "pro"}}.
///
/// Throws Error(invalid) with "file" and "reason" at once for an empty file and for UTF-16.
///
/// Broken rows, which do not end the reading (the first that is met in the line):
///  - row_shape: no JSON, cut off, no object, a line over 4 MiB or a value over 1 MiB; what was read before a flaw is there;
///  - encoding: a cell that is not UTF-8, has a NUL or half a surrogate pair (all other cells are there);
///  - value_type: an array or object as a value, or a number beyond reading (all other cells are there).
MAILROLL_EXPORT std::unique_ptr<RowReader> open_ndjson(InputFile file, ColumnMap map = {});

}  // namespace mailroll
