/// What holds for a contact id: the state that fold() computes from its events.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/suppression.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// What was last said about a scope. The numbers are stored.
enum class Said : std::uint8_t { nothing = 0, opt_in = 1, opt_out = 2, pending = 3 };
MAILROLL_EXPORT std::string_view to_string(Said said);  ///< "nothing", "opt_in", "opt_out", "pending"

/// A set of actors: those whose opt-out came after the last raise that cleared them. `bits` is stored.
struct Objectors {
  std::uint8_t bits = 0;  ///< bit n: the actor with number n

  constexpr Objectors() = default;
  constexpr Objectors(std::initializer_list<Actor> actors) {
    for (Actor actor : actors) add(actor);
  }
  constexpr void add(Actor actor) { bits |= bit(actor); }
  [[nodiscard]] constexpr bool has(Actor actor) const { return (bits & bit(actor)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits == 0; }
  [[nodiscard]] constexpr bool any_but(Actor actor) const { return (bits & ~bit(actor)) != 0; }
  constexpr void keep_only(Actor actor) { bits &= bit(actor); }
  constexpr void clear() { bits = 0; }
  bool operator==(const Objectors&) const = default;

 private:
  static constexpr std::uint8_t bit(Actor actor) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(actor));
  }
};

/// The state of one scope.
struct ScopeState {
  Said said = Said::nothing;
  Objectors objectors;
  std::optional<Time> valid_until;  ///< of the standing opt_in
  bool by_override = false;         ///< the standing opt_in was raised with a written reason
  EventId event;                    ///< the event that made it so; nil where nothing was said

  bool operator==(const ScopeState&) const = default;
};

/// What holds for a contact id as a whole. Outlives the profile.
struct Standing {
  ScopeState everything;  ///< said opt_out: unsubscribed from everything
  bool erased = false;
  std::uint8_t suppressions = 0;  ///< bit n: SuppressionReason n
  /// The event behind erasure, else behind the first suppression in the order of SuppressionReason; nil if neither.
  EventId blocked_by;
  std::optional<Time> last_event;  ///< the latest effective time of the contact's events
  std::optional<Time> removed_at;  ///< effective time of the latest `removed` or `erased`

  [[nodiscard]] bool unsubscribed() const { return everything.said == Said::opt_out; }
  [[nodiscard]] bool suppressed(SuppressionReason reason) const {
    return (suppressions >> static_cast<unsigned>(reason) & 1U) != 0;
  }
  bool operator==(const Standing&) const = default;
};

/// The same with nothing in it that decide() does not read.
[[nodiscard]] inline ScopeState for_decide(const ScopeState& state) {
  ScopeState read;
  read.said = state.said;
  read.valid_until = state.valid_until;
  read.by_override = state.by_override;
  return read;
}
[[nodiscard]] inline Standing for_decide(const Standing& standing) {
  Standing read;
  read.everything = for_decide(standing.everything);
  read.erased = standing.erased;
  read.suppressions = standing.suppressions;
  return read;
}

/// What one contact said about one topic. The topic's default is applied when reading and never written here.
struct Choice {
  TopicNumber topic{};
  ScopeState state;

  bool operator==(const Choice&) const = default;
};

/// Everything that holds for one contact id.
struct Permission {
  Standing standing;
  std::vector<Choice> choices;  ///< ordered by topic, without those whose state is ScopeState{}

  /// The state of a topic; ScopeState{} where nothing is known.
  [[nodiscard]] MAILROLL_EXPORT const ScopeState& choice(TopicNumber topic) const;
  bool operator==(const Permission&) const = default;
};

}  // namespace mailroll
