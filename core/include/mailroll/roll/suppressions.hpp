/// Suppressions, events and teams, as a caller handles them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/suppression.hpp"
#include "mailroll/people/team.hpp"
#include "mailroll/roll/reference.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

class MAILROLL_EXPORT Suppressions {
 public:
  /// This address gets nothing at all from now on, whether it is a contact or not. A complaint also opts the person out of
  /// everything, for good. Idempotent.
  Suppression add(std::string_view email, SuppressionReason reason, const std::string& note = {});
  /// Lifts one reason, or all. not_found where none stands. Opt-outs stay.
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
