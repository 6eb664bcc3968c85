#include "mailroll/store/init.hpp"

namespace mailroll {

std::string_view to_string(Distribution distribution) {
  switch (distribution) {
    case Distribution::by_team: return "by-team";
    case Distribution::by_contact: return "by-contact";
  }
  return "";
}

std::optional<Distribution> parse_distribution(std::string_view word) {
  for (const Distribution distribution : {Distribution::by_team, Distribution::by_contact}) {
    if (to_string(distribution) == word) return distribution;
  }
  return std::nullopt;
}

std::string_view to_string(InitPhase phase) {
  switch (phase) {
    case InitPhase::tables: return "tables";
    case InitPhase::distribution: return "distribution";
    case InitPhase::indexes: return "indexes";
    case InitPhase::views: return "views";
    case InitPhase::foreign_keys: return "foreign_keys";
  }
  return "";
}

}  // namespace mailroll
