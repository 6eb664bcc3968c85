#include "open_roll.hpp"

namespace mailroll::python {

namespace {

using SegmentsNoun = NounOf<Segments>;

std::optional<Segment> find(const SegmentsNoun& self, const SegmentRef& segment) {
  try {
    return self.roll->get().segments().get(segment);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) return {};
    throw;
  }
}

std::uint64_t add(const SegmentsNoun& self, const SegmentRef& segment, const py::object& contacts) {
  const std::vector<Who> people = people_of(contacts);
  const py::gil_scoped_release release;
  return self.roll->get().segments().add(segment, people);
}

std::uint64_t take_out(const SegmentsNoun& self, const SegmentRef& segment, const py::object& contacts) {
  const std::vector<Who> people = people_of(contacts);
  const py::gil_scoped_release release;
  return self.roll->get().segments().take_out(segment, people);
}

}  // namespace

void bind_segments(py::module_& module) {
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  py::class_<SegmentsNoun>(
      module, "Segments",
      "roll.segments. Wherever a segment is meant: its name, its id, or a Segment. A name that several "
      "bear is a Conflict whose details['ids'] lists them.",
      py::is_final(), plain_type())
      .def(
          "create",
          [](const SegmentsNoun& self, const std::string& name) { return self.roll->get().segments().create(name); },
          py::arg("name"), without_gil, "Makes a segment. Names need not be unique; 1 to 200 characters, else Invalid.")
      .def(
          "get",
          [](const SegmentsNoun& self, const SegmentRef& segment) { return self.roll->get().segments().get(segment); },
          py::arg("segment"), without_gil, "The segment; NotFound where there is none.")
      .def("find", find, py::arg("segment"), without_gil, "The segment; None where there is none.")
      .def(
          "list", [](const SegmentsNoun& self) { return self.roll->get().segments().list(); }, without_gil,
          "All segments, as they were made.")
      .def(
          "update",
          [](const SegmentsNoun& self, const SegmentRef& segment, const std::string& name) {
            return self.roll->get().segments().rename(segment, name);
          },
          py::arg("segment"), py::kw_only(), py::arg("name"), without_gil,
          "Gives it another name; answers the segment as it is now.")
      .def(
          "remove",
          [](const SegmentsNoun& self, const SegmentRef& segment) { self.roll->get().segments().remove(segment); },
          py::arg("segment"), without_gil,
          "Deletes the segment and its memberships. Contacts and permission stay as they are.")
      .def("add", add, py::arg("segment"), py::arg("contacts"),
           "Puts contacts in, one or several; answers how many were not in it before. Permission stays as it is. "
           "NotFound, and "
           "nobody is put in, where one does not exist: details['index'] says which.")
      .def("take_out", take_out, py::arg("segment"), py::arg("contacts"),
           "Takes contacts out, one or several; answers how many were in it.")
      .def(
          "count",
          [](const SegmentsNoun& self, const SegmentRef& segment) {
            return self.roll->get().segments().count(segment);
          },
          py::arg("segment"), without_gil, "How many contacts are in it.");
}

}  // namespace mailroll::python
