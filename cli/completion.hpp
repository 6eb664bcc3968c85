/// Completion scripts for shells, made from the command table.
#pragma once

#include <string>

namespace mailroll::cli {

std::string bash_completion();
std::string zsh_completion();

}  // namespace mailroll::cli
