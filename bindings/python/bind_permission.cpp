/// What people say and what follows from it: unsubscribe() to choose(), explain() and expiring().
#include <chrono>

#include "consent.hpp"
#include "python_roll.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using Text = std::optional<std::string>;
using Moment = std::optional<Time>;

/// The event with the topic it is about, which the caller named.
std::optional<NamedEvent> named(const Roll& roll, const std::optional<TopicRef>& topic,
                                const std::optional<ConsentEvent>& event) {
  if (!event) return {};
  NamedEvent answer{*event, {}};
  if (topic) answer.topic = roll.topics().get(*topic);
  return answer;
}

std::optional<NamedEvent> unsubscribe(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic,
                                      bool everything, const Text& by, const py::object& evidence, const Text& channel,
                                      const Moment& at) {
  const Scope scope = scope_of(topic, everything);
  const PermissionOptions options = permission_options({.by = by, .evidence = evidence, .channel = channel, .at = at});
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.unsubscribe(who, scope, options));
}

std::optional<NamedEvent> resubscribe(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic,
                                      bool everything, const Text& override_reason, const py::object& evidence,
                                      const Text& channel, const Moment& at, const Moment& valid_until,
                                      const Text& basis) {
  const Scope scope = scope_of(topic, everything);
  const PermissionOptions options =
      permission_options({override_reason, {}, evidence, channel, at, valid_until, basis});
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.resubscribe(who, scope, options));
}

py::object subscribe(const PythonRoll& self, const std::string& email, const std::optional<TopicRef>& topic,
                     bool everything, bool confirm, const std::optional<std::chrono::seconds>& valid_for,
                     const Text& override_reason, const py::object& evidence, const Text& channel, const Moment& at,
                     const Moment& valid_until, const Text& basis) {
  const Scope scope = scope_of(topic, everything);
  const PermissionOptions options =
      permission_options({override_reason, {}, evidence, channel, at, valid_until, basis});
  if (confirm) return subscribe_to_confirm(self, email, topic, scope, options, valid_for);
  if (everything) throw py::type_error("everything=True goes with confirm=True; coming back is resubscribe()");
  if (valid_for) throw py::type_error("valid_for goes with confirm=True");
  std::optional<NamedEvent> answer;
  {
    const py::gil_scoped_release release;
    Roll roll = self.get();
    answer = named(roll, topic, roll.subscribe(email, *topic, options));
  }
  return py::cast(std::move(answer));
}

std::optional<NamedEvent> choose(const PythonRoll& self, const Who& who, const TopicRef& topic,
                                 const std::string& choice, const Text& override_reason, const Text& by,
                                 const py::object& evidence, const Text& channel, const Moment& at,
                                 const Moment& valid_until, const Text& basis) {
  scope_of(topic, false);
  const PermissionOptions options =
      permission_options({override_reason, by, evidence, channel, at, valid_until, basis});
  const Subscription chosen = subscription_of(choice, "choice");
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.choose(who, topic, chosen, options));
}

Verdict explain(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic, bool transactional,
                const std::optional<SegmentRef>& segment, const Moment& at) {
  if (topic.has_value() == transactional)
    throw py::type_error("say which mail: either topic=... (NO_TOPIC for mail without one) or transactional=True");
  if (transactional && segment) throw py::type_error("transactional mail has no segment");
  const py::gil_scoped_release release;
  return transactional ? self.get().explain_transactional(who, at) : self.get().explain(who, *topic, segment, at);
}

std::vector<ExpiringConsent> expiring(const PythonRoll& self, const std::optional<std::chrono::seconds>& within,
                                      std::size_t limit) {
  return self.get().expiring(within.value_or(std::chrono::days(30)), limit);
}

}  // namespace

void bind_permission_values(py::module_& module) {
  ValueClass<ExpiringConsent>(module, "ExpiringConsent", "Consent that runs out.")
      .field("contact", &ExpiringConsent::contact, "The contact's id.")
      .field("email", &ExpiringConsent::email, "The delivery spelling; '' where there is no such contact.")
      .field("topic", &ExpiringConsent::topic, "The topic.")
      .field("valid_until", &ExpiringConsent::valid_until, "When it runs out, or has run out, UTC.")
      .field("basis", &ExpiringConsent::basis, "Lawful basis, a word; '' where unknown.");
}

void bind_permission(RollClass& roll) {
  roll.def(
          "unsubscribe", unsubscribe, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
          py::arg("everything") = false, py::arg("by") = py::none(), py::arg("evidence") = py::none(),
          py::arg("channel") = py::none(), py::arg("at") = py::none(),
          "Opts a person out of a topic, or of everything, at once; answers the ConsentEvent. Works for an address "
          "that is no contact too, and when repeated. by='person' where somebody told staff: then `evidence` must say "
          "how, in words or as a dict with the keys text_hash, form, ip, user_agent, locale, note and text. "
          "`channel`: how it came in, 'api', 'cli', 'one_click', 'page', 'mailto', 'form' or 'phone'. `at`: when it "
          "happened, a datetime with a zone; None: now; in the future: now, and flagged. Invalid for another word, and "
          "for texts that are too long.")
      .def("resubscribe", resubscribe, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
           py::arg("everything") = false, py::arg("override") = py::none(), py::arg("evidence") = py::none(),
           py::arg("channel") = py::none(), py::arg("at") = py::none(), py::arg("valid_until") = py::none(),
           py::arg("basis") = py::none(),
           "Opts a person in again to a topic, or brings them back from everything, which restores their choices as "
           "they were. Answers the ConsentEvent; None where nothing changed. Refused where the rules forbid it, e.g. "
           "details['reason'] 'person_opted_out'; staff (actor='operator') may give a written reason as `override`. "
           "`valid_until`: when the consent to a topic runs out, later than now. `basis`: the lawful basis, one of "
           "consent, contract, implied_consent, legal_obligation, legitimate_interest, public_task, soft_opt_in and "
           "vital_interest; None: the topic's. The rest as with unsubscribe().")
      .def(
          "subscribe", subscribe, py::arg("email"), py::kw_only(), py::arg("topic") = py::none(),
          py::arg("everything") = false, py::arg("confirm") = false, py::arg("valid_for") = py::none(),
          py::arg("override") = py::none(), py::arg("evidence") = py::none(), py::arg("channel") = py::none(),
          py::arg("at") = py::none(), py::arg("valid_until") = py::none(), py::arg("basis") = py::none(),
          "Opts an address in to a topic, and makes the contact where there is none; else as resubscribe(). "
          "confirm=True (double opt-in): records it as pending, which never counts, also of everything, and answers a "
          "Confirmation, whose token alone confirms it, within `valid_for` (a timedelta of 1 minute to 30 days; 7 "
          "days). It lowers nothing and is never refused for an opt-out: whoever fills in a form may be somebody else. "
          "It happens now, and overrides nothing.")
      .def("choose", choose, py::arg("who"), py::kw_only(), py::arg("topic"), py::arg("choice"),
           py::arg("override") = py::none(), py::arg("by") = py::none(), py::arg("evidence") = py::none(),
           py::arg("channel") = py::none(), py::arg("at") = py::none(), py::arg("valid_until") = py::none(),
           py::arg("basis") = py::none(),
           "Sets a choice, 'opt_in' or 'opt_out': resubscribe() or unsubscribe() by another name.")
      .def("explain", explain, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
           py::arg("transactional") = false, py::arg("segment") = py::none(), py::arg("at") = py::none(),
           "May this person get this mail, and why: a Verdict. An unknown person is an answer ('not_found'), not an "
           "error. `at`: as the events recorded by then had it; contact, topic and segment are as they are today.")
      .def("expiring", expiring, py::arg("within") = py::none(), py::arg("limit") = 1000,
           py::call_guard<py::gil_scoped_release>(),
           "Consent that runs out within a timedelta (None: 30 days; at most 36500), also what has run out already, "
           "soonest first; at most `limit` (1 to 100,000).");
}

}  // namespace mailroll::python
