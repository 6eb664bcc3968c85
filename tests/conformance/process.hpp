/// Other processes of this program at work on the store, to be waited for or killed.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "conformance/work.hpp"

namespace mailroll::conformance {

class Process {
 public:
  /// Starts this program anew, to do `work`. What it says of errors is appended to the file `errors`.
  Process(const Work& work, const std::string& errors);
  Process(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process& operator=(Process&&) = delete;
  ~Process();  ///< kills it where it still runs

  void kill();
  /// Waits for its end; whether it ended with 0.
  bool ended_well();

 private:
  pid_t pid_ = -1;
};

/// Does all of it at once, in a process each. Throws Broken with what they said where one of them fails.
void do_at_once(const std::vector<Work>& works, const std::string& errors);

}  // namespace mailroll::conformance
