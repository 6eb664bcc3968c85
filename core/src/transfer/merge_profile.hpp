/// Rows of one contact and the profile that is stored become one profile.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mailroll/people/contact.hpp"
#include "mailroll/transfer/plan.hpp"
#include "transfer/counts.hpp"
#include "transfer/merge_rules.hpp"
#include "transfer/prepared_row.hpp"

namespace mailroll::detail {

/// The profile after the rows, in order of reading, none of them rejected. What is stored counts as a row read before all
/// others, of the time it was updated at. Nothing: it stays as it is stored.
std::optional<Contact> merge_profile(std::span<const PreparedRow* const> rows, const Contact* stored,
                                     const MergeRules& rules);

/// What the rows disagree about: counts it, and tells it where `conflicts` is given. `kept` is the profile after them.
void find_conflicts(std::span<const PreparedRow* const> rows, const Contact& kept, const MergeRules& rules,
                    Counts& counts, std::vector<Conflict>* conflicts);

}  // namespace mailroll::detail
