/// Audiences, their recipients and counts, and verdicts.
#include <array>

#include "audience.hpp"
#include "stream.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

// A tuple with names, made in C: an object for each recipient costs five allocations and no look-up.
PyTypeObject* recipient_type = nullptr;

void make_recipient_type(py::module_& module) {
  static std::array<PyStructSequence_Field, 5> fields{{
      {"id", "The contact's id: UUID, 36 characters."},
      {"email", "The delivery spelling."},
      {"first_name", "'' where unknown."},
      {"last_name", "'' where unknown."},
      {nullptr, nullptr},
  }};
  static PyStructSequence_Desc description{
      "mailroll.Recipient", "Somebody who may receive the mail: a tuple (id, email, first_name, last_name) with names.",
      fields.data(), 4};
  recipient_type = PyStructSequence_NewType(&description);
  if (recipient_type == nullptr) throw py::error_already_set();
  module.add_object("Recipient", py::handle(reinterpret_cast<PyObject*>(recipient_type)));
}

PyObject* text(const char* characters, std::size_t length) {
  // "replace": a store that holds a broken text must not end everybody's mailing.
  PyObject* made = PyUnicode_DecodeUTF8(characters, static_cast<Py_ssize_t>(length), "replace");
  if (made == nullptr) throw py::error_already_set();
  return made;
}

PyObject* make_recipient(const Recipient& recipient) {
  auto made = py::reinterpret_steal<py::object>(PyStructSequence_New(recipient_type));
  if (!made) throw py::error_already_set();
  const std::string id = to_string(recipient.id);
  PyStructSequence_SetItem(made.ptr(), 0, text(id.data(), id.size()));
  PyStructSequence_SetItem(made.ptr(), 1, text(recipient.email.data(), recipient.email.size()));
  PyStructSequence_SetItem(made.ptr(), 2, text(recipient.first_name.data(), recipient.first_name.size()));
  PyStructSequence_SetItem(made.ptr(), 3, text(recipient.last_name.data(), recipient.last_name.size()));
  return made.release().ptr();
}

py::dict reasons_that_occur(const Counts& counts) {
  py::dict occurring;
  for (std::size_t index = 0; index < reason_count; ++index)
    if (counts.by_reason[index] != 0) occurring[py::cast(static_cast<Reason>(index))] = counts.by_reason[index];
  return occurring;
}

py::dict counts_as_dict(const Counts& counts) {
  py::dict all;
  all["members"] = counts.members;
  all["receives"] = counts.receives;
  all["by_reason"] = reasons_that_occur(counts);
  if (counts.by_override != 0) all["by_override"] = counts.by_override;
  if (counts.incomplete) all["incomplete"] = true;
  return all;
}

std::optional<NamedEvent> event_behind(const Verdict& verdict) {
  if (!verdict.event) return {};
  NamedEvent named{*verdict.event, {}};
  if (verdict.topic && verdict.topic->number == verdict.event->topic) named.topic = verdict.topic;
  return named;
}

std::unique_ptr<Stream> recipients(const OpenAudience& self) {
  self.roll->must_be_open();
  return std::make_unique<PageStream<Recipient>>(
      [self](const Recipient* last, std::size_t limit) {
        self.roll->must_be_open();
        return self.audience.page(last == nullptr ? std::nullopt : std::optional(last->id), limit);
      },
      make_recipient);
}

py::list page_of(const OpenAudience& self, const std::optional<Who>& last, std::size_t limit) {
  std::optional<ContactId> after;
  if (last) {
    const std::optional<Uuid> id = parse_uuid(last->text);
    if (!id) throw Error(ErrorKind::invalid, "after is not a contact's id", {{"reason", "value_type"}});
    after = ContactId(*id);
  }
  std::vector<Recipient> rows;
  {
    const py::gil_scoped_release release;
    self.roll->must_be_open();
    rows = self.audience.page(after, limit);
  }
  py::list page(rows.size());
  for (std::size_t index = 0; index < rows.size(); ++index)
    PyList_SET_ITEM(page.ptr(), static_cast<Py_ssize_t>(index), make_recipient(rows[index]));
  return page;
}

std::string audience_repr(const OpenAudience& self) {
  const std::optional<Topic>& topic = self.audience.topic();
  return "<mailroll.Audience segment=" + py::cast<std::string>(py::repr(py::cast(self.audience.said()))) +
         (topic ? " topic=" + py::cast<std::string>(py::repr(py::cast(topic->name))) : " NO_TOPIC") + ">";
}

}  // namespace

py::object as_recipient(const Recipient& recipient) {
  return py::reinterpret_steal<py::object>(make_recipient(recipient));
}

bool is_recipient(py::handle value) { return Py_TYPE(value.ptr()) == recipient_type; }

void bind_audience(py::module_& module) {
  make_recipient_type(module);

  py::class_<NoTopic>(module, "NoTopic", "The type of NO_TOPIC.", py::is_final(), plain_type())
      .def("__repr__", [](const NoTopic&) { return "mailroll.NO_TOPIC"; });
  module.attr("NO_TOPIC") = NoTopic{};

  ValueClass<Counts>(module, "Counts", "How many members of a segment fall under each reason.")
      .field("members", &Counts::members, "Everybody in the segment.")
      .field("receives", &Counts::receives, "Of them, who may receive the mail.")
      .field(
          "by_reason", [](const Counts& self) { return frozen(reasons_that_occur(self)); },
          "Members by reason, a read-only mapping of the reasons that occur; they add up to `members`.")
      .field("by_override", &Counts::by_override, "Of `receives`: raised by staff with a written reason.")
      .field("incomplete", &Counts::incomplete,
             "True while an import, migration, rekey or copy is unfinished: people may be missing, or too many.")
      .def("as_dict", counts_as_dict, "The JSON of `mailroll audience count`, as a new dict.");

  ValueClass<Verdict>(module, "Verdict", "May this person get this mail, and why.")
      .field("receives", &Verdict::receives, "The answer.")
      .field("reason", &Verdict::reason, "Why, e.g. 'topic_opted_out', 'unsubscribed' or 'topic_default_opt_in'.")
      .field("email", &Verdict::email, "The delivery spelling; '' where there is no such contact.")
      .field("topic", &Verdict::topic, "The topic asked about; None where none.")
      .field("segment", &Verdict::segment, "The segment asked about; None where none.")
      .field("event", event_behind, "The event behind the reason; None where a default or an absence decided.")
      .field("id", &Verdict::id, "The contact's id, whether it exists or not.")
      .field("incomplete", &Verdict::incomplete, "True while an import, migration, rekey or copy is unfinished.")
      .field("as_of", &Verdict::as_of, "The time that was asked about, UTC; None: now.");

  py::class_<OpenAudience>(module, "Audience",
                           "Who in a segment may receive a kind of mail. Asks the store whenever it is read; iterating "
                           "streams the recipients, ascending by id, in bounded memory. May be shared by threads.",
                           py::is_final(), plain_type(), py::release_gil_before_calling_cpp_dtor())
      .def("__iter__", recipients, "Recipients as of about now: pages are read one after the other, without the GIL.")
      .def(
          "count", [](const OpenAudience& self) { return self.roll->must_be_open(), self.audience.count(); },
          py::call_guard<py::gil_scoped_release>(), "Exact counts by reason, as of now.")
      .def(
          "partition",
          [](const OpenAudience& self, int index, int count) {
            return OpenAudience{self.roll, self.audience.partition(index, count)};
          },
          py::arg("index"), py::arg("count"),
          "Part `index` (1 to `count`) of `count` disjoint parts that together are the audience, e.g. one for each "
          "worker. "
          "Invalid where out of order.")
      .def("page", page_of, py::kw_only(), py::arg("after") = py::none(), py::arg("limit") = 1000,
           "A list of the next recipients after `after`, an id or a Recipient (None: from the start), at most `limit` "
           "(1 to "
           "100,000); [] means the end.")
      .def_property_readonly(
          "segment", [](const OpenAudience& self) { return self.audience.segment(); },
          "The segment; None for an expression of several.")
      .def_property_readonly(
          "topic", [](const OpenAudience& self) { return self.audience.topic(); }, "The topic; None with NO_TOPIC.")
      .def_property_readonly(
          "incomplete",
          [](const OpenAudience& self) {
            const py::gil_scoped_release release;
            return self.roll->must_be_open(), self.audience.incomplete();
          },
          "True while an import, migration, rekey or copy is unfinished: people may be missing, or too many.")
      .def("__repr__", audience_repr);
}

}  // namespace mailroll::python
