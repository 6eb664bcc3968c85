#include "rejected_rows.hpp"

namespace mailroll::cli {

Json rejected_json(const RejectCounts& counts) {
  Json reasons = Json::object();
  for (std::size_t i = 0; i < reject_reason_count; ++i) {
    if (counts[i] > 0) reasons[std::string(to_string(static_cast<RejectReason>(i)))] = counts[i];
  }
  return reasons;
}

std::string rejected_in_words(const RejectCounts& counts) {
  std::string list;
  for (std::size_t i = 0; i < reject_reason_count; ++i) {
    if (counts[i] == 0) continue;
    list += (list.empty() ? "" : ", ") + std::string(to_string(static_cast<RejectReason>(i))) + " " +
            std::to_string(counts[i]);
  }
  return list.empty() ? list : "  (" + list + ")";
}

std::string rejects_hint(std::uint64_t rejected, const std::string& file) {
  if (rejected == 0) return {};
  if (!file.empty()) return "The rejected rows are listed in " + file + ".";
  return "To see which rows were rejected, add --rejects FILE.";
}

}  // namespace mailroll::cli
