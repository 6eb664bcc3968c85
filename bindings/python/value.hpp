/// A value class of Python out of a C++ struct: one line a field, and repr, equality, hash and immutability follow.
#pragma once

#include <string>
#include <vector>

#include "bind.hpp"

namespace mailroll::python {

py::str value_repr(const py::object& self);
py::object value_equal(const py::object& self, const py::object& other);
/// The hash of the first field, which is the id where there is one.
Py_hash_t value_hash(const py::object& self);

/// Binds T as a class whose objects Python cannot make or change.
template <typename T>
class ValueClass {
 public:
  ValueClass(py::module_& module, const char* name, const char* doc)
      : class_(module, name, doc, py::is_final(), plain_type()) {}
  ~ValueClass() {
    // Read by repr, equality, hash and Python's match statement.
    class_.attr("__match_args__") = py::tuple(py::cast(names_));
    class_.def("__repr__", &value_repr).def("__hash__", &value_hash);
    class_.def("__eq__", &value_equal, py::arg("other"), py::pos_only());
  }
  ValueClass(const ValueClass&) = delete;
  ValueClass& operator=(const ValueClass&) = delete;

  /// A field: a member of T, or a function that takes a `const T&`.
  template <typename Getter>
  ValueClass& field(const char* name, Getter getter, const char* doc) {
    derived(name, getter, doc);
    names_.emplace_back(name);
    return *this;
  }
  /// A property that is computed from the fields and so stays out of repr and equality.
  template <typename Getter>
  ValueClass& derived(const char* name, Getter getter, const char* doc) {
    if constexpr (std::is_member_object_pointer_v<Getter>)
      class_.def_property_readonly(
          name, [getter](const T& self) { return self.*getter; }, doc);
    else
      class_.def_property_readonly(name, getter, doc);
    return *this;
  }
  template <typename Function, typename... Extra>
  ValueClass& def(const char* name, Function function, const Extra&... extra) {
    class_.def(name, function, extra...);
    return *this;
  }

 private:
  py::class_<T> class_;
  std::vector<std::string> names_;
};

}  // namespace mailroll::python
