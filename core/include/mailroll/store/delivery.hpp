/// What a store holds about mail on its way: broadcasts, leases, and the feed of opt-outs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// One mailing: a segment or an expression of several, and the topic that names what kind of mail it is.
struct Broadcast {
  BroadcastNumber number{};
  std::string name;                   ///< unique in a team; 1 to 200 characters
  SegmentNumber segment{};            ///< 0: there is an expression
  TopicNumber topic{};                ///< 0: no topic
  std::optional<ContactId> position;  ///< members up to it (inclusive) have been looked at in this walk
  bool found = false;                 ///< this walk has found somebody to lease
  Time created_at{};
  /// Of several segments, by their ids (audience/expression.hpp), at most 20,000 bytes; "": there is one segment.
  std::string expression = {};

  bool operator==(const Broadcast&) const = default;
};

/// The numbers are stored.
enum class LeaseState : std::uint8_t {
  leased = 1,     ///< a worker has them, until `expires_at`
  confirmed = 2,  ///< handed over: never again in this broadcast
  released = 3,   ///< given back: to be leased again
  withdrawn = 4,  ///< left while leased: no mail of this broadcast
};

/// A person in the hands of a mailer, for one broadcast.
struct Lease {
  ContactId contact;
  BroadcastNumber broadcast{};
  LeaseState state = LeaseState::leased;
  LeaseId lease;       ///< the batch
  std::string worker;  ///< who took it; 1 to 100 characters
  Time expires_at{};
  Time changed_at{};  ///< when the state last changed

  bool operator==(const Lease&) const = default;
};

struct LeaseCounts {
  std::uint64_t leased = 0;
  std::uint64_t confirmed = 0;
  std::uint64_t released = 0;
  std::uint64_t withdrawn = 0;
};

/// An event that lowered permission, on its way to the feed.
struct OutboxEntry {
  ContactId contact;
  EventId event;
  Time recorded_at{};

  bool operator==(const OutboxEntry&) const = default;
};

/// An event at its place in the feed.
struct FeedEntry {
  std::int64_t position = 0;  ///< from 1, without gaps
  ContactId contact;          ///< as it was when published: a later change of keys does not rewrite it
  EventId event;

  bool operator==(const FeedEntry&) const = default;
};

/// Consent that runs out.
struct Expiry {
  ContactId contact;
  TopicNumber topic = everything_scope;
  Time valid_until{};

  bool operator==(const Expiry&) const = default;
};

/// A temporary failure of delivery (a full mailbox, say). Several of them within some days become a bounce suppression.
struct SoftBounce {
  ContactId contact;
  Time at{};
  auto operator<=>(const SoftBounce&) const = default;
};

}  // namespace mailroll
