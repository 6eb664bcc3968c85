#include "open_roll.hpp"
#include "reporter.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using SegmentsNoun = NounOf<Segments>;
using Text = std::optional<std::string>;
using Where = std::optional<FilterText>;

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

SegmentRefresh materialise(const SegmentsNoun& self, const SegmentRef& segment, const py::object& progress) {
  return Reporter(progress).run(
      [&](const ProgressFunction& report) { return self.roll->get().segments().materialise(segment, report); });
}

SegmentRefresh refresh(const SegmentsNoun& self, const SegmentRef& segment, const py::object& progress) {
  return Reporter(progress).run(
      [&](const ProgressFunction& report) { return self.roll->get().segments().refresh(segment, report); });
}

void bind_values(py::module_& module) {
  ValueClass<SegmentRefresh>(module, "SegmentRefresh", "What bringing materialised members up to date did.")
      .field("looked_at", &SegmentRefresh::looked_at, "Contacts.")
      .field("entered", &SegmentRefresh::entered, "Contacts that came in.")
      .field("left", &SegmentRefresh::left, "Contacts that went out.")
      .field("everybody", &SegmentRefresh::everybody, "Whether not only those who changed had to be looked at.")
      .field("as_of", &SegmentRefresh::as_of, "UTC.");
  ValueClass<SegmentEvent>(module, "SegmentEvent", "Somebody entered or left a materialised segment.")
      .field("position", &SegmentEvent::position, "The cursor: ask for what is after it.")
      .field("contact", &SegmentEvent::contact, "The contact's id.")
      .field("entered", &SegmentEvent::entered, "False: left.");
  ValueClass<SegmentEvents>(module, "SegmentEvents", "A part of a segment's events.")
      .field("items", &SegmentEvents::items, "In the order in which they were recorded.")
      .field("next", &SegmentEvents::next, "The position to go on from.");
}

}  // namespace

void bind_segments(py::module_& module) {
  bind_values(module);
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  py::class_<SegmentsNoun>(
      module, "Segments",
      "roll.segments. Wherever a segment is meant: its name, its id, or a Segment. A name that several "
      "bear is a Conflict whose details['ids'] lists them.",
      py::is_final(), plain_type())
      .def(
          "create",
          [](const SegmentsNoun& self, const std::string& name, const Where& where) {
            return self.roll->get().segments().create(name, where ? where->text : std::string());
          },
          py::arg("name"), py::arg("where") = py::none(), without_gil,
          "Makes a segment. Names need not be unique; 1 to 200 characters, else Invalid. `where`: a filter such as "
          "\"plan = 'pro'\", its JSON or a Filter, which makes the segment dynamic: whoever it means is in it, at "
          "every moment; Invalid, "
          "with details['column'], or details['path'] of JSON and of a Filter, where it is none.")
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
          [](const SegmentsNoun& self, const SegmentRef& segment, const Text& name, const Where& where) {
            Segments segments = self.roll->get().segments();
            // The filter first: it is what can be refused, and then nothing has changed.
            if (where) segments.change_filter(segment, where->text);
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
          "filter",
          [](const SegmentsNoun& self, const SegmentRef& segment) {
            return self.roll->get().segments().filter(segment);
          },
          py::arg("segment"), without_gil, "The same as a Filter; None for a static segment.")
      .def(
          "materialise", materialise, py::arg("segment"), py::kw_only(), py::arg("progress") = py::none(),
          "Keeps the members of a dynamic segment as rows from now on: who asks then reads those, as of the last "
          "refresh(), and events() says who came and went. Refused for a static one. Stopped by `progress`, it goes on "
          "with the next call.")
      .def(
          "refresh", refresh, py::arg("segment"), py::kw_only(), py::arg("progress") = py::none(),
          "Brings materialised members up to date: a SegmentRefresh. Looks only at contacts that changed since, unless "
          "the filter has now() in it. Refused for a segment that is not materialised.")
      .def(
          "stop_materialising",
          [](const SegmentsNoun& self, const SegmentRef& segment) {
            return self.roll->get().segments().stop_materialising(segment);
          },
          py::arg("segment"), without_gil, "The filter is asked again from now on; the rows go.")
      .def(
          "events",
          [](const SegmentsNoun& self, const SegmentRef& segment, std::int64_t after, std::size_t limit) {
            return self.roll->get().segments().events(segment, after, limit);
          },
          py::arg("segment"), py::arg("after") = 0, py::arg("limit") = 1000, without_gil,
          "Who entered and left a materialised segment after a position, oldest first, at most `limit` (1 to 10,000): "
          "a "
          "SegmentEvents. Of one contact only what happened last. Refused where what is behind the position is no "
          "longer "
          "kept: details['position'] says where to go on after reading all members.")
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
