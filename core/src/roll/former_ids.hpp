/// One person under all the ids that they have had: by another address, a merge, or another key.
#pragma once

#include <string_view>
#include <vector>

#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// Whether an alias is a contact id that its bearer had before, and not an id from elsewhere: ours are UUIDs of version 8.
bool is_contact_id(std::string_view alias);

struct AllIds {
  std::vector<Person> theirs;  ///< first who they are now; then, ascending, what is held under the ids they had before
  std::vector<Person> others;  ///< contacts of their own again, under an id that the person had before
};

/// Everything held on the person whose id this is or was. conflict where several have come from it.
AllIds find_all_ids(RollState& roll, Session& session, const ContactId& id);
/// The same for a change: all are locked, ascending.
AllIds lock_all_ids(RollState& roll, Session& session, const ContactId& id);

}  // namespace mailroll::detail
