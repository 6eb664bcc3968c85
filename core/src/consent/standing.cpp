#include "mailroll/consent/standing.hpp"

#include <algorithm>

namespace mailroll {

std::string_view to_string(Said said) {
  switch (said) {
    case Said::nothing: return "nothing";
    case Said::opt_in: return "opt_in";
    case Said::opt_out: return "opt_out";
    case Said::pending: return "pending";
  }
  return "?";
}

const ScopeState& Permission::choice(TopicNumber topic) const {
  static const ScopeState nothing_said;
  const auto found = std::ranges::lower_bound(choices, topic, {}, &Choice::topic);
  return found != choices.end() && found->topic == topic ? found->state : nothing_said;
}

}  // namespace mailroll
