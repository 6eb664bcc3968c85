/// What comes with an act is checked before anything is looked up.
#pragma once

#include "mailroll/consent/event.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// The options as they are to be used (words trimmed, the hash of the text that was shown filled in); Error(invalid) where
/// one can never be right, or says nothing about lowering; `reason` names it.
PermissionOptions checked_lowering(const RollState& roll, const PermissionOptions& options);
/// The same about raising. Error(refused), reason override, where the caller is not staff.
PermissionOptions checked_raising(const RollState& roll, const PermissionOptions& options, const Scope& scope);

/// "" or one of lawful_bases; else invalid, reason basis.
std::string checked_basis(std::string_view word);

/// Invalid, reason value_type, outside the years 1 to 9999.
void check_year(Time time);

}  // namespace mailroll::detail
