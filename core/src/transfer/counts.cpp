#include "transfer/counts.hpp"

namespace mailroll::detail {

void Counts::add(const Counts& other) {
  erased_rows += other.erased_rows;
  duplicates += other.duplicates;
  contacts += other.contacts;
  created += other.created;
  updated += other.updated;
  unchanged += other.unchanged;
  memberships += other.memberships;
  opt_ins += other.opt_ins;
  opt_outs += other.opt_outs;
  raised += other.raised;
  unsubscribed += other.unsubscribed;
  kept_opted_out += other.kept_opted_out;
  kept_removed += other.kept_removed;
  left_to_topics += other.left_to_topics;
  name_conflicts += other.name_conflicts;
  address_spellings += other.address_spellings;
  property_conflicts += other.property_conflicts;
  aliases_too_long += other.aliases_too_long;
  for (std::size_t i = 0; i < rows_by_verdict.size(); ++i) rows_by_verdict[i] += other.rows_by_verdict[i];
  if (audiences.size() < other.audiences.size()) audiences.resize(other.audiences.size());
  for (std::size_t i = 0; i < other.audiences.size(); ++i) {
    AudienceSums& sums = audiences[i];
    const AudienceSums& more = other.audiences[i];
    sums.members += more.members;
    sums.received_before += more.received_before;
    sums.receives_after += more.receives_after;
    sums.receives_after_everything += more.receives_after_everything;
    sums.gains += more.gains;
    sums.loses += more.loses;
  }
}

}  // namespace mailroll::detail
