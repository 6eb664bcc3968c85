/// Signatures and TypeErrors of the bound functions, made fit for people.
#include <cstring>
#include <string>

#include "bind.hpp"

namespace mailroll::python {

namespace {

using Record = py::detail::function_record;

/// pybind11's own entry, one and the same for all functions.
PyCFunction dispatch = nullptr;

/// Cuts what pybind11 says after the signatures: the values of the arguments, which may be addresses.
void cut_values() {
  PyObject *type = nullptr, *value = nullptr, *trace = nullptr;
  PyErr_Fetch(&type, &value, &trace);
  PyErr_NormalizeException(&type, &value, &trace);
  const auto kept_type = py::reinterpret_steal<py::object>(type);
  const auto kept_value = py::reinterpret_steal<py::object>(value);
  const auto kept_trace = py::reinterpret_steal<py::object>(trace);
  const std::string message = py::cast<std::string>(py::str(kept_value));
  const std::size_t values = message.find("\nInvoked with: ");
  if (values == std::string::npos) {
    PyErr_Restore(kept_type.inc_ref().ptr(), kept_value.inc_ref().ptr(),
                  kept_trace ? kept_trace.inc_ref().ptr() : nullptr);
    return;
  }
  PyErr_SetString(PyExc_TypeError, message.substr(0, values).c_str());
}

PyObject* dispatch_quietly(PyObject* self, PyObject* const* arguments, std::size_t count, PyObject* keywords) {
  // The cast that CPython itself makes for METH_FASTCALL | METH_KEYWORDS.
  const auto call = reinterpret_cast<PyObject* (*)(PyObject*, PyObject* const*, std::size_t, PyObject*)>(
      reinterpret_cast<void (*)()>(dispatch));
  PyObject* answer = call(self, arguments, count, keywords);
  if (answer == nullptr && PyErr_ExceptionMatches(PyExc_TypeError) != 0) cut_values();
  return answer;
}

/// "name(self, email, *, first_name=None)\n--\n\n", as inspect.signature() wants it. Not "$self": that means that a method
/// of C is bound already, as it looks to be with pybind11, and Python would leave it out twice.
std::string signature(const Record& record) {
  std::string text = std::string(record.name) + "(";
  const char* separator = "";
  const auto add = [&](const std::string& part) {
    text += separator + part;
    separator = ", ";
  };
  if (record.is_method) add("self");
  for (std::size_t index = record.is_method ? 1 : 0; index < record.args.size(); ++index) {
    const py::detail::argument_record& argument = record.args[index];
    if (index == record.nargs_pos && !record.has_args) add("*");
    add(std::string(argument.name) + (argument.value ? std::string("=") + argument.descr : std::string()));
    if (record.nargs_pos_only != 0 && index + 1 == record.nargs_pos_only) add("/");
  }
  if (record.has_args) add("*args");
  return text + ")\n--\n\n";
}

void describe(py::handle function) {
  PyObject* plain = function.ptr();
  if (PyInstanceMethod_Check(plain)) plain = PyInstanceMethod_GET_FUNCTION(plain);
  if (PyCFunction_Check(plain) == 0) return;
  Record* record = py::detail::function_record_ptr_from_PyObject(PyCFunction_GET_SELF(plain));
  if (record == nullptr) return;
  PyMethodDef& definition = *reinterpret_cast<PyCFunctionObject*>(plain)->m_ml;
  if (definition.ml_flags != (METH_FASTCALL | METH_KEYWORDS)) return;  // another release of pybind11 calls otherwise
  dispatch = definition.ml_meth;
  definition.ml_meth = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(dispatch_quietly));
  if (record->next != nullptr) return;
  const std::string text = signature(*record) + (definition.ml_doc == nullptr ? "" : definition.ml_doc);
  std::free(const_cast<char*>(definition.ml_doc));  // pybind11 frees what stands there in the end
  definition.ml_doc = ::strdup(text.c_str());
}

PyObject* refuse_to_make(PyObject*, PyObject* arguments, PyObject*) {
  PyErr_Format(PyExc_TypeError, "%s objects come from a roll; they are not made by hand",
               Py_TYPE(PyTuple_GET_ITEM(arguments, 0))->tp_name);
  return nullptr;
}

/// For classes without a constructor: pybind11's own __init__ would take any arguments as far as tools can see.
void forbid_making(const py::object& made_class) {
  static PyMethodDef refuse{"__init__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(refuse_to_make)),
                            METH_VARARGS | METH_KEYWORDS,
                            "__init__(self)\n--\n\nNot for callers: a roll gives these objects."};
  const auto function = py::reinterpret_steal<py::object>(PyCFunction_New(&refuse, nullptr));
  made_class.attr("__init__") = py::reinterpret_steal<py::object>(PyInstanceMethod_New(function.ptr()));
}

}  // namespace

void describe_functions(py::module_& module) {
  for (const auto& [name, item] : py::reinterpret_borrow<py::dict>(module.attr("__dict__"))) {
    describe(item);
    if (!py::isinstance<py::type>(item)) continue;
    for (const auto& [member_name, member] : py::reinterpret_borrow<py::dict>(py::dict(item.attr("__dict__"))))
      describe(member);
    const auto made_class = py::reinterpret_borrow<py::object>(item);
    // What is bound with a constructor has a function there, what is not the slot of pybind11 that refuses.
    if (py::hasattr(made_class, "_pybind11_conduit_v1_") &&
        Py_TYPE(made_class.attr("__init__").ptr()) == &PyWrapperDescr_Type)
      forbid_making(made_class);
  }
}

}  // namespace mailroll::python
