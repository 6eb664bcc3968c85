#include "mailroll/store/person.hpp"

namespace mailroll {

void ChangeSet::clear() {
  contacts.clear();
  removed_contacts.clear();
  joined.clear();
  left.clear();
  events.clear();
  standings.clear();
  choices.clear();
  suppressions.clear();
  lifted_suppressions.clear();
  aliases.clear();
  all_new = false;
}

bool ChangeSet::empty() const {
  return contacts.empty() && removed_contacts.empty() && joined.empty() && left.empty() && events.empty() &&
         standings.empty() && choices.empty() && suppressions.empty() && lifted_suppressions.empty() && aliases.empty();
}

}  // namespace mailroll
