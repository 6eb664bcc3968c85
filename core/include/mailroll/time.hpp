/// Points in time: UTC, whole microseconds since 1970.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"

namespace mailroll {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// Where the time comes from; tests give their own. The rules of the core never ask for the time themselves.
using Clock = std::function<Time()>;

/// The system's clock, in microseconds.
MAILROLL_EXPORT Time system_now();

[[nodiscard]] constexpr std::int64_t microseconds(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] constexpr Time time_of(std::int64_t micros) { return Time(std::chrono::microseconds(micros)); }

/// Reads RFC 3339 (`2025-11-30T20:41:40.84216Z`, also with a blank for the T, with `+00`, `+00:00` or `+0000`, or
/// without an offset: UTC) or a date (`2025-11-30`: 00:00 UTC). Fractions beyond six digits are cut. Years 0001 to
/// 9999. Anything else, also a day that the month does not have, gives nothing.
MAILROLL_EXPORT std::optional<Time> parse_time(std::string_view text);

/// RFC 3339 with six digits and Z: `2025-11-30T20:41:40.842160Z`. parse_time gives back the same time.
MAILROLL_EXPORT std::string format_time(Time time);

/// A length of time as people write it: a whole number and one of s, m (minutes), h, d, w, e.g. `30d`; at most 36500d.
/// Anything else gives nothing.
MAILROLL_EXPORT std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace mailroll
