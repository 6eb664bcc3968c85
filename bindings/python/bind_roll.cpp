/// mailroll.open() and the Roll.
#include "audience.hpp"
#include "delivery.hpp"
#include "follower.hpp"
#include "plans.hpp"
#include "python_roll.hpp"
#include "reporter.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using Text = std::optional<std::string>;

/// Tells the logger `mailroll`, from whatever thread.
void log_to_python(std::string_view line) {
  if (Py_IsInitialized() == 0) return;
  const py::gil_scoped_acquire acquire;
  try {
    py::module_::import("logging").attr("getLogger")("mailroll").attr("warning")("%s", py::str(line));
  } catch (py::error_already_set& error) {
    error.discard_as_unraisable("mailroll's log");  // a handler that fails must not keep anybody in
  }
}

PythonRoll open_roll(const std::string& url, const std::string& team, const std::string& actor,
                     const std::optional<std::filesystem::path>& key_file) {
  OpenOptions options;
  options.team = team;
  options.actor = parse_word(parse_actor, actor, "actor", "'api' and 'operator'");
  options.key_file = path_or_none(key_file);
  options.log = log_to_python;
  Roll roll = mailroll::open(url, options);
  std::string repr = "<mailroll.Roll " + roll.store_name() + " team='" + roll.team().name + "'>";
  return {std::make_shared<OpenRoll>(std::move(roll)), std::move(repr)};
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

Snapshot snapshot(const PythonRoll& self, const std::optional<std::vector<std::string>>& columns,
                  const py::object& progress) {
  return Reporter(progress).run([&](const ProgressFunction& report) {
    return columns ? self.get().snapshot(*columns, report) : self.get().snapshot(report);
  });
}

Refreshed refresh(const PythonRoll& self, const Snapshot& older, const py::object& progress) {
  return Reporter(progress).run([&](const ProgressFunction& report) { return self.get().refresh(older, report); });
}

PythonFollower follow(const PythonRoll& self, const std::optional<Snapshot>& snapshot, const py::object& progress) {
  return Reporter(progress).run(
      [&](const ProgressFunction& report) { return PythonFollower(self.get().follow(snapshot, report)); });
}

void set_retention(const PythonRoll& self, std::int32_t days, const Text& field, const Text& action) {
  RetentionRule rule{{}, field.value_or(""), days};
  if (action) {
    rule.action = parse_word(parse_action, *action, "action",
                             "'pending', 'opt_in', 'unsuppressed', 'removed', 'opt_out', 'suppressed' and 'erased'");
  }
  self.get().set_retention(rule);
}

RetentionReport apply_retention(const PythonRoll& self, bool dry_run, const py::object& progress) {
  return Reporter(progress).run(
      [&](const ProgressFunction& report) { return self.get().apply_retention(dry_run, report); });
}

template <typename Noun>
NounOf<Noun> noun(const PythonRoll& self) {
  return {self.shared};
}

void bind_reports(py::module_& module) {
  ValueClass<RetentionRule>(module, "RetentionRule", "How long evidence of some kind is kept.")
      .field(
          "field",
          [](const RetentionRule& self) { return self.field.empty() ? std::nullopt : std::optional(self.field); },
          "E.g. 'ip'; None: all that has no rule of its own.")
      .field("action", &RetentionRule::action, "Of which events, e.g. 'opt_in'; None: of all others.")
      .field("days", &RetentionRule::days, "1 to 36500, counted from when the event was recorded.");
  ValueClass<RetentionReport>(module, "RetentionReport", "What apply_retention() did.")
      .field("looked_at", &RetentionReport::looked_at, "Events.")
      .field("redacted", &RetentionReport::redacted, "Events that lost evidence, or would.");
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
      .field("unfinished_runs", &CheckReport::unfinished_runs,
             "Imports, migrations, rekeys and copies that have not ended, in words.")
      .derived(
          "ok", [](const CheckReport& self) { return self.ok(); }, "True where nothing is wrong.");
}

}  // namespace

void bind_roll(py::module_& module) {
  bind_reports(module);
  bind_page_values(module);
  bind_permission_values(module);
  const auto without_gil = py::call_guard<py::gil_scoped_release>();

  RollClass roll(module, "Roll",
                 "A team's roll in a store; open() gives it. A context manager. May be used by many threads; not "
                 "across fork(): a child opens its own.",
                 py::is_final(), plain_type(), py::release_gil_before_calling_cpp_dtor());
  bind_links(roll);
  bind_permission(roll);
  roll.def_property_readonly("contacts", noun<Contacts>, "The contacts.")
      .def_property_readonly("segments", noun<Segments>, "The team's own groupings of contacts.")
      .def_property_readonly("topics", noun<Topics>, "The kinds of mail that people can choose.")
      .def_property_readonly("properties", noun<PropertyDefinitions>, "The definitions of custom properties.")
      .def_property_readonly("suppressions", noun<Suppressions>, "The addresses that get nothing at all.")
      .def_property_readonly("events", noun<Events>, "The consent events.")
      .def_property_readonly("teams", noun<Teams>, "The teams of the store.")
      .def_property_readonly("keys", noun<Keys>, "What contact ids are computed under and links are signed with.")
      .def(
          "audience",
          [](const PythonRoll& self, const SegmentRef& segment, const TopicRef& topic,
             const std::optional<std::pair<int, int>>& partition) {
            const Audience audience = self.get().audience(segment, topic);
            return OpenAudience{self.shared,
                                partition ? audience.partition(partition->first, partition->second) : audience};
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), py::arg("partition") = py::none(), without_gil,
          "Everybody in the segment, judged for mail of the topic. NO_TOPIC must be said where there is none: people "
          "can leave "
          "such mail only by leaving everything. `partition`: (i, n) for part i of n, as Audience.partition(). "
          "NotFound "
          "or Conflict where a name is nobody's or several's.")
      .def(
          "handoff",
          [](const PythonRoll& self, const SegmentRef& segment, const TopicRef& topic, const std::string& worker,
             const Text& broadcast, const std::optional<std::chrono::seconds>& lease_for) {
            return hand_off(self.shared, segment, topic, worker, broadcast, lease_for);
          },
          py::arg("segment"), py::kw_only(), py::arg("topic"), py::arg("worker"), py::arg("broadcast") = py::none(),
          py::arg("lease_for") = py::none(), without_gil,
          "The mailer's side of a broadcast: leases the people of a segment or an expression of several, each at most "
          "once. "
          "`broadcast` names the mailing, which a second one to the same people and topic needs; Conflict where the "
          "name is that "
          "of other segments or another topic. `worker`: 1 to 100 characters. `lease_for`: 1 second to 24 hours; None: "
          "15 "
          "minutes.")
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
      .def("snapshot", snapshot, py::kw_only(), py::arg("columns") = py::none(), py::arg("progress") = py::none(),
           "Loads the whole team into memory, as it is at one moment: a Snapshot. Takes about as long as reading it "
           "once. `columns`: fields and properties, as filters name them, for Snapshot.where(); reading them takes "
           "longer.")
      .def(
          "refresh", refresh, py::arg("snapshot"), py::kw_only(), py::arg("progress") = py::none(),
          "The Snapshot that would be loaded now, made of an older one by what the store's log says has changed since: "
          "a Refreshed. Writes to the store: what was committed gets its place in the log. Loads the whole team where "
          "that cannot be, which Refreshed.reloaded tells. Invalid where the older one is of another team.")
      .def(
          "follow", follow, py::arg("snapshot") = py::none(), py::kw_only(), py::arg("progress") = py::none(),
          "A Follower, which goes on refreshing in a thread of its own. Loads the first snapshot before it answers, or "
          "refreshes the one that is given, e.g. by map_snapshot().")
      .def("check", check, py::kw_only(), py::arg("repair") = false, py::arg("progress") = py::none(),
           "Proves that every stored standing and choice is what its events amount to; repair=True puts right what is "
           "not.")
      .def(
          "retention", [](const PythonRoll& self) { return self.get().retention(); }, without_gil,
          "The RetentionRules that are set. What none is about is kept for ever.")
      .def("set_retention", set_retention, py::arg("days"), py::kw_only(), py::arg("field") = py::none(),
           py::arg("action") = py::none(), without_gil,
           "Sets for how many days (1 to 36500) evidence is kept: `field` is one of text_hash, form, ip, user_agent, "
           "locale, note and text, `action` that of the event; None: all that has no rule of its own. The most "
           "specific rule counts: action and field, then field, then action. 0 takes the rule away.")
      .def("apply_retention", apply_retention, py::kw_only(), py::arg("dry_run") = false,
           py::arg("progress") = py::none(),
           "Drops the evidence that has been kept long enough; the events stay. In chunks: stopped and begun again, it "
           "goes on. dry_run=True only counts.")
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
      "(unreachable, not_a_database, newer_schema, lost_key, backend_not_loaded), NotFound for an unknown team, "
      "Invalid for an unknown "
      "scheme.");
  module.def(
      "backends", &mailroll::backends, without_gil,
      "The kinds of store there are, by scheme: linked in, loaded, or found beside the library and in the folders of "
      "MAILROLL_BACKEND_PATH. A plugin that cannot be loaded is listed with its problem.");
  module.def(
      "load_backend", [](const std::filesystem::path& path) { mailroll::load_backend(path); }, py::arg("path"),
      without_gil,
      "Loads the plugin at `path`; or, where that is a folder, looks there too from now on, before all other places. "
      "StorageError with reason backend_not_loaded, saying why; Conflict where its kind of store is there already.");
}

}  // namespace mailroll::python
