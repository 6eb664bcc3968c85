/// roll.suppressions and roll.teams.
#include "plans.hpp"
#include "reporter.hpp"
#include "stream.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

using SuppressionsNoun = NounOf<Suppressions>;
using TeamsNoun = NounOf<Teams>;

Suppression add(const SuppressionsNoun& self, const std::string& email, const std::string& reason,
                const std::string& note) {
  return self.roll->get().suppressions().add(email, suppression_reason_of(reason), note);
}

void remove(const SuppressionsNoun& self, const Who& who, const std::optional<std::string>& reason,
            const std::string& note) {
  std::optional<SuppressionReason> one;
  if (reason) one = suppression_reason_of(*reason);
  self.roll->get().suppressions().remove(who, one, note);
}

std::optional<Suppression> record_bounce(const SuppressionsNoun& self, const std::string& email,
                                         const std::string& kind, const std::optional<Time>& at) {
  return self.roll->get().suppressions().record_bounce(email, bounce_kind_of(kind), at);
}

BounceRule set_bounce_rule(const SuppressionsNoun& self, const std::optional<std::int32_t>& count,
                           const std::optional<std::int32_t>& days) {
  Suppressions suppressions = self.roll->get().suppressions();
  BounceRule rule = suppressions.bounce_rule();
  rule.count = count.value_or(rule.count);
  rule.days = days.value_or(rule.days);
  suppressions.set_bounce_rule(rule);
  return rule;
}

SuppressionImport import_file(const SuppressionsNoun& self, const std::filesystem::path& path,
                              const std::string& reason, const std::optional<std::filesystem::path>& rejects,
                              const py::object& progress) {
  const SuppressionReason usual = suppression_reason_of(reason);
  return Reporter(progress).run([&](const ProgressFunction& report) {
    return self.roll->get().suppressions().import_file(path.string(), usual, path_or_none(rejects), report);
  });
}

std::unique_ptr<Stream> list(const SuppressionsNoun& self) {
  self.roll->must_be_open();
  return std::make_unique<PageStream<Suppression>>(
      [roll = self.roll](const Suppression* last, std::size_t limit) {
        return roll->get().suppressions().list(last == nullptr ? std::nullopt : std::optional(*last), limit);
      },
      as_object<Suppression>);
}

}  // namespace

void bind_suppressions(py::module_& module) {
  ValueClass<BounceRule>(module, "BounceRule", "When soft bounces become a suppression.")
      .field("count", &BounceRule::count, "So many soft bounces, 1 to 100 ...")
      .field("days", &BounceRule::days, "... within so many days, 1 to 365.");
  ValueClass<SuppressionImport>(module, "SuppressionImport", "What became of a file of suppressions.")
      .field("rows", &SuppressionImport::rows, "Data rows read.")
      .field("added", &SuppressionImport::added, "Not suppressed so before.")
      .field("unchanged", &SuppressionImport::unchanged, "Stood already, or came twice.")
      .field("rejected", &SuppressionImport::rejected, "Rows that could not be read.");
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  py::class_<SuppressionsNoun>(module, "Suppressions", "roll.suppressions: addresses that get nothing at all.",
                               py::is_final(), plain_type())
      .def("add", add, py::arg("email"), py::arg("reason"), py::kw_only(), py::arg("note") = "", without_gil,
           "From now on this address gets nothing, whether it is a contact or not. `reason`: 'bounce', 'complaint' or "
           "'manual'; a "
           "complaint also opts the person out of everything, for good. Adding it again changes nothing.")
      .def("list", list, "Iterates the suppressions, by contact id, then reason; reads the store page by page.")
      .def("record_bounce", record_bounce, py::arg("email"), py::arg("kind"), py::kw_only(), py::arg("at") = py::none(),
           without_gil,
           "A report of a failed delivery, `kind` 'hard' or 'soft'; answers the Suppression that stands, None where "
           "none does. Hard: suppressed at once. Soft: once as many as bounce_rule() says lie within its days. `at`: "
           "when, a datetime with a zone (None, or in the future: now); the same time again is the same report.")
      .def(
          "bounce_rule", [](const SuppressionsNoun& self) { return self.roll->get().suppressions().bounce_rule(); },
          without_gil, "When soft bounces become a suppression; 3 within 30 days unless set.")
      .def("set_bounce_rule", set_bounce_rule, py::kw_only(), py::arg("count") = py::none(),
           py::arg("days") = py::none(), without_gil,
           "Changes what is given: `count` (1 to 100) soft bounces within `days` (1 to 365). Answers the rule as it is "
           "now. Invalid out of bounds.")
      .def("import_file", import_file, py::arg("path"), py::kw_only(), py::arg("reason") = "manual",
           py::arg("rejects") = py::none(), py::arg("progress") = py::none(),
           "Adds every address of a CSV or NDJSON file, columns email and, if there, reason and note; rows without a "
           "reason have `reason`. A bad row is rejected, listed in the file `rejects` (NDJSON without addresses), and "
           "the rest is done. In chunks: stopped and begun again, it completes. The same file again changes nothing, "
           "save that what was lifted since stands again. `progress` as with plan.apply().")
      .def("remove", remove, py::arg("who"), py::kw_only(), py::arg("reason") = py::none(), py::arg("note") = "",
           without_gil,
           "Lifts one reason, or all (None). Opt-outs stay. NotFound where none stands. `note`: why, kept with the "
           "event; Invalid without one where a complaint is lifted.");

  py::class_<TeamsNoun>(module, "Teams", "roll.teams: the teams of the store.", py::is_final(), plain_type())
      .def(
          "create",
          [](const TeamsNoun& self, const std::string& name) { return self.roll->get().teams().create(name); },
          py::arg("name"), without_gil, "Makes a team; Conflict where the name is taken.")
      .def(
          "list", [](const TeamsNoun& self) { return self.roll->get().teams().list(); }, without_gil,
          "All teams of the store, as they were made.");
}

}  // namespace mailroll::python
