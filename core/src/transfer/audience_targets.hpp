/// What the audiences of an input are, or become, in the store.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "roll/roll_state.hpp"
#include "transfer/intake.hpp"
#include "transfer/merge_rules.hpp"

namespace mailroll::detail {

/// `name` where it has at most `longest` characters; else its beginning, "~" and three hex digits of its hash.
std::string shortened_name(std::string_view name, std::size_t longest);

/// Finds each audience's segment, and with the policy `topics` its topic, again by its alias. What is not there gets a
/// number below zero.
std::vector<AudienceTarget> find_targets(Session& session, TeamNumber team,
                                         const std::vector<Intake::Audience>& audiences, UnsubscribedPolicy policy);

/// Makes what find_targets() did not find, inside the open transaction. True where something was made.
bool make_targets(Session& session, TeamNumber team, Time now, std::vector<AudienceTarget>& targets);

/// Defines the properties that the input speaks of and the team does not know, as strings. Throws Error(conflict) where
/// one was defined with another type since the input was read. True where something was made.
bool define_properties(Session& session, TeamNumber team, Time now,
                       const std::vector<PropertyColumns::Column>& columns);

}  // namespace mailroll::detail
