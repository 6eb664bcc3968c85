/// Suppressions, events and teams, as a caller handles them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/suppression.hpp"
#include "mailroll/people/team.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/roll/reports.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

enum class BounceKind : std::uint8_t { hard, soft };

struct SuppressionImport {
  std::uint64_t rows = 0;
  std::uint64_t added = 0;
  std::uint64_t unchanged = 0;  ///< stood already, or came twice
  std::uint64_t rejected = 0;
};

class MAILROLL_EXPORT Suppressions {
 public:
  /// This address gets nothing at all from now on, whether it is a contact or not. A complaint also opts the person out of
  /// everything, for good. Idempotent. A bounce or complaint is recorded as the provider's report. `note`: at most
  /// max_evidence characters, kept with the event.
  Suppression add(std::string_view email, SuppressionReason reason, const std::string& note = {});
  /// A report of a failed delivery. Hard: suppressed at once. Soft: suppressed once as many as the rule's count lie within
  /// its days (exactly so many days from the first to the last are within); nothing until then. `at` in the future counts as
  /// now; the same `at` again is the same report. Nothing also where the suppression was lifted after `at`.
  std::optional<Suppression> record_bounce(std::string_view email, BounceKind kind, const std::optional<Time>& at = {});
  [[nodiscard]] BounceRule bounce_rule() const;
  void set_bounce_rule(const BounceRule& rule);  ///< Invalid outside its bounds
  /// Adds every address of a CSV or NDJSON file ("-": standard input), columns email and, if there, reason and note; rows
  /// without a reason have `reason`. A bad row is rejected, listed in `rejects_file` ("": counted alone), and the rest is
  /// done. In chunks, each a transaction; the same file again changes nothing, save that what was lifted since stands again.
  /// Where it was stopped, audiences and check() say so until the same file is done whole; a file is known again by its
  /// first thousand good rows and `reason`, so that it may have grown or been mended behind them.
  SuppressionImport import_file(const std::string& path, SuppressionReason reason, const std::string& rejects_file = {},
                                const ProgressFunction& progress = {});
  /// Lifts one reason, or all. not_found where none stands. Opt-outs stay. `note` says why, in at most max_evidence
  /// characters; where a complaint is lifted it must (else invalid, reason note_missing).
  void remove(const Who& who, const std::optional<SuppressionReason>& reason = {}, const std::string& note = {});
  /// The next after `after` (exclusive), by contact id, then reason; at most `limit` (1 to 100,000).
  [[nodiscard]] std::vector<Suppression> list(const std::optional<Suppression>& after, std::size_t limit) const;

 private:
  friend class Roll;
  explicit Suppressions(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

class MAILROLL_EXPORT Events {
 public:
  /// A person's consent events, oldest first (by effective time, then as folded). Works without a profile; empty where
  /// nothing was ever said.
  [[nodiscard]] std::vector<ConsentEvent> list(const Who& who) const;

 private:
  friend class Roll;
  explicit Events(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

class MAILROLL_EXPORT Teams {
 public:
  /// Conflict where the name is taken.
  Team create(std::string_view name);
  [[nodiscard]] std::vector<Team> list() const;  ///< by number

 private:
  friend class Roll;
  explicit Teams(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
