#include "consent.hpp"
#include "open_roll.hpp"
#include "plans.hpp"
#include "reporter.hpp"
#include "stream.hpp"

namespace mailroll::python {

namespace {

using ContactsNoun = NounOf<Contacts>;
using Texts = std::optional<std::string>;
using Columns = std::vector<std::pair<std::string, std::string>>;

Contact add(const ContactsNoun& self, const std::string& email, const Texts& first_name, const Texts& last_name,
            const std::optional<std::map<std::string, PropertyValue>>& properties, const py::object& segments) {
  const NewContact added{email, first_name, last_name, properties.value_or(std::map<std::string, PropertyValue>{}),
                         segments_of(segments)};
  const py::gil_scoped_release release;
  return self.roll->get().contacts().add(added);
}

Contact update(const ContactsNoun& self, const Who& who, const Texts& first_name, const Texts& last_name,
               const std::optional<std::map<std::string, std::optional<PropertyValue>>>& properties) {
  ContactChange change{first_name, last_name, {}};
  if (properties) change.properties = *properties;
  return self.roll->get().contacts().update(who, change);
}

NamedEvent erase(const ContactsNoun& self, const Who& who, const Texts& reason) {
  return {self.roll->get().contacts().erase(who, reason.value_or("")), std::nullopt};
}

py::object export_person(const ContactsNoun& self, const Who& who) {
  std::string document;
  {
    const py::gil_scoped_release release;
    document = self.roll->get().contacts().export_person(who);
  }
  return py::module_::import("json").attr("loads")(document);
}

std::unique_ptr<Stream> list(const ContactsNoun& self, const std::optional<SegmentRef>& segment) {
  self.roll->must_be_open();
  std::optional<SegmentRef> chosen = segment;
  if (segment) {
    // By id from here on, so that renaming the segment meanwhile ends nobody's list.
    const py::gil_scoped_release release;
    chosen = SegmentRef(self.roll->get().segments().get(*segment));
  }
  return std::make_unique<PageStream<Contact>>(
      [roll = self.roll, chosen](const Contact* last, std::size_t limit) {
        return roll->get().contacts().list(last == nullptr ? std::nullopt : std::optional(last->id), limit, chosen);
      },
      as_object<Contact>);
}

std::vector<std::string> texts_of(const std::vector<SegmentRef>& refs) {
  std::vector<std::string> texts;
  texts.reserve(refs.size());
  for (const SegmentRef& ref : refs) texts.push_back(ref.text);
  return texts;
}

std::vector<std::string> topic_texts(const py::object& topics) {
  const auto text = [](const TopicRef& topic) {
    if (!topic.text) throw py::type_error("topics must name topics; leave it out where there is none");
    return *topic.text;
  };
  if (const std::optional<TopicRef> one = topic_of(topics)) return {text(*one)};
  std::vector<std::string> texts;
  for (const py::handle topic : topics) {
    const std::optional<TopicRef> ref = topic_of(topic);
    if (!ref) throw py::type_error("topics must be a name, an id, a Topic, or several of them");
    texts.push_back(text(*ref));
  }
  return texts;
}

std::unique_ptr<OpenPlan<ImportPlan>> import_file(const ContactsNoun& self, const std::filesystem::path& path,
                                                  const py::object& segments, const py::object& topics,
                                                  const std::optional<std::map<std::string, Texts>>& columns,
                                                  const std::string& on_conflict, bool strict_properties,
                                                  const std::optional<std::filesystem::path>& rejects,
                                                  const py::object& progress) {
  ImportOptions options;
  if (columns)
    for (const auto& [header, field] : *columns) options.columns.emplace_back(header, field.value_or(""));
  options.segments = texts_of(segments_of(segments));
  options.topics = topic_texts(topics);
  if (on_conflict != "update" && on_conflict != "keep")
    throw Error(ErrorKind::invalid, "on_conflict is not one of 'update' and 'keep'",
                {{"reason", "unknown_word"}, {"argument", "on_conflict"}});
  options.keep_existing = on_conflict == "keep";
  options.strict_properties = strict_properties;
  options.rejects = path_or_none(rejects);
  return Reporter(progress).run([&](const ProgressFunction& report) {
    options.progress = report;
    return std::make_unique<OpenPlan<ImportPlan>>(self.roll,
                                                  self.roll->get().contacts().import_file(path.string(), options));
  });
}

/// Writes text in large pieces that end with a line, so that a character is never cut, into a file object of Python.
class FileObject {
 public:
  explicit FileObject(const py::object& file)
      : write_(file.attr("write")), text_(py::isinstance(file, py::module_::import("io").attr("TextIOBase"))) {}

  /// Without the GIL.
  void add(std::string_view piece) {
    waiting_.append(piece);
    if (waiting_.size() < piece_size) return;
    const std::size_t end = waiting_.rfind('\n');
    if (end == std::string::npos) return;
    const py::gil_scoped_acquire acquire;
    write(end + 1);
  }
  /// With the GIL.
  void finish() { write(waiting_.size()); }

 private:
  static constexpr std::size_t piece_size = 1U << 18U;

  void write(std::size_t length) {
    if (length == 0) return;
    if (text_)
      write_(py::str(waiting_.data(), length));
    else
      write_(py::bytes(waiting_.data(), length));
    waiting_.erase(0, length);
  }

  py::object write_;
  bool text_;
  std::string waiting_;
};

ExportFormat format_of(const Texts& format, const py::object& file) {
  std::string word = format.value_or("");
  if (!format) {
    py::detail::make_caster<std::filesystem::path> path;
    std::string ending;
    if (path.load(file, true)) ending = py::detail::cast_op<std::filesystem::path&>(path).extension().string();
    word = ending == ".ndjson" || ending == ".jsonl" ? "ndjson" : "csv";
  }
  if (word == "csv") return ExportFormat::csv;
  if (word == "ndjson") return ExportFormat::ndjson;
  throw Error(ErrorKind::invalid, "format is not one of 'csv' and 'ndjson'",
              {{"reason", "unknown_word"}, {"argument", "format"}});
}

std::uint64_t export_to(const ContactsNoun& self, const py::object& file, const std::optional<SegmentRef>& segment,
                        const Texts& format, const py::object& progress) {
  const ExportFormat chosen = format_of(format, file);
  // Opened and written by Python, so that a missing folder or a full disk is the OSError that it is with any file.
  const bool ours = !py::hasattr(file, "write");
  const py::object out = ours ? py::module_::import("io").attr("open")(file, "wb") : file;
  try {
    FileObject writer(out);
    const std::uint64_t written = Reporter(progress).run([&](const ProgressFunction& report) {
      return self.roll->get().contacts().export_to([&](std::string_view piece) { writer.add(piece); }, chosen, segment,
                                                   report);
    });
    writer.finish();
    if (ours) out.attr("close")();
    return written;
  } catch (...) {
    if (ours) out.attr("close")();
    throw;
  }
}

}  // namespace

void bind_contacts(py::module_& module) {
  py::class_<ContactsNoun>(
      module, "Contacts",
      "roll.contacts. Wherever one contact is meant: its address in any spelling, its id (also one "
      "from before a migration), a Contact or a Recipient.",
      py::is_final(), plain_type())
      .def("add", add, py::arg("email"), py::kw_only(), py::arg("first_name") = py::none(),
           py::arg("last_name") = py::none(), py::arg("properties") = py::none(), py::arg("segments") = py::tuple(),
           "Adds a contact, or changes the existing one: only what is given, and never permission. `properties` maps "
           "defined "
           "keys to str, bool, int, float or an aware datetime. Invalid for what is no address (details['reason']), "
           "Refused "
           "for an erased address.")
      .def(
          "get", [](const ContactsNoun& self, const Who& who) { return self.roll->get().contacts().get(who); },
          py::arg("who"), py::call_guard<py::gil_scoped_release>(), "The contact; NotFound where there is none.")
      .def(
          "find", [](const ContactsNoun& self, const Who& who) { return self.roll->get().contacts().find(who); },
          py::arg("who"), py::call_guard<py::gil_scoped_release>(), "The contact; None where there is none.")
      .def(
          "show", [](const ContactsNoun& self, const Who& who) { return self.roll->get().contacts().show(who); },
          py::arg("who"), py::call_guard<py::gil_scoped_release>(),
          "The contact with its segments and topics; NotFound where there is none.")
      .def("list", list, py::arg("segment") = py::none(),
           "Iterates the contacts, of one segment if given, ascending by id; reads the store page by page.")
      .def("update", update, py::arg("who"), py::kw_only(), py::arg("first_name") = py::none(),
           py::arg("last_name") = py::none(), py::arg("properties") = py::none(),
           py::call_guard<py::gil_scoped_release>(),
           "Changes what is given: '' clears a name, None as a property's value clears it. NotFound if there is "
           "none.")
      .def(
          "remove", [](const ContactsNoun& self, const Who& who) { self.roll->get().contacts().remove(who); },
          py::arg("who"), py::call_guard<py::gil_scoped_release>(),
          "Deletes profile, properties and memberships, which ends each opt-in. Opt-outs stay and hold again if the "
          "address "
          "comes back. NotFound where there is none.")
      .def("erase", erase, py::arg("who"), py::kw_only(), py::arg("reason") = py::none(),
           py::call_guard<py::gil_scoped_release>(),
           "Forgets a person: everything but hashed ids, scopes, kinds and times goes, under this address and those "
           "they had before, in one transaction; they are left alone from then on, and only they can come back, by a "
           "confirmed sign-up. Answers the ConsentEvent. Works for an address that is no contact too, and when "
           "repeated. `reason` is kept: leave names and addresses out of it. docs/erasure.md says what stays.")
      .def("export_person", export_person, py::arg("who"),
           "Everything held on one person, as plain dicts and lists: contact, segments, topics, suppressions, events "
           "with their evidence. NotFound where nothing is held.")
      .def(
          "change_address",
          [](const ContactsNoun& self, const Who& who, const std::string& email) {
            return self.roll->get().contacts().change_address(who, email);
          },
          py::arg("who"), py::arg("email"), py::call_guard<py::gil_scoped_release>(),
          "Gives a contact another address; the old id goes on leading to it. What the person said goes along, and "
          "stays under the old address too; bounces stay with the old address. Conflict where the new address is a "
          "contact, Refused where it was erased.")
      .def(
          "merge",
          [](const ContactsNoun& self, const Who& keep, const Who& other) {
            return self.roll->get().contacts().merge(keep, other);
          },
          py::arg("keep"), py::arg("other"), py::call_guard<py::gil_scoped_release>(),
          "Makes one contact of two: `keep` gets the other's segments, missing names and properties, and all that was "
          "said. A scope that either opted out of ends opted out; what waits to be confirmed goes on waiting. Refused "
          "where either was erased.")
      .def(
          "revoke_links",
          [](const ContactsNoun& self, const Who& who) { return self.roll->get().contacts().revoke_links(who); },
          py::arg("who"), py::call_guard<py::gil_scoped_release>(),
          "Makes the links that were sent so far good for leaving only, e.g. after a mail was forwarded. Answers how "
          "often that was done.")
      .def(
          "import_file", import_file, py::arg("path"), py::kw_only(), py::arg("segments") = py::tuple(),
          py::arg("topics") = py::tuple(), py::arg("columns") = py::none(), py::arg("on_conflict") = "update",
          py::arg("strict_properties") = false, py::arg("rejects") = py::none(), py::arg("progress") = py::none(),
          "Plans the import of a CSV or NDJSON file ('-': standard input); plan.apply() does it. Every contact joins "
          "`segments`, made where they do not exist; the rows are opt-ins to `topics`, which must exist. `columns` "
          "maps headers "
          "to fields or property keys, None leaves a column out. on_conflict='keep' leaves existing profiles as they "
          "are. "
          "strict_properties=True rejects rows with a column that is not defined. Rejected rows are listed in the file "
          "`rejects`, as NDJSON without addresses. `progress` as with apply(). Invalid where the file cannot be read.")
      .def("export", export_to, py::arg("file"), py::kw_only(), py::arg("segment") = py::none(),
           py::arg("format") = py::none(), py::arg("progress") = py::none(),
           "Writes all contacts, or those of a segment, ascending by id, in the columns that import_file reads, to a "
           "path or "
           "a file object (text or binary), and answers how many. `format` is 'csv' or 'ndjson'; without it the ending "
           ".ndjson "
           "or .jsonl says, else CSV.");
}

}  // namespace mailroll::python
