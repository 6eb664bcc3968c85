/// What a pass over the rows counts.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mailroll/transfer/plan.hpp"

namespace mailroll::detail {

/// Of one audience.
struct AudienceSums {
  std::uint64_t members = 0;
  std::uint64_t received_before = 0;
  std::uint64_t receives_after = 0;
  std::uint64_t receives_after_everything = 0;
  std::uint64_t gains = 0;
  std::uint64_t loses = 0;
};

/// Sums over contacts; fields as in MigrationSummary and ImportSummary.
struct Counts {
  std::uint64_t erased_rows = 0;  ///< rejected with suppressed_erased
  std::uint64_t duplicates = 0;
  std::uint64_t contacts = 0;
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t memberships = 0;
  std::uint64_t opt_ins = 0;  ///< choices that the input amounts to
  std::uint64_t opt_outs = 0;
  std::uint64_t raised = 0;  ///< opt-ins that changed something
  std::uint64_t unsubscribed = 0;
  std::uint64_t kept_opted_out = 0;
  std::uint64_t kept_removed = 0;
  std::uint64_t left_to_topics = 0;
  std::uint64_t name_conflicts = 0;
  std::uint64_t address_spellings = 0;
  std::uint64_t property_conflicts = 0;
  std::uint64_t aliases_too_long = 0;
  std::array<std::uint64_t, row_verdict_count> rows_by_verdict{};
  std::vector<AudienceSums> audiences;

  void add(const Counts& other);
};

}  // namespace mailroll::detail
