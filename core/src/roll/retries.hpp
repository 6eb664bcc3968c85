/// What is done again by itself: a transaction that others were in the way of, or whose connection was lost.
#pragma once

#include "mailroll/error.hpp"

namespace mailroll::detail {

struct RollState;

/// One transaction's attempts. The whole of it is repeated, from what it reads: whoever lost a connection does not know whether
/// a commit took place, and finds out by reading again. Ids of contacts are computed, and the same act twice is one.
class Retries {
 public:
  explicit Retries(RollState& roll) : roll_(roll) {}

  /// Whether the same again may succeed. Then it has waited, longer each time, by chance a little more or less, counted it in
  /// RollState::retried, and said so on the log. False after some seconds.
  bool again(const Error& error);

 private:
  RollState& roll_;
  int attempt_ = 0;
  bool lost_ = false;  ///< the server may be starting anew
};

}  // namespace mailroll::detail
