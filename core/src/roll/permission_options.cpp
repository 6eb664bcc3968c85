#include "roll/permission_options.hpp"

#include <algorithm>

#include "mailroll/error.hpp"
#include "roll/evidence.hpp"

namespace mailroll::detail {

namespace {

Error wrong(const std::string& message, const char* reason) {
  return {ErrorKind::invalid, message, {{"reason", reason}}};
}

void check_channel(const std::optional<Channel>& channel) {
  if (!channel || std::ranges::find(spoken_channels, *channel) != spoken_channels.end()) return;
  std::string words;
  for (const Channel known : spoken_channels) words += (words.empty() ? "" : ", ") + std::string(to_string(known));
  throw wrong("an act of a caller comes in through one of " + words + "; the others are the library's own", "channel");
}

/// What lowering and raising have in common.
PermissionOptions checked(const PermissionOptions& options) {
  check_channel(options.channel);
  if (options.at) check_year(*options.at);
  PermissionOptions checked = options;
  checked.evidence = checked_evidence(options.evidence);
  return checked;
}

}  // namespace

void check_year(Time time) {
  constexpr Time end = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
  if (time < beginning_of_time || time >= end) throw wrong("a time lies in the years 1 to 9999", "value_type");
}

std::string checked_basis(std::string_view word) {
  if (word.empty() || is_lawful_basis(word)) return std::string(word);
  std::string words;
  for (const std::string_view known : lawful_bases) words += (words.empty() ? "" : ", ") + std::string(known);
  throw wrong("a lawful basis is one of " + words, "basis");
}

PermissionOptions checked_lowering(const RollState& roll, const PermissionOptions& options) {
  if (!options.override_reason.empty() || options.valid_until || !options.basis.empty()) {
    throw wrong("an override, an end and a lawful basis say something about opting in; leaving needs none",
                "opt_in_only");
  }
  if (options.by && *options.by != roll.actor && *options.by != Actor::person) {
    throw wrong("an opt-out is recorded as the caller's or as the person's, nobody else's", "actor");
  }
  PermissionOptions lowering = checked(options);
  if (options.by == Actor::person && lowering.evidence.note.empty()) {
    throw wrong("an opt-out recorded as the person's needs evidence: how they said so", "evidence_missing");
  }
  return lowering;
}

PermissionOptions checked_raising(const RollState& roll, const PermissionOptions& options, const Scope& scope) {
  if (options.by) {
    throw wrong("an opt-in is recorded as the caller's; the person's own comes through a signed link", "actor");
  }
  PermissionOptions raising = checked(options);
  raising.override_reason = checked_words(options.override_reason, "reason of an override");
  if (!options.override_reason.empty() && raising.override_reason.empty()) {
    throw wrong("the reason of an override is blank; write down why", "text_empty");
  }
  if (!raising.override_reason.empty() && roll.actor != Actor::operator_) {
    throw Error(ErrorKind::refused, "only staff (actor operator) may override an opt-out", {{"reason", "override"}});
  }
  if (options.valid_until) {
    check_year(*options.valid_until);
    // Having left everything no more is not consent to anything, so there is nothing in it that could run out.
    if (!scope.topic) throw wrong("consent runs out topic by topic: name a topic", "valid_until");
    if (*options.valid_until <= roll.clock()) throw wrong("consent that has run out already is none", "valid_until");
  }
  raising.basis = checked_basis(options.basis);
  return raising;
}

}  // namespace mailroll::detail
