/// The module mailroll._core. The order matters: a class is bound before the functions that answer with it.
#include "bind.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace mailroll::python;
  py::options options;
  options.disable_function_signatures();  // describe_functions() writes them as Python reads them
  module.doc() = "The bindings of libmailroll. Import mailroll, not this.";
  // What people see and catch is mailroll.Contact, wherever it was made.
  module.attr("__module__") = "mailroll";

  bind_errors(module);  // first: everything below may throw
  bind_address(module);
  bind_streams(module);   // the iterators that nouns and audiences answer with
  bind_people(module);    // values
  bind_consent(module);   // needs Topic
  bind_audience(module);  // needs values and events; Recipient names a person from here on
  bind_snapshot(module);  // needs Counts
  bind_follower(module);
  bind_plans(module);
  bind_contacts(module);  // the nouns, in the order of Roll's properties
  bind_filters(module);   // segments take and give them
  bind_segments(module);
  bind_topics(module);
  bind_suppressions(module);
  bind_keys(module);
  bind_delivery(module);
  bind_copy(module);
  bind_roll(module);  // last: hands out all of the above

  py::delattr(module, "__module__");
  describe_functions(module);
  module.attr("__version__") = std::string(mailroll::version());
  py::list names;  // what the stub must have, no more and no less
  for (const auto& [name, item] : py::reinterpret_borrow<py::dict>(module.attr("__dict__")))
    if (const auto text = py::cast<std::string>(name); text == "__version__" || text[0] != '_') names.append(name);
  names.attr("sort")();
  module.attr("__all__") = names;
}
