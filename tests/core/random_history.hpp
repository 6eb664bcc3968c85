/// Random consent events, for properties that hold of all histories. A seed repeats them.
#pragma once

#include <algorithm>
#include <random>
#include <string_view>

#include "consent_events.hpp"

namespace mailroll::testing {

inline constexpr TopicNumber scopes[] = {everything, news, offers};

/// Random histories: few topics, few minutes, many ties, late records, times in the future and unknown ones.
class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}

  int below(int n) { return std::uniform_int_distribution(0, n - 1)(engine_); }
  bool one_in(int n) { return below(n) == 0; }

  char one_of(std::string_view letters) {
    return letters[static_cast<std::size_t>(below(static_cast<int>(letters.size())))];
  }
  Actor actor() { return static_cast<Actor>(one_of("11123345") - '0'); }  // by weight

  ConsentEvent event() {
    static constexpr std::string_view mix = "2222222222555555511114466337";  // numbers of actions, by weight
    const auto action = static_cast<Action>(one_of(mix) - '0');
    EventOf event = by(actor(), action);
    event.numbered(++next_);
    const bool of_topic = event.action <= Action::opt_in || event.action == Action::opt_out;
    if (of_topic) event.topic = scopes[below(std::size(scopes))];
    event.channel = one_in(2) ? Channel::confirm : Channel::page;
    if (one_in(2)) event.reason = "a signed letter";
    if (one_in(3)) event.until(50 + below(4));
    if (!of_topic && one_in(2)) event.of(static_cast<SuppressionReason>(1 + below(3)));
    const int at = below(8);
    if (one_in(5)) {
      event.undated(at);
    } else {
      event.when(at).recorded(at + below(4) - 1);  // one in four is in the future of its record
    }
    return event;
  }

  Events history(int longest = 10) {
    Events events;
    for (int n = below(longest + 1); n > 0; --n) events.push_back(event());
    return events;
  }

  /// A raise that is done at this minute, recorded at once.
  ConsentEvent raise_at(int when) {
    ConsentEvent act = event();
    act.action = one_in(3) ? Action::pending : Action::opt_in;
    act.topic = scopes[below(std::size(scopes))];
    act.at = act.recorded_at = minute(when);
    return act;
  }

  void shuffle(Events& events) { std::ranges::shuffle(events, engine_); }

 private:
  std::mt19937 engine_;
  unsigned next_ = 0;
};

}  // namespace mailroll::testing
