/// The open roll that a Python Roll shares with everything got from it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include <sys/types.h>

#include "bind.hpp"

namespace mailroll::python {

/// May be used by many threads. Every use asks get(), so that close() and fork() are noticed.
class OpenRoll {
 public:
  explicit OpenRoll(Roll roll);
  ~OpenRoll();
  OpenRoll(const OpenRoll&) = delete;
  OpenRoll& operator=(const OpenRoll&) = delete;

  /// Error(invalid), reason "closed" after close(), or "forked" in a child of the process that opened it: engines forbid
  /// the use of a connection across fork().
  [[nodiscard]] Roll get() const;
  /// Throws as get() does.
  void must_be_open() const { static_cast<void>(get()); }
  /// Calls that are running end as they would have.
  void close();

 private:
  mutable std::mutex mutex_;
  std::optional<Roll> roll_;
  pid_t process_;
};

using SharedRoll = std::shared_ptr<OpenRoll>;

/// roll.contacts, roll.segments and so on: one class of Python for each Noun.
template <typename Noun>
struct NounOf {
  SharedRoll roll;
};

}  // namespace mailroll::python
