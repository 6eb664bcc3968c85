/// What a store can do beyond what every store must. A store says so by name, so that nothing is ever silently left out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "mailroll/export.hpp"

namespace mailroll {

enum class Capability : std::uint8_t {
  several_sessions,    ///< several sessions at a time: exactly where Store::max_sessions() is more than 1
  survives_reopening,  ///< what is committed is there when the store's address is opened again
  several_processes,   ///< several processes may have the store open at a time, and each sees what another committed
  parallel_writers,    ///< a writer waits only for writers of the same contacts, or of a source that is new to both
  forgets,             ///< Session::forget() may answer true; without it, it answers false
};

inline constexpr std::array all_capabilities = {Capability::several_sessions, Capability::survives_reopening,
                                                Capability::several_processes, Capability::parallel_writers,
                                                Capability::forgets};

using Capabilities = std::set<Capability>;

MAILROLL_EXPORT std::string_view to_string(Capability capability);  ///< the word of the enumerator
MAILROLL_EXPORT std::optional<Capability> parse_capability(std::string_view word);

}  // namespace mailroll
