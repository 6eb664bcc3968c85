/// A case: a sentence that a store must make true, and what a store must be able to do for it to have a meaning.
#pragma once

#include <string_view>
#include <vector>

#include "conformance/trial.hpp"
#include "mailroll/store/capability.hpp"

namespace mailroll::conformance {

struct Case {
  std::string_view name;  ///< the sentence, with underscores
  Capabilities needs;
  void (*run)(Trial& trial);
};

/// All of them, in the order in which they run. Those of the roll come first, since Roll::check() looks at every team of a
/// store and the others write what no roll would; those about keys come last, since keys cannot be removed.
std::vector<Case> all_cases();

// The parts of it, each in the file of its name.
std::vector<Case> roll_cases();
std::vector<Case> migration_cases();
std::vector<Case> process_cases();
std::vector<Case> transaction_cases();
std::vector<Case> session_cases();
std::vector<Case> team_cases();
std::vector<Case> text_cases();
std::vector<Case> people_cases();
std::vector<Case> change_cases();
std::vector<Case> filter_cases();
std::vector<Case> reference_cases();
std::vector<Case> key_cases();

}  // namespace mailroll::conformance
