/// A roll on memory and on SQLite, with a clock that the test moves; and processes of their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"
#include "transfer_files.hpp"

namespace mailroll::testing {

/// What `act` answers to: "done", or kind and reason of its error.
template <typename Act>
std::string outcome_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return std::string(to_string(error.kind())) + ":" + error.reason();
  }
  return "done";
}

class EachStore : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::string url() const {
    return GetParam() == "memory" ? "memory://" : "sqlite:///" + folder_.path() + "/roll.db";
  }
  [[nodiscard]] Roll open_as(Actor actor) const {
    return mailroll::open(url(),
                          {.team = "default", .actor = actor, .key_file = "", .clock = [now = now_] { return *now; }});
  }
  void pass(std::chrono::microseconds time) const { *now_ += time; }
  [[nodiscard]] Time now() const { return *now_; }
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::shared_ptr<Time> now_ = std::make_shared<Time>(*parse_time("2026-03-01T12:00:00Z"));
};

inline std::string store_of(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

/// Runs `work` in a process of its own, which ends with 0, or with 1 where `work` throws. A store that is open here must not
/// be used there.
inline pid_t in_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "a process of the test: %s\n", error.what());
    ::_exit(1);
  }
  ::_exit(0);
}

/// Waits for the process; whether it ended well.
inline bool ended_well(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace mailroll::testing
