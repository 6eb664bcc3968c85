/// Text of users on a terminal: how wide it is, and without what could take the terminal over.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailroll::cli {

/// `text` with control characters, format characters that reorder text, and bytes that are no UTF-8 written out as
/// `\n`, `\t`, `\x1b` or `\u202e`.
std::string harmless(std::string_view text);

/// How many columns a terminal needs for it: 2 for wide East Asian letters and emoji, 0 for combining marks.
std::size_t display_width(std::string_view text);

}  // namespace mailroll::cli
