#include "mailroll/store/capability.hpp"

namespace mailroll {

std::string_view to_string(Capability capability) {
  switch (capability) {
    case Capability::several_sessions: return "several_sessions";
    case Capability::survives_reopening: return "survives_reopening";
    case Capability::several_processes: return "several_processes";
    case Capability::parallel_writers: return "parallel_writers";
    case Capability::forgets: return "forgets";
  }
  return "";
}

std::optional<Capability> parse_capability(std::string_view word) {
  for (const Capability capability : all_capabilities) {
    if (to_string(capability) == word) return capability;
  }
  return std::nullopt;
}

}  // namespace mailroll
