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
  removed_aliases.clear();
  redacted_events.clear();
  outbox.clear();
  leases.clear();
  soft_bounces.clear();
  cleared_soft_bounces.clear();
  link_epochs.clear();
  dropped.clear();
  all_new = false;
}

bool ChangeSet::empty() const {
  return contacts.empty() && removed_contacts.empty() && joined.empty() && left.empty() && events.empty() &&
         standings.empty() && choices.empty() && suppressions.empty() && lifted_suppressions.empty() &&
         aliases.empty() && removed_aliases.empty() && redacted_events.empty() && outbox.empty() && leases.empty() &&
         soft_bounces.empty() && cleared_soft_bounces.empty() && link_epochs.empty() && dropped.empty();
}

}  // namespace mailroll
