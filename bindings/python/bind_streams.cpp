#include "stream.hpp"

namespace mailroll::python {

namespace {

PyObject* next_of(PyObject* self) { return py::handle(self).cast<Stream&>().next(); }

}  // namespace

PyObject* Stream::next() noexcept {
  if (reading_) {
    PyErr_SetString(PyExc_ValueError,
                    "another thread is reading from this iterator; give each thread its own partition");
    return nullptr;
  }
  reading_ = true;
  PyObject* made = nullptr;
  try {
    made = make_next();
  } catch (py::error_already_set& raised) {
    raised.restore();
  } catch (...) {
    py::detail::try_translate_exceptions();
  }
  reading_ = false;
  return made;
}

void bind_streams(py::module_& module) {
  py::class_<Stream>(
      module, "Stream",
      "An iterator over an answer of any length, in bounded memory: pages are read from the store, without "
      "the GIL, when they are needed. For one thread at a time.",
      py::is_final(), plain_type(), py::custom_type_setup([](PyHeapTypeObject* type) {
        type->ht_type.tp_iter = PyObject_SelfIter;
        type->ht_type.tp_iternext = next_of;
      }));
}

}  // namespace mailroll::python
