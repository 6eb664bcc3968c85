#include "conformance/case.hpp"

namespace mailroll::conformance {

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto part : {roll_cases, migration_cases, process_cases, transaction_cases, session_cases, team_cases,
                          text_cases, people_cases, change_cases, filter_cases, reference_cases, key_cases}) {
    const std::vector<Case> cases = part();
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace mailroll::conformance
