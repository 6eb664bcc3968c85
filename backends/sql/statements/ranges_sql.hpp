/// Whose rows a range statement of a person's tables is about. Pieces of statements.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::people(), in each of its statements.
inline constexpr std::string_view of_range = "contact_id >= :first AND contact_id <= :last";

// Session::people_of(), in its place.
inline constexpr Statement of_contacts("", {.postgresql = "contact_id = ANY (:contact_ids::uuid[])",
                                            .mysql = "contact_id IN (:contact_ids)"});

}  // namespace mailroll::detail::sql
