#include "transfer/alias_book.hpp"

#include <algorithm>

namespace mailroll::detail {

void AliasBook::add(std::string_view alias, const ContactId& contact) {
  constexpr std::size_t shown = 8;  // a file that gives everybody one id must not fill the memory
  auto place = claims_.find(alias);
  if (place == claims_.end()) place = claims_.emplace(alias, std::vector<ContactId>()).first;
  std::vector<ContactId>& contacts = place->second;
  if (contacts.size() < shown && std::ranges::find(contacts, contact) == contacts.end()) contacts.push_back(contact);
}

std::uint64_t AliasBook::conflicts() const {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(claims_, [](const auto& claim) { return claim.second.size() > 1; }));
}

std::vector<std::string> AliasBook::others(std::string_view alias, const ContactId& contact) const {
  std::vector<std::string> ids;
  const auto place = claims_.find(alias);
  if (place == claims_.end()) return ids;
  for (const ContactId& other : place->second) {
    if (other != contact) ids.push_back(to_string(other));
  }
  return ids;
}

}  // namespace mailroll::detail
