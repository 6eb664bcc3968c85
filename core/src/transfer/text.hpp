/// Small questions about the bytes of cells, asked by every reader.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mailroll/transfer/row.hpp"

namespace mailroll {

inline constexpr std::size_t max_cell = std::size_t{1}
                                        << 20;                ///< bytes; a longer cell makes its row broken (row_shape)
inline constexpr std::size_t max_row = std::size_t{4} << 20;  ///< bytes; so does a longer row

/// Without ASCII blanks and line ends at both ends.
std::string_view trimmed(std::string_view text);
/// UTF-8 without NUL bytes.
bool is_text(std::string_view bytes);
/// A column's name as messages may show it: one short line, and no address, which a file without a header has there.
std::string shown_name(std::string_view name);
/// Throws Error(invalid), reason "encoding", where the file begins as UTF-16 or UTF-32 does. `shown` and `path` name it.
void refuse_utf16(std::string_view beginning, const std::string& shown, const std::string& path);
/// Throws Error(invalid), reason "empty".
[[noreturn]] void refuse_empty(const std::string& shown, const std::string& path);

/// Forgets what the row before held, and keeps its memory.
void clear(RawRow& row);

inline constexpr std::string_view utf8_bom = "\xEF\xBB\xBF";

}  // namespace mailroll
