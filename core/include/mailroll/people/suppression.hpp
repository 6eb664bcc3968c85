/// Suppressions: this address must get nothing at all. They outlive the contact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// In the order in which decide() names them.
enum class SuppressionReason : std::uint8_t { complaint = 1, bounce = 2, manual = 3 };

MAILROLL_EXPORT std::string_view to_string(SuppressionReason reason);
MAILROLL_EXPORT std::optional<SuppressionReason> parse_suppression_reason(std::string_view word);

/// A row of the list that people look at. Whether somebody is suppressed is in Standing, folded from the events.
struct Suppression {
  ContactId contact;
  SuppressionReason reason{};
  std::string email;  ///< as it was when suppressed; "" once erased
  Time at{};

  bool operator==(const Suppression&) const = default;
};

}  // namespace mailroll
