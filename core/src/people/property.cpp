#include "mailroll/people/property.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "mailroll/error.hpp"

namespace mailroll {
namespace {

using Json = nlohmann::json;

// Up to here doubles hold every whole number, and people write them without exponent.
constexpr double max_whole = 9007199254740992.0;

std::optional<bool> parse_boolean(std::string_view text) {
  constexpr std::size_t longest = 12;  // "unsubscribed"
  if (text.size() > longest) return std::nullopt;
  std::array<char, longest> buffer{};
  std::transform(text.begin(), text.end(), buffer.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  const std::string_view word(buffer.data(), text.size());
  for (const std::string_view yes : {"true", "t", "yes", "y", "1", "unsubscribed"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "f", "no", "n", "0", "subscribed"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  const bool sign = !text.empty() && (text.front() == '+' || text.front() == '-');
  const std::string_view digits = sign ? text.substr(1) : text;
  if (sign && text.front() == '+') text = digits;  // from_chars knows no plus
  // from_chars would also read "inf" and "nan".
  const bool decimal = !digits.empty() && ((digits.front() >= '0' && digits.front() <= '9') || digits.front() == '.');
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!decimal || error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value == 0 ? 0.0 : value;  // no minus zero
}

std::string number_text(double value) {
  char buffer[64];
  const double size = std::abs(value);
  const bool plain = size == 0 || (size >= 1e-6 && size <= max_whole);
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value == 0 ? 0.0 : value,
                                          plain ? std::chars_format::fixed : std::chars_format::scientific);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

Json number_json(double value) {
  if (!std::isfinite(value))
    throw Error(ErrorKind::invalid, "a property's number must be finite", {{"reason", "value_type"}});
  if (std::abs(value) <= max_whole && value == std::trunc(value)) return static_cast<std::int64_t>(value);
  return value;
}

Json to_json(const PropertyValue& value) {
  switch (type_of(value)) {
    case PropertyType::string: return std::get<std::string>(value);
    case PropertyType::number: return number_json(std::get<double>(value));
    case PropertyType::boolean: return std::get<bool>(value);
    case PropertyType::datetime: return Json{{"time", format_time(std::get<Time>(value))}};
  }
  return nullptr;
}

/// Imports write millions of these, nearly all of them plain words, which stand in JSON as they are.
void append_json(const PropertyValue& value, std::string& out) {
  const auto plain = [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; };
  const std::string* text = std::get_if<std::string>(&value);
  if (text != nullptr && std::ranges::all_of(*text, plain)) {
    out.append("\"").append(*text).append("\"");
  } else {
    out += to_json(value).dump();
  }
}

[[noreturn]] void throw_corrupt() {
  throw Error(ErrorKind::storage,
              "the properties of a contact are not what was written; restore the store from a backup",
              {{"reason", "corrupt"}});
}

PropertyValue from_json_value(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>();
  if (value.is_object() && value.size() == 1 && value.contains("time") && value["time"].is_string()) {
    if (const auto time = parse_time(value["time"].get_ref<const std::string&>())) return *time;
  }
  throw_corrupt();
}

}  // namespace

std::string_view to_string(PropertyType type) {
  switch (type) {
    case PropertyType::string: return "string";
    case PropertyType::number: return "number";
    case PropertyType::boolean: return "boolean";
    case PropertyType::datetime: return "datetime";
  }
  return "unknown";
}

std::optional<PropertyType> parse_property_type(std::string_view word) {
  for (const PropertyType type :
       {PropertyType::string, PropertyType::number, PropertyType::boolean, PropertyType::datetime}) {
    if (word == to_string(type)) return type;
  }
  return std::nullopt;
}

PropertyType type_of(const PropertyValue& value) {
  static_assert(std::is_same_v<std::variant_alternative_t<3, PropertyValue>, Time>);
  return static_cast<PropertyType>(value.index());  // the variant stands in the order of the enumeration
}

std::string to_string(const PropertyValue& value) {
  switch (type_of(value)) {
    case PropertyType::string: return std::get<std::string>(value);
    case PropertyType::number: return number_text(std::get<double>(value));
    case PropertyType::boolean: return std::get<bool>(value) ? "true" : "false";
    case PropertyType::datetime: return format_time(std::get<Time>(value));
  }
  return {};
}

std::optional<PropertyValue> parse_property_value(PropertyType type, std::string_view text) {
  switch (type) {
    case PropertyType::string: return std::string(text);
    case PropertyType::number: return parse_number(text);
    case PropertyType::boolean: return parse_boolean(text);
    case PropertyType::datetime: return parse_time(text);
  }
  return std::nullopt;
}

bool is_property_key(std::string_view key) {
  return !key.empty() && key.size() <= 50 && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Properties::Properties(const std::map<std::string, PropertyValue>& values) {
  if (values.empty()) return;
  try {
    for (const auto& [key, value] : values) {  // ordered by key
      if (!is_property_key(key)) {
        throw Error(ErrorKind::invalid, "a property's key has 1 to 50 letters, digits or underscores",
                    {{"reason", "property_key"}});
      }
      json_.append(json_.empty() ? "{\"" : ",\"").append(key).append("\":");  // nothing in a key is escaped
      append_json(value, json_);
    }
    json_ += '}';
  } catch (const Json::type_error&) {  // nothing else than text that is not UTF-8 can fail here
    throw Error(ErrorKind::invalid, "a property's text is not UTF-8", {{"reason", "encoding"}});
  }
}

Properties Properties::from_json(std::string text) {
  // What stands inside is left to values(): stores read millions of rows whose properties nobody looks at.
  const bool framed = text.size() > 2 && text.front() == '{' && text.back() == '}';
  if (!text.empty() && !framed) throw_corrupt();
  Properties properties;
  properties.json_ = std::move(text);
  return properties;
}

std::map<std::string, PropertyValue> Properties::values() const {
  std::map<std::string, PropertyValue> values;
  if (json_.empty()) return values;
  const Json object = Json::parse(json_, nullptr, false);
  if (!object.is_object()) throw_corrupt();
  for (const auto& [key, value] : object.items()) values.emplace(key, from_json_value(value));
  return values;
}

}  // namespace mailroll
