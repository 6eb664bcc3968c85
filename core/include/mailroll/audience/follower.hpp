/// Follows a store: a snapshot that is always the newest.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"
#include "mailroll/export.hpp"

namespace mailroll {

namespace detail {
class Following;
}

/// Made by Roll::follow(). A thread of its own refreshes the snapshot every half second (Roll::refresh()), so that while the
/// store answers, the latest is at most about a second old. Where a refresh had to load the whole team, the next one waits as
/// long as that took. While the store fails it keeps the last snapshot and goes on trying. May be used by many threads; is moved,
/// not copied.
class MAILROLL_EXPORT Follower {
 public:
  Follower(Follower&&) noexcept;
  Follower& operator=(Follower&&) noexcept;
  /// As stop().
  ~Follower();

  /// Never waits. Goes on answering with the last one after stop().
  [[nodiscard]] Snapshot latest() const;
  /// How old the latest is by the roll's clock; never negative.
  [[nodiscard]] std::chrono::microseconds age() const;
  /// Why the last refresh failed; nothing where it did not.
  [[nodiscard]] std::optional<Error> error() const;
  /// Ends the thread, and waits until what it is reading is read. Any number of times.
  void stop() noexcept;

 private:
  friend class Roll;
  explicit Follower(std::unique_ptr<detail::Following> following);
  std::unique_ptr<detail::Following> following_;
};

}  // namespace mailroll
