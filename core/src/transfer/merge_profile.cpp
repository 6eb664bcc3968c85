#include "transfer/merge_profile.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace mailroll::detail {
namespace {

using Rows = std::span<const PreparedRow* const>;
/// Nothing is older than every time.
using Age = std::optional<Time>;

bool has_name(const PreparedRow& row) { return !row.first_name.empty() || !row.last_name.empty(); }

/// The row whose spelling is kept: the oldest, of equals the one read first.
const PreparedRow& oldest(Rows rows) {
  const PreparedRow* found = rows.front();
  for (const PreparedRow* row : rows) {
    if (row->time() < found->time()) found = row;
  }
  return *found;
}

Age newest_time(Rows rows) {
  Age newest;
  for (const PreparedRow* row : rows) newest = std::max(newest, row->time());
  return newest;
}

Age earliest_creation(Rows rows) {
  Age earliest;
  for (const PreparedRow* row : rows) {
    if (row->created_at && (!earliest || *row->created_at < *earliest)) earliest = row->created_at;
  }
  return earliest;
}

/// The pair of the newest row that has one; of equals the one read first.
const PreparedRow* newest_name(Rows rows) {
  const PreparedRow* found = nullptr;
  for (const PreparedRow* row : rows) {
    if (has_name(*row) && (found == nullptr || row->time() > found->time())) found = row;
  }
  return found;
}

/// Whether what a row of that age says replaces what is stored. An import is somebody's wish to change what is there; a
/// migration brings what another system knew, which may be the older.
bool wins(const Age& age, const Contact& stored, const MergeRules& rules) {
  return rules.import || age > Age(stored.updated_at);
}

struct NewestValue {
  Age age;
  std::string_view text;
  const PropertyColumns::Column* column = nullptr;
};

std::map<std::string, PropertyValue> values_of(const std::map<std::uint32_t, NewestValue>& newest) {
  std::map<std::string, PropertyValue> values;
  for (const auto& [index, value] : newest) {
    std::optional<PropertyValue> parsed = parse_property_value(value.column->type, value.text);
    if (parsed) values.insert_or_assign(value.column->key, std::move(*parsed));
  }
  return values;
}

Properties merge_properties(Rows rows, const Contact* stored, const MergeRules& rules) {
  const bool any = std::ranges::any_of(rows, [](const PreparedRow* row) { return !row->properties.empty(); });
  if (!any) return stored != nullptr ? stored->properties : Properties();

  std::map<std::uint32_t, NewestValue> newest;
  for (const PreparedRow* row : rows) {
    const Age age = row->time();
    for (const auto& [index, text] : row->properties) {
      const auto [place, first] = newest.try_emplace(index, NewestValue{age, text, &(*rules.properties)[index]});
      if (!first && age > place->second.age) place->second = {age, text, &(*rules.properties)[index]};
    }
  }
  // Written anew and the same, they need not be read: that is most of what most imports bring.
  Properties said(values_of(newest));
  if (stored == nullptr || said == stored->properties) return said;

  std::map<std::string, PropertyValue> values = stored->properties.values();
  for (const auto& [index, value] : newest) {
    const bool kept = values.contains(value.column->key) && !wins(value.age, *stored, rules);
    if (kept) continue;
    std::optional<PropertyValue> parsed = parse_property_value(value.column->type, value.text);
    if (parsed) values.insert_or_assign(value.column->key, std::move(*parsed));
  }
  return Properties(values);
}

Contact new_profile(Rows rows, const MergeRules& rules) {
  Contact contact;
  contact.id = rows.front()->id;
  contact.email = oldest(rows).delivery;
  if (const PreparedRow* name = newest_name(rows)) {
    contact.first_name = name->first_name;
    contact.last_name = name->last_name;
  }
  contact.properties = merge_properties(rows, nullptr, rules);
  contact.created_at = earliest_creation(rows).value_or(rules.now);
  contact.updated_at = newest_time(rows).value_or(rules.now);
  contact.key_version = rules.key_version;
  contact.hash_key = rules.hash_key;
  return contact;
}

template <typename Value>
void add_distinct(std::vector<Value>& values, const Value& value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

std::string full_name(std::string_view first, std::string_view last) {
  std::string name(first);
  if (!first.empty() && !last.empty()) name += ' ';
  return name.append(last);
}

void tell(std::vector<Conflict>* conflicts, const Contact& kept, const char* what, std::string key, std::string value,
          const std::vector<std::string>& all) {
  if (conflicts == nullptr) return;
  Conflict conflict{kept.id, kept.email, what, std::move(key), std::move(value), {}};
  for (const std::string& other : all) {
    if (other != conflict.kept) conflict.others.push_back(other);
  }
  conflicts->push_back(std::move(conflict));
}

std::string kept_property(const Contact& kept, const std::string& key) {
  const std::map<std::string, PropertyValue> values = kept.properties.values();
  const auto found = values.find(key);
  return found == values.end() ? std::string() : to_string(found->second);
}

}  // namespace

std::optional<Contact> merge_profile(Rows rows, const Contact* stored, const MergeRules& rules) {
  if (stored == nullptr) return new_profile(rows, rules);
  if (rules.keep_existing) return std::nullopt;

  Contact contact = *stored;
  const PreparedRow* name = newest_name(rows);
  const bool nameless = stored->first_name.empty() && stored->last_name.empty();
  if (name != nullptr && (nameless || wins(name->time(), *stored, rules))) {
    // A pair belongs together, so that nobody is made of two people; but an import leaves alone what it does not name.
    if (!rules.import || !name->first_name.empty()) contact.first_name = name->first_name;
    if (!rules.import || !name->last_name.empty()) contact.last_name = name->last_name;
  }
  contact.properties = merge_properties(rows, stored, rules);
  if (contact != *stored) {
    const Time changed = rules.import ? rules.now : newest_time(rows).value_or(Time::min());
    contact.updated_at = std::max(stored->updated_at, changed);
  }
  contact.created_at = std::min(stored->created_at, earliest_creation(rows).value_or(Time::max()));
  if (contact == *stored) return std::nullopt;
  return contact;
}

void find_conflicts(Rows rows, const Contact& kept, const MergeRules& rules, Counts& counts,
                    std::vector<Conflict>* conflicts) {
  if (rows.size() < 2) return;

  std::vector<std::pair<std::string_view, std::string_view>> names;
  std::vector<std::string_view> spellings;
  std::map<std::uint32_t, std::vector<std::string_view>> properties;
  for (const PreparedRow* row : rows) {
    if (has_name(*row)) add_distinct(names, {row->first_name, row->last_name});
    add_distinct(spellings, row->written);
    for (const auto& [index, text] : row->properties) add_distinct(properties[index], text);
  }
  if (names.size() > 1) {
    ++counts.name_conflicts;
    std::vector<std::string> all;
    all.reserve(names.size());
    for (const auto& [first, last] : names) all.push_back(full_name(first, last));
    tell(conflicts, kept, "name", "", full_name(kept.first_name, kept.last_name), all);
  }
  if (spellings.size() > 1) {
    ++counts.address_spellings;
    tell(conflicts, kept, "spelling", "", kept.email, {spellings.begin(), spellings.end()});
  }
  for (const auto& [index, texts] : properties) {
    if (texts.size() < 2) continue;
    ++counts.property_conflicts;
    const std::string& key = (*rules.properties)[index].key;
    if (conflicts != nullptr)
      tell(conflicts, kept, "property", key, kept_property(kept, key), {texts.begin(), texts.end()});
  }
}

}  // namespace mailroll::detail
