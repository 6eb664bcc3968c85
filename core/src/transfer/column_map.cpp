#include "mailroll/transfer/column_map.hpp"

#include <algorithm>
#include <set>

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

[[noreturn]] void refuse(const std::string& entry) {
  throw Error(
      ErrorKind::invalid,
      "a column map must be COLUMN=FIELD, with email, id, first_name, last_name, unsubscribed, unsubscribed_at, "
      "created_at, updated_at, audience, a property key or nothing as FIELD, not \"" +
          shown_name(entry) + "\"",
      {{"reason", "column_map"}});
}

}  // namespace

ColumnMap::ColumnMap(std::vector<std::pair<std::string, std::string>> entries) : entries_(std::move(entries)) {
  std::set<std::string_view> seen;
  for (auto& [column, name] : entries_) {
    column = std::string(trimmed(column));
    name = std::string(trimmed(name));
    Field field{};
    if (column.empty() || !(name.empty() || parse_field(name, field) || is_property_key(name)))
      refuse(std::string(column).append("=").append(name));
    if (!seen.insert(column).second) {
      throw Error(ErrorKind::invalid, "column \"" + shown_name(column) + "\" is mapped twice; map it once",
                  {{"reason", "column_map"}, {"column", shown_name(column)}});
    }
  }
}

ColumnMap ColumnMap::parse(std::span<const std::string> entries) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& entry : entries) {
    const std::size_t equals = entry.rfind('=');
    if (equals == std::string_view::npos) refuse(entry);
    pairs.emplace_back(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return ColumnMap(std::move(pairs));
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
