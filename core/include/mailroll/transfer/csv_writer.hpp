/// Writes CSV that open_csv reads back cell by cell.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"

namespace mailroll {

/// Appends the cells as one record, ended by LF. Quoted (RFC 4180) is what holds a comma, a quote or a line end, and an
/// empty cell that is alone, since a blank line is no record. Nothing else is changed or guarded.
MAILROLL_EXPORT void append_csv_row(std::string& out, std::span<const std::string_view> cells);

}  // namespace mailroll
