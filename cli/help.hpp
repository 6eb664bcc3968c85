/// Help at every level, made from the command table.
#pragma once

#include <string>
#include <string_view>

#include "command.hpp"

namespace mailroll::cli {

std::string help_of_program();
std::string help_of_noun(std::string_view noun);
std::string help_of(const Command& command);

/// `mailroll contacts add EMAIL [--first-name TEXT] ...`
std::string synopsis(const Command& command);

}  // namespace mailroll::cli
