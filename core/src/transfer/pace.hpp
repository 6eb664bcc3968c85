/// Tells progress about ten times a second, and hears when to stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "mailroll/error.hpp"
#include "mailroll/progress.hpp"

namespace mailroll::detail {

class Pace {
 public:
  explicit Pace(const ProgressFunction& progress) : progress_(progress) {}

  /// Throws Error(cancelled) where the caller asks to stop. Never call it with a transaction open.
  void tell(std::string_view phase, std::uint64_t done, std::uint64_t total, bool always = false) {
    if (!progress_) return;
    const auto now = std::chrono::steady_clock::now();
    if (!always && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    if (progress_({phase, done, total})) return;
    throw Error(ErrorKind::cancelled, "stopped as asked; what was written stays, and the same again completes it",
                {{"reason", "cancelled"}});
  }

 private:
  const ProgressFunction& progress_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace mailroll::detail
