/// Range statements for contacts that are named one by one.
#pragma once

#include <string>
#include <string_view>

#include "sql/statements/ranges_sql.hpp"

namespace mailroll::detail {

/// `statement` has sql::of_range in it; `whose` is the engine's variant of sql::of_contacts.
inline std::string for_named_contacts(std::string_view statement, std::string_view whose) {
  std::string text(statement);
  text.replace(text.find(sql::of_range), sql::of_range.size(), whose);
  return text;
}

}  // namespace mailroll::detail
