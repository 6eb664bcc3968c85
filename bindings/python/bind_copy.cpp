/// mailroll.copy().
#include "mailroll/transfer/copy.hpp"
#include "reporter.hpp"
#include "value.hpp"

namespace mailroll::python {

namespace {

CopyReport copy(const std::string& source, const std::string& target, bool dry_run, const py::object& progress) {
  return Reporter(progress).run([&](const ProgressFunction& report) {
    return mailroll::copy(source, target, {.dry_run = dry_run, .progress = report});
  });
}

py::object counts(const CopyReport& self) {
  py::dict all;
  for (const auto& [part, count] : named(self.counts)) all[py::str(std::string(part))] = count;
  return frozen(all);
}

}  // namespace

void bind_copy(py::module_& module) {
  ValueClass<CopyReport>(module, "CopyReport", "What copy() did.")
      .field("digest", &CopyReport::digest,
             "BLAKE2b of what the events of every person amount to, 64 hex digits: the same in source and target.")
      .field("dry_run", &CopyReport::dry_run, "True: nothing was written.")
      .field(
          "target_was", [](const CopyReport& self) { return std::string(to_string(self.target_was)); },
          "'empty', 'unfinished' (a copy of the same source that had not ended) or 'complete'.")
      .field("counts", counts,
             "How many there are of each part, e.g. 'contacts', 'events' or 'feed': a read-only mapping.")
      .field("written", &CopyReport::written, "People written now; with dry_run, who would be.")
      .field("keys_outside", &CopyReport::keys_outside,
             "Keys whose secrets the source does not keep: the target needs the same key_file.");

  module.def("copy", copy, py::arg("source"), py::arg("target"), py::kw_only(), py::arg("dry_run") = false,
             py::arg("progress") = py::none(),
             "Copies everything from the store at one address into the one at another, of any engine, and proves that "
             "it is equal. The source is only read, on one state of it; no keys are needed. In chunks: stopped and "
             "begun again, also when the source has changed meanwhile, it goes on, and until it ends the target says "
             "that it is incomplete. Conflict where the target holds anything but an "
             "unfinished copy of the same source: nothing is written over. `progress` as with plan.apply().");
}

}  // namespace mailroll::python
