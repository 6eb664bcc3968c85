#include "plans.hpp"
#include "reporter.hpp"
#include "stream.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using OpenMigration = OpenPlan<MigrationPlan>;
using OpenImport = OpenPlan<ImportPlan>;

/// The counts that are not 0, by word.
template <typename Enum, typename Array>
py::dict counts_by_word(const Array& counts) {
  py::dict occurring;
  for (std::size_t index = 0; index < counts.size(); ++index)
    if (counts[index] != 0) occurring[py::cast(static_cast<Enum>(index))] = counts[index];
  return occurring;
}

py::object rejected_by_reason(const MigrationSummary& self) {
  return frozen(counts_by_word<RejectReason>(self.rejected_by_reason));
}

py::dict usage_as_dict(const Usage& usage) {
  py::dict all;
  all["per_audience"] = usage.per_audience;
  all["global"] = usage.global;
  return all;
}

Usage usage_of(const MigrationSummary& self) { return {self.usage_global, self.usage_per_audience}; }

py::dict migration_as_dict(const MigrationSummary& self) {
  py::dict all;
  all["dry_run"] = self.dry_run;
  all["policy"] = self.policy;
  all["rows"] = self.rows;
  all["rejected"] = self.rejected;
  all["duplicates"] = self.duplicates;
  all["audiences"] = self.audiences;
  all["contacts"] = self.contacts;
  all["contacts_created"] = self.contacts_created;
  all["contacts_updated"] = self.contacts_updated;
  all["contacts_unchanged"] = self.contacts_unchanged;
  all["memberships"] = self.memberships;
  all["segments"] = self.segments;
  all["topics"] = self.topics;
  all["opt_ins"] = self.opt_ins;
  all["opt_outs"] = self.opt_outs;
  all["unsubscribed"] = self.unsubscribed;
  all["kept_opted_out"] = self.kept_opted_out;
  all["kept_removed"] = self.kept_removed;
  all["left_to_topics"] = self.left_to_topics;
  all["name_conflicts"] = self.name_conflicts;
  all["address_spellings"] = self.address_spellings;
  all["property_conflicts"] = self.property_conflicts;
  all["alias_conflicts"] = self.alias_conflicts;
  all["usage"] = usage_as_dict(usage_of(self));
  all["rejected_by_reason"] = counts_by_word<RejectReason>(self.rejected_by_reason);
  return all;
}

py::dict import_as_dict(const ImportSummary& self) {
  py::dict all;
  all["dry_run"] = self.dry_run;
  all["rows"] = self.rows;
  for (std::size_t index = 0; index < row_verdict_count; ++index)
    all[py::cast(static_cast<RowVerdict>(index))] = self.by_verdict[index];
  all["rejected_by_reason"] = counts_by_word<RejectReason>(self.rejected_by_reason);
  all["opt_ins"] = self.opt_ins;
  all["unsubscribed"] = self.unsubscribed;
  return all;
}

/// What `visit` is called with, as a list: the core pushes, Python pulls. Ctrl-C is looked at on the way.
template <typename Row, typename Walk>
std::unique_ptr<Stream> walked(const Walk& walk) {
  constexpr std::size_t rows_between_looks = 4096;
  Reporter reporter{py::none()};
  return std::make_unique<ListStream<Row>>(reporter.run([&](const ProgressFunction& look) {
    std::vector<Row> rows;
    walk([&](const Row& row) {
      rows.push_back(row);
      return rows.size() % rows_between_looks != 0 || look(Progress{"check", rows.size(), 0});
    });
    return rows;
  }));
}

std::unique_ptr<Stream> effects(const OpenMigration& self, const std::optional<std::string>& policy) {
  return walked<Effect>([&](const std::function<bool(const Effect&)>& visit) {
    self.roll->must_be_open();
    const std::lock_guard lock(self.mutex);
    self.plan.effects(policy ? policy_of(*policy, "policy") : self.plan.summary().policy, visit);
  });
}

std::unique_ptr<Stream> conflicts(const OpenMigration& self) {
  return walked<Conflict>([&](const std::function<bool(const Conflict&)>& visit) {
    self.roll->must_be_open();
    const std::lock_guard lock(self.mutex);
    self.plan.conflicts(visit);
  });
}

template <typename Plan>
auto apply(OpenPlan<Plan>& self, const py::object& progress) {
  return Reporter(progress).run([&](const ProgressFunction& report) {
    self.roll->must_be_open();
    const std::lock_guard lock(self.mutex);
    return self.plan.apply(report);
  });
}

MigrationSummary migration_summary(const OpenMigration& self) {
  const py::gil_scoped_release release;
  const std::lock_guard lock(self.mutex);
  return self.plan.summary();
}

/// The plan may be made only now.
ImportSummary import_summary(const OpenImport& self) {
  return Reporter(py::none()).run([&](const ProgressFunction& report) {
    const std::lock_guard lock(self.mutex);
    return self.plan.summary(report);
  });
}

void bind_summaries(py::module_& module) {
  ValueClass<Usage>(module, "Usage", "How many contacts a team has, beside what counting per audience gave.")
      .field("global_", &Usage::global, "Contacts, each once.")
      .field("per_audience", &Usage::per_audience, "One for each segment a contact is in.")
      .def("as_dict", usage_as_dict, "The JSON of `mailroll usage`, as a new dict.");

  ValueClass<MigrationSummary>(module, "MigrationSummary", "The counts of a migration, planned or done.")
      .field("dry_run", &MigrationSummary::dry_run, "False once applied.")
      .field("policy", &MigrationSummary::policy, "'topics' or 'everything'.")
      .field("rows", &MigrationSummary::rows, "Data rows read.")
      .field("rejected", &MigrationSummary::rejected, "Rows that could not be read.")
      .field("duplicates", &MigrationSummary::duplicates, "Rows that repeat a contact of the same audience.")
      .field("audiences", &MigrationSummary::audiences, "Audiences read.")
      .field("contacts", &MigrationSummary::contacts, "Distinct contacts among the accepted rows.")
      .field("contacts_created", &MigrationSummary::contacts_created, "Of them, new.")
      .field("contacts_updated", &MigrationSummary::contacts_updated, "Of them, changed.")
      .field("contacts_unchanged", &MigrationSummary::contacts_unchanged, "Of them, as they were.")
      .field("memberships", &MigrationSummary::memberships, "Distinct pairs of audience and contact.")
      .field("segments", &MigrationSummary::segments, "Segments that the audiences amount to.")
      .field("topics", &MigrationSummary::topics, "Topics that the audiences amount to.")
      .field("opt_ins", &MigrationSummary::opt_ins, "Explicit opt-ins that the input amounts to.")
      .field("opt_outs", &MigrationSummary::opt_outs, "Explicit opt-outs that the input amounts to.")
      .field("unsubscribed", &MigrationSummary::unsubscribed, "Contacts that end unsubscribed from everything.")
      .field("kept_opted_out", &MigrationSummary::kept_opted_out, "Pairs of contact and scope that were not raised.")
      .field("kept_removed", &MigrationSummary::kept_removed, "Pairs whose opt-in ended with the contact's removal.")
      .field("left_to_topics", &MigrationSummary::left_to_topics,
             "Contacts unsubscribed in all of this input's audiences, while the input is not complete.")
      .field("name_conflicts", &MigrationSummary::name_conflicts, "Contacts with more than one pair of names.")
      .field("address_spellings", &MigrationSummary::address_spellings, "Contacts with more than one spelling.")
      .field("property_conflicts", &MigrationSummary::property_conflicts, "Contacts whose rows disagree on a property.")
      .field("alias_conflicts", &MigrationSummary::alias_conflicts, "Old ids that several contacts claim.")
      .field("usage", usage_of, "Contacts counted once, beside counted per audience.")
      .field("rejected_by_reason", rejected_by_reason, "Rejected rows by reason: a read-only mapping, what occurs.")
      .def("as_dict", migration_as_dict, "The JSON of `mailroll migrate audiences`, as a new dict.");

  ValueClass<ImportSummary>(module, "ImportSummary", "The counts of an import, planned or done.")
      .field("dry_run", &ImportSummary::dry_run, "False once applied.")
      .field("rows", &ImportSummary::rows, "Data rows read.")
      .field(
          "by_verdict", [](const ImportSummary& self) { return frozen(counts_by_word<RowVerdict>(self.by_verdict)); },
          "Rows by what becomes of them: a read-only mapping, what occurs; they add up to `rows`. 'rejected', "
          "'duplicate', "
          "'kept_opted_out', 'kept_removed', 'created', 'updated' or 'unchanged'.")
      .field(
          "rejected_by_reason",
          [](const ImportSummary& self) { return frozen(counts_by_word<RejectReason>(self.rejected_by_reason)); },
          "Rejected rows by reason: a read-only mapping, what occurs.")
      .field("opt_ins", &ImportSummary::opt_ins, "Choices raised.")
      .field("unsubscribed", &ImportSummary::unsubscribed, "Contacts that the file unsubscribes from everything.")
      .field("kept_opted_out", &ImportSummary::kept_opted_out, "Pairs of contact and scope that were not raised.")
      .field("kept_removed", &ImportSummary::kept_removed, "Pairs whose opt-in ended with the contact's removal.")
      .def("as_dict", import_as_dict, "The JSON of `mailroll contacts import`, as a new dict.");
}

}  // namespace

std::vector<std::string> paths_of(const py::object& paths) {
  py::detail::make_caster<std::filesystem::path> one;
  if (one.load(paths, true)) return {py::detail::cast_op<std::filesystem::path&>(one).string()};
  std::vector<std::string> all;
  const char* complaint = "path must be a path, or several of them";
  if (!py::isinstance<py::iterable>(paths)) throw py::type_error(complaint);
  for (const py::handle path : paths) {
    if (!one.load(path, true)) throw py::type_error(complaint);
    all.push_back(py::detail::cast_op<std::filesystem::path&>(one).string());
  }
  return all;
}

std::string path_or_none(const std::optional<std::filesystem::path>& path) { return path ? path->string() : ""; }

void bind_plans(py::module_& module) {
  bind_summaries(module);

  ValueClass<AudienceEffect>(module, "AudienceEffect",
                             "One old audience: who received its mail before, and who receives it now.")
      .field("name", &AudienceEffect::name, "The audience's name.")
      .field("members", &AudienceEffect::members, "Contacts in it.")
      .field("received_before", &AudienceEffect::received_before, "Of them, reached by the old audience.")
      .field("receives_after", &AudienceEffect::receives_after, "Of them, reached under the plan's policy.")
      .field("receives_after_everything", &AudienceEffect::receives_after_everything,
             "Of them, reached under the policy 'everything'.")
      .field("gains", &AudienceEffect::gains, "Not reached before, reached after: always 0, counted to show it.")
      .field("loses", &AudienceEffect::loses, "Reached before, not reached after.");

  ValueClass<Effect>(module, "Effect", "Somebody whose mail changes.")
      .field("id", &Effect::id, "The contact's id.")
      .field("email", &Effect::email, "The delivery spelling.")
      .field("audience", &Effect::audience, "The old audience.")
      .field("received_before", &Effect::received_before, "Whether the old audience reached them.")
      .field("receives_after", &Effect::receives_after, "Whether mail reaches them under the policy.")
      .field("reason", &Effect::reason, "Of the answer after, e.g. 'unsubscribed'.");

  ValueClass<Conflict>(module, "RowConflict", "Rows of one contact that disagree.")
      .field("id", &Conflict::id, "The contact's id.")
      .field("email", &Conflict::email, "The delivery spelling.")
      .field("what", &Conflict::what, "'name', 'spelling', 'property' or 'alias'.")
      .field("key", &Conflict::key, "Of the property; '' otherwise.")
      .field("kept", &Conflict::kept, "The value that is kept.")
      .field("others", &Conflict::others, "What else the rows say, in order of reading.");

  py::class_<OpenMigration>(module, "MigrationPlan",
                            "What a migration of old audiences would do. Holds the accepted rows in a temporary folder "
                            "until it is gone.",
                            py::is_final(), plain_type(), py::release_gil_before_calling_cpp_dtor())
      .def_property_readonly("summary", migration_summary, "The counts of the plan; once applied, of what was done.")
      .def_property_readonly(
          "audiences",
          [](const OpenMigration& self) {
            const py::gil_scoped_release release;
            const std::lock_guard lock(self.mutex);
            return self.plan.audiences();
          },
          "A list of AudienceEffect, one for each old audience, in the order of the input.")
      .def_property_readonly(
          "complete",
          [](const OpenMigration& self) {
            const py::gil_scoped_release release;
            const std::lock_guard lock(self.mutex);
            return self.plan.complete();
          },
          "True where the input holds every audience there is.")
      .def("conflicts", conflicts,
           "Iterates the RowConflicts, ascending by contact. All are gathered first: about 200 bytes each.")
      .def("effects", effects, py::arg("policy") = py::none(),
           "Iterates the Effects under a policy, 'topics' or 'everything' (None: the plan's own), ascending by "
           "contact, then "
           "audience. Reads the store again; all are gathered first: about 150 bytes each.")
      .def("apply", apply<MigrationPlan>, py::kw_only(), py::arg("progress") = py::none(),
           "Does it, and answers the summary. `progress`: True draws a bar; or a function(phase, done, total) that may "
           "answer "
           "False to stop (Cancelled). Each contact is whole or absent; after Ctrl-C what was committed stays, and "
           "planning "
           "and applying the same input again completes it. Applying again changes nothing.")
      .def("__repr__", [](const OpenMigration& self) {
        const MigrationSummary counts = migration_summary(self);
        return "<mailroll.MigrationPlan rows=" + std::to_string(counts.rows) +
               " contacts=" + std::to_string(counts.contacts) + (counts.dry_run ? " planned>" : " applied>");
      });

  py::class_<OpenImport>(module, "ImportPlan", "What an import of contacts would do.", py::is_final(), plain_type(),
                         py::release_gil_before_calling_cpp_dtor())
      .def_property_readonly(
          "summary", import_summary,
          "The counts of the plan, which is made when they are first asked for; once applied, of what was done.")
      .def("apply", apply<ImportPlan>, py::kw_only(), py::arg("progress") = py::none(),
           "Does it, and answers the summary; progress and Ctrl-C as with MigrationPlan.apply.")
      .def("__repr__", [](const OpenImport& self) {
        const ImportSummary counts = import_summary(self);
        return "<mailroll.ImportPlan rows=" + std::to_string(counts.rows) +
               (counts.dry_run ? " planned>" : " applied>");
      });
}

}  // namespace mailroll::python
