/// How long work says how far it is, and how it is stopped.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace mailroll {

struct Progress {
  /// "read", "plan", "write", "suppress", "check", "rekey", "copy", "verify", "load", "refresh": a word to show.
  std::string_view phase;
  std::uint64_t done = 0;   ///< in the unit of the phase: bytes for "read" and "suppress", contacts otherwise
  std::uint64_t total = 0;  ///< 0 while it is not known
};

/// Called on the caller's thread, about ten times a second and at the end of each phase. Answer false to stop: the work
/// ends with an Error of kind `cancelled`, and what is committed by then stays. May be empty.
using ProgressFunction = std::function<bool(const Progress&)>;

}  // namespace mailroll
