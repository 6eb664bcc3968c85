/// What somebody meant who mistyped a name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"

namespace mailroll {

/// The name that fewest letters separate from what was typed, or that begins with it; nothing where none is near.
MAILROLL_EXPORT std::optional<std::string> nearest_name(std::string_view typed, const std::vector<std::string>& known);

/// ` (did you mean 'NAME'?)`, or "" where no name is near.
MAILROLL_EXPORT std::string suggestion(std::string_view typed, const std::vector<std::string>& known);

}  // namespace mailroll
