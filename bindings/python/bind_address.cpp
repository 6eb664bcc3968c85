#include "bind.hpp"

namespace mailroll::python {

void bind_address(py::module_& module) {
  py::class_<EmailAddress>(module, "EmailAddress",
                           "A valid e-mail address, which knows what makes two spellings one contact. Equal where "
                           "the keys are equal.",
                           py::is_final(), plain_type())
      .def(
          py::init([](const py::object& text) {
            const std::optional<std::string> octets = text_of(text);
            if (!octets) throw py::type_error("text must be str or bytes");
            return EmailAddress(*octets);
          }),
          py::arg("text"),
          "Reads an address. Invalid where it is none: details['reason'] is address_empty, encoding, address_too_long, "
          "address_syntax, address_characters or address_domain.")
      .def_property_readonly(
          "key", [](const EmailAddress& self) { return self.key(); },
          "What makes two spellings one contact: local part in NFC with simple case folding, domain in lower-case "
          "A-labels.")
      .def_property_readonly(
          "delivery", [](const EmailAddress& self) { return self.delivery(); },
          "Where mail goes: the local part as written (NFC), the domain in lower-case A-labels.")
      .def_property_readonly(
          "display", [](const EmailAddress& self) { return self.display(); },
          "What to show: the local part as written, the domain in Unicode.")
      .def_property_readonly(
          "smtputf8", [](const EmailAddress& self) { return self.smtputf8(); },
          "True where the local part has letters beyond ASCII, so that delivery needs SMTPUTF8.")
      .def("__str__", [](const EmailAddress& self) { return self.delivery(); })
      .def("__repr__",
           [](const EmailAddress& self) {
             return "EmailAddress(" + py::cast<std::string>(py::repr(py::str(self.delivery()))) + ")";
           })
      .def("__hash__", [](const EmailAddress& self) { return py::hash(py::str(self.key())); })
      .def(
          "__eq__",
          [](const EmailAddress& self, const py::object& other) -> py::object {
            if (!py::isinstance<EmailAddress>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            return py::bool_(self == other.cast<const EmailAddress&>());
          },
          py::arg("other"), py::pos_only());
}

}  // namespace mailroll::python
