#include <array>

#include "consent.hpp"
#include "open_roll.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

struct EvidenceField {
  const char* name;
  std::string Evidence::*member;
};
constexpr std::array<EvidenceField, 7> evidence_fields{{{"text_hash", &Evidence::text_hash},
                                                        {"form", &Evidence::form},
                                                        {"ip", &Evidence::ip},
                                                        {"user_agent", &Evidence::user_agent},
                                                        {"locale", &Evidence::locale},
                                                        {"note", &Evidence::note},
                                                        {"text", &Evidence::text}}};

Evidence evidence_of(const py::object& given) {
  Evidence evidence;
  if (given.is_none()) return evidence;
  if (py::isinstance<py::str>(given)) {
    evidence.note = *text_of(given);
    return evidence;
  }
  const char* complaint =
      "evidence must be a str, or a dict of str with the keys text_hash, form, ip, user_agent, locale, note and text";
  if (!py::isinstance<py::dict>(given)) throw py::type_error(complaint);
  for (const auto& [key, value] : py::reinterpret_borrow<py::dict>(given)) {
    const std::optional<std::string> name = text_of(key);
    const std::optional<std::string> text = text_of(value);
    const EvidenceField* known = nullptr;
    for (const EvidenceField& field : evidence_fields)
      if (name == field.name) known = &field;
    if (known == nullptr || !text) throw py::type_error(complaint);
    evidence.*(known->member) = *text;
  }
  return evidence;
}

py::object evidence_shown(const NamedEvent& event) {
  py::dict shown;
  for (const EvidenceField& field : evidence_fields)
    if (const std::string& text = event.event.evidence.*(field.member); !text.empty()) shown[field.name] = text;
  return frozen(shown);
}

/// A field of the event inside.
template <typename Member>
auto of_event(Member member) {
  return [member](const NamedEvent& self) { return self.event.*member; };
}

}  // namespace

Scope scope_of(const std::optional<TopicRef>& topic, bool everything) {
  if (topic.has_value() == everything)
    throw py::type_error("say what this is about: either topic=... or everything=True");
  if (!topic) return Scope(Everything{});
  if (!topic->text) throw py::type_error("NO_TOPIC is no topic that can be chosen; say everything=True");
  return Scope(*topic);
}

PermissionOptions permission_options(const ActKeywords& keywords) {
  PermissionOptions options;
  options.override_reason = keywords.override_reason.value_or("");
  if (keywords.by)
    options.by = parse_word(parse_actor, *keywords.by, "by", "'person', 'provider', 'operator', 'api' and 'import'");
  if (keywords.channel) options.channel = channel_of(*keywords.channel);
  options.at = keywords.at;
  options.valid_until = keywords.valid_until;
  options.basis = keywords.basis.value_or("");
  options.evidence = evidence_of(keywords.evidence);
  return options;
}

void bind_consent(py::module_& module) {
  ValueClass<NamedEvent>(module, "ConsentEvent", "One act that changed permission.")
      .field("id", of_event(&ConsentEvent::id), "UUID, 36 characters.")
      .field("contact", of_event(&ConsentEvent::contact), "The contact's id.")
      .field("action", of_event(&ConsentEvent::action),
             "'pending', 'opt_in', 'unsuppressed', 'removed', 'opt_out', 'suppressed' or 'erased'.")
      .field(
          "everything", [](const NamedEvent& self) { return self.event.topic == everything_scope; },
          "True where it is about everything, False where it is about one topic.")
      .field("topic", &NamedEvent::topic, "The topic; None where about everything, or where it was deleted since.")
      .field("actor", of_event(&ConsentEvent::actor), "'person', 'provider', 'operator', 'api' or 'import'.")
      .field("channel", of_event(&ConsentEvent::channel), "How it came in, e.g. 'api', 'migration' or 'one_click'.")
      .field("at", of_event(&ConsentEvent::at), "When it happened, UTC; None where unknown.")
      .field("recorded_at", of_event(&ConsentEvent::recorded_at), "When it was written down, UTC.")
      .field("valid_until", of_event(&ConsentEvent::valid_until), "When the consent runs out, UTC; None: never.")
      .field("suppression", of_event(&ConsentEvent::suppression),
             "With 'suppressed' and 'unsuppressed': 'complaint', 'bounce' or 'manual'; else None.")
      .field("basis", of_event(&ConsentEvent::basis), "Lawful basis, a word; '' where unknown.")
      .field("source", of_event(&ConsentEvent::source), "What it was read from; '' where it was a live act.")
      .field("reason", of_event(&ConsentEvent::reason), "The written reason of an override; '' where it is none.")
      .field("evidence", evidence_shown, "What proves it: a read-only mapping, only what is known.")
      .field("clamped", of_event(&ConsentEvent::clamped), "True where its time was in the future and was corrected.");

  py::class_<NounOf<Events>>(module, "Events", "roll.events: the consent events.", py::is_final(), plain_type())
      .def(
          "list",
          [](const NounOf<Events>& self, const Who& who) {
            const Roll roll = self.roll->get();
            std::vector<NamedEvent> named;
            std::vector<Topic> topics = roll.topics().list();
            for (ConsentEvent& event : roll.events().list(who)) {
              NamedEvent& added = named.emplace_back();
              for (const Topic& topic : topics)
                if (topic.number == event.topic) added.topic = topic;
              added.event = std::move(event);
            }
            return named;
          },
          py::arg("who"), py::call_guard<py::gil_scoped_release>(),
          "The consent events of one person, oldest first; [] where nothing was said. Works without a contact "
          "too.");
}

}  // namespace mailroll::python
