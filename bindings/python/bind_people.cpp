/// The values that the nouns answer with.
#include "value.hpp"

namespace mailroll::python {

namespace {

py::object properties_of(const Contact& contact) {
  py::dict values;
  for (const auto& [key, value] : contact.properties.values()) values[py::str(key)] = to_python(value);
  return frozen(values);
}

std::optional<Said> explicit_choice(const TopicStanding& standing) {
  return standing.choice == Said::nothing ? std::nullopt : std::optional(standing.choice);
}

/// A segment by id, by name, or a whole expression; nothing for another type.
std::optional<Expression> expression_of(py::handle value) {
  if (py::isinstance<Expression>(value)) return value.cast<const Expression&>();
  const std::optional<SegmentRef> segment = segment_of(value);
  if (!segment) return {};
  Expression one;
  one.segment = segment->text;
  return one;
}

template <SetOperation operation>
py::object combined(const py::object& self, const py::object& other) {
  std::optional<Expression> right = expression_of(other);
  if (!right) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  return py::cast(Expression(operation, *expression_of(self), *std::move(right)));
}

}  // namespace

void bind_people(py::module_& module) {
  ValueClass<Team>(module, "Team", "The owner of a roll; nothing crosses teams.")
      .field("id", &Team::id, "UUID, 36 characters.")
      .field("name", &Team::name, "Unique in a store.")
      .field("created_at", &Team::created_at, "UTC.");

  ValueClass<Segment>(module, "Segment", "The team's own grouping of contacts. People never see it.")
      .field("id", &Segment::id, "UUID, 36 characters.")
      .field("name", &Segment::name, "Need not be unique.")
      .field("created_at", &Segment::created_at, "UTC.")
      .field("updated_at", &Segment::updated_at, "UTC.")
      .field(
          "filter", &Segment::filter,
          "Of a dynamic segment, what its contacts have in common, naming segments and topics by id; '' for a static "
          "one.")
      .field(
          "members_as_of",
          [](const Segment& self) -> std::optional<Time> {
            if (!self.materialised || !self.has_rows()) return std::nullopt;
            return self.materialised->as_of;
          },
          "Of a materialised segment, when its members were last brought up to date; None for others.")
      .def("__and__", combined<SetOperation::intersection>, py::arg("other"), py::pos_only())
      .def("__or__", combined<SetOperation::union_>, py::arg("other"), py::pos_only())
      .def("__sub__", combined<SetOperation::difference>, py::arg("other"), py::pos_only());

  py::class_<Expression>(
      module, "Expression",
      "Segments combined by & (in both), | (in any) and - (in the left and not in the right). Stands "
      "wherever an audience is named.",
      py::is_final(), plain_type())
      .def("__and__", combined<SetOperation::intersection>, py::arg("other"), py::pos_only())
      .def("__or__", combined<SetOperation::union_>, py::arg("other"), py::pos_only())
      .def("__sub__", combined<SetOperation::difference>, py::arg("other"), py::pos_only())
      .def("__str__", [](const Expression& self) { return to_string(self); })
      .def("__repr__", [](const Expression& self) { return "<mailroll.Expression " + to_string(self) + ">"; });

  ValueClass<Topic>(module, "Topic", "A kind of mail that people can choose.")
      .field("id", &Topic::id, "UUID, 36 characters.")
      .field("name", &Topic::name, "Need not be unique.")
      .field("description", &Topic::description, "'' where there is none.")
      .field("default_subscription", &Topic::default_subscription,
             "What holds for somebody who has said nothing. 'opt_in': everybody receives it unless they opted out. "
             "'opt_out': nobody receives it unless they opted in.")
      .field("visibility", &Topic::visibility,
             "'public' or 'private': the preference page shows a private topic only to whoever opted in to it.")
      .field("basis", &Topic::basis, "Lawful basis of its mail, a word; '' where nobody said.")
      .field("created_at", &Topic::created_at, "UTC.")
      .field("updated_at", &Topic::updated_at, "UTC.");

  ValueClass<TopicCounts>(module, "TopicCounts", "How many contacts said something about a topic.")
      .field("opt_ins", &TopicCounts::opt_ins, "Contacts with an explicit opt_in.")
      .field("opt_outs", &TopicCounts::opt_outs, "Contacts with an explicit opt_out.");

  ValueClass<PropertyDefinition>(module, "PropertyDefinition", "The definition of a custom property of contacts.")
      .field("key", &PropertyDefinition::key, "Letters, digits and underscores; case-sensitive.")
      .field("type", &PropertyDefinition::type, "'string', 'number', 'boolean' or 'datetime'.")
      .field("fallback", &PropertyDefinition::fallback, "Shown where a contact has no value; None where there is none.")
      .field("created_at", &PropertyDefinition::created_at, "UTC.");

  ValueClass<Contact>(module, "Contact", "One person's address in a team.")
      .field("id", &Contact::id, "UUID, 36 characters; derived from team and address.")
      .field("email", &Contact::email, "The delivery spelling.")
      .field("first_name", &Contact::first_name, "'' where unknown.")
      .field("last_name", &Contact::last_name, "'' where unknown.")
      .field("properties", properties_of, "Read-only mapping of property keys to str, float, bool or datetime.")
      .field("created_at", &Contact::created_at, "UTC.")
      .field("updated_at", &Contact::updated_at,
             "UTC; when a name, the spelling or a property last changed, not permission or membership.");

  ValueClass<TopicStanding>(module, "TopicStanding", "A topic as it holds for one contact.")
      .field("topic", &TopicStanding::topic, "The topic.")
      .field("choice", explicit_choice,
             "What the contact said: 'opt_in', 'opt_out' or 'pending'; None where nothing, so that the default holds.")
      .field("receives", &TopicStanding::receives, "Whether mail of the topic goes to the contact.")
      .field("reason", &TopicStanding::reason, "Why, e.g. 'topic_opted_in'.");

  ValueClass<ContactDetails>(module, "ContactDetails", "A contact with segments and topics.")
      .field("contact", &ContactDetails::contact, "The contact itself.")
      .field("unsubscribed", &ContactDetails::unsubscribed, "Whether from everything.")
      .field("segments", &ContactDetails::segments, "The segments it is in, as they were made.")
      .field("topics", &ContactDetails::topics, "Every topic of the team, as they were made.");

  ValueClass<Suppression>(module, "Suppression", "An address that gets nothing at all, and why.")
      .field("contact", &Suppression::contact, "The contact's id; the contact itself need not exist.")
      .field("reason", &Suppression::reason, "'complaint', 'bounce' or 'manual'.")
      .field("email", &Suppression::email, "As it was when suppressed; '' once erased.")
      .field("at", &Suppression::at, "UTC.");

  ValueClass<Backend>(module, "Backend", "A kind of store.")
      .field("scheme", &Backend::scheme, "How its addresses begin, e.g. 'sqlite'.")
      .field("description", &Backend::description, "One line, with the engine's version.")
      .field("origin", &Backend::origin, "'linked in', or the path of its file.")
      .field(
          "problem",
          [](const Backend& backend) {
            return backend.problem.empty() ? std::nullopt : std::optional(backend.problem);
          },
          "Why its file cannot be loaded; None where it can.");
}

}  // namespace mailroll::python
