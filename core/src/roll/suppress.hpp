/// One way in for whatever lets an address get nothing: by hand, by a report of a provider, from a file.
#pragma once

#include <optional>
#include <string>

#include "mailroll/address/email_address.hpp"
#include "mailroll/consent/event.hpp"
#include "mailroll/people/suppression.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// What suppress() wants to know of a person.
inline constexpr Parts suppressed_parts{
    .contact = true, .permission = true, .events = true, .suppressions = true, .soft_bounces = true};

struct SuppressionRequest {
  SuppressionReason reason{};
  Actor actor{};
  Channel channel{};
  std::optional<Time> at = {};  ///< when it happened; nothing: now
  std::string note = {};        ///< checked
};

/// A bounce or complaint is the provider's, whoever hands it in; by hand it is the caller's.
SuppressionRequest suppression_request(const RollState& roll, SuppressionReason reason);

struct SuppressionAnswer {
  std::optional<Suppression> stands;  ///< nothing: it was lifted after `at`
  bool changed = false;
};

/// Suppresses a locked person inside the open transaction; where they are already, changes nothing. A complaint opts the
/// person out of everything too. `before` has suppressed_parts.
SuppressionAnswer suppress(RollState& roll, Session& session, const Person& before, const EmailAddress& address,
                           const SuppressionRequest& request);

/// The same for whoever has the address: everybody, where an old id of it is claimed by several. Locks them. Answers for the
/// first; `changed` if anybody's changed.
SuppressionAnswer suppress(RollState& roll, Session& session, const EmailAddress& address,
                           const SuppressionRequest& request);

}  // namespace mailroll::detail
