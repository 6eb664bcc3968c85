/// Errors, said in one line, and the exit codes that scripts tell them by.
#pragma once

#include <string>

#include "mailroll/error.hpp"
#include "printer.hpp"

namespace mailroll::cli {

/// 2 for what was typed wrongly, 3 not found, 4 refused, 6 for a store that cannot be opened, else 1.
int exit_code_of(const Error& error);

/// Prints one line on standard error: `mailroll: ...`, or {"error": {...}} where programs read along.
void print_error(Format format, const std::string& kind, const std::string& message, const ErrorDetails& details = {});
void print_error(Format format, const Error& error);

}  // namespace mailroll::cli
