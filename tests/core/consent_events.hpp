/// Consent events for tests, in few words: `by(Actor::person, Action::opt_out, news).when(3)`.
#pragma once

#include <initializer_list>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mailroll/consent/decide.hpp"
#include "mailroll/consent/fold.hpp"

namespace mailroll::testing {

inline constexpr TopicNumber everything = everything_scope;
inline constexpr TopicNumber news{1};
inline constexpr TopicNumber offers{2};

/// Minute `n` of the tests' day; recorded at the same time unless said otherwise.
inline Time minute(int n) { return time_of(1'700'000'000'000'000) + std::chrono::minutes(n); }

inline EventId event_id(unsigned n) {
  Uuid uuid;
  for (int i = 0; i < 4; ++i) uuid.bytes[static_cast<std::size_t>(15 - i)] = static_cast<std::uint8_t>(n >> (8 * i));
  return EventId(uuid);
}

/// The number within an id of event_id().
inline unsigned number_of(const EventId& id) {
  unsigned n = 0;
  for (std::size_t i = 12; i < 16; ++i) n = n << 8U | id.bytes[i];
  return n;
}

/// An event under construction; converts to ConsentEvent.
struct EventOf : ConsentEvent {
  EventOf& when(int n) {
    at = minute(n);
    recorded_at = minute(n);
    return *this;
  }
  EventOf& undated(int recorded) {
    at.reset();
    recorded_at = minute(recorded);
    return *this;
  }
  EventOf& recorded(int n) {
    recorded_at = minute(n);
    return *this;
  }
  EventOf& numbered(unsigned n) {
    id = event_id(n);
    return *this;
  }
  EventOf& until(int n) {
    valid_until = minute(n);
    return *this;
  }
  EventOf& because(std::string words) {
    reason = std::move(words);
    return *this;
  }
  EventOf& through(Channel how) {
    channel = how;
    return *this;
  }
  EventOf& of(SuppressionReason why) {
    suppression = why;
    return *this;
  }
};

inline EventOf by(Actor actor, Action action, TopicNumber topic = everything) {
  static unsigned next = 1'000'000;  // below: ids that a test gives itself
  EventOf event;
  event.actor = actor;
  event.action = action;
  event.topic = topic;
  return event.numbered(next++);
}

using Events = std::vector<ConsentEvent>;

inline Permission fold_of(std::initializer_list<ConsentEvent> events) { return fold(std::vector(events)); }

/// These events at minutes 1, 2, 3, ...
inline Events in_turn(std::initializer_list<ConsentEvent> events) {
  Events result(events);
  int n = 0;
  for (ConsentEvent& event : result) event.at = event.recorded_at = minute(++n);
  return result;
}

inline Events with(Events events, const ConsentEvent& event) {
  events.push_back(event);
  return events;
}

inline const ScopeState& scope_of(const Permission& permission, TopicNumber topic) {
  return topic == everything ? permission.standing.everything : permission.choice(topic);
}

inline std::string words(const ScopeState& state) {
  std::ostringstream out;
  out << to_string(state.said);
  for (Actor actor : {Actor::person, Actor::provider, Actor::operator_, Actor::api, Actor::import}) {
    if (state.objectors.has(actor)) out << ' ' << to_string(actor);
  }
  if (state.valid_until) out << " until " << microseconds(*state.valid_until);
  if (state.by_override) out << " by override";
  out << " #" << number_of(state.event);
  return out.str();
}

inline std::string words(const Permission& permission) {
  const Standing& standing = permission.standing;
  std::ostringstream out;
  out << "everything: " << words(standing.everything);
  if (standing.erased) out << "; erased";
  out << "; suppressions " << unsigned{standing.suppressions} << " blocked by #" << number_of(standing.blocked_by);
  if (standing.removed_at) out << "; removed at " << microseconds(*standing.removed_at);
  if (standing.last_event) out << "; last event " << microseconds(*standing.last_event);
  for (const Choice& choice : permission.choices) {
    out << "; topic " << number_of(choice.topic) << ": " << words(choice.state);
  }
  return out.str();
}

inline std::string words(const ConsentEvent& event) {
  std::ostringstream out;
  out << '#' << number_of(event.id) << ' ' << to_string(event.actor) << ' ' << to_string(event.action) << " of topic "
      << number_of(event.topic) << " through " << to_string(event.channel);
  if (event.at) {
    out << " at " << microseconds(*event.at);
  } else {
    out << " undated";
  }
  out << " recorded " << microseconds(event.recorded_at);
  if (!event.reason.empty()) out << " with a reason";
  if (event.valid_until) out << " until " << microseconds(*event.valid_until);
  if (event.suppression) out << " suppression " << static_cast<int>(*event.suppression);
  return out.str();
}

inline std::string words(const Events& events) {
  std::string text;
  for (const ConsentEvent& event : events) text.append("\n  ").append(words(event));
  return text;
}

}  // namespace mailroll::testing

namespace mailroll {
// What GoogleTest prints when a comparison fails.
inline void PrintTo(const Permission& permission, std::ostream* out) { *out << testing::words(permission); }
inline void PrintTo(const ScopeState& state, std::ostream* out) { *out << testing::words(state); }
inline void PrintTo(Reason reason, std::ostream* out) { *out << to_string(reason); }
inline void PrintTo(Said said, std::ostream* out) { *out << to_string(said); }
}  // namespace mailroll
