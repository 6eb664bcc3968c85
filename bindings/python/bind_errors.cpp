/// mailroll::Error as exception classes of Python: the one place that maps them.
#include <array>

#include "bind.hpp"

namespace mailroll::python {

namespace {

constexpr std::size_t kinds = 6;
/// Indexed by ErrorKind. Owned for good: exceptions may be raised until the interpreter ends.
std::array<PyObject*, kinds> classes{};

PyObject* make_class(py::module_& module, const char* name, const char* doc, const py::object& bases,
                     const char* kind) {
  py::dict members;
  members["kind"] = kind;
  members["details"] = frozen(py::dict());
  const std::string full_name = std::string("mailroll.") + name;
  PyObject* made = PyErr_NewExceptionWithDoc(full_name.c_str(), doc, bases.ptr(), members.ptr());
  if (made == nullptr) throw py::error_already_set();
  module.add_object(name, py::handle(made));
  return made;
}

}  // namespace

py::object exception_of(const Error& error) {
  const auto kind = py::reinterpret_borrow<py::object>(classes[static_cast<std::size_t>(error.kind())]);
  py::dict details;
  for (const auto& [key, value] : error.details())
    details[py::str(key)] = py::reinterpret_steal<py::object>(
        PyUnicode_DecodeUTF8(value.data(), static_cast<Py_ssize_t>(value.size()), "replace"));
  const std::string_view text = error.what();
  py::object raised = kind(py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace")));
  raised.attr("details") = frozen(details);
  return raised;
}

void bind_errors(py::module_& module) {
  PyObject* base =
      make_class(module, "Error",
                 "What mailroll raises: `kind` is a word, `details` a read-only dict of strings, often with "
                 "a `reason` code. Neither it nor the message ever holds an address, a token or a name.",
                 py::reinterpret_borrow<py::object>(PyExc_Exception), "");
  const auto error = py::reinterpret_borrow<py::object>(base);
  const auto make = [&](ErrorKind kind, const char* name, const char* doc, PyObject* also = nullptr) {
    const py::object bases =
        also == nullptr ? error : py::object(py::make_tuple(error, py::reinterpret_borrow<py::object>(also)));
    classes[static_cast<std::size_t>(kind)] =
        make_class(module, name, doc, bases, std::string(to_string(kind)).c_str());
  };
  make(ErrorKind::invalid, "Invalid", "The value given can never be right. Also a ValueError.", PyExc_ValueError);
  make(ErrorKind::not_found, "NotFound", "The thing named does not exist. Also a LookupError.", PyExc_LookupError);
  make(ErrorKind::refused, "Refused",
       "A rule forbids it, e.g. raising permission against a person's own opt-out; details['reason'] says which.");
  make(ErrorKind::conflict, "Conflict",
       "It contradicts what is there, e.g. a name that several segments bear: details['ids'] lists them.");
  make(ErrorKind::storage, "StorageError",
       "The store failed; details['reason']: unreachable, not_a_database, newer_schema, lost_key, backend_not_loaded, "
       "busy, timeout, full, read_only, denied, corrupt, contended, disconnected, failed or copy_differs.");
  make(ErrorKind::cancelled, "Cancelled", "The caller's progress function asked to stop; what was committed stays.");

  // NOLINTNEXTLINE(performance-unnecessary-value-param): pybind11 takes a function pointer of this type
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Error& raised) {
      const py::object exception = exception_of(raised);
      PyErr_SetObject(py::type::handle_of(exception).ptr(), exception.ptr());
    }
  });
}

}  // namespace mailroll::python
