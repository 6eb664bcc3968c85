/// What the log keeps of a set of changes.
#pragma once

#include <vector>

#include "mailroll/store/person.hpp"
#include "mailroll/store/person_change.hpp"

namespace mailroll::detail {

struct LoggedChanges {
  std::vector<PersonChange> changes;  ///< ascending by (contact, kind, number), which are different; without positions
  std::vector<ContactId> to_read_again;  ///< ascending: of these nothing but that stays in the log
};

/// One change for each thing; of very many, as a load brings them, one that has all of their ids read again. Of those who are
/// dropped or erased the log says nothing more than that.
LoggedChanges logged_changes(const ChangeSet& changes);

}  // namespace mailroll::detail
