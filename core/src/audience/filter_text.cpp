#include <charconv>

#include "audience/filter_words.hpp"
#include "mailroll/audience/filter.hpp"

namespace mailroll {

namespace {

std::string number_text(double number) {
  char digits[32];
  const auto [end, problem] = std::to_chars(std::begin(digits), std::end(digits), number);
  return problem == std::errc() ? std::string(std::begin(digits), end) : std::string("0");
}

std::string literal_text(const PropertyValue& literal) {
  if (const auto* number = std::get_if<double>(&literal)) return number_text(*number);
  if (const auto* boolean = std::get_if<bool>(&literal)) return *boolean ? "true" : "false";
  return detail::quoted(to_string(literal), '\'');
}

bool is_plain_name(const std::string& key) {
  const bool digit = !key.empty() && key[0] >= '0' && key[0] <= '9';
  return is_property_key(key) && !digit && !detail::is_reserved(key);
}

std::string value_text(const FilterValue& value) {
  std::string text;
  switch (value.kind) {
    case FilterValue::Kind::literal: text = literal_text(value.literal); break;
    case FilterValue::Kind::field: text = to_string(value.field); break;
    case FilterValue::Kind::now: text = "now()"; break;
    case FilterValue::Kind::property:
      text = is_plain_name(value.property) ? value.property : detail::quoted(value.property, '"');
      break;
  }
  std::int64_t seconds = value.offset.count();
  if (seconds == 0) return text;
  text += seconds < 0 ? " - " : " + ";
  seconds = seconds < 0 ? -seconds : seconds;
  return text +
         (seconds % 86400 == 0 ? std::to_string(seconds / 86400) + " days" : std::to_string(seconds) + " seconds");
}

std::string_view sign(FilterOperation operation) {
  switch (operation) {
    case FilterOperation::equal: return " = ";
    case FilterOperation::unequal: return " != ";
    case FilterOperation::less: return " < ";
    case FilterOperation::at_most: return " <= ";
    case FilterOperation::greater: return " > ";
    case FilterOperation::at_least: return " >= ";
    case FilterOperation::like: return " like ";
    case FilterOperation::starts_with: return " starts with ";
    default: return "";
  }
}

std::string joined(const std::vector<Filter>& parts, FilterOperation whole, std::string_view word) {
  std::string text;
  for (const Filter& part : parts) {
    // `and` binds tighter, so within `or` it needs no brackets: what is printed is nowhere deeper than what was read.
    const bool group = part.operation == FilterOperation::any || part.operation == whole;
    if (!text.empty()) text += word;
    text += group ? "(" + to_string(part) + ")" : to_string(part);
  }
  return text;
}

std::string call(std::string_view word, const Filter& filter) {
  return std::string(word) + "(" + detail::quoted(filter.name, '\'') + ")";
}

std::string condition_text(const Filter& filter, bool negated);

std::string negated(const Filter& part) {
  switch (part.operation) {
    case FilterOperation::all:
    case FilterOperation::any: return "not (" + to_string(part) + ")";
    case FilterOperation::one_of:
    case FilterOperation::between:
    case FilterOperation::like:
    case FilterOperation::starts_with:
    case FilterOperation::is_null: return condition_text(part, true);
    default: return "not " + to_string(part);
  }
}

std::string condition_text(const Filter& filter, bool negated) {
  const std::string no = negated ? " not" : "";
  const auto value = [&](std::size_t n) { return value_text(filter.values.at(n)); };
  switch (filter.operation) {
    case FilterOperation::one_of: {
      std::string text = value(0) + no + " in (" + value(1);
      for (std::size_t n = 2; n < filter.values.size(); ++n) text += ", " + value(n);
      return text + ")";
    }
    case FilterOperation::between: return value(0) + no + " between " + value(1) + " and " + value(2);
    case FilterOperation::is_null: return value(0) + " is" + no + " null";
    default: return value(0) + no + std::string(sign(filter.operation)) + value(1);
  }
}

}  // namespace

std::string to_string(const Filter& filter) {
  switch (filter.operation) {
    case FilterOperation::all: return joined(filter.parts, filter.operation, " and ");
    case FilterOperation::any: return joined(filter.parts, filter.operation, " or ");
    case FilterOperation::negation: return negated(filter.parts.at(0));
    case FilterOperation::holds: return value_text(filter.values.at(0));
    case FilterOperation::in_segment: return call("in_segment", filter);
    case FilterOperation::opted_in: return call("opted_in", filter);
    case FilterOperation::opted_out: return call("opted_out", filter);
    case FilterOperation::receives: return call("receives", filter);
    case FilterOperation::unsubscribed: return "unsubscribed";
    default: return condition_text(filter, false);
  }
}

}  // namespace mailroll
