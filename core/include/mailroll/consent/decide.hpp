/// May this contact get this mail? One function, one reason.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mailroll/consent/standing.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// In the order of the rules: the first that applies is the answer.
enum class Reason : std::uint8_t {
  erased,
  suppressed_complaint,
  suppressed_bounce,
  suppressed_manual,
  not_found,
  not_in_segment,
  transactional,
  unsubscribed,
  topic_opted_out,
  unconfirmed,
  consent_expired,
  topic_opted_in,
  topic_default_opt_out,
  topic_default_opt_in,
  subscribed,
};
inline constexpr std::size_t reason_count = 15;

MAILROLL_EXPORT std::string_view to_string(Reason reason);
/// Whether the reason means that the mail goes out.
[[nodiscard]] constexpr bool receives(Reason reason) {
  return reason == Reason::transactional || reason == Reason::topic_opted_in ||
         reason == Reason::topic_default_opt_in || reason == Reason::subscribed;
}

/// The mail that is asked about.
struct Mail {
  bool transactional = false;
  /// The default of its topic; nothing: a broadcast without a topic (or transactional mail).
  std::optional<Subscription> topic_default;
  Time at{};  ///< when it would go out; decides whether consent has expired (valid_until <= at: expired)
};

/// The rules of domain part 3, in their order. `choice` is the contact's state for the mail's topic (ScopeState{} where
/// none, or no topic). Pure; no allocation.
MAILROLL_EXPORT Reason decide(bool contact_exists, bool in_segment, const Standing& standing, const ScopeState& choice,
                              const Mail& mail);

}  // namespace mailroll
