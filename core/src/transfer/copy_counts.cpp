#include "transfer/copy_counts.hpp"

namespace mailroll {

std::vector<std::pair<std::string_view, std::uint64_t>> named(const CopyCounts& counts) {
  return {{"teams", counts.teams},
          {"keys", counts.keys},
          {"settings", counts.settings},
          {"unfinished_runs", counts.unfinished_runs},
          {"segments", counts.segments},
          {"topics", counts.topics},
          {"properties", counts.properties},
          {"audience_aliases", counts.audience_aliases},
          {"broadcasts", counts.broadcasts},
          {"people", counts.people},
          {"contacts", counts.contacts},
          {"standings", counts.standings},
          {"choices", counts.choices},
          {"memberships", counts.memberships},
          {"events", counts.events},
          {"suppressions", counts.suppressions},
          {"aliases", counts.aliases},
          {"soft_bounces", counts.soft_bounces},
          {"leases", counts.leases},
          {"link_epochs", counts.link_epochs},
          {"feed", counts.feed},
          {"outbox", counts.outbox}};
}

std::string_view to_string(CopyTarget target) {
  switch (target) {
    case CopyTarget::empty: return "empty";
    case CopyTarget::unfinished: return "unfinished";
    case CopyTarget::complete: return "complete";
  }
  return "";
}

namespace detail {

void count_person(CopyCounts& counts, const Person& person) {
  ++counts.people;
  counts.contacts += person.contact ? 1 : 0;
  counts.standings += person.permission.standing == Standing{} ? 0 : 1;
  counts.choices += person.permission.choices.size();
  counts.memberships += person.segments.size();
  counts.events += person.events.size();
  counts.suppressions += person.suppressions.size();
  counts.aliases += person.aliases.size();
  counts.soft_bounces += person.soft_bounces.size();
  counts.leases += person.leases.size();
  counts.link_epochs += person.link_epoch == 0 ? 0 : 1;
}

}  // namespace detail
}  // namespace mailroll
