/// Old ids that several contacts claim.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/ids.hpp"

namespace mailroll::detail {

class AliasBook {
 public:
  void add(std::string_view alias, const ContactId& contact);
  void clear() { claims_.clear(); }

  /// How many old ids are claimed by several.
  [[nodiscard]] std::uint64_t conflicts() const;
  /// Whoever else claims it (the first few), as text; none where it is no conflict.
  [[nodiscard]] std::vector<std::string> others(std::string_view alias, const ContactId& contact) const;

 private:
  std::map<std::string, std::vector<ContactId>, std::less<>> claims_;
};

}  // namespace mailroll::detail
