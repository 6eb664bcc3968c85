/// Whom a filter means as a statement of an engine: the text is made of words that stand here, and whatever a filter says is a
/// value that is bound.
///
/// Only what the engine says exactly as evaluate() does is said to it. Of conditions that must all be true it may be given
/// some, and the core looks at the people that come back; under `not` and `or` all or none.
///
/// Properties are not parsed where they need not be: their JSON is canonical, so that a key with its value is one text, which
/// stands in nobody's properties but theirs who have that value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/dialect.hpp"

namespace mailroll::detail {

using SqlValue = std::variant<std::int64_t, std::string, ContactId>;

/// Columns: contact_id; said, valid_until, by_override, erased, suppressions of the standing; with a topic said, valid_until,
/// by_override of the choice; with a profile email, first_name, last_name; with a rest also properties, created_at, updated_at.
struct FilterStatement {
  std::string text;              ///< placeholders :name
  std::vector<SqlValue> values;  ///< in the order in which the text first names them
  bool with_topic = false;
  bool with_profile = false;
  std::vector<Filter> rest;  ///< must be true as well, of what the columns tell
};

/// Of query.after (which is no end of all ids), range, topic, limit and with_profile. Nothing where the engine cannot say any
/// part of the filter, or where a part that it cannot say asks about more than the profile.
std::optional<FilterStatement> filter_statement(const Dialect& dialect, TeamNumber team, const FilterQuery& whom,
                                                const CandidateQuery& query);

}  // namespace mailroll::detail
