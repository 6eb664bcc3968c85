/// mailroll.open() and the Roll.
#include "audience.hpp"
#include "delivery.hpp"
#include "plans.hpp"
#include "reporter.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using Text = std::optional<std::string>;

/// What Python calls a Roll.
struct PythonRoll {
  SharedRoll shared;
  std::string repr;
  [[nodiscard]] Roll get() const { return shared->get(); }
};

PythonRoll open_roll(const std::string& url, const std::string& team, const std::string& actor,
                     const std::optional<std::filesystem::path>& key_file) {
  OpenOptions options;
  options.team = team;
  options.actor = parse_word(parse_actor, actor, "actor", "'api' and 'operator'");
  options.key_file = path_or_none(key_file);
  Roll roll = mailroll::open(url, options);
  std::string repr = "<mailroll.Roll " + roll.store_name() + " team='" + roll.team().name + "'>";
  return {std::make_shared<OpenRoll>(std::move(roll)), std::move(repr)};
}

/// The event with the topic it is about, which the caller named.
std::optional<NamedEvent> named(const Roll& roll, const std::optional<TopicRef>& topic,
                                const std::optional<ConsentEvent>& event) {
  if (!event) return {};
  NamedEvent answer{*event, {}};
  if (topic) answer.topic = roll.topics().get(*topic);
  return answer;
}

std::optional<NamedEvent> unsubscribe(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic,
                                      bool everything, const Text& by, const py::object& evidence) {
  const Scope scope = scope_of(topic, everything);
  const PermissionOptions options = permission_options({}, by, evidence);
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.unsubscribe(who, scope, options));
}

std::optional<NamedEvent> resubscribe(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic,
                                      bool everything, const Text& override_reason, const py::object& evidence) {
  const Scope scope = scope_of(topic, everything);
  const PermissionOptions options = permission_options(override_reason, {}, evidence);
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.resubscribe(who, scope, options));
}

std::optional<NamedEvent> subscribe(const PythonRoll& self, const std::string& email, const TopicRef& topic,
                                    const Text& override_reason, const py::object& evidence) {
  scope_of(topic, false);
  const PermissionOptions options = permission_options(override_reason, {}, evidence);
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.subscribe(email, topic, options));
}

std::optional<NamedEvent> choose(const PythonRoll& self, const Who& who, const TopicRef& topic,
                                 const std::string& choice, const Text& override_reason, const Text& by,
                                 const py::object& evidence) {
  scope_of(topic, false);
  const PermissionOptions options = permission_options(override_reason, by, evidence);
  const Subscription chosen = subscription_of(choice, "choice");
  const py::gil_scoped_release release;
  Roll roll = self.get();
  return named(roll, topic, roll.choose(who, topic, chosen, options));
}

Verdict explain(const PythonRoll& self, const Who& who, const std::optional<TopicRef>& topic, bool transactional,
                const std::optional<SegmentRef>& segment) {
  if (topic.has_value() == transactional)
    throw py::type_error("say which mail: either topic=... (NO_TOPIC for mail without one) or transactional=True");
  if (transactional && segment) throw py::type_error("transactional mail has no segment");
  const py::gil_scoped_release release;
  return transactional ? self.get().explain_transactional(who) : self.get().explain(who, *topic, segment);
}

std::unique_ptr<OpenPlan<MigrationPlan>> migrate_audiences(const PythonRoll& self, const py::object& path,
                                                           const std::string& unsubscribed, bool complete,
                                                           const std::optional<std::filesystem::path>& rejects,
                                                           const py::object& progress) {
  const std::vector<std::string> paths = paths_of(path);
  MigrationOptions options;
  options.unsubscribed = policy_of(unsubscribed, "unsubscribed");
  options.complete = complete;
  options.rejects = path_or_none(rejects);
  return Reporter(progress).run([&](const ProgressFunction& report) {
    options.progress = report;
    return std::make_unique<OpenPlan<MigrationPlan>>(self.shared, self.get().migrate_audiences(paths, options));
  });
}

CheckReport check(const PythonRoll& self, bool repair, const py::object& progress) {
  return Reporter(progress).run([&](const ProgressFunction& report) { return self.get().check(repair, report); });
}

template <typename Noun>
NounOf<Noun> noun(const PythonRoll& self) {
  return {self.shared};
}

void bind_reports(py::module_& module) {
  ValueClass<CheckReport>(module, "CheckReport", "What check() found.")
      .field("schema_version", &CheckReport::schema_version, "Of the store.")
      .field("teams", &CheckReport::teams, "Teams of the store, all of which are checked.")
      .field("people", &CheckReport::people, "Contact ids looked at.")
      .field("cache_differs", &CheckReport::cache_differs,
             "Ids whose stored standing or choices are not what their events amount to.")
      .field("repaired", &CheckReport::repaired, "Of those, put right.")
      .field("orphans", &CheckReport::orphans, "Memberships without a contact.")
      .field("unknown_numbers", &CheckReport::unknown_numbers, "Memberships of segments that do not exist.")
      .field("wrong_ids", &CheckReport::wrong_ids, "Contacts whose id is not the hash of their address.")
      .field("to_rekey", &CheckReport::to_rekey, "Contacts under a retired key or another Unicode version: no fault.")
      .field("unfinished_runs", &CheckReport::unfinished_runs, "Imports and migrations that have not ended, in words.")
      .derived(
          "ok", [](const CheckReport& self) { return self.ok(); }, "True where nothing is wrong.");
}

}  // namespace

void bind_roll(py::module_& module) {
  bind_reports(module);
  const auto without_gil = py::call_guard<py::gil_scoped_release>();

  py::class_<PythonRoll>(
      module, "Roll",
      "A team's roll in a store; open() gives it. A context manager. May be used by many threads; not "
      "across fork(): a child opens its own.",
      py::is_final(), plain_type(), py::release_gil_before_calling_cpp_dtor())
      .def_property_readonly("contacts", noun<Contacts>, "The contacts.")
      .def_property_readonly("segments", noun<Segments>, "The team's own groupings of contacts.")
      .def_property_readonly("topics", noun<Topics>, "The kinds of mail that people can choose.")
      .def_property_readonly("properties", noun<PropertyDefinitions>, "The definitions of custom properties.")
      .def_property_readonly("suppressions", noun<Suppressions>, "The addresses that get nothing at all.")
      .def_property_readonly("events", noun<Events>, "The consent events.")
      .def_property_readonly("teams", noun<Teams>, "The teams of the store.")
      .def_property_readonly("keys", noun<Keys>, "What contact ids are computed under and links are signed with.")
      .def("unsubscribe", unsubscribe, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
           py::arg("everything") = false, py::arg("by") = py::none(), py::arg("evidence") = py::none(),
           "Opts a person out of a topic, or of everything, at once; answers the ConsentEvent. Works for an address "
           "that is no "
           "contact too, and when repeated. by='person' where somebody told staff: then `evidence` must say how, in "
           "words or as "
           "a dict with the keys text_hash, form, ip, user_agent, locale, note and text.")
      .def("resubscribe", resubscribe, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
           py::arg("everything") = false, py::arg("override") = py::none(), py::arg("evidence") = py::none(),
           "Opts a person in again to a topic, or brings them back from everything, which restores their choices as "
           "they were. "
           "Answers the ConsentEvent; None where nothing changed. Refused where the rules forbid it, e.g. "
           "details['reason'] "
           "'person_opted_out'; staff (actor='operator') may give a written reason as `override`.")
      .def("subscribe", subscribe, py::arg("email"), py::kw_only(), py::arg("topic"), py::arg("override") = py::none(),
           py::arg("evidence") = py::none(),
           "Opts an address in to a topic, and makes the contact where there is none; else as resubscribe().")
      .def("choose", choose, py::arg("who"), py::kw_only(), py::arg("topic"), py::arg("choice"),
           py::arg("override") = py::none(), py::arg("by") = py::none(), py::arg("evidence") = py::none(),
           "Sets a choice, 'opt_in' or 'opt_out': resubscribe() or unsubscribe() by another name.")
      .def(
          "audience",
          [](const PythonRoll& self, const SegmentRef& segment, const TopicRef& topic) {
            return OpenAudience{self.shared, self.get().audience(segment, topic)};
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), without_gil,
          "Everybody in the segment, judged for mail of the topic. NO_TOPIC must be said where there is none: people "
          "can leave "
          "such mail only by leaving everything. NotFound or Conflict where a name is nobody's or several's.")
      .def("explain", explain, py::arg("who"), py::kw_only(), py::arg("topic") = py::none(),
           py::arg("transactional") = false, py::arg("segment") = py::none(),
           "May this person get this mail, and why: a Verdict. An unknown person is an answer ('not_found'), not an "
           "error.")
      .def(
          "handoff",
          [](const PythonRoll& self, const SegmentRef& segment, const TopicRef& topic, const std::string& worker,
             const Text& broadcast, const std::optional<std::chrono::seconds>& lease_for) {
            return hand_off(self.shared, segment, topic, worker, broadcast, lease_for);
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), py::arg("worker"), py::arg("broadcast") = py::none(),
          py::arg("lease_for") = py::none(), without_gil,
          "The mailer's side of a broadcast: leases its people, each at most once. `broadcast` names the mailing, "
          "which a "
          "second one to the same segment and topic needs; Conflict where the name is that of another segment or "
          "topic. "
          "`worker`: 1 to 100 characters. `lease_for`: 1 second to 24 hours; None: 15 minutes.")
      .def(
          "handoff_of", [](const PythonRoll& self, const LeaseId& lease) { return handoff_of(self.shared, lease); },
          py::arg("lease"), without_gil,
          "The Handoff that a lease belongs to, to confirm or release by the lease's id alone. NotFound where nobody "
          "is "
          "held under it any more.")
      .def(
          "broadcasts", [](const PythonRoll& self) { return broadcasts(self.shared); }, without_gil,
          "How far each broadcast is, as they were made.")
      .def(
          "opt_outs",
          [](const PythonRoll& self, std::int64_t after, std::size_t limit) {
            return opt_outs(self.shared, after, limit);
          },
          py::arg("after") = 0, py::arg("limit") = 1000, without_gil,
          "What lowered permission after a cursor, oldest first, at most `limit` (1 to 10,000): a FeedPage, for "
          "systems "
          "that keep lists of their own. Each event at least once, in order per contact.")
      .def("migrate_audiences", migrate_audiences, py::arg("path"), py::kw_only(), py::arg("unsubscribed") = "topics",
           py::arg("complete") = false, py::arg("rejects") = py::none(), py::arg("progress") = py::none(),
           "Plans the migration of old per-audience exports, a folder or files, into global contacts; plan.apply() "
           "does it. "
           "`unsubscribed`: 'topics' makes a public topic of each audience and opts people out of that one; "
           "'everything' takes one "
           "unsubscribed row for leaving everything. complete=True says that the input holds every audience there is. "
           "Rejected "
           "rows are listed in the file `rejects`, as NDJSON without addresses. `progress` as with apply(). Invalid "
           "where the "
           "input cannot be read, with file and line.")
      .def(
          "usage", [](const PythonRoll& self) { return self.get().usage(); }, without_gil,
          "Contacts counted once, beside what counting per audience gave.")
      .def("check", check, py::kw_only(), py::arg("repair") = false, py::arg("progress") = py::none(),
           "Proves that every stored standing and choice is what its events amount to; repair=True puts right what is "
           "not.")
      .def_property_readonly(
          "team", [](const PythonRoll& self) { return self.get().team(); }, "The Team.")
      .def_property_readonly(
          "actor", [](const PythonRoll& self) { return self.get().actor(); }, "Who is calling: 'api' or 'operator'.")
      .def_property_readonly(
          "store_name", [](const PythonRoll& self) { return self.get().store_name(); },
          "The store's address without a password.")
      .def(
          "close", [](const PythonRoll& self) { self.shared->close(); }, without_gil,
          "Closes the roll and everything got from it: using them is Invalid from then on. Closing again does nothing. "
          "Files "
          "close when the last audience, plan or iterator is gone too.")
      .def(
          "__enter__", [](const py::object& self) { return self; }, "Answers the roll itself.")
      .def(
          "__exit__",
          [](const PythonRoll& self, const py::args&) {
            const py::gil_scoped_release release;
            self.shared->close();
          },
          "Closes the roll.")
      .def("__repr__", [](const PythonRoll& self) { return self.repr; });

  module.def(
      "open", open_roll, py::arg("url"), py::kw_only(), py::arg("team") = "default", py::arg("actor") = "api",
      py::arg("key_file") = py::none(), without_gil,
      "Opens the store at `url`, e.g. sqlite:///roll.db (a relative path), sqlite:////var/roll.db or memory://, and "
      "makes "
      "it where it is embedded and not there. `actor`: 'operator' in tools for staff. `key_file`: where the hash key "
      "is "
      "kept outside the store (else MAILROLL_KEYS of the environment, else the store). StorageError with a reason "
      "(unreachable, not_a_database, newer_schema, lost_key), NotFound for an unknown team, Invalid for an unknown "
      "scheme.");
  module.def("backends", &mailroll::backends, without_gil, "The kinds of store there are, by scheme.");
}

}  // namespace mailroll::python
