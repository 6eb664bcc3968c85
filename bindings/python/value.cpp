#include "value.hpp"

namespace mailroll::python {

py::str value_repr(const py::object& self) {
  std::string text = py::cast<std::string>(py::type::of(self).attr("__name__")) + "(";
  bool first = true;
  for (const py::handle name : self.attr("__match_args__")) {
    if (!first) text += ", ";
    first = false;
    py::object value = self.attr(py::reinterpret_borrow<py::str>(name));
    // A read-only view of a dict shows as the dict that it is to a reader.
    if (Py_TYPE(value.ptr()) == &PyDictProxy_Type) value = py::dict(value);
    text += py::cast<std::string>(name) + "=" + py::cast<std::string>(py::repr(value));
  }
  return py::str(text + ")");
}

py::object value_equal(const py::object& self, const py::object& other) {
  if (!py::type::of(self).is(py::type::of(other)))
    return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  for (const py::handle name : self.attr("__match_args__"))
    if (!self.attr(py::reinterpret_borrow<py::str>(name)).equal(other.attr(py::reinterpret_borrow<py::str>(name))))
      return py::bool_(false);
  return py::bool_(true);
}

Py_hash_t value_hash(const py::object& self) {
  return py::hash(self.attr(py::reinterpret_borrow<py::tuple>(self.attr("__match_args__"))[0]));
}

}  // namespace mailroll::python
