#include "mailroll/audience/filter_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "audience/filter_words.hpp"
#include "audience/text_scanner.hpp"
#include "mailroll/nearest_name.hpp"

namespace mailroll {

namespace {

using Json = nlohmann::json;
using detail::filter_text;

constexpr std::string_view max_interval = "an interval is at most 36500 days";
constexpr std::int64_t day = 86400;
constexpr std::int64_t longest_interval = 36500 * day;  // seconds
constexpr double max_whole = 9007199254740992.0;        // up to here doubles hold every whole number

struct Named {
  std::string_view name;
  FilterOperation operation;
};

constexpr std::array<Named, 19> operations{{{"and", FilterOperation::all},
                                            {"or", FilterOperation::any},
                                            {"not", FilterOperation::negation},
                                            {"eq", FilterOperation::equal},
                                            {"ne", FilterOperation::unequal},
                                            {"lt", FilterOperation::less},
                                            {"le", FilterOperation::at_most},
                                            {"gt", FilterOperation::greater},
                                            {"ge", FilterOperation::at_least},
                                            {"in", FilterOperation::one_of},
                                            {"between", FilterOperation::between},
                                            {"like", FilterOperation::like},
                                            {"starts_with", FilterOperation::starts_with},
                                            {"is_null", FilterOperation::is_null},
                                            {"in_segment", FilterOperation::in_segment},
                                            {"opted_in", FilterOperation::opted_in},
                                            {"opted_out", FilterOperation::opted_out},
                                            {"receives", FilterOperation::receives},
                                            {"unsubscribed", FilterOperation::unsubscribed}}};

constexpr std::array<std::string_view, 5> value_names{"prop", "field", "now", "value", "time"};

bool is_value_name(std::string_view name) { return std::ranges::find(value_names, name) != value_names.end(); }

/// Whether the text says `not` inside the condition, where it costs no depth.
bool negates_inside(FilterOperation operation) {
  return operation == FilterOperation::one_of || operation == FilterOperation::between ||
         operation == FilterOperation::like || operation == FilterOperation::starts_with ||
         operation == FilterOperation::is_null;
}

const Named* operation_named(std::string_view name) {
  const auto* const found = std::ranges::find(operations, name, &Named::name);
  return found == operations.end() ? nullptr : found;
}

Error wrong(const std::string& path, const std::string& why) { return filter_text.wrong_at(path, why); }

std::string inside(const std::string& path, std::string_view key) { return path + "/" + std::string(key); }
std::string inside(const std::string& path, std::size_t n) { return path + "/" + std::to_string(n); }

/// The same letters as in a text, so that each filter can be said as one.
std::string letters(const Json& json, const std::string& path, const std::string& missing) {
  if (!json.is_string()) throw wrong(path, missing);
  auto text = json.get<std::string>();
  const auto control = [](char letter) {
    return (static_cast<unsigned char>(letter) < 0x20U && !detail::is_blank(letter)) || letter == 0x7F;
  };
  if (std::ranges::any_of(text, control)) throw wrong(path, "there is a control character here; leave it out");
  return text;
}

class Reader {
 public:
  /// `around`: the operation that the condition stands in.
  Filter condition(const Json& json, const std::string& path, FilterOperation around) {
    if (!json.is_object() || json.empty()) throw wrong(path, "there is a condition missing here: {\"OPERATION\": ...}");
    const std::string& key = json.begin().key();
    Filter filter;
    filter.path = path;
    if (std::ranges::any_of(value_names, [&](std::string_view name) { return json.contains(name); })) {
      count_condition(path);
      filter.operation = FilterOperation::holds;
      filter.values.push_back(value(json, path));
      return filter;
    }
    if (json.size() > 1) throw wrong(path, "a condition has one operation, and this has several");
    const Named* found = operation_named(key);
    if (found == nullptr) {
      std::vector<std::string> known(value_names.begin(), value_names.end());
      for (const Named& one : operations) known.emplace_back(one.name);
      throw wrong(path, "there is no operation of that name" + suggestion(key, known));
    }
    filter.operation = found->operation;
    read_inside(filter, json.front(), inside(path, key), around);
    return filter;
  }

 private:
  void read_inside(Filter& filter, const Json& json, const std::string& path, FilterOperation around) {
    switch (filter.operation) {
      case FilterOperation::all:
      case FilterOperation::any: read_group(filter, json, path, around); return;
      case FilterOperation::negation: read_negation(filter, json, path); return;
      default: count_condition(path);
    }
    switch (filter.operation) {
      case FilterOperation::is_null: filter.values.push_back(value(json, path)); return;
      case FilterOperation::in_segment:
      case FilterOperation::opted_in:
      case FilterOperation::opted_out:
      case FilterOperation::receives:
        filter.path = path;
        filter.name = letters(json, path, "there is a name or id missing here, a string");
        return;
      case FilterOperation::unsubscribed:
        if (json != Json(true)) throw wrong(path, "this is true or not said");
        return;
      default: read_values(filter, json, path);
    }
  }

  void read_group(Filter& filter, const Json& json, const std::string& path, FilterOperation around) {
    if (!json.is_array() || json.empty()) throw wrong(path, "there is a list of conditions missing here");
    if (json.size() == 1) {
      // No brackets in the text, and still as deep here as somebody likes.
      deeper(path);
      filter = condition(json.front(), inside(path, std::size_t{0}), around);
      --depth_;
      return;
    }
    // Where the text needs brackets: or in and, and each in itself or behind not.
    const bool bracket = around == FilterOperation::negation || around == filter.operation ||
                         (around == FilterOperation::all && filter.operation == FilterOperation::any);
    if (bracket) deeper(path);
    for (std::size_t n = 0; n < json.size(); ++n) {
      filter.parts.push_back(condition(json[n], inside(path, n), filter.operation));
    }
    if (bracket) --depth_;
  }

  void read_negation(Filter& filter, const Json& json, const std::string& path) {
    const Named* of = json.is_object() && json.size() == 1 ? operation_named(json.begin().key()) : nullptr;
    const bool costs = of == nullptr || !negates_inside(of->operation);
    if (costs) deeper(path);
    filter.parts.push_back(condition(json, path, FilterOperation::negation));
    if (costs) --depth_;
  }

  void read_values(Filter& filter, const Json& json, const std::string& path) {
    const std::size_t expected = filter.operation == FilterOperation::between ? 3 : 2;
    const bool open = filter.operation == FilterOperation::one_of;
    if (!json.is_array() || json.size() < expected || (!open && json.size() > expected)) {
      throw wrong(path, "there is a list of " +
                            std::string(open            ? "two or more"
                                        : expected == 3 ? "three"
                                                        : "two") +
                            " values missing here");
    }
    for (std::size_t n = 0; n < json.size(); ++n) filter.values.push_back(value(json[n], inside(path, n)));
    const bool pattern = filter.operation == FilterOperation::like || filter.operation == FilterOperation::starts_with;
    if (pattern && !json[1].is_string()) throw wrong(inside(path, 1), "there is a string missing here");
  }

  FilterValue value(const Json& json, const std::string& path) {
    if (++values_ > max_filter_conditions) throw wrong(path, "there are too many values in one filter");
    FilterValue value;
    value.path = path;
    if (!json.is_object()) {
      value.literal = literal(json, path);
      return value;
    }
    std::size_t kinds = 0;
    for (const auto& [key, inner] : json.items()) {
      const std::string at = inside(path, key);
      if (is_value_name(key)) {
        ++kinds;
        read_kind(value, key, inner, at);
      } else if (key == "plus_days" || key == "plus_seconds") {
        add_interval(value, inner, key == "plus_days" ? day : 1, at);
      } else {
        const std::vector<std::string> known{"prop", "field", "now", "value", "time", "plus_days", "plus_seconds"};
        throw wrong(path, "there is no value of that kind" + suggestion(key, known));
      }
    }
    if (kinds != 1) throw wrong(path, "a value is one of prop, field, now, value and time");
    move_time(value);
    return value;
  }

  static void read_kind(FilterValue& value, const std::string& key, const Json& json, const std::string& path) {
    if (key == "prop") {
      value.kind = FilterValue::Kind::property;
      value.property = letters(json, path, "there is the key of a property missing here, a string");
    } else if (key == "field") {
      value.kind = FilterValue::Kind::field;
      value.field = field(letters(json, path, "there is the name of a field missing here, a string"), path);
    } else if (key == "now") {
      if (json != Json(true)) throw wrong(path, "this is true or not said");
      value.kind = FilterValue::Kind::now;
    } else if (key == "time") {
      const std::optional<Time> time = parse_time(letters(json, path, "there is a time missing here, a string"));
      if (!time) throw wrong(path, "this is no time; write \"2026-01-31\" or \"2026-01-31T08:00:00Z\"");
      value.literal = *time;
    } else {
      value.literal = literal(json, path);
    }
  }

  static FilterField field(const std::string& name, const std::string& path) {
    std::vector<std::string> known;
    for (std::uint8_t n = 0; n <= static_cast<std::uint8_t>(FilterField::updated_at); ++n) {
      const auto one = static_cast<FilterField>(n);
      if (name == to_string(one)) return one;
      known.emplace_back(to_string(one));
    }
    throw wrong(path, "there is no field of that name" + suggestion(name, known));
  }

  static PropertyValue literal(const Json& json, const std::string& path) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number()) return json.get<double>();
    if (json.is_null()) throw wrong(path, "nothing is equal to null; ask {\"is_null\": ...}");
    return letters(json, path, "there is a value missing here");
  }

  static void add_interval(FilterValue& value, const Json& json, std::int64_t unit, const std::string& path) {
    if (!json.is_number_integer()) throw wrong(path, "there is a whole number missing here");
    const auto count = json.get<double>();
    const double total = static_cast<double>(value.offset.count()) + count * static_cast<double>(unit);
    if (std::abs(total) > static_cast<double>(longest_interval)) throw wrong(path, std::string(max_interval));
    value.offset = std::chrono::seconds(static_cast<std::int64_t>(total));
  }

  /// A time has no interval beside it, as in a text that was checked.
  static void move_time(FilterValue& value) {
    auto* const time = std::get_if<Time>(&value.literal);
    if (value.kind != FilterValue::Kind::literal || time == nullptr) return;
    *time += value.offset;
    value.offset = {};
    if (parse_time(format_time(*time)) != *time) throw wrong(value.path, "this time is outside the years 1 to 9999");
  }

  void count_condition(const std::string& path) {
    if (++conditions_ > max_filter_conditions) throw wrong(path, "there are too many conditions in one filter");
  }

  void deeper(const std::string& path) {
    count_condition(path);
    if (++depth_ > max_filter_depth) throw wrong(path, "there are too many conditions inside each other");
  }

  std::size_t depth_ = 0;
  std::size_t conditions_ = 0;
  std::size_t values_ = 0;
};

/// A key that stands twice in an object would silently be the last one: half of what somebody meant.
Json parsed(std::string_view text) {
  std::vector<std::set<std::string>> open;
  bool repeated = false;
  const auto watch = [&](int, Json::parse_event_t event, Json& read) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key) repeated = !open.back().insert(read.get<std::string>()).second || repeated;
    return true;
  };
  Json json = Json::parse(text, watch, false);
  if (json.is_discarded()) throw wrong("", "this is not JSON");
  if (repeated) throw wrong("", "an object has the same key twice");
  return json;
}

Json literal_json(const PropertyValue& literal) {
  if (const auto* number = std::get_if<double>(&literal)) {
    const bool whole = std::abs(*number) <= max_whole && *number == std::trunc(*number);
    return whole ? Json(static_cast<std::int64_t>(*number)) : Json(*number);
  }
  if (const auto* boolean = std::get_if<bool>(&literal)) return *boolean;
  return to_string(literal);
}

/// `alone`: as a condition, where it is an object.
Json value_json(const FilterValue& value, bool alone = false) {
  Json json;
  switch (value.kind) {
    case FilterValue::Kind::literal:
      if (std::holds_alternative<Time>(value.literal)) {
        json["time"] = to_string(value.literal);
      } else if (alone || value.offset.count() != 0) {
        json["value"] = literal_json(value.literal);
      } else {
        return literal_json(value.literal);
      }
      break;
    case FilterValue::Kind::field: json["field"] = to_string(value.field); break;
    case FilterValue::Kind::property: json["prop"] = value.property; break;
    case FilterValue::Kind::now: json["now"] = true; break;
  }
  const std::int64_t seconds = value.offset.count();
  if (seconds % day != 0) {
    json["plus_seconds"] = seconds;
  } else if (seconds != 0) {
    json["plus_days"] = seconds / day;
  }
  return json;
}

Json filter_json(const Filter& filter) {
  if (filter.operation == FilterOperation::holds) return value_json(filter.values.at(0), true);
  Json inner;
  switch (filter.operation) {
    case FilterOperation::all:
    case FilterOperation::any:
      inner = Json::array();
      for (const Filter& part : filter.parts) inner.push_back(filter_json(part));
      break;
    case FilterOperation::negation: inner = filter_json(filter.parts.at(0)); break;
    case FilterOperation::is_null: inner = value_json(filter.values.at(0)); break;
    case FilterOperation::in_segment:
    case FilterOperation::opted_in:
    case FilterOperation::opted_out:
    case FilterOperation::receives: inner = filter.name; break;
    case FilterOperation::unsubscribed: inner = true; break;
    default:
      inner = Json::array();
      for (const FilterValue& value : filter.values) inner.push_back(value_json(value));
  }
  const auto* const named = std::ranges::find(operations, filter.operation, &Named::operation);
  return Json{{std::string(named->name), std::move(inner)}};
}

}  // namespace

Filter filter_from_json(std::string_view text) {
  if (text.size() > max_filter_json_length) {
    throw wrong("",
                "it is longer than " + std::to_string(max_filter_json_length) + " bytes; make several segments of it");
  }
  return Reader().condition(parsed(text), "", FilterOperation::holds);
}

std::string to_json(const Filter& filter) {
  try {
    return filter_json(filter).dump();
  } catch (const Json::type_error&) {  // nothing else can fail here
    throw wrong("", "there is something in it that is not UTF-8");
  }
}

Filter read_filter(std::string_view text) {
  const auto* const begin = std::ranges::find_if_not(text, detail::is_blank);
  return begin != text.end() && *begin == '{' ? filter_from_json(text) : parse_filter(text);
}

}  // namespace mailroll
