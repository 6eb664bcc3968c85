#include "transfer/json_row.hpp"

#include <algorithm>
#include <utility>

#include "transfer/text.hpp"

namespace mailroll::detail {
namespace {

using simdjson::ondemand::json_type;

constexpr char mask = '\x7F';

}  // namespace

void mask_bad_utf8(char* bytes, std::size_t length) {
  auto* const text = reinterpret_cast<unsigned char*>(bytes);
  for (std::size_t i = 0; i < length;) {
    const unsigned char c = text[i];
    if (c < 0x80) {
      ++i;
      continue;
    }
    // One character at a time, judged by the library; only files that are broken anyway come here.
    const std::size_t size = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (i + size <= length && simdjson::validate_utf8(bytes + i, size)) {
      i += size;
    } else {
      text[i++] = static_cast<unsigned char>(mask);
    }
  }
}

bool at_end(simdjson::ondemand::document& document) {
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

void set_problem(RawRow& row, RejectReason reason, std::string_view column, std::string_view value) {
  if (row.broken) return;
  row.broken = true;
  row.problem = reason;
  row.problem_column = column;
  row.problem_value = value;
}

const JsonRow::Use& JsonRow::use_of_key(std::string_view key) {
  const auto found = uses_.find(key);
  if (found != uses_.end()) return found->second;
  Use use;
  const std::string_view name = map_(key);
  use.renamed = name != key;
  use.use = use_of(name);
  use.name = name;
  use.holds_properties = !use.renamed && key == "properties";
  if (uses_.size() < max_columns) return uses_.emplace(key, std::move(use)).first->second;
  rare_ = std::move(use);  // a file with a new key in each row must not fill the memory
  return rare_;
}

void JsonRow::put_property(RawRow& row, std::string_view name, std::string_view text) {
  const auto same = [&](const auto& property) { return property.first == name; };
  const auto found = std::find_if(row.properties.begin(), row.properties.end(), same);
  if (found != row.properties.end()) {
    if (text.empty()) {
      row.properties.erase(found);
    } else {
      found->second = text;
    }
  } else if (!text.empty()) {
    if (row.properties.size() == max_columns) return set_problem(row, RejectReason::row_shape, {});
    row.properties.emplace_back(name, text);
  }
}

simdjson::error_code JsonRow::read_text(simdjson::ondemand::value& value, std::string_view column, RawRow& row,
                                        std::string_view& text, bool& good) const {
  good = false;
  text = {};
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case json_type::string: {
      const auto error = value.get_string().get(text);
      if (error == simdjson::STRING_ERROR) {  // e.g. half a surrogate pair
        set_problem(row, RejectReason::encoding, column);
        return simdjson::SUCCESS;
      }
      if (error) return error;
      break;
    }
    case json_type::number: {
      const std::string_view written = trimmed(value.raw_json_token());
      double unused = 0;
      if (value.get_double().get(unused)) {
        set_problem(row, RejectReason::value_type, column, written);
        return simdjson::SUCCESS;
      }
      text = written;
      break;
    }
    case json_type::boolean: {
      bool yes = false;
      if (const auto error = value.get_bool().get(yes)) return error;
      text = yes ? "true" : "false";
      break;
    }
    case json_type::null: {
      bool null = false;
      if (const auto error = value.is_null().get(null)) return error;
      break;
    }
    case json_type::object:
    case json_type::array: set_problem(row, RejectReason::value_type, column); return simdjson::SUCCESS;
  }
  if (text.size() > max_cell) {
    set_problem(row, RejectReason::row_shape, column);
  } else if ((masked_ && text.find(mask) != std::string_view::npos) || text.find('\0') != std::string_view::npos) {
    set_problem(row, RejectReason::encoding, column, text);
  } else {
    good = true;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code JsonRow::read_properties(simdjson::ondemand::object& object, RawRow& row) {
  for (auto each : object) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(each).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    simdjson::ondemand::value value = field.value();
    json_type type{};
    if (const auto error = value.type().get(type)) return error;
    std::string_view text;
    bool good = false;
    if (type == json_type::object) {  // {"type": ..., "value": ...}
      simdjson::ondemand::object typed;
      if (const auto error = value.get_object().get(typed)) return error;
      bool has_value = false;
      for (auto inner : typed) {
        simdjson::ondemand::field part;
        if (const auto error = std::move(inner).get(part)) return error;
        std::string_view name;
        if (const auto error = part.unescaped_key().get(name)) return error;
        if (name != "value") continue;
        has_value = true;
        simdjson::ondemand::value of_part = part.value();
        if (const auto error = read_text(of_part, key, row, text, good)) return error;
      }
      if (!has_value) set_problem(row, RejectReason::value_type, key);
    } else if (const auto error = read_text(value, key, row, text, good)) {
      return error;
    }
    if (good && !trimmed(key).empty()) put_property(row, key, text);
  }
  return simdjson::SUCCESS;
}

simdjson::error_code JsonRow::read_cell(simdjson::ondemand::value value, std::string_view key, const Use& use,
                                        RawRow& row) {
  if (use.holds_properties) {
    json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == json_type::object) {
      simdjson::ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      return read_properties(object, row);
    }
    if (type == json_type::null) return simdjson::SUCCESS;
    set_problem(row, RejectReason::value_type, key);
    return simdjson::SUCCESS;
  }
  std::string_view text;
  bool good = false;
  // The name lives in the document, or in the map, never in rare_, which the next key overwrites.
  const std::string_view name = use.renamed ? map_(key) : key;
  if (const auto error = read_text(value, name, row, text, good)) return error;
  if (use.use.kind == ColumnUse::Kind::field) {
    row[use.use.field] = good ? text : std::string_view();
  } else if (use.use.kind == ColumnUse::Kind::property && good) {
    put_property(row, name, text);
  }
  return simdjson::SUCCESS;
}

simdjson::error_code JsonRow::read(simdjson::ondemand::object& object, bool masked, RawRow& row) {
  masked_ = masked;
  for (auto each : object) {
    simdjson::ondemand::field field;
    if (const auto error = std::move(each).get(field)) return error;
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    if ((masked && key.find(mask) != std::string_view::npos) || key.find('\0') != std::string_view::npos) {
      set_problem(row, RejectReason::encoding, {});
      continue;
    }
    if (const auto error = read_cell(field.value(), key, use_of_key(key), row)) return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace mailroll::detail
