#include "reporter.hpp"

namespace mailroll::python {

Reporter::Reporter(const py::object& progress)
    : state_(new State, [](State* state) {
        // The core may let go of its last copy in a thread that does not hold the GIL.
        const py::gil_scoped_acquire acquire;
        delete state;
      }) {
  if (progress.is_none() || progress.is(py::bool_(false))) return;
  if (progress.is(py::bool_(true))) {
    state_->callback = py::module_::import("mailroll._progress").attr("Bar")();
    state_->close = state_->callback.attr("close");
  } else if (PyCallable_Check(progress.ptr()) != 0) {
    state_->callback = progress;
  } else {
    throw py::type_error("progress must be True, False, None or a function(phase, done, total)");
  }
}

bool Reporter::State::report(const Progress& progress) {
  const py::gil_scoped_acquire acquire;
  if (raised) return false;
  try {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (!callback) return true;
    const py::str phase(progress.phase.data(), progress.phase.size());
    return !callback(phase, progress.done, progress.total).is(py::bool_(false));
  } catch (const py::error_already_set&) {
    raised = std::current_exception();
    return false;
  }
}

ProgressFunction Reporter::function() const {
  return [state = state_](const Progress& progress) { return state->report(progress); };
}

void Reporter::raise_pending() {
  if (state_->raised) std::rethrow_exception(std::exchange(state_->raised, nullptr));
}

Reporter::Ending::~Ending() {
  if (state->close) {
    try {
      state->close();
    } catch (py::error_already_set& raised) {
      raised.discard_as_unraisable("drawing progress");
    }
  }
  state->callback = py::object();
  state->close = py::object();
  state->raised = nullptr;
}

}  // namespace mailroll::python
