#include "open_roll.hpp"

namespace mailroll::python {

namespace {

using SegmentsNoun = NounOf<Segments>;
using Text = std::optional<std::string>;

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
          [](const SegmentsNoun& self, const std::string& name, const Text& where) {
            return self.roll->get().segments().create(name, where.value_or(""));
          },
          py::arg("name"), py::arg("where") = py::none(), without_gil,
          "Makes a segment. Names need not be unique; 1 to 200 characters, else Invalid. `where`: a filter such as "
          "\"plan = 'pro'\", which makes the segment dynamic: whoever it means is in it, at every moment; Invalid, "
          "with "
          "details['column'], where it is none.")
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
          [](const SegmentsNoun& self, const SegmentRef& segment, const Text& name, const Text& where) {
            Segments segments = self.roll->get().segments();
            // The filter first: it is what can be refused, and then nothing has changed.
            if (where) segments.change_filter(segment, *where);
            return name ? segments.rename(segment, *name) : segments.get(segment);
          },
          py::arg("segment"), py::kw_only(), py::arg("name") = py::none(), py::arg("where") = py::none(), without_gil,
          "Gives it another name, or a dynamic one another filter; answers the segment as it is now. Refused for the "
          "filter of a static one.")
      .def(
          "where",
          [](const SegmentsNoun& self, const SegmentRef& segment) {
            return self.roll->get().segments().where(segment);
          },
          py::arg("segment"), without_gil,
          "The filter as people read it, with the names of segments and topics; '' for a static segment.")
      .def(
          "remove",
          [](const SegmentsNoun& self, const SegmentRef& segment) { self.roll->get().segments().remove(segment); },
          py::arg("segment"), without_gil,
          "Deletes the segment and its memberships. Refused while a filter names it. Contacts and permission stay as "
          "they are.")
      .def("add", add, py::arg("segment"), py::arg("contacts"),
           "Puts contacts in, one or several; answers how many were not in it before. Permission stays as it is. "
           "Refused for a dynamic segment. "
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
