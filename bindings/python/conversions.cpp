#include "bind.hpp"

// After Python.h, which it needs and does not include.
#include <chrono>
#include <cmath>

#include <datetime.h>

namespace mailroll::python {

namespace {

using std::chrono::microseconds;

constexpr Time earliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Time beyond_latest = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

Error out_of_years() {
  return {ErrorKind::invalid, "a time outside the years 1 to 9999 cannot be kept", {{"reason", "value_type"}}};
}

void use_datetime() {
  if (PyDateTimeAPI == nullptr) {
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == nullptr) throw py::error_already_set();
  }
}

/// Whether the object is a uuid.UUID. Nobody can have one before the module is loaded, so that we need not load it.
bool is_uuid(py::handle value) {
  const py::object name = py::str("uuid");
  const auto module = py::reinterpret_steal<py::object>(PyImport_GetModule(name.ptr()));
  return module && py::isinstance(value, module.attr("UUID"));
}

std::optional<std::string> name_or_id(py::handle value) {
  if (py::isinstance<py::str>(value)) return text_of(value);
  if (is_uuid(value)) return py::cast<std::string>(py::str(value));
  return {};
}

template <typename Ref>
std::vector<Ref> some_of(const py::object& given, std::optional<Ref> (*one)(py::handle), const char* complaint) {
  if (const std::optional<Ref> single = one(given)) return {*single};
  std::vector<Ref> refs;
  if (!py::isinstance<py::iterable>(given)) throw py::type_error(complaint);
  for (const py::handle item : given) {
    const std::optional<Ref> ref = one(item);
    if (!ref) throw py::type_error(complaint);
    refs.push_back(*ref);
  }
  return refs;
}

}  // namespace

py::object to_datetime(Time time) {
  use_datetime();
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  if (time < earliest || time >= beyond_latest) throw out_of_years();
  PyObject* made = PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
      static_cast<int>(clock.subseconds().count()), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

Time from_datetime(py::handle value) {
  use_datetime();
  const py::object offset = value.attr("utcoffset")();
  if (offset.is_none())
    throw Error(ErrorKind::invalid,
                "a datetime without a zone could mean any time; give it one, e.g. datetime.timezone.utc",
                {{"reason", "value_type"}});
  PyObject* local = value.ptr();
  const std::chrono::year_month_day date(std::chrono::year(PyDateTime_GET_YEAR(local)),
                                         std::chrono::month(static_cast<unsigned>(PyDateTime_GET_MONTH(local))),
                                         std::chrono::day(static_cast<unsigned>(PyDateTime_GET_DAY(local))));
  const Time wall = std::chrono::sys_days(date) + std::chrono::hours(PyDateTime_DATE_GET_HOUR(local)) +
                    std::chrono::minutes(PyDateTime_DATE_GET_MINUTE(local)) +
                    std::chrono::seconds(PyDateTime_DATE_GET_SECOND(local)) +
                    microseconds(PyDateTime_DATE_GET_MICROSECOND(local));
  const Time time = wall - std::chrono::days(PyDateTime_DELTA_GET_DAYS(offset.ptr())) -
                    std::chrono::seconds(PyDateTime_DELTA_GET_SECONDS(offset.ptr())) -
                    microseconds(PyDateTime_DELTA_GET_MICROSECONDS(offset.ptr()));
  if (time < earliest || time >= beyond_latest) throw out_of_years();
  return time;
}

std::optional<std::chrono::seconds> seconds_of(py::handle value) {
  use_datetime();
  if (PyDelta_Check(value.ptr()) == 0) return {};
  return std::chrono::days(PyDateTime_DELTA_GET_DAYS(value.ptr())) +
         std::chrono::seconds(PyDateTime_DELTA_GET_SECONDS(value.ptr()));
}

bool is_datetime(py::handle value) {
  use_datetime();
  return PyDateTime_Check(value.ptr()) != 0;
}

std::optional<std::string> text_of(py::handle value) {
  if (py::isinstance<py::bytes>(value)) return std::string(py::cast<std::string_view>(value));
  if (!py::isinstance<py::str>(value)) return {};
  const auto octets =
      py::reinterpret_steal<py::object>(PyUnicode_AsEncodedString(value.ptr(), "utf-8", "surrogatepass"));
  if (!octets) throw py::error_already_set();
  return std::string(PyBytes_AS_STRING(octets.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(octets.ptr())));
}

std::optional<Who> who_of(py::handle value) {
  if (const std::optional<std::string> text = name_or_id(value)) return Who(*text);
  if (py::isinstance<Contact>(value)) return Who(value.cast<const Contact&>());
  if (py::isinstance<ContactDetails>(value)) return Who(value.cast<const ContactDetails&>().contact);
  if (py::isinstance<EmailAddress>(value)) return Who(value.cast<const EmailAddress&>().delivery());
  if (!is_recipient(value)) return {};
  // Anybody can make a Recipient of anything.
  const std::optional<std::string> id = text_of(py::reinterpret_borrow<py::tuple>(value)[0]);
  return id ? std::optional<Who>(*id) : std::nullopt;
}

std::optional<SegmentRef> segment_of(py::handle value) {
  if (const std::optional<std::string> text = name_or_id(value)) return SegmentRef(*text);
  if (py::isinstance<Segment>(value)) return SegmentRef(value.cast<const Segment&>());
  if (py::isinstance<Expression>(value)) return SegmentRef(value.cast<const Expression&>());
  return {};
}

std::optional<TopicRef> topic_of(py::handle value) {
  if (const std::optional<std::string> text = name_or_id(value)) return TopicRef(*text);
  if (py::isinstance<Topic>(value)) return TopicRef(value.cast<const Topic&>());
  if (py::isinstance<NoTopic>(value)) return TopicRef(NoTopic{});
  return {};
}

std::optional<PropertyValue> property_of(py::handle value) {
  if (py::isinstance<py::str>(value)) return text_of(value).value_or("");
  if (PyBool_Check(value.ptr())) return value.ptr() == Py_True;
  if (PyFloat_Check(value.ptr()) || PyIndex_Check(value.ptr())) {
    const double number = PyFloat_AsDouble(value.ptr());
    if (number == -1.0 && PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      throw Error(ErrorKind::invalid, "a property's number is too large", {{"reason", "value_type"}});
    }
    if (!std::isfinite(number))
      throw Error(ErrorKind::invalid, "a property's number must be finite", {{"reason", "value_type"}});
    if (!PyFloat_Check(value.ptr()) && !py::float_(number).equal(value))
      throw Error(ErrorKind::invalid, "a property's number has more digits than are kept (a double's 53 bits)",
                  {{"reason", "value_type"}});
    return number;
  }
  if (is_datetime(value)) return from_datetime(value);
  return {};
}

py::object to_python(const PropertyValue& value) {
  return std::visit([](const auto& held) { return py::object(py::cast(held)); }, value);
}

std::vector<Who> people_of(const py::object& contacts) {
  return some_of<Who>(contacts, who_of,
                      "contacts must be an address, an id, a Contact, a Recipient, or several of them");
}

std::vector<SegmentRef> segments_of(const py::object& segments) {
  return some_of<SegmentRef>(segments, segment_of, "segments must be a name, an id, a Segment, or several of them");
}

py::object frozen(const py::dict& values) {
  PyObject* view = PyDictProxy_New(values.ptr());
  if (view == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(view);
}

}  // namespace mailroll::python
