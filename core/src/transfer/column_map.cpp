#include "mailroll/transfer/column_map.hpp"

#include <algorithm>

#include "mailroll/error.hpp"
#include "transfer/text.hpp"

namespace mailroll {
namespace {

bool is_property_key(std::string_view key) {
  if (key.empty() || key.size() > 50) return false;
  return std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

ColumnMap ColumnMap::parse(std::span<const std::string> entries) {
  ColumnMap map;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.rfind('=');
    const std::string_view whole = entry;
    const std::string_view column = equals == entry.npos ? std::string_view() : trimmed(whole.substr(0, equals));
    const std::string_view name = equals == entry.npos ? std::string_view() : trimmed(whole.substr(equals + 1));
    Field field{};
    if (column.empty() || (!parse_field(name, field) && !is_property_key(name))) {
      throw Error(ErrorKind::invalid,
                  "a column map must be COLUMN=FIELD, with email, id, first_name, last_name, unsubscribed, "
                  "unsubscribed_at, created_at, updated_at, audience or a property key as FIELD, not \"" +
                      shown_name(entry) + "\"",
                  {{"reason", "column_map"}});
    }
    for (const auto& [other, unused] : map.entries_) {
      if (other == column) {
        throw Error(ErrorKind::invalid, "column \"" + shown_name(column) + "\" is mapped twice; map it once",
                    {{"reason", "column_map"}, {"column", std::string(column)}});
      }
    }
    map.entries_.emplace_back(column, name);
  }
  return map;
}

std::string_view ColumnMap::operator()(std::string_view column) const {
  if (entries_.empty()) return column;
  const std::string_view bare = trimmed(column);
  for (const auto& [mapped, name] : entries_) {
    if (mapped == bare) return name;
  }
  return column;
}

ColumnUse use_of(std::string_view name) {
  ColumnUse use;
  if (parse_field(name, use.field)) {
    use.kind = ColumnUse::Kind::field;
  } else if (!trimmed(name).empty()) {
    use.kind = ColumnUse::Kind::property;
  }
  return use;
}

}  // namespace mailroll
