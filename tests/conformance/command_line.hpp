/// What was typed, and what the program says of itself.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/trial.hpp"
#include "conformance/work.hpp"
#include "mailroll/store/capability.hpp"

namespace mailroll::conformance {

/// The command line is wrong. The text repeats nothing that was typed.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Arguments {
  Settings settings;
  std::string only;                           ///< "": every case
  std::optional<Capabilities> allowed_skips;  ///< nothing: any
  std::optional<Work> work;                   ///< this is another process of a case
  bool help = false;
  bool version = false;
  bool list = false;
};

/// Throws UsageError.
Arguments parse_command_line(const std::vector<std::string>& words);

std::string help_text();

/// Whether a case of this name is meant by --only: a part of its name, or all of it with * and ?.
bool is_meant(const std::string& only, std::string_view name);

}  // namespace mailroll::conformance
