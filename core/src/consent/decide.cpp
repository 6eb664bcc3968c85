#include "mailroll/consent/decide.hpp"

namespace mailroll {

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::erased: return "erased";
    case Reason::suppressed_complaint: return "suppressed_complaint";
    case Reason::suppressed_bounce: return "suppressed_bounce";
    case Reason::suppressed_manual: return "suppressed_manual";
    case Reason::not_found: return "not_found";
    case Reason::not_in_segment: return "not_in_segment";
    case Reason::transactional: return "transactional";
    case Reason::unsubscribed: return "unsubscribed";
    case Reason::topic_opted_out: return "topic_opted_out";
    case Reason::unconfirmed: return "unconfirmed";
    case Reason::consent_expired: return "consent_expired";
    case Reason::topic_opted_in: return "topic_opted_in";
    case Reason::topic_default_opt_out: return "topic_default_opt_out";
    case Reason::topic_default_opt_in: return "topic_default_opt_in";
    case Reason::subscribed: return "subscribed";
  }
  return "?";
}

Reason decide(bool contact_exists, bool in_segment, const Standing& standing, const ScopeState& choice,
              const Mail& mail) {
  if (standing.erased) return Reason::erased;
  if (standing.suppressions != 0) {
    if (standing.suppressed(SuppressionReason::complaint)) return Reason::suppressed_complaint;
    if (standing.suppressed(SuppressionReason::bounce)) return Reason::suppressed_bounce;
    return Reason::suppressed_manual;  // also for a bit that a later version may have stored: never mail on doubt
  }
  if (!contact_exists && !mail.transactional) return Reason::not_found;
  if (!in_segment) return Reason::not_in_segment;
  if (mail.transactional) return Reason::transactional;
  if (standing.unsubscribed()) return Reason::unsubscribed;
  if (choice.said == Said::opt_out) return Reason::topic_opted_out;
  if (choice.said == Said::pending || standing.everything.said == Said::pending) return Reason::unconfirmed;
  if (choice.said == Said::opt_in) {
    const bool expired = choice.valid_until && *choice.valid_until <= mail.at;
    return expired ? Reason::consent_expired : Reason::topic_opted_in;
  }
  if (mail.topic_default == Subscription::opt_out) return Reason::topic_default_opt_out;
  if (mail.topic_default == Subscription::opt_in) return Reason::topic_default_opt_in;
  return Reason::subscribed;
}

}  // namespace mailroll
