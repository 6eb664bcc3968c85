/// Long work seen from Python: progress, Ctrl-C, and exceptions of the caller's own function.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "bind.hpp"

namespace mailroll::python {

/// What a caller gives as `progress`: None or False for nothing, True for a bar, or a function(phase, done, total) that
/// answers False to stop. Whatever it is, signals are looked at, so that Ctrl-C stops the work.
class Reporter {
 public:
  explicit Reporter(const py::object& progress);
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  /// Runs `work(ProgressFunction)` without the GIL. An exception of the caller's function or of a signal ends the work at
  /// its next look, and is what is raised.
  template <typename Work>
  auto run(Work work) {
    const Ending ending{state_.get()};
    using Answer = std::invoke_result_t<Work, const ProgressFunction&>;
    try {
      std::optional<Answer> answer;
      {
        py::gil_scoped_release release;
        answer.emplace(work(function()));
      }
      raise_pending();
      return *std::move(answer);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled) raise_pending();
      throw;
    }
  }

 private:
  struct State {
    py::object callback;  ///< none once the work has ended: the core may keep the function longer
    py::object close;
    std::exception_ptr raised;
    bool report(const Progress& progress);
  };
  struct Ending {
    State* state;
    ~Ending();
  };

  [[nodiscard]] ProgressFunction function() const;
  void raise_pending();

  std::shared_ptr<State> state_;
};

}  // namespace mailroll::python
