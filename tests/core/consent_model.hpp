/// A second, naive reading of the rules of permission, to compare fold() with: it keeps a log of the events that
/// counted and answers every question by walking that log from its start. Slow, and written without a look at the
/// library.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "consent_events.hpp"

namespace mailroll::testing {

class ConsentModel {
 public:
  explicit ConsentModel(const Events& events) {
    std::map<EventId, ConsentEvent> distinct;
    for (const ConsentEvent& event : events) {
      const auto [place, is_new] = distinct.emplace(event.id, event);
      if (!is_new && event.recorded_at < place->second.recorded_at) place->second = event;
    }
    std::map<std::tuple<Time, int, EventId>, ConsentEvent> ordered;
    for (const auto& [id, event] : distinct) ordered[{moment(event), static_cast<int>(event.action), id}] = event;
    for (const auto& [key, event] : ordered) {
      last_ = std::get<0>(key);
      const bool raise = event.action == Action::opt_in || event.action == Action::pending;
      if (!raise || allows(event)) log_.push_back(event);
    }
  }

  [[nodiscard]] Permission permission() const {
    Permission result;
    Standing& standing = result.standing;
    standing.everything = walk(everything).state();
    standing.last_event = last_;
    std::set<TopicNumber> topics;
    for (const ConsentEvent& event : log_) {
      if (ends_everything(event)) standing.removed_at = moment(event);
      if (event.topic != everything) topics.insert(event.topic);
    }
    for (TopicNumber topic : topics) {
      const Walked walked = walk(topic);
      if (walked.said != Said::nothing) result.choices.push_back({topic, walked.state()});
    }
    for (int reason = 3; reason >= 1; --reason) {
      if (const auto first = suppressed_since(static_cast<SuppressionReason>(reason))) {
        standing.suppressions |= static_cast<std::uint8_t>(1 << reason);
        standing.blocked_by = *first;
      }
    }
    if (const auto first = erased_since()) {
      standing.erased = true;
      standing.blocked_by = *first;
    }
    return result;
  }

 private:
  struct Walked {
    Said said = Said::nothing;
    std::set<Actor> against;
    std::optional<Time> until;
    bool forced = false;
    EventId behind;

    [[nodiscard]] ScopeState state() const {
      ScopeState result{said, {}, until, forced, behind};
      for (Actor actor : against) result.objectors.add(actor);
      return result;
    }
  };

  static Time moment(const ConsentEvent& event) {
    if (event.at) return *event.at < event.recorded_at ? *event.at : event.recorded_at;
    const std::set<Action> ups{Action::opt_in, Action::pending, Action::unsuppressed};
    return ups.count(event.action) != 0 ? beginning_of_time : event.recorded_at;
  }

  static bool ends_everything(const ConsentEvent& event) {
    return event.action == Action::removed || event.action == Action::erased;
  }

  static bool is_confirmation(const ConsentEvent& event) {
    return event.action == Action::opt_in && event.actor == Actor::person && event.channel == Channel::confirm;
  }

  [[nodiscard]] Walked walk(TopicNumber topic) const {
    Walked now;
    for (const ConsentEvent& event : log_) {
      if (ends_everything(event)) {
        const bool was_up = now.said == Said::opt_in || now.said == Said::pending;
        if (was_up && now.against.empty()) now = Walked{};
        if (was_up && !now.against.empty()) now = Walked{Said::opt_out, now.against, {}, false, event.id};
      }
      if (event.topic != topic) continue;
      if (event.action == Action::opt_out) {
        const bool newly = event.actor == Actor::person && now.against.count(Actor::person) == 0;
        if (now.said != Said::opt_out || newly) now.behind = event.id;
        now.against.insert(event.actor);
        now = Walked{Said::opt_out, now.against, {}, false, now.behind};
      }
      if (event.action == Action::pending) now = Walked{Said::pending, now.against, {}, false, event.id};
      if (event.action == Action::opt_in) {
        const bool persons_after_force = now.forced && event.actor == Actor::person;
        if (now.said == Said::opt_in && !persons_after_force) {
          if (now.until && (!event.valid_until || *event.valid_until > *now.until)) now.until = event.valid_until;
        } else {
          const bool force = event.actor == Actor::operator_ && now.against.count(Actor::person) != 0;
          now = Walked{Said::opt_in, {}, event.valid_until, force, event.id};
          if (force) now.against.insert(Actor::person);
        }
      }
    }
    return now;
  }

  [[nodiscard]] bool allows(const ConsentEvent& event) const {
    if (erased_since() && !is_confirmation(event)) return false;
    const Walked now = walk(event.topic);
    if (event.action == Action::pending) {
      if (now.said == Said::nothing) return event.actor != Actor::provider;
      return now.said == Said::opt_out && event.actor == Actor::person;
    }
    if (event.actor == Actor::person) return true;
    if (event.actor == Actor::provider || now.said == Said::pending) return false;
    const bool person_here = now.against.count(Actor::person) != 0;
    if (event.actor == Actor::operator_) return !person_here || !event.reason.empty();
    if (event.topic != everything && walk(everything).against.count(Actor::person) != 0) return false;
    if (event.actor == Actor::api) return now.against.empty() || now.against == std::set<Actor>{Actor::api};
    return now.against.empty() && now.said == Said::nothing;
  }

  [[nodiscard]] std::optional<EventId> erased_since() const {
    std::optional<EventId> since;
    for (const ConsentEvent& event : log_) {
      if (event.action == Action::erased && !since) since = event.id;
      if (is_confirmation(event)) since.reset();
    }
    return since;
  }

  [[nodiscard]] std::optional<EventId> suppressed_since(SuppressionReason reason) const {
    std::optional<EventId> since;
    for (const ConsentEvent& event : log_) {
      const bool this_one = event.suppression == reason;
      const bool by_default = !event.suppression && reason == SuppressionReason::manual;
      if (event.action == Action::suppressed && (this_one || by_default) && !since) since = event.id;
      if (event.action == Action::unsuppressed && (this_one || !event.suppression)) since.reset();
    }
    return since;
  }

  Events log_;
  std::optional<Time> last_;
};

}  // namespace mailroll::testing
