/// Snapshots and what they answer with.
#include <variant>

#include "value.hpp"

namespace mailroll::python {

/// Of whom a snapshot is asked.
struct Asked {
  std::variant<SegmentRef, SnapshotPeople> whom;
};

namespace {

/// Nothing for another type.
std::optional<Asked> asked_of(py::handle value) {
  if (py::isinstance<SnapshotPeople>(value)) return Asked{value.cast<const SnapshotPeople&>()};
  const std::optional<SegmentRef> segment = segment_of(value);
  return segment ? std::optional(Asked{*segment}) : std::nullopt;
}

}  // namespace

}  // namespace mailroll::python

namespace pybind11::detail {

template <>
struct type_caster<mailroll::python::Asked> : TakenCaster<mailroll::python::Asked> {
  static constexpr auto name = const_name("str | uuid.UUID | Segment | Expression | SnapshotPeople");
  bool load(handle source, bool) { return (value = mailroll::python::asked_of(source)).has_value(); }
};

}  // namespace pybind11::detail

namespace mailroll::python {

namespace {

const py::call_guard<py::gil_scoped_release> without_gil;

/// Ids as they lie in memory: a million of them as Python's texts would take a hundred megabytes.
struct ContactIds {
  std::vector<ContactId> ids;

  [[nodiscard]] const ContactId& at(py::ssize_t index) const {
    const auto size = static_cast<py::ssize_t>(ids.size());
    if (index < 0) index += size;
    if (index < 0 || index >= size) throw py::index_error("there are no more ids");
    return ids[static_cast<std::size_t>(index)];
  }
};

py::buffer_info buffer_of(ContactIds& self) {
  return py::buffer_info(reinterpret_cast<std::uint8_t*>(self.ids.data()), {self.ids.size(), sizeof(ContactId)},
                         {sizeof(ContactId), std::size_t{1}}, true);
}

struct PeopleDiff {
  ContactIds gained;
  ContactIds lost;
};

py::object timedelta_of(std::chrono::microseconds time) {
  return py::module_::import("datetime").attr("timedelta")(0, 0, time.count());
}

py::list rows_of(const SnapshotMatrix& matrix) {
  py::list rows;
  for (std::size_t segment = 0; segment < matrix.segments.size(); ++segment) {
    py::list row;
    for (std::size_t topic = 0; topic < matrix.topics.size(); ++topic) row.append(matrix.at(segment, topic));
    rows.append(row);
  }
  return rows;
}

py::list rows_of(const SegmentOverlap& overlap) {
  py::list rows;
  for (std::size_t one = 0; one < overlap.segments.size(); ++one) {
    py::list row;
    for (std::size_t other = 0; other < overlap.segments.size(); ++other) row.append(overlap.at(one, other));
    rows.append(row);
  }
  return rows;
}

SnapshotPeople people_asked(const Snapshot& self, const Asked& asked) {
  const auto* people = std::get_if<SnapshotPeople>(&asked.whom);
  return people != nullptr ? *people : self.meant(std::get<SegmentRef>(asked.whom));
}

SegmentOverlap overlap(const Snapshot& self, const std::vector<Asked>& segments) {
  std::vector<SnapshotPeople> people;
  people.reserve(segments.size());
  for (const Asked& one : segments) people.push_back(people_asked(self, one));
  return self.overlap_of(people);
}

void bind_answers(py::module_& module) {
  py::class_<ContactIds>(module, "ContactIds",
                         "Contact ids, ascending: a sequence of texts. Its buffer has 16 octets for each, e.g. "
                         "numpy.frombuffer(ids, 'S16') or memoryview(ids), without a copy.",
                         py::is_final(), plain_type(), py::buffer_protocol())
      .def_buffer(buffer_of)
      .def(
          "__len__", [](const ContactIds& self) { return self.ids.size(); }, "How many.")
      .def(
          "__getitem__", [](const ContactIds& self, py::ssize_t index) { return to_string(self.at(index)); },
          py::arg("index"), py::pos_only(), "The id at a place: UUID, 36 characters.")
      .def(
          "__iter__",
          [](const py::object& self) { return py::reinterpret_steal<py::object>(PySeqIter_New(self.ptr())); },
          "Iterates the texts.")
      .def(
          "__eq__",
          [](const ContactIds& self, const py::object& other) {
            return py::isinstance<ContactIds>(other) && py::cast<const ContactIds&>(other).ids == self.ids;
          },
          py::arg("other"), py::pos_only())
      .def("__repr__", [](const ContactIds& self) {
        return "<mailroll.ContactIds of " + std::to_string(self.ids.size()) + " people>";
      });
  py::class_<SnapshotPeople>(module, "SnapshotPeople",
                             "Whom a segment, an expression or a filter means in one Snapshot: & those in both, | in "
                             "any, - in the left and not "
                             "in the right. ValueError where the two are of two snapshots.",
                             py::is_final(), plain_type())
      .def("__len__", &SnapshotPeople::size, "How many, whether they may receive anything or not.")
      .def_property_readonly("said", &SnapshotPeople::said, "What was asked for, as it was said.")
      .def(
          "__and__", [](const SnapshotPeople& self, const SnapshotPeople& other) { return self & other; },
          py::arg("other"), py::is_operator())
      .def(
          "__or__", [](const SnapshotPeople& self, const SnapshotPeople& other) { return self | other; },
          py::arg("other"), py::is_operator())
      .def(
          "__sub__", [](const SnapshotPeople& self, const SnapshotPeople& other) { return self - other; },
          py::arg("other"), py::is_operator())
      .def("__repr__",
           [](const SnapshotPeople& self) { return "<mailroll.SnapshotPeople: " + std::to_string(self.size()) + ">"; });
  ValueClass<SegmentOverlap>(module, "SegmentOverlap", "How many contacts each two segments have in common.")
      .field("segments", &SegmentOverlap::segments, "As asked for: names, ids or expressions.")
      .field(
          "rows", [](const SegmentOverlap& self) { return rows_of(self); },
          "A list of lists: members of the segment of the row and of that of the column.");
  ValueClass<SnapshotMatrix>(module, "SnapshotMatrix", "Every segment by every topic by reason.")
      .field("segments", &SnapshotMatrix::segments, "The Segments, one for each row.")
      .field("topics", &SnapshotMatrix::topics, "The Topics, one for each column; the first is None: without a topic.")
      .field(
          "rows", [](const SnapshotMatrix& self) { return rows_of(self); }, "A list of lists of Counts.");
  ValueClass<SnapshotDiff::OfSegment>(module, "SegmentChange", "How a segment has changed between two snapshots.")
      .field("segment", &SnapshotDiff::OfSegment::segment, "The Segment, as the newer one has it.")
      .field("joined", &SnapshotDiff::OfSegment::joined, "Members that were none.")
      .field("left", &SnapshotDiff::OfSegment::left, "Those who were members, and are none.");
  ValueClass<SnapshotDiff::OfTopic>(module, "TopicChange", "How a topic has changed between two snapshots.")
      .field("topic", &SnapshotDiff::OfTopic::topic, "The Topic; None: mail without a topic.")
      .field("gained", &SnapshotDiff::OfTopic::gained, "Contacts who may receive it, and could not.")
      .field("lost", &SnapshotDiff::OfTopic::lost, "Contacts who could receive it, and may not.");
  ValueClass<SnapshotDiff>(module, "SnapshotDiff", "What is another in a snapshot than in an older one.")
      .field("added", &SnapshotDiff::added, "New contacts.")
      .field("removed", &SnapshotDiff::removed, "Contacts who are gone.")
      .field("segments", &SnapshotDiff::segments, "A list of SegmentChange, one for each segment there is now.")
      .field("topics", &SnapshotDiff::topics,
             "A list of TopicChange: without a topic, then of each topic there is now.");
  ValueClass<PeopleDiff>(module, "AudienceDiff", "Who gained and who lost a kind of mail between two snapshots.")
      .field("gained", &PeopleDiff::gained, "ContactIds of those who may receive it, and could not.")
      .field("lost", &PeopleDiff::lost, "ContactIds of those who could receive it, and may not.");
}

}  // namespace

void bind_snapshot(py::module_& module) {
  bind_answers(module);
  py::class_<Snapshot>(
      module, "Snapshot",
      "One team in memory, as its store had it at one moment: answers in milliseconds what the store would have "
      "answered then. What happened since, consent that ran out since included, is not in it: mail goes to people who "
      "are leased. Never changes; may be shared by threads; needs no open roll. Holds ids and no addresses.",
      py::is_final(), plain_type())
      .def_property_readonly("as_of", &Snapshot::as_of, "When it was read from the store, UTC.")
      .def_property_readonly(
          "age", [](const Snapshot& self) { return timedelta_of(self.age()); }, "How old that is: a timedelta.")
      .def_property_readonly("cursor", &Snapshot::cursor,
                             "Up to which position of the store's log of changes everything is in it; None where that "
                             "is not known, as in a store that keeps no log. Roll.refresh() goes on behind it.")
      .def_property_readonly("incomplete", &Snapshot::incomplete,
                             "True where an import, migration, rekey or copy was unfinished: people may be missing.")
      .def_property_readonly("contacts", &Snapshot::contacts, "How many contacts the team had.")
      .def_property_readonly("segments", &Snapshot::segments, "A list of the Segments, as made.")
      .def_property_readonly("topics", &Snapshot::topics, "A list of the Topics, as made.")
      .def("meant", &Snapshot::meant, py::arg("segment"), without_gil,
           "The SnapshotPeople whom a segment or an expression means.")
      .def(
          "where", [](const Snapshot& self, const FilterText& filter) { return self.where(filter.text); },
          py::arg("filter"), without_gil,
          "The SnapshotPeople whom a filter means, as of then: its text, its JSON or a Filter. Invalid, with the "
          "reason not_loaded, where the snapshot was loaded "
          "without the columns that it asks for.")
      .def(
          "count",
          [](const Snapshot& self, const Asked& segment, const TopicRef& topic) {
            return std::visit([&](const auto& people) { return self.count(people, topic); }, segment.whom);
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), without_gil,
          "Counts by reason, of a segment, an expression or SnapshotPeople, as Audience.count().")
      .def(
          "people",
          [](const Snapshot& self, const Asked& segment, const TopicRef& topic) {
            return std::visit([&](const auto& people) { return ContactIds{self.people(people, topic)}; }, segment.whom);
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), without_gil, "The ContactIds of who may receive it.")
      .def(
          "sample",
          [](const Snapshot& self, const Asked& segment, const TopicRef& topic, std::size_t size, std::uint64_t seed) {
            return std::visit([&](const auto& people) { return ContactIds{self.sample(people, topic, size, seed)}; },
                              segment.whom);
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), py::arg("size"), py::arg("seed"), without_gil,
          "The ContactIds of `size` of them, each as likely as any other; all of them where there are no more. The "
          "same "
          "seed takes the same people out of the same audience.")
      .def("overlap", overlap, py::arg("segments"), without_gil,
           "How many contacts each two of these segments, expressions or SnapshotPeople have in common: a "
           "SegmentOverlap.")
      .def("matrix", &Snapshot::matrix, without_gil, "Every segment by every topic by reason: a SnapshotMatrix.")
      .def(
          "diff", [](const Snapshot& self, const Snapshot& older) { return self.diff(older); }, py::arg("older"),
          without_gil, "What is another than in an older one of the same team: a SnapshotDiff, of numbers.")
      .def(
          "audience_diff",
          [](const Snapshot& self, const Snapshot& older, const SegmentRef& segment, const TopicRef& topic) {
            AudienceDiff diff = self.diff(older, segment, topic);
            return PeopleDiff{{std::move(diff.gained)}, {std::move(diff.lost)}};
          },
          py::arg("older"), py::arg("segment"), py::kw_only(), py::arg("topic"), without_gil,
          "Who gained and who lost this mail since the older one: an AudienceDiff, of ids.")
      .def(
          "save", [](const Snapshot& self, const std::filesystem::path& path) { self.save(path.string()); },
          py::arg("path"), without_gil,
          "Writes it into a file, readable for its owner alone, which takes the place of what is there once it is "
          "whole. StorageError where it cannot be written.")
      .def("__repr__", [](const Snapshot& self) {
        return "<mailroll.Snapshot of " + std::to_string(self.contacts()) + " contacts, " + format_time(self.as_of()) +
               ">";
      });
  ValueClass<Refreshed>(module, "Refreshed", "What Roll.refresh() made of an older snapshot.")
      .field("snapshot", &Refreshed::snapshot, "The Snapshot.")
      .field("changes", &Refreshed::changes, "How many changes it took from the store's log.")
      .field("reloaded", &Refreshed::reloaded, "True: the whole team was read instead.");
  module.def(
      "map_snapshot", [](const std::filesystem::path& path) { return Snapshot::map(path.string()); }, py::arg("path"),
      without_gil,
      "The Snapshot in a file. All of it is checked; the ids stay in the file, which must not be changed in place. "
      "NotFound where there is none; StorageError with a reason: not_a_snapshot, newer_snapshot, or corrupt.");
}

}  // namespace mailroll::python
