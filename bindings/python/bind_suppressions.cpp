/// roll.suppressions and roll.teams.
#include "open_roll.hpp"
#include "stream.hpp"

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
  const auto without_gil = py::call_guard<py::gil_scoped_release>();
  py::class_<SuppressionsNoun>(module, "Suppressions", "roll.suppressions: addresses that get nothing at all.",
                               py::is_final(), plain_type())
      .def("add", add, py::arg("email"), py::arg("reason"), py::kw_only(), py::arg("note") = "", without_gil,
           "From now on this address gets nothing, whether it is a contact or not. `reason`: 'bounce', 'complaint' or "
           "'manual'; a "
           "complaint also opts the person out of everything, for good. Adding it again changes nothing.")
      .def("list", list, "Iterates the suppressions, by contact id, then reason; reads the store page by page.")
      .def("remove", remove, py::arg("who"), py::kw_only(), py::arg("reason") = py::none(), py::arg("note") = "",
           without_gil, "Lifts one reason, or all (None). Opt-outs stay. NotFound where none stands.");

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
