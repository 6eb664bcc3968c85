/// A Follower and what it answers with.
#include "follower.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

const py::call_guard<py::gil_scoped_release> without_gil;

py::object error_of(const PythonFollower& self) {
  const std::optional<Error> error = self.get().error();
  return error ? exception_of(*error) : py::none();
}

}  // namespace

void bind_follower(py::module_& module) {
  py::class_<PythonFollower>(
      module, "Follower",
      "A snapshot that follows its store: a thread refreshes it every half second, so that while the store answers, "
      "the "
      "latest is at most about a second old. Where a refresh had to load the whole team, the next one waits as long as "
      "that took. While the store fails it keeps the last snapshot and goes on trying. A context manager; may be "
      "shared "
      "by threads.",
      py::is_final(), plain_type())
      .def(
          "latest", [](const PythonFollower& self) { return self.get().latest(); }, without_gil,
          "The newest Snapshot. Never waits; after stop() it is the last one.")
      .def_property_readonly(
          "age",
          [](const PythonFollower& self) {
            return py::module_::import("datetime").attr("timedelta")(0, 0, self.get().age().count());
          },
          "How old the latest is: a timedelta.")
      .def_property_readonly("error", error_of, "Why the last refresh failed, an Error; None where it did not.")
      .def(
          "stop", [](const PythonFollower& self) { self.get().stop(); }, without_gil,
          "Ends the thread, and waits until what it is reading is read. Any number of times.")
      .def(
          "__enter__", [](const py::object& self) { return self; }, "Answers the follower itself.")
      .def(
          "__exit__",
          [](const PythonFollower& self, const py::args&) {
            const py::gil_scoped_release release;
            self.get().stop();
          },
          "Stops it.")
      .def("__repr__", [](const PythonFollower& self) {
        return "<mailroll.Follower of " + std::to_string(self.get().latest().contacts()) + " contacts, " +
               format_time(self.get().latest().as_of()) + ">";
      });
}

}  // namespace mailroll::python
