/// roll.topics and roll.properties.
#include "open_roll.hpp"

namespace mailroll::python {

namespace {

using TopicsNoun = NounOf<Topics>;
using PropertiesNoun = NounOf<PropertyDefinitions>;

Topic create(const TopicsNoun& self, const std::string& name, const std::string& default_subscription,
             const std::string& visibility, const std::string& description, const std::string& basis) {
  return self.roll->get().topics().create({name, subscription_of(default_subscription, "default_subscription"),
                                           visibility_of(visibility), description, basis});
}

std::optional<Topic> find(const TopicsNoun& self, const TopicRef& topic) {
  try {
    return self.roll->get().topics().get(topic);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) return {};
    throw;
  }
}

Topic update(const TopicsNoun& self, const TopicRef& topic, const std::optional<std::string>& name,
             const std::optional<std::string>& description, const std::optional<std::string>& visibility,
             const std::optional<std::string>& basis) {
  TopicChange change{name, description, {}, basis};
  if (visibility) change.visibility = visibility_of(*visibility);
  return self.roll->get().topics().update(topic, change);
}

PropertyDefinition create_property(const PropertiesNoun& self, const std::string& key, const std::string& type,
                                   const std::optional<PropertyValue>& fallback) {
  return self.roll->get().properties().define(key, property_type_of(type), fallback);
}

PropertyDefinition get(const PropertiesNoun& self, const std::string& key) {
  if (std::optional<PropertyDefinition> found = self.roll->get().properties().find(key)) return *found;
  throw Error(ErrorKind::not_found, "no property of this key is defined; properties.list() has them all");
}

PropertyDefinition update_property(const PropertiesNoun& self, const std::string& key,
                                   const std::optional<PropertyValue>& fallback) {
  return self.roll->get().properties().define(key, get(self, key).type, fallback);
}

}  // namespace

void bind_topics(py::module_& module) {
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  py::class_<TopicsNoun>(
      module, "Topics",
      "roll.topics. Wherever a topic is meant: its name, its id, or a Topic. A name that several bear is a "
      "Conflict whose details['ids'] lists them.",
      py::is_final(), plain_type())
      .def("create", create, py::arg("name"), py::kw_only(), py::arg("default_subscription"),
           py::arg("visibility") = "private", py::arg("description") = "", py::arg("basis") = "", without_gil,
           "Makes a topic; name at most 50 characters, description at most 200. `default_subscription` holds for "
           "whoever has "
           "said nothing and cannot be changed later: 'opt_in' means that everybody receives it unless they opted out, "
           "'opt_out' "
           "that nobody does unless they opted in. `visibility`: 'public' or 'private'. `basis`: the lawful basis of "
           "its "
           "mail, one of consent, contract, implied_consent, legal_obligation, legitimate_interest, public_task, "
           "soft_opt_in and vital_interest, which its opt-ins then carry; mail that nobody asked for is not sent on "
           "consent (GDPR Art. 4(11)), so an 'opt_in' topic needs another.")
      .def(
          "get", [](const TopicsNoun& self, const TopicRef& topic) { return self.roll->get().topics().get(topic); },
          py::arg("topic"), without_gil, "The topic; NotFound where there is none.")
      .def("find", find, py::arg("topic"), without_gil, "The topic; None where there is none.")
      .def(
          "list", [](const TopicsNoun& self) { return self.roll->get().topics().list(); }, without_gil,
          "All topics, as they were made.")
      .def("update", update, py::arg("topic"), py::kw_only(), py::arg("name") = py::none(),
           py::arg("description") = py::none(), py::arg("visibility") = py::none(), py::arg("basis") = py::none(),
           without_gil, "Changes what is given (basis='' takes it away); answers the topic as it is now.")
      .def(
          "remove", [](const TopicsNoun& self, const TopicRef& topic) { self.roll->get().topics().remove(topic); },
          py::arg("topic"), without_gil,
          "Deletes the topic. Never raises permission; what people chose stays with its events.")
      .def(
          "count", [](const TopicsNoun& self, const TopicRef& topic) { return self.roll->get().topics().count(topic); },
          py::arg("topic"), without_gil, "How many contacts said something about it.");

  py::class_<PropertiesNoun>(module, "Properties", "roll.properties: which custom properties contacts may have.",
                             py::is_final(), plain_type())
      .def("create", create_property, py::arg("key"), py::arg("type"), py::kw_only(), py::arg("fallback") = py::none(),
           without_gil,
           "Defines a property: letters, digits and underscores, at most 50; `type` 'string', 'number', 'boolean' or "
           "'datetime'. `fallback`, of that type, is shown where a contact has no value. Defining it again alike "
           "changes the "
           "fallback; with another type is a Conflict.")
      .def("update", update_property, py::arg("key"), py::kw_only(), py::arg("fallback"), without_gil,
           "Changes the fallback (None: none any more); key and type are for good. NotFound where there is none.")
      .def("get", get, py::arg("key"), without_gil, "The definition; NotFound where there is none.")
      .def(
          "find",
          [](const PropertiesNoun& self, const std::string& key) { return self.roll->get().properties().find(key); },
          py::arg("key"), without_gil, "The definition; None where there is none.")
      .def(
          "list", [](const PropertiesNoun& self) { return self.roll->get().properties().list(); }, without_gil,
          "All definitions, by key.")
      .def(
          "remove",
          [](const PropertiesNoun& self, const std::string& key) { self.roll->get().properties().remove(key); },
          py::arg("key"), without_gil,
          "Deletes the definition and every contact's value. NotFound where there is none.");
}

}  // namespace mailroll::python
