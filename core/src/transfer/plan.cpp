#include "mailroll/transfer/plan.hpp"

namespace mailroll {

std::string_view to_string(UnsubscribedPolicy policy) {
  switch (policy) {
    case UnsubscribedPolicy::topics: return "topics";
    case UnsubscribedPolicy::everything: return "everything";
  }
  return "unknown";
}

std::string_view to_string(RowVerdict verdict) {
  switch (verdict) {
    case RowVerdict::rejected: return "rejected";
    case RowVerdict::duplicate: return "duplicate";
    case RowVerdict::kept_opted_out: return "kept_opted_out";
    case RowVerdict::kept_removed: return "kept_removed";
    case RowVerdict::created: return "created";
    case RowVerdict::updated: return "updated";
    case RowVerdict::unchanged: return "unchanged";
  }
  return "unknown";
}

}  // namespace mailroll
