/// The rules of merging: what one contact's ledger needs in order to hold what two have said.
#pragma once

#include <span>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// Who merges, when, and into which contact.
struct MergeAct {
  ContactId into;
  Actor actor = Actor::operator_;
  Time now{};
  /// True: every opt-out and suppression of either is said again. False: only what the union of the events alone would lose.
  bool says_again = true;
};

/// The events to append to the ledger `kept` of `act.into`: those of `other` that it lacks, under their own ids, and behind
/// them, on channel merge, whatever keeps the union from raising anybody (each `at` = max(now, the last event of both + 1
/// microsecond), unless said otherwise):
/// - an opt_out by the person in every scope where either stands opted out;
/// - `suppressed` for what either is suppressed for;
/// - where one stands pending, and the union would let a raise that is not the person's pass for the other: `pending`, at
///   the time of that raise, so that the fold finds it before; or an opt_out of the merger where that does not help;
/// - what stands as opt_in or pending with either and would end by a removal of the other: the same words once more.
/// What holds afterwards does not depend on which of the two is kept. An erasure of either ends both. Pure, save for the
/// random bits of new event ids.
MAILROLL_EXPORT std::vector<ConsentEvent> merged_events(std::span<const ConsentEvent> kept,
                                                        std::span<const ConsentEvent> other, const MergeAct& act);

}  // namespace mailroll
