/// What Python calls a Follower.
#pragma once

#include <memory>
#include <utility>

#include "bind.hpp"

namespace mailroll::python {

/// Ends without the GIL: the thread that it waits for may be telling Python's log something.
class PythonFollower {
 public:
  explicit PythonFollower(Follower follower) : follower_(std::make_unique<Follower>(std::move(follower))) {}
  PythonFollower(PythonFollower&&) = default;
  PythonFollower& operator=(PythonFollower&&) = delete;
  ~PythonFollower() {
    if (!follower_) return;
    const py::gil_scoped_release release;
    follower_.reset();
  }
  [[nodiscard]] Follower& get() const { return *follower_; }

 private:
  std::unique_ptr<Follower> follower_;
};

}  // namespace mailroll::python
