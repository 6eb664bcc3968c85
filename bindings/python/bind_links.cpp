/// Links in mail, the pages behind them, and mailroll.text_hash().
#include <chrono>

#include "consent.hpp"
#include "python_roll.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using Text = std::optional<std::string>;

/// What Python calls an ActResult and a Confirmation: the same with the topics of their events.
struct PageResult {
  ActResult result;
  std::vector<NamedEvent> events;
};
struct SignUp {
  Confirmation confirmation;
  std::optional<NamedEvent> pending;
};

NamedEvent named(const ConsentEvent& event, const std::vector<Topic>& topics) {
  NamedEvent answer{event, {}};
  for (const Topic& topic : topics)
    if (topic.number == event.topic) answer.topic = topic;
  return answer;
}

std::optional<Uuid> message_of(const py::object& given) {
  if (given.is_none()) return {};
  const std::optional<Uuid> id = parse_uuid(py::cast<std::string>(py::str(given)));
  if (!id) throw py::type_error("message must be a uuid.UUID, or a str of one");
  return id;
}

constexpr const char* body_complaint =
    "body must be the bytes or str of a form, a mapping of str to str (or to several), or pairs of str";

void add_field(FormFields& fields, py::handle name, py::handle value) {
  const std::optional<std::string> key = text_of(name);
  const std::optional<std::string> text = text_of(value);
  if (!key || !text) throw py::type_error(body_complaint);
  fields.emplace_back(*key, *text);
}

/// Mappings as web frameworks give them: one value, or a list of them, for a name.
FormFields fields_of(const py::object& body) {
  FormFields fields;
  if (body.is_none()) return fields;
  if (const std::optional<std::string> text = text_of(body)) return parse_form(*text);
  if (py::isinstance(body, py::module_::import("collections.abc").attr("Mapping"))) {
    for (const py::handle item : body.attr("items")()) {
      const auto pair = py::reinterpret_borrow<py::tuple>(item);
      const py::object value = pair[1];
      if (text_of(value) || !py::isinstance<py::iterable>(value)) {
        add_field(fields, pair[0], value);
        continue;
      }
      for (const py::handle one : value) add_field(fields, pair[0], one);
    }
    return fields;
  }
  if (!py::isinstance<py::iterable>(body)) throw py::type_error(body_complaint);
  for (const py::handle item : body) {
    if (!py::isinstance<py::sequence>(item) || text_of(item) || py::len(item) != 2)
      throw py::type_error(body_complaint);
    const auto pair = py::reinterpret_borrow<py::sequence>(item);
    const py::object name = pair[0], value = pair[1];
    add_field(fields, name, value);
  }
  return fields;
}

std::string link(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic, bool everything,
                 const std::string& purpose, const std::string& base_url, const py::object& message) {
  const Scope scope = scope_of(topic, everything);
  const Purpose chosen = parse_word(parse_purpose, purpose, "purpose", "'leave' and 'export'");
  const LinkOptions options{.base_url = base_url, .message = message_of(message)};
  const py::gil_scoped_release release;
  return self.get().link(who, scope, chosen, options);
}

py::dict headers(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic, bool everything,
                 const std::string& base_url, const Text& mailto, const py::object& message) {
  const Scope scope = scope_of(topic, everything);
  const HeaderOptions options{.base_url = base_url, .mailto = mailto.value_or(""), .message = message_of(message)};
  std::vector<Header> made;
  {
    const py::gil_scoped_release release;
    made = self.get().list_unsubscribe_headers(who, scope, options);
  }
  py::dict answer;
  for (const Header& header : made) answer[py::str(header.name)] = header.value;
  return answer;
}

PageResult act(const PythonRoll& self, const std::string& token, const py::object& body, const py::object& evidence) {
  const FormFields fields = fields_of(body);
  const Evidence proof = permission_options({.evidence = evidence}).evidence;
  const py::gil_scoped_release release;
  Roll roll = self.get();
  PageResult answer{roll.act(token, fields, proof), {}};
  const std::vector<Topic> topics = answer.result.events.empty() ? std::vector<Topic>{} : roll.topics().list();
  for (const ConsentEvent& event : answer.result.events) answer.events.push_back(named(event, topics));
  return answer;
}

template <typename Member>
auto of_result(Member member) {
  return [member](const PageResult& self) { return self.result.*member; };
}

}  // namespace

py::object subscribe_to_confirm(const PythonRoll& self, const std::string& email, const std::optional<TopicRef>& topic,
                                const Scope& scope, const PermissionOptions& options,
                                const std::optional<std::chrono::seconds>& valid_for) {
  SignUp answer;
  {
    const py::gil_scoped_release release;
    Roll roll = self.get();
    answer.confirmation = roll.subscribe_to_confirm(email, scope, options, valid_for.value_or(confirm_days));
    if (const auto& pending = answer.confirmation.pending) {
      answer.pending = NamedEvent{*pending, {}};
      if (topic) answer.pending->topic = roll.topics().get(*topic);
    }
  }
  return py::cast(std::move(answer));
}

void bind_page_values(py::module_& module) {
  ValueClass<ShownTopic>(module, "ShownTopic", "A topic as a preference page shows it.")
      .field("topic", &ShownTopic::topic, "The topic.")
      .field("receives", &ShownTopic::receives,
             "Ticked: by choice or by default, leaving aside what holds for everything.")
      .field("waiting", &ShownTopic::waiting, "Asked for and not confirmed yet: saving the page leaves it alone.");
  ValueClass<Preferences>(module, "Preferences", "What a preference page shows. Its tokens stay out of repr().")
      .field("purpose", &Preferences::purpose, "'leave', 'confirm' or 'export'.")
      .field("contact", &Preferences::contact, "The id that the link is of.")
      .field("masked_email", &Preferences::masked_email,
             "The first letters and the top level of the address; '' where the link may not show it.")
      .field("erased", &Preferences::erased, "The page says that no mail will come, and nothing else.")
      .field("unsubscribed", &Preferences::unsubscribed, "Whether from everything.")
      .field("topic", &Preferences::topic, "The link's own; None: everything, or the topic is gone.")
      .field("topics", &Preferences::topics,
             "Public ones, and private ones that the person opted in to, as they were made.")
      .field("may_raise", &Preferences::may_raise,
             "Whether the link is fresh enough to come back through it; purpose 'export': to hand out the export.")
      .field("waiting", &Preferences::waiting, "Purpose 'confirm': whether there is something to confirm.")
      .derived("undo", &Preferences::undo,
               "After an act that can be taken back: a token that does so, for 15 minutes.");
  ValueClass<PageResult>(module, "ActResult", "What a POST to a person's page did.")
      .field("outcome", of_result(&ActResult::outcome),
             "'left', 'left_all', 'saved', 'came_back', 'confirmed' or 'undone'.")
      .field("events", &PageResult::events, "New ConsentEvents, in order; [] where nothing changed.")
      .field("body_ok", of_result(&ActResult::body_ok),
             "False where the body was none that is known, and the act was an opt-out.")
      .field("kept_everything", of_result(&ActResult::kept_everything),
             "True where the act was about something else, and the person is unsubscribed from everything.")
      .field("preferences", of_result(&ActResult::preferences), "The page as it is now.");
  ValueClass<SignUp>(module, "Confirmation", "What a double opt-in waits for. Its token stays out of repr().")
      .field("pending", &SignUp::pending,
             "The ConsentEvent; None where the person gets this mail already, and there is nothing to confirm.")
      .field(
          "expires_at",
          [](const SignUp& self) { return self.pending ? std::optional(self.confirmation.expires_at) : std::nullopt; },
          "When the token ends, UTC; what is pending stays pending. None where there is nothing to confirm.")
      .derived(
          "token", [](const SignUp& self) { return self.confirmation.token; },
          "Mail it to the address, in a link, and nowhere else. '' where there is nothing to confirm.");
  module.def("text_hash", &mailroll::text_hash, py::arg("text"),
             "SHA-256 of a text that is shown, 64 hex digits: evidence of which wording it was.");
}

void bind_links(RollClass& roll) {
  roll.def("link", link, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(), py::arg("everything") = false,
           py::arg("purpose") = "leave", py::arg("base_url"), py::arg("message") = py::none(),
           "The URL of a person's page: `base_url` (https, e.g. https://mail.example.com), /u/ and a signed token, "
           "which "
           "holds no address. purpose='export' is about everything. `message`: the UUID of the mail that it stands in. "
           "docs/tokens.md has the layout.")
      .def("list_unsubscribe_headers", headers, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
           py::arg("everything") = false, py::arg("base_url"), py::arg("mailto") = py::none(),
           py::arg("message") = py::none(),
           "The header fields List-Unsubscribe and List-Unsubscribe-Post (RFC 8058, RFC 2369), always both; cover both "
           "with the DKIM signature. `mailto`: an address that takes opt-outs by mail, with the token as subject.")
      .def(
          "preferences", [](const PythonRoll& self, const std::string& token) { return self.get().preferences(token); },
          py::arg("token"), py::call_guard<py::gil_scoped_release>(),
          "What the page of a link shows. Changes nothing, ever: mail scanners open links. A token that is not "
          "believed "
          "is Refused with details['reason'] 'invalid_token', whatever is wrong with it; the logger 'mailroll' is told "
          "what.")
      .def(
          "act", act, py::arg("token"), py::arg("body") = "", py::kw_only(), py::arg("evidence") = py::none(),
          "Applies a POST to the page of a link, as the person's own act, in one transaction; idempotent. `body`: the "
          "octets of the form, or its fields as a mapping or as pairs. By its field `action`: none or one that is not "
          "known opts out of the link's scope (RFC 8058), as do 'leave' and 'mailto'; 'all' of everything, 'come_back' "
          "takes that back; 'save', with the ids `shown` and `on`, changes the topics that were shown; 'undo', with "
          "the "
          "token of Preferences.undo; 'confirm'. `evidence` as with unsubscribe(), cut to its bounds. Refused, before "
          "anything is written, with details['reason'] 'invalid_token', 'not_fresh' (the link may not raise) or "
          "'undo_expired'.");
}

}  // namespace mailroll::python
