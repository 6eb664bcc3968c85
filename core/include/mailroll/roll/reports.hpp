/// What goes out of a roll for others to act on: the feed of opt-outs, consent that runs out; and how long evidence is kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// Something that lowered permission: an opt_out, removal, suppression or erasure.
struct FeedItem {
  std::int64_t position = 0;   ///< the cursor: ask for what is after it
  ConsentEvent event;          ///< event.contact is the id as it is now
  std::string email;           ///< delivery spelling; "" where the address is not held (any more)
  std::optional<Topic> topic;  ///< nothing: everything, or the topic is gone
};

struct FeedPage {
  std::vector<FeedItem> items;  ///< in order; consumers drop an event id that they have had
  std::int64_t next = 0;        ///< the cursor behind the last item (or the one that was asked for)
};

/// Consent that runs out, soonest first.
struct ExpiringConsent {
  ContactId contact;
  std::string email;
  std::optional<Topic> topic;  ///< nothing: everything
  Time valid_until{};
  std::string basis;  ///< of the event
};

/// Evidence of some kind goes after some days; the event stays. The most specific rule counts: action and field, then field,
/// then action, then neither.
struct RetentionRule {
  std::optional<Action> action;  ///< nothing: of any
  std::string field;             ///< text_hash, form, ip, user_agent, locale, note, text; "": all of them
  std::int32_t days = 0;         ///< 1 to 36500, counted from recorded_at

  bool operator==(const RetentionRule&) const = default;
};

struct RetentionReport {
  std::uint64_t looked_at = 0;  ///< events
  std::uint64_t redacted = 0;   ///< events that lost evidence (or would)
};

/// Soft bounces become a bounce suppression.
struct BounceRule {
  std::int32_t count = 3;  ///< 1 to 100 soft bounces ...
  std::int32_t days = 30;  ///< ... within so many days, 1 to 365

  bool operator==(const BounceRule&) const = default;
};

}  // namespace mailroll
