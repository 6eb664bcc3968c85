/// How the core's small values cross into Python and back: ids and enums as text, times as datetime, and whatever may name
/// a person, a segment or a topic. Included by bind.hpp alone.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace mailroll::python {

/// An aware datetime in UTC, exact to the microsecond. Error(invalid) outside the years 1 to 9999.
py::object to_datetime(Time time);
/// Error(invalid) for a datetime without a zone.
Time from_datetime(py::handle value);

bool is_datetime(py::handle value);

/// A timedelta in whole seconds, what is less being cut; nothing for another type.
std::optional<std::chrono::seconds> seconds_of(py::handle value);

/// The UTF-8 of a str (lone surrogates as such, so that the core calls it `encoding`) or the octets of bytes; nothing for
/// another type.
std::optional<std::string> text_of(py::handle value);

/// What the object means as a person, segment or topic; nothing where it can mean none.
std::optional<Who> who_of(py::handle value);
std::optional<SegmentRef> segment_of(py::handle value);
std::optional<TopicRef> topic_of(py::handle value);

/// str, bool, int, float or datetime; nothing for another type. Error(invalid) for a number that is not finite or that a
/// double cannot hold exactly.
std::optional<PropertyValue> property_of(py::handle value);
py::object to_python(const PropertyValue& value);

/// The text or the JSON of a filter.
struct FilterText {
  std::string text;
};
/// A Filter, or a FilterValue, which holds where it is true; nothing for another type.
std::optional<Filter> filter_of(py::handle value);
/// What may be said for a filter: a str, or what filter_of() takes; nothing for another type.
std::optional<FilterText> filter_text_of(py::handle value);

/// Whether the object is a Recipient, which is a tuple that begins with the id (bind_audience.cpp).
bool is_recipient(py::handle value);

/// One person, or an iterable of them. TypeError for anything else.
std::vector<Who> people_of(const py::object& contacts);
/// One name, or an iterable of them. TypeError for anything else.
std::vector<SegmentRef> segments_of(const py::object& segments);

/// A read-only view of a dict.
py::object frozen(const py::dict& values);

}  // namespace mailroll::python

namespace pybind11::detail {

// The enums are words, not classes.
template <typename Enum>
struct type_caster_enum_type_enabled<Enum, std::enable_if_t<mailroll::python::Word<Enum>>> : std::false_type {};

/// For types without a default constructor that are only taken, never given.
template <typename T>
struct TakenCaster {
  std::optional<T> value;
  template <typename U>
  using cast_op_type = movable_cast_op_type<U>;
  operator T*() { return &*value; }
  operator T&() { return *value; }
  operator T&&() && { return *std::move(value); }
};

template <>
struct type_caster<mailroll::Who> : TakenCaster<mailroll::Who> {
  static constexpr auto name = const_name("str | uuid.UUID | EmailAddress | Contact | Recipient");
  bool load(handle source, bool) { return (value = mailroll::python::who_of(source)).has_value(); }
};
template <>
struct type_caster<mailroll::SegmentRef> : TakenCaster<mailroll::SegmentRef> {
  static constexpr auto name = const_name("str | uuid.UUID | Segment | Expression");
  bool load(handle source, bool) { return (value = mailroll::python::segment_of(source)).has_value(); }
};
template <>
struct type_caster<mailroll::TopicRef> : TakenCaster<mailroll::TopicRef> {
  static constexpr auto name = const_name("str | uuid.UUID | Topic | NoTopic");
  bool load(handle source, bool) { return (value = mailroll::python::topic_of(source)).has_value(); }
};
template <>
struct type_caster<mailroll::python::FilterText> : TakenCaster<mailroll::python::FilterText> {
  static constexpr auto name = const_name("str | Filter | FilterValue");
  bool load(handle source, bool) { return (value = mailroll::python::filter_text_of(source)).has_value(); }
};

template <>
struct type_caster<mailroll::PropertyValue> {
  PYBIND11_TYPE_CASTER(mailroll::PropertyValue, const_name("str | float | bool | datetime.datetime"));
  bool load(handle source, bool) {
    const std::optional<mailroll::PropertyValue> taken = mailroll::python::property_of(source);
    if (taken) value = *taken;
    return taken.has_value();
  }
  static handle cast(const mailroll::PropertyValue& given, return_value_policy, handle) {
    return mailroll::python::to_python(given).release();
  }
};

template <>
struct type_caster<mailroll::Time> {
  PYBIND11_TYPE_CASTER(mailroll::Time, const_name("datetime.datetime"));
  bool load(handle source, bool) {
    if (!mailroll::python::is_datetime(source)) return false;
    value = mailroll::python::from_datetime(source);
    return true;
  }
  static handle cast(mailroll::Time given, return_value_policy, handle) {
    return mailroll::python::to_datetime(given).release();
  }
};

/// Taken only.
template <>
struct type_caster<std::chrono::seconds> {
  PYBIND11_TYPE_CASTER(std::chrono::seconds, const_name("datetime.timedelta"));
  bool load(handle source, bool) {
    const std::optional<std::chrono::seconds> taken = mailroll::python::seconds_of(source);
    if (taken) value = *taken;
    return taken.has_value();
  }
};

template <>
struct type_caster<mailroll::Uuid> {
  PYBIND11_TYPE_CASTER(mailroll::Uuid, const_name("str"));
  bool load(handle, bool) { return false; }
  static handle cast(const mailroll::Uuid& given, return_value_policy, handle) {
    return str(mailroll::to_string(given)).release();
  }
};
template <typename Tag>
struct type_caster<mailroll::Id<Tag>> {
  using Given = mailroll::Id<Tag>;
  PYBIND11_TYPE_CASTER(Given, const_name("str"));
  bool load(handle source, bool) {
    const std::optional<std::string> text = mailroll::python::text_of(source);
    const std::optional<mailroll::Uuid> id = text ? mailroll::parse_uuid(*text) : std::nullopt;
    if (id) value = Given(*id);
    return id.has_value();
  }
  static handle cast(const Given& given, return_value_policy, handle) {
    return str(mailroll::to_string(given)).release();
  }
};

/// Given only: what Python says is parsed where the argument's name is known (words.hpp).
template <typename Enum>
struct type_caster<Enum, std::enable_if_t<mailroll::python::Word<Enum>>> {
  PYBIND11_TYPE_CASTER(Enum, const_name("str"));
  bool load(handle, bool) { return false; }
  static handle cast(Enum given, return_value_policy, handle) {
    const std::string_view word = mailroll::to_string(given);
    return PyUnicode_FromStringAndSize(word.data(), static_cast<Py_ssize_t>(word.size()));
  }
};

}  // namespace pybind11::detail
