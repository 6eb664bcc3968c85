#include "mailroll/people/suppression.hpp"

namespace mailroll {

std::string_view to_string(SuppressionReason reason) {
  switch (reason) {
    case SuppressionReason::complaint: return "complaint";
    case SuppressionReason::bounce: return "bounce";
    case SuppressionReason::manual: return "manual";
  }
  return "unknown";
}

std::optional<SuppressionReason> parse_suppression_reason(std::string_view word) {
  for (const SuppressionReason reason :
       {SuppressionReason::complaint, SuppressionReason::bounce, SuppressionReason::manual}) {
    if (word == to_string(reason)) return reason;
  }
  return std::nullopt;
}

}  // namespace mailroll
