/// What every binding file includes; the only file that names pybind11.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

namespace py = pybind11;

#include "mailroll/mailroll.hpp"
#include "words.hpp"
// After pybind11 and before any binding: every file must see the same conversions.
#include "conversions.hpp"

namespace mailroll::python {

/// Our classes are plain types of Python: pybind11's metaclass is for static properties and for subclasses, and there are
/// none.
inline py::metaclass plain_type() { return py::metaclass(reinterpret_cast<PyObject*>(&PyType_Type)); }

/// What Python raises for it.
py::object exception_of(const Error& error);

void bind_errors(py::module_& module);
void bind_address(py::module_& module);
void bind_streams(py::module_& module);
void bind_people(py::module_& module);
void bind_consent(py::module_& module);
void bind_audience(py::module_& module);
void bind_snapshot(py::module_& module);
void bind_follower(py::module_& module);
void bind_plans(py::module_& module);
void bind_contacts(py::module_& module);
void bind_filters(py::module_& module);
void bind_segments(py::module_& module);
void bind_topics(py::module_& module);
void bind_suppressions(py::module_& module);
void bind_keys(py::module_& module);
void bind_delivery(py::module_& module);
void bind_copy(py::module_& module);
void bind_roll(py::module_& module);

/// Gives each function bound so far a signature that inspect.signature() reads, and keeps the values of arguments, which
/// may be addresses, out of the TypeErrors of calls that do not fit.
void describe_functions(py::module_& module);

}  // namespace mailroll::python
