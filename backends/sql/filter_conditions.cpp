#include "sql/filter_conditions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "mailroll/consent/decide.hpp"

namespace mailroll::detail {
namespace {

// SQLite takes expressions of 1,000 operators inside each other and MySQL 61 tables. Longer ones are the core's.
constexpr std::size_t most_conditions = 300;
constexpr std::size_t most_joins = 20;
// Beyond these no interval of a filter goes, and below them nothing overflows.
constexpr std::chrono::seconds most_offset = std::chrono::days(3'660'000);
// Every time is written with this many letters, so that their order as texts is their order.
constexpr std::size_t time_letters = 27;
// The one key that also stands inside the value of another: a datetime is {"time":"..."}.
constexpr std::string_view inner_key = "time";

constexpr std::string_view properties = "coalesce(c.properties, '')";

bool is_constant(const FilterValue& value) {
  return value.kind == FilterValue::Kind::literal || value.kind == FilterValue::Kind::now;
}

std::string_view sign_of(FilterOperation operation) {
  switch (operation) {
    case FilterOperation::equal: return " = ";
    case FilterOperation::unequal: return " <> ";
    case FilterOperation::less: return " < ";
    case FilterOperation::at_most: return " <= ";
    case FilterOperation::greater: return " > ";
    case FilterOperation::at_least: return " >= ";
    default: return {};
  }
}

/// NUL ends texts on their way to some engines.
bool can_be_bound(std::string_view text) { return text.find('\0') == std::string_view::npos; }

std::string filled(std::string_view word, std::string_view with) {
  std::string text(word);
  if (const auto at = text.find("{}"); at != std::string::npos) text.replace(at, 2, with);
  return text;
}

std::string key_text(const std::string& key) { return "\"" + key + "\":"; }

/// The key with its value, as it stands in the properties of whoever has it.
std::string stored(const std::string& key, const PropertyValue& value) {
  const std::string object = Properties({{key, value}}).json();
  return object.substr(1, object.size() - 2);
}

bool is_storable(const PropertyValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return std::isfinite(*number);
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || can_be_bound(*text);
}

}  // namespace

std::string FilterConditions::value(SqlValue value) {
  std::string name = "v" + std::to_string(values_.size() + 1);
  values_.emplace(name, std::move(value));
  return ":" + name;
}

std::optional<std::string> FilterConditions::condition(const Filter& filter, Sense sense) {
  const std::size_t joins = joins_.size();
  Words whole = said(filter, sense);
  if (!whole) joins_.resize(joins);
  return whole;
}

FilterConditions::Words FilterConditions::said(const Filter& filter, Sense sense) {
  if (++conditions_ > most_conditions) return {};
  const auto compare = [&](FilterOperation operation, std::size_t with) {
    if (++conditions_ > most_conditions) return Words();
    return compared(operation, filter.values[0], filter.values[with], sense);
  };
  switch (filter.operation) {
    case FilterOperation::all: return joined_by(filter, " AND ", sense);
    case FilterOperation::any: return joined_by(filter, " OR ", sense);
    case FilterOperation::negation: return negation(filter.parts[0]);
    case FilterOperation::one_of: {
      std::string whole;
      for (std::size_t n = 1; n < filter.values.size(); ++n) {
        const Words one = compare(FilterOperation::equal, n);
        if (!one) return {};
        whole.append(whole.empty() ? "(" : " OR ").append(*one);
      }
      return whole + ")";
    }
    case FilterOperation::between: {
      const Words low = compare(FilterOperation::at_least, 1);
      const Words high = compare(FilterOperation::at_most, 2);
      if (!low || !high) return {};
      return "(" + *low + " AND " + *high + ")";
    }
    case FilterOperation::like: return {};  // no two engines agree about case and letters
    case FilterOperation::starts_with: {
      const auto* text = std::get_if<std::string>(&filter.values[1].literal);
      return text == nullptr ? Words() : starting(filter.values[0], *text, sense);
    }
    case FilterOperation::is_null: return is_null(filter.values[0]);
    case FilterOperation::holds: {
      FilterValue yes;
      yes.literal = true;
      return compared(FilterOperation::equal, filter.values[0], yes, sense);
    }
    case FilterOperation::in_segment: return in_segment(SegmentNumber{filter.number}, sense);
    case FilterOperation::opted_in: return choice_is(filter, Said::opt_in);
    case FilterOperation::opted_out: return choice_is(filter, Said::opt_out);
    case FilterOperation::receives: return receiving(TopicNumber{filter.number});
    case FilterOperation::unsubscribed:
      return "(coalesce(s.said, 0) = " + value(std::int64_t{static_cast<std::uint8_t>(Said::opt_out)}) + ")";
    default: return compare(filter.operation, 1);
  }
}

FilterConditions::Words FilterConditions::joined_by(const Filter& filter, std::string_view word, Sense sense) {
  std::string whole;
  for (const Filter& part : filter.parts) {
    const Words one = said(part, sense);
    if (!one) return {};
    whole.append(whole.empty() ? std::string_view("(") : word).append(*one);
  }
  return whole.empty() ? Words() : whole + ")";
}

FilterConditions::Words FilterConditions::negation(const Filter& filter) {
  const Words one = said(filter, Sense::exactly);
  if (!one) return {};
  return "(NOT " + *one + ")";
}

FilterConditions::Words FilterConditions::compared(FilterOperation operation, const FilterValue& left,
                                                   const FilterValue& right, Sense sense) {
  if (is_constant(left) == is_constant(right)) return {};
  if (is_constant(left)) return compared(mirrored(operation), right, left, sense);
  if (left.kind == FilterValue::Kind::field) return of_field(operation, left, right);
  return of_property(operation, left, right, sense);
}

std::optional<Time> FilterConditions::time_for(const FilterValue& constant, const FilterValue& other) const {
  const auto* literal = std::get_if<Time>(&constant.literal);
  const bool is_now = constant.kind == FilterValue::Kind::now;
  if (!is_now && literal == nullptr) return {};
  if (std::chrono::abs(constant.offset) > most_offset || std::chrono::abs(other.offset) > most_offset) return {};
  return (is_now ? whom_.now : *literal) + constant.offset - other.offset;
}

std::string_view FilterConditions::column_of(FilterField field) const {
  switch (field) {
    case FilterField::email: return "NULLIF(c.email, '')";
    case FilterField::email_domain: return words_.email_domain;
    case FilterField::first_name: return "NULLIF(c.first_name, '')";
    case FilterField::last_name: return "NULLIF(c.last_name, '')";
    case FilterField::created_at: return "c.created_at";
    case FilterField::updated_at: return "c.updated_at";
  }
  return {};
}

FilterConditions::Words FilterConditions::of_field(FilterOperation operation, const FilterValue& field,
                                                   const FilterValue& constant) {
  const std::string column(column_of(field.field));
  if (const std::optional<Time> time = time_for(constant, field)) {
    return "(" + column + std::string(sign_of(operation)) + value(microseconds(*time)) + ")";
  }
  const auto* text = std::get_if<std::string>(&constant.literal);
  if (text == nullptr || !can_be_bound(*text)) return {};
  return "(" + column + std::string(sign_of(operation)) + text_value(*text) + ")";
}

FilterConditions::Words FilterConditions::of_property(FilterOperation operation, const FilterValue& property,
                                                      const FilterValue& constant, Sense sense) {
  const std::string& key = property.property;
  if (key == inner_key || !is_property_key(key)) return {};
  PropertyValue wanted = constant.literal;
  if (const std::optional<Time> time = time_for(constant, property)) {
    const std::optional<Time> again = parse_time(format_time(*time));
    if (again != time) return {};  // outside the years that are written
    wanted = *time;
  }
  if (!is_storable(wanted)) return {};
  const PropertyType type = type_of(wanted);
  if (operation == FilterOperation::equal || operation == FilterOperation::unequal) {
    const std::string pair = stored(key, wanted);
    std::string same;
    if (type == PropertyType::number) {
      // What follows a number ends it.
      same = contains(pair + ",") + " OR " + contains(pair + "}");
      same = "(" + same + ")";
    } else {
      same = contains(pair);
    }
    const bool equal = operation == FilterOperation::equal;
    if (sense == Sense::true_only && equal) return same;
    const std::string has = has_type(key, type);
    const std::string said = equal ? same : "(NOT " + same + ")";
    if (sense == Sense::true_only) return "(" + has + " AND " + said + ")";
    return "(CASE WHEN " + has + " THEN " + said + " END)";
  }
  if (type == PropertyType::datetime) {
    const std::string before = key_text(key) + "{\"time\":\"";
    const std::string at = value(before);
    const auto length = static_cast<std::int64_t>(before.size());
    const std::string has = has_type(key, type);
    std::string found(words_.position);
    found.append("(").append(properties).append(", ").append(filled(words_.text_value, at)).append(")");
    return "(CASE WHEN " + has + " THEN substr(" + std::string(properties) + ", " + found + " + " + value(length) +
           ", " + value(static_cast<std::int64_t>(time_letters)) + ") END" + std::string(sign_of(operation)) +
           text_value(format_time(std::get<Time>(wanted))) + ")";
  }
  if (type != PropertyType::number || words_.property_number.empty()) return {};
  std::array<char, 40> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), std::get<double>(wanted)).ptr;
  std::string number(words_.property_number);
  const std::string place = value(filled(words_.property_place, key));
  for (auto at = number.find("{}"); at != std::string::npos; at = number.find("{}")) number.replace(at, 2, place);
  return "(" + number + std::string(sign_of(operation)) +
         filled(words_.number_value, value(std::string(digits.data(), end))) + ")";
}

FilterConditions::Words FilterConditions::starting(const FilterValue& value, const std::string& text, Sense sense) {
  if (!can_be_bound(text)) return {};
  if (value.kind == FilterValue::Kind::property) {
    if (value.property == inner_key || !is_property_key(value.property)) return {};
    // Without the quote that ends it.
    std::string begin = stored(value.property, text);
    begin.pop_back();
    const std::string same = contains(std::move(begin));
    if (sense == Sense::true_only) return same;
    return "(CASE WHEN " + has_type(value.property, PropertyType::string) + " THEN " + same + " END)";
  }
  if (value.kind != FilterValue::Kind::field) return {};
  const std::string column(column_of(value.field));
  const auto letters = static_cast<std::int64_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
  return "(substr(" + column + ", 1, " + this->value(letters) + ") = " + text_value(text) + ")";
}

FilterConditions::Words FilterConditions::is_null(const FilterValue& value) {
  if (value.kind == FilterValue::Kind::property) {
    if (value.property == inner_key || !is_property_key(value.property)) return {};
    return "(NOT " + contains(key_text(value.property)) + ")";
  }
  if (value.kind != FilterValue::Kind::field) return {};
  return "(" + std::string(column_of(value.field)) + " IS NULL)";
}

FilterConditions::Words FilterConditions::in_segment(SegmentNumber number, Sense sense) {
  if (const auto dynamic = whom_.segments.find(number); dynamic != whom_.segments.end()) {
    Words inside = said(dynamic->second, Sense::true_only);
    if (!inside || sense == Sense::true_only) return inside;
    return "(" + *inside + " IS TRUE)";
  }
  const auto alias = join("memberships", "segment", number_of(number));
  if (!alias) return {};
  return "(" + *alias + ".segment IS NOT NULL)";
}

FilterConditions::Words FilterConditions::choice_is(const Filter& filter, Said word) {
  const auto alias = join("choices", "topic", filter.number);
  if (!alias) return {};
  return "(coalesce(" + *alias + ".said, 0) = " + value(std::int64_t{static_cast<std::uint8_t>(word)}) + ")";
}

/// decide(), said of rows. That they agree is seen by the conformance program, on every engine.
FilterConditions::Words FilterConditions::receiving(TopicNumber number) {
  const auto topic = std::ranges::find(whom_.topics, number, &Topic::number);
  if (topic == whom_.topics.end()) return {};
  const auto alias = join("choices", "topic", number_of(number));
  if (!alias) return {};
  const auto word = [&](Said one) { return value(std::int64_t{static_cast<std::uint8_t>(one)}); };
  const std::string choice = "coalesce(" + *alias + ".said, 0)";
  const Mail mail{.transactional = false, .topic_default = topic->default_subscription, .at = whom_.now};
  std::string may = "(" + choice + " = " + word(Said::opt_in) + " AND (" + *alias + ".valid_until IS NULL OR " +
                    *alias + ".valid_until > " + value(microseconds(whom_.now)) + "))";
  if (receives(decide(true, true, {}, {}, mail))) {
    may += " OR " + choice + " = " + word(Said::nothing);
  }
  return "(coalesce(s.erased, 0) = 0 AND coalesce(s.suppressions, 0) = 0 AND coalesce(s.said, 0) NOT IN (" +
         word(Said::opt_out) + ", " + word(Said::pending) + ") AND (" + may + "))";
}

std::optional<std::string> FilterConditions::join(std::string_view table, std::string_view column,
                                                  std::int32_t number) {
  for (const Join& one : joins_) {
    const auto at = one.condition.rfind(':');
    if (one.table == table && values_.find(one.condition.substr(at + 1))->second == SqlValue(std::int64_t{number}))
      return one.alias;
  }
  if (joins_.size() == most_joins) return {};
  std::string alias = "j" + std::to_string(joins_.size() + 1);
  std::string condition = alias;
  condition.append(".").append(column).append(" = ").append(value(std::int64_t{number}));
  joins_.push_back({table, alias, std::move(condition)});
  return alias;
}

std::string FilterConditions::contains(std::string text) {
  std::string found = "(";
  found.append(words_.position).append("(").append(properties).append(", ");
  return found + text_value(std::move(text)) + ") > 0)";
}

std::string FilterConditions::text_value(std::string text) { return filled(words_.text_value, value(std::move(text))); }

std::string FilterConditions::has_type(const std::string& key, PropertyType type) {
  const std::string begin = key_text(key);
  switch (type) {
    case PropertyType::string: return contains(begin + "\"");
    case PropertyType::datetime: return contains(begin + "{");
    case PropertyType::boolean: return "(" + contains(begin + "t") + " OR " + contains(begin + "f") + ")";
    case PropertyType::number: break;
  }
  std::string has = "(" + contains(begin);
  for (const char other : {'"', '{', 't', 'f'}) has += " AND NOT " + contains(begin + other);
  return has + ")";
}

}  // namespace mailroll::detail
