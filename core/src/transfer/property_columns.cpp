#include "transfer/property_columns.hpp"

#include "mailroll/error.hpp"
#include "transfer/text.hpp"

namespace mailroll::detail {

std::string property_key_of(std::string_view column_name) {
  constexpr std::size_t longest = 50;
  std::string key;
  for (const char c : column_name) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // the rest of a character beyond ASCII
    if (key.size() == longest) break;
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    key.push_back(kept ? c : '_');
  }
  return key;
}

PropertyColumns::PropertyColumns(const std::vector<PropertyDefinition>& known) {
  for (const PropertyDefinition& definition : known) known_.emplace(definition.key, definition.type);
}

void PropertyColumns::begin_file(std::string_view shown) {
  names_.clear();
  name_of_file_.assign(columns_.size(), {});
  shown_file_ = shown;
}

std::uint32_t PropertyColumns::index_of(std::string_view column_name) {
  if (const auto found = names_.find(column_name); found != names_.end()) return found->second;

  const std::string key = property_key_of(column_name);
  const auto [place, added] = by_key_.try_emplace(key, static_cast<std::uint32_t>(columns_.size()));
  if (added) {
    const auto definition = known_.find(key);
    const bool defined = definition != known_.end();
    columns_.push_back({key, defined ? definition->second : PropertyType::string, defined});
  }
  if (name_of_file_.size() < columns_.size()) name_of_file_.resize(columns_.size());
  std::string& name = name_of_file_[place->second];
  if (!name.empty() && name != column_name) {
    throw Error(ErrorKind::invalid,
                shown_file_ + ": the columns \"" + shown_name(name) + "\" and \"" + shown_name(column_name) +
                    "\" would both be the property " + key + "; rename one of them",
                {{"reason", "columns_clash"}, {"column", shown_name(column_name)}, {"file", shown_file_}});
  }
  name = column_name;
  names_.emplace(column_name, place->second);
  return place->second;
}

}  // namespace mailroll::detail
