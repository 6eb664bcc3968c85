/// Ctrl-C during long work: asks it to stop at its next safe point.
#pragma once

#include <csignal>

namespace mailroll::cli {

/// While it lives, the first SIGINT or SIGTERM is only noted; the second ends the program at once.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  [[nodiscard]] static bool asked_for();

 private:
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
};

}  // namespace mailroll::cli
