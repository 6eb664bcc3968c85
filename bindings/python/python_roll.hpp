/// What Python calls a Roll, for the files that bind its methods.
#pragma once

#include <string>

#include "open_roll.hpp"

namespace mailroll::python {

struct PythonRoll {
  SharedRoll shared;
  std::string repr;
  [[nodiscard]] Roll get() const { return shared->get(); }
};

using RollClass = py::class_<PythonRoll>;

/// The values of people's pages; then the methods of Roll that make links and act on them.
void bind_page_values(py::module_& module);
void bind_links(RollClass& roll);

/// The values of permission; then the methods of Roll that change it, and that say what it is.
void bind_permission_values(py::module_& module);
void bind_permission(RollClass& roll);

/// A double opt-in: what subscribe(confirm=True) answers.
py::object subscribe_to_confirm(const PythonRoll& self, const std::string& email, const std::optional<TopicRef>& topic,
                                const Scope& scope, const PermissionOptions& options,
                                const std::optional<std::chrono::seconds>& valid_for);

}  // namespace mailroll::python
