/// What the cells of typed columns say.
#pragma once

#include <optional>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// "true t yes y 1 unsubscribed" and "false f no n 0 subscribed" in any case, blanks at the ends aside; empty means
/// false. Nothing for another word, which rejects its row (value_type): a word is never guessed at.
MAILROLL_EXPORT std::optional<bool> parse_unsubscribed(std::string_view text);

/// A time as parse_time reads it, blanks at the ends aside; `time` is nothing where the cell is empty. False for another
/// form, which rejects its row (value_type).
MAILROLL_EXPORT bool parse_time_cell(std::string_view text, std::optional<Time>& time);

}  // namespace mailroll
