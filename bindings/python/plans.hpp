/// Plans of an open roll.
#pragma once

#include <memory>
#include <mutex>

#include "open_roll.hpp"

namespace mailroll::python {

/// One thread at a time works on a plan; others wait. Recursive, since a progress function may look at its own plan.
template <typename Plan>
struct OpenPlan {
  OpenPlan(SharedRoll opened, Plan planned) : roll(std::move(opened)), plan(std::move(planned)) {}
  SharedRoll roll;
  Plan plan;
  mutable std::recursive_mutex mutex;
};

/// A path, or an iterable of them, as text. TypeError for anything else.
std::vector<std::string> paths_of(const py::object& paths);
/// "" for none.
std::string path_or_none(const std::optional<std::filesystem::path>& path);

}  // namespace mailroll::python
