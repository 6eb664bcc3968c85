/// Reads contacts from JSON as the old API answered: {"object": "list", "has_more": false, "data": [{...}, ...]}.
#pragma once

#include <memory>

#include "mailroll/export.hpp"
#include "mailroll/transfer/column_map.hpp"
#include "mailroll/transfer/input_file.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

/// The elements of "data", in order, each read as a line of NDJSON is (ndjson.hpp); other keys are passed over. An
/// element that is no object is a broken row (row_shape). Rows have no line. The whole file is held in memory, with
/// about as much again for its index.
///
/// Throws Error(invalid) with "file" and "reason", saying what was expected: at once for an empty file, UTF-16, a
/// document that is cut off, and one of another shape; while reading, with "line", where the document is no JSON.
MAILROLL_EXPORT std::unique_ptr<RowReader> open_json_list(InputFile file, ColumnMap map = {});

}  // namespace mailroll
