#include <algorithm>
#include <utility>

#include "bind.hpp"
#include "mailroll/audience/filter_json.hpp"

namespace mailroll::python {

namespace {

using Kind = FilterValue::Kind;

/// mailroll.prop and mailroll.field.
struct FilterProperties {};
struct FilterFields {};

FilterValue property(const std::string& key) {
  FilterValue value;
  value.kind = Kind::property;
  value.property = key;
  return value;
}

FilterValue field(FilterField which) {
  FilterValue value;
  value.kind = Kind::field;
  value.field = which;
  return value;
}

FilterValue now() {
  FilterValue value;
  value.kind = Kind::now;
  return value;
}

FilterValue operand(const py::handle given) {
  if (py::isinstance<FilterValue>(given)) return given.cast<const FilterValue&>();
  FilterValue value;
  if (given.is_none()) throw py::type_error("nothing is equal to None; ask .is_null()");
  const std::optional<PropertyValue> literal = property_of(given);
  if (!literal) throw py::type_error("a filter compares with str, float, bool, datetime, or a part of a filter");
  value.literal = *literal;
  return value;
}

Filter of_values(FilterOperation operation, std::vector<FilterValue> values) {
  Filter filter;
  filter.operation = operation;
  filter.values = std::move(values);
  return filter;
}

template <FilterOperation operation>
Filter compared(const FilterValue& self, const py::object& other) {
  return of_values(operation, {self, operand(other)});
}

template <FilterOperation operation>
Filter patterned(const FilterValue& self, const std::string& pattern) {
  FilterValue text;
  text.literal = pattern;
  return of_values(operation, {self, text});
}

Filter one_of(const FilterValue& self, const py::iterable& values) {
  if (py::isinstance<py::str>(values)) throw py::type_error("in_() wants a list of values, not one text");
  std::vector<FilterValue> all{self};
  for (const py::handle value : values) all.push_back(operand(value));
  if (all.size() == 1) throw py::value_error("in_() wants at least one value");
  return of_values(FilterOperation::one_of, std::move(all));
}

Filter negated(Filter part) {
  Filter filter;
  filter.operation = FilterOperation::negation;
  filter.parts.push_back(std::move(part));
  return filter;
}

/// One list where a chain of the same operator was said, so that no loop builds a deep filter.
template <FilterOperation operation>
py::object joined(const py::object& self, const py::object& other) {
  std::optional<Filter> left = filter_of(self);
  std::optional<Filter> right = filter_of(other);
  if (!left || !right) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  Filter whole;
  whole.operation = operation;
  for (Filter* part : {&*left, &*right}) {
    if (part->operation == operation) {
      std::ranges::move(part->parts, std::back_inserter(whole.parts));
    } else {
      whole.parts.push_back(std::move(*part));
    }
  }
  return py::cast(std::move(whole));
}

template <FilterOperation operation, typename Ref>
Filter about(const Ref& ref) {
  Filter filter;
  filter.operation = operation;
  filter.name = ref;
  return filter;
}

std::string topic_text(const TopicRef& topic) {
  if (!topic.text) throw py::type_error("a filter asks about a topic, not about NO_TOPIC");
  return *topic.text;
}

template <FilterOperation operation>
Filter about_topic(const TopicRef& topic) {
  return about<operation>(topic_text(topic));
}

[[noreturn]] bool no_truth(const py::object&) {
  throw py::type_error(
      "a filter is not true or false here, only of each contact; combine by &, | and ~ in the place of and, or and "
      "not, and "
      "put brackets around each comparison");
}

FilterValue moved(FilterValue self, std::chrono::seconds by) {
  self.offset += by;
  return self;
}

void bind_values(py::module_& module) {
  py::class_<FilterValue>(module, "FilterValue",
                          "What a filter compares: mailroll.prop.plan, mailroll.field.email, mailroll.now(). ==, !=, "
                          "<, <=, > and >= with a str, "
                          "a number, a bool, a datetime or another one make a Filter; + and - move a time by a "
                          "timedelta of whole seconds. A "
                          "boolean property is itself a condition.",
                          py::is_final(), plain_type())
      .def("__eq__", compared<FilterOperation::equal>, py::arg("other"), py::pos_only())
      .def("__ne__", compared<FilterOperation::unequal>, py::arg("other"), py::pos_only())
      .def("__lt__", compared<FilterOperation::less>, py::arg("other"), py::pos_only())
      .def("__le__", compared<FilterOperation::at_most>, py::arg("other"), py::pos_only())
      .def("__gt__", compared<FilterOperation::greater>, py::arg("other"), py::pos_only())
      .def("__ge__", compared<FilterOperation::at_least>, py::arg("other"), py::pos_only())
      .def(
          "__add__", [](const FilterValue& self, std::chrono::seconds by) { return moved(self, by); }, py::arg("by"),
          py::pos_only())
      .def(
          "__sub__", [](const FilterValue& self, std::chrono::seconds by) { return moved(self, -by); }, py::arg("by"),
          py::pos_only())
      .def("__and__", joined<FilterOperation::all>, py::arg("other"), py::pos_only())
      .def("__or__", joined<FilterOperation::any>, py::arg("other"), py::pos_only())
      .def("__invert__", [](const py::object& self) { return negated(filter_of(self).value()); })
      .def("__bool__", no_truth)
      .def("__str__", [](const py::object& self) { return to_string(filter_of(self).value()); })
      .def("__repr__",
           [](const py::object& self) { return "<mailroll.FilterValue " + to_string(filter_of(self).value()) + ">"; })
      .def(
          "is_null", [](const FilterValue& self) { return of_values(FilterOperation::is_null, {self}); },
          "Whether the contact has none. ~ negates it.")
      .def("in_", one_of, py::arg("values"), "Whether it is one of these, at least one.")
      .def(
          "between",
          [](const FilterValue& self, const py::object& low, const py::object& high) {
            return of_values(FilterOperation::between, {self, operand(low), operand(high)});
          },
          py::arg("low"), py::arg("high"), "Whether it is from the one to the other, both included.")
      .def("like", patterned<FilterOperation::like>, py::arg("pattern"),
           "Whether the whole text fits: % stands for any letters, _ for one, and \\ takes the next as it is.")
      .def("starts_with", patterned<FilterOperation::starts_with>, py::arg("text"),
           "Whether the text begins so, letter by letter.");

  py::class_<FilterProperties>(
      module, "FilterProperties",
      "The type of mailroll.prop: mailroll.prop.plan, or mailroll.prop[\"class\"], is a custom property in a filter.",
      py::is_final(), plain_type())
      .def(
          "__getattr__",
          [](const FilterProperties&, const std::string& key) {
            // Python looks for names of its own at every object; a property of such a name stands in [].
            if (key.starts_with("__")) throw py::attribute_error(key);
            return property(key);
          },
          py::arg("key"), py::pos_only())
      .def(
          "__getitem__", [](const FilterProperties&, const std::string& key) { return property(key); }, py::arg("key"),
          py::pos_only())
      .def("__repr__", [](const FilterProperties&) { return "mailroll.prop"; });

  const auto of = [](FilterField which) { return [which](const FilterFields&) { return field(which); }; };
  py::class_<FilterFields>(
      module, "FilterFields",
      "The type of mailroll.field: what every contact has, in a filter, e.g. mailroll.field.email.", py::is_final(),
      plain_type())
      .def_property_readonly("email", of(FilterField::email), "The address, in the delivery spelling.")
      .def_property_readonly("email_domain", of(FilterField::email_domain),
                             "What is behind the @: lower case and ASCII (xn--...).")
      .def_property_readonly("first_name", of(FilterField::first_name), "Null where it is empty.")
      .def_property_readonly("last_name", of(FilterField::last_name), "Null where it is empty.")
      .def_property_readonly("created_at", of(FilterField::created_at), "A time.")
      .def_property_readonly("updated_at", of(FilterField::updated_at), "A time.")
      .def("__repr__", [](const FilterFields&) { return "mailroll.field"; });
}

}  // namespace

std::optional<Filter> filter_of(const py::handle value) {
  if (py::isinstance<Filter>(value)) return value.cast<const Filter&>();
  if (py::isinstance<FilterValue>(value)) {
    return of_values(FilterOperation::holds, {value.cast<const FilterValue&>()});
  }
  return {};
}

std::optional<FilterText> filter_text_of(const py::handle value) {
  if (const std::optional<Filter> filter = filter_of(value)) return FilterText{to_json(*filter)};
  if (!py::isinstance<py::str>(value)) return {};
  return FilterText{text_of(value).value_or("")};
}

void bind_filters(py::module_& module) {
  py::class_<Filter>(
      module, "Filter",
      "Which contacts a dynamic segment has (docs/segments.md), made of mailroll.prop, mailroll.field and the "
      "questions by comparisons, & (both), | (any) and ~ (not). Stands wherever the text of a filter does; "
      "str() is that text. Names are looked up where it is used. Equal to another of the same text.",
      py::is_final(), plain_type())
      .def("__and__", joined<FilterOperation::all>, py::arg("other"), py::pos_only())
      .def("__or__", joined<FilterOperation::any>, py::arg("other"), py::pos_only())
      .def("__invert__", [](const Filter& self) { return negated(self); })
      .def("__bool__", no_truth)
      .def(
          "__eq__",
          [](const Filter& self, const py::object& other) -> py::object {
            if (!py::isinstance<Filter>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            return py::bool_(to_string(self) == to_string(other.cast<const Filter&>()));
          },
          py::arg("other"), py::pos_only())
      .def("__hash__", [](const Filter& self) { return py::hash(py::str(to_string(self))); })
      .def("__str__", [](const Filter& self) { return to_string(self); })
      .def("__repr__", [](const Filter& self) { return "<mailroll.Filter " + to_string(self) + ">"; })
      .def(
          "to_json", [](const Filter& self) { return to_json(self); }, "The filter as JSON, on one line.");

  bind_values(module);
  module.attr("prop") = FilterProperties{};
  module.attr("field") = FilterFields{};
  module.attr("unsubscribed") = of_values(FilterOperation::unsubscribed, {});

  module.def("now", now, "In a filter: the moment of the question.");
  module.def(
      "in_segment", [](const SegmentRef& segment) { return about<FilterOperation::in_segment>(segment.text); },
      py::arg("segment"), "In a filter: whether the contact is in the segment, a name, an id or a Segment.");
  module.def("opted_in", about_topic<FilterOperation::opted_in>, py::arg("topic"),
             "In a filter: whether the person chose the topic.");
  module.def("opted_out", about_topic<FilterOperation::opted_out>, py::arg("topic"),
             "In a filter: whether the person declined the topic.");
  module.def("receives", about_topic<FilterOperation::receives>, py::arg("topic"),
             "In a filter: whether mail about the topic may be sent, as roll.explain() says.");
  module.def(
      "parse_filter", read_filter, py::arg("text"),
      "Reads the text of a filter, or its JSON. Invalid, with details['column'] or details['path'], where it is none.");
}

}  // namespace mailroll::python
