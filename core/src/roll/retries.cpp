#include "roll/retries.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include <sodium.h>

#include "roll/roll_state.hpp"

namespace mailroll::detail {
namespace {

constexpr int most_attempts = 12;
constexpr std::uint32_t longest_wait = 1000;  // milliseconds

}  // namespace

bool Retries::again(const Error& error) {
  if (error.kind() != ErrorKind::storage) return false;
  const std::string reason = error.reason();
  if (reason == "disconnected") lost_ = true;
  const bool may_succeed = reason == "contended" || reason == "disconnected" || (lost_ && reason == "unreachable");
  if (!may_succeed || ++attempt_ > most_attempts) return false;
  const std::uint64_t count = ++roll_.retried;
  roll_.log("a transaction is done again (" + reason + "; " + std::to_string(count) + " since the roll was opened)");
  // Whoever met once must not meet again at the same moment.
  const std::uint32_t wait = std::min(longest_wait, (lost_ ? 20U : 2U) << attempt_);
  std::this_thread::sleep_for(std::chrono::milliseconds(wait / 2 + randombytes_uniform(wait)));
  return true;
}

}  // namespace mailroll::detail
