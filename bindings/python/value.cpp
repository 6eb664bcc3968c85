#include "value.hpp"

namespace mailroll::python {

namespace {

/// A field as a reader wants it: times in one word, segments and topics inside another value by name.
std::string shown(const py::object& value) {
  if (Py_TYPE(value.ptr()) == &PyDictProxy_Type) return py::cast<std::string>(py::repr(py::dict(value)));
  if (py::isinstance<Topic>(value)) return "<Topic " + shown(value.attr("name")) + ">";
  if (py::isinstance<Segment>(value)) return "<Segment " + shown(value.attr("name")) + ">";
  if (is_datetime(value)) return py::cast<std::string>(value.attr("isoformat")());
  return py::cast<std::string>(py::repr(value));
}

}  // namespace

py::str value_repr(const py::object& self) {
  std::string text = py::cast<std::string>(py::type::of(self).attr("__name__")) + "(";
  const char* separator = "";
  for (const py::handle name : self.attr("__match_args__")) {
    const py::object value = self.attr(py::reinterpret_borrow<py::str>(name));
    if (value.is_none()) continue;
    text += separator;
    text += py::cast<std::string>(name);
    text += '=';
    text += shown(value);
    separator = ", ";
  }
  return py::str(text + ")");
}

py::object value_equal(const py::object& self, const py::object& other) {
  if (!py::type::of(self).is(py::type::of(other))) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  for (const py::handle name : self.attr("__match_args__"))
    if (!self.attr(py::reinterpret_borrow<py::str>(name)).equal(other.attr(py::reinterpret_borrow<py::str>(name))))
      return py::bool_(false);
  return py::bool_(true);
}

Py_hash_t value_hash(const py::object& self) {
  return py::hash(self.attr(py::reinterpret_borrow<py::tuple>(self.attr("__match_args__"))[0]));
}

}  // namespace mailroll::python
