/// Handing people to a mailer: leased in batches, each person at most once per broadcast. mailroll sends no mail itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/audience/audience.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/store/delivery.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

struct HandoffOptions {
  /// Which mailing, 1 to 200 characters. "" is the one mailing that this segment, or expression, and topic have without a
  /// name ("segment ID, topic ID"; invalid, reason broadcast_unnamed, where that is longer than 200); a second mailing to
  /// the same people needs a name of its own, or nobody would be left for it.
  std::string broadcast;
  std::chrono::seconds lease_for{900};  ///< 1 second to 24 hours; then others may lease the person again
};

/// People leased to a worker.
struct Batch {
  LeaseId lease;                  ///< nil where there are no people
  std::string broadcast;          ///< its name
  std::vector<Recipient> people;  ///< ascending by id; may be none though there are more: then ask again
  Time expires_at{};
  /// Nothing was left to lease in a whole walk of the segment. Leases of others may still come back: see `outstanding`.
  bool done = false;
  std::uint64_t outstanding = 0;  ///< leased to anybody and not yet confirmed, these included
  bool incomplete = false;        ///< as Counts::incomplete
};

/// What became of people that were to be confirmed or released; each of them counts once.
struct HandoffReport {
  std::uint64_t done = 0;       ///< confirmed, or released
  std::uint64_t repeated = 0;   ///< were so already
  std::uint64_t withdrawn = 0;  ///< left in the meantime: they stay withdrawn
  /// The other was said of them, and stays: confirmed ones that were to be released; ones released by name where all of
  /// the lease was to be confirmed.
  std::uint64_t kept = 0;
  std::uint64_t lost = 0;  ///< the lease ran out and somebody else has them, or it never had them
};

inline constexpr std::size_t max_lease = 10000;  ///< people in one lease

struct BroadcastStatus {
  Broadcast broadcast;
  LeaseCounts counts;
};

/// The mailer's side of one broadcast.
class MAILROLL_EXPORT Handoff {
 public:
  /// Leases up to `limit` (1 to max_lease) people: those released or whose lease ran out first, then the next of the
  /// segment. Each is judged by decide() again inside the transaction that leases them. Whoever was leased before and may
  /// not receive it any more is withdrawn: coming back does not put them into this broadcast again.
  ///
  /// One call is one transaction, and looks at 20,000 members at most; where none of them is to be leased it answers
  /// without people, and the next call goes on behind them. (Of a dynamic segment or an expression, as many whom it means,
  /// however many others stand between them.) not_found where one of the segments or the topic is gone.
  Batch lease(std::size_t limit);
  /// These people were handed over: they get nothing of this broadcast again. Idempotent. Whoever was released, or whose
  /// lease ran out, is still confirmed while nobody else has them. At most max_lease people; an id that a contact had
  /// before counts as its own.
  HandoffReport confirm(const LeaseId& lease, const std::vector<ContactId>& people);
  /// All whom the lease still has (so nobody is counted as lost), save those who were released by name.
  HandoffReport confirm(const LeaseId& lease);
  /// These people were not mailed, and others may lease them. Otherwise as confirm().
  HandoffReport release(const LeaseId& lease, const std::vector<ContactId>& people);
  HandoffReport release(const LeaseId& lease);
  [[nodiscard]] BroadcastStatus status() const;

 private:
  friend class Roll;
  Handoff(std::shared_ptr<detail::RollState> roll, BroadcastNumber broadcast, std::string worker,
          HandoffOptions options)
      : roll_(std::move(roll)), broadcast_(broadcast), worker_(std::move(worker)), options_(std::move(options)) {}
  std::shared_ptr<detail::RollState> roll_;
  BroadcastNumber broadcast_;
  std::string worker_;
  HandoffOptions options_;
};

}  // namespace mailroll
