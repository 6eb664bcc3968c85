#include "mailroll/consent/merge.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "mailroll/consent/fold.hpp"

namespace mailroll {
namespace {

constexpr std::array suppression_reasons{SuppressionReason::complaint, SuppressionReason::bounce,
                                         SuppressionReason::manual};

const ScopeState& state_of(const Permission& permission, TopicNumber scope) {
  return scope == everything_scope ? permission.standing.everything : permission.choice(scope);
}

class Merge {
 public:
  Merge(std::span<const ConsentEvent> kept, std::span<const ConsentEvent> other, const MergeAct& act)
      : act_(act), one_(fold(kept)), two_(fold(other)), all_(kept.begin(), kept.end()), kept_(kept.size()) {
    std::set<EventId> known;
    for (const ConsentEvent& event : kept) known.insert(event.id);
    for (const ConsentEvent& event : other) {
      if (!known.insert(event.id).second) continue;
      all_.push_back(event);
      all_.back().contact = act.into;
    }
    united_ = fold(all_);
    at_ = act.now;
    if (united_.standing.last_event) {
      at_ = std::max(at_, *united_.standing.last_event + std::chrono::microseconds(1));
    }
  }

  std::vector<ConsentEvent> appended() {
    for (const TopicNumber scope : scopes()) settle(scope);
    for (const SuppressionReason reason : suppression_reasons) settle(reason);
    const bool erased = one_.standing.erased || two_.standing.erased;
    if (erased && !united_.standing.erased) append(new_event(everything_scope, Action::erased));
    return {all_.begin() + static_cast<std::ptrdiff_t>(kept_), all_.end()};
  }

 private:
  [[nodiscard]] std::set<TopicNumber> scopes() const {
    std::set<TopicNumber> scopes{everything_scope};
    for (const Permission* permission : {&one_, &two_, &united_}) {
      for (const Choice& choice : permission->choices) scopes.insert(choice.topic);
    }
    return scopes;
  }

  [[nodiscard]] bool either(TopicNumber scope, Said said) const {
    return state_of(one_, scope).said == said || state_of(two_, scope).said == said;
  }

  void settle(TopicNumber scope) {
    const Said now = state_of(united_, scope).said;
    if (either(scope, Said::opt_out)) {
      if (act_.says_again || now != Said::opt_out) opt_out(scope, Actor::person);
    } else if (either(scope, Said::pending)) {
      keep_pending(scope);
      if (state_of(united_, scope).said == Said::nothing) say_again(scope, Said::pending);
    } else if (either(scope, Said::opt_in)) {
      if (now == Said::nothing) say_again(scope, Said::opt_in);
    } else if (now == Said::opt_in) {
      opt_out(scope, act_.actor);  // what was refused in one ledger must not pass because of the other
    }
  }

  /// Only the person confirms; a merge does not.
  void keep_pending(TopicNumber scope) {
    std::optional<EventId> last;
    for (;;) {
      const ScopeState now = state_of(united_, scope);
      if (now.said != Said::opt_in) return;
      const ConsentEvent& raise = event(now.event);
      if (raise.actor == Actor::person && stands(scope, now.event)) return;
      if (raise.actor == Actor::person || last == now.event) return opt_out(scope, act_.actor);
      last = now.event;
      ConsentEvent waits = new_event(scope, Action::pending);
      waits.at = effective_time(raise);
      if (*waits.at == beginning_of_time) waits.at.reset();
      append(waits);
    }
  }

  /// The words behind what stands with one of the two; of both, those said first.
  void say_again(TopicNumber scope, Said said) {
    if (united_.standing.erased) return;  // only the person's confirmation counts there
    std::optional<ConsentEvent> words;
    for (const Permission* permission : {&one_, &two_}) {
      const ScopeState& state = state_of(*permission, scope);
      if (state.said != said) continue;
      ConsentEvent again = event(state.event);
      again.valid_until = state.valid_until;
      const auto order = [](const ConsentEvent& e) { return std::tuple(effective_time(e), e.id); };
      if (!words || order(again) < order(*words)) words = again;
    }
    const ConsentEvent blank = new_event(scope, words->action);
    words->id = blank.id;
    words->channel = blank.channel;
    words->at = blank.at;
    words->recorded_at = blank.recorded_at;
    words->clamped = false;
    append(*words);
    if (state_of(united_, scope).said == said) return;
    all_.pop_back();  // an objector of the other's forbids it: words without effect need no record
    united_ = fold(all_);
  }

  void settle(SuppressionReason reason) {
    if (!act_.says_again && united_.standing.suppressed(reason)) return;
    if (!one_.standing.suppressed(reason) && !two_.standing.suppressed(reason)) return;
    ConsentEvent event = new_event(everything_scope, Action::suppressed);
    event.suppression = reason;
    append(event);
  }

  [[nodiscard]] bool stands(TopicNumber scope, const EventId& id) const {
    return state_of(one_, scope).event == id || state_of(two_, scope).event == id;
  }

  [[nodiscard]] const ConsentEvent& event(const EventId& id) const {
    return *std::ranges::find(all_, id, &ConsentEvent::id);
  }

  void opt_out(TopicNumber scope, Actor actor) {
    ConsentEvent event = new_event(scope, Action::opt_out);
    event.actor = actor;
    append(event);
  }

  [[nodiscard]] ConsentEvent new_event(TopicNumber scope, Action action) const {
    ConsentEvent event;
    event.id = EventId(make_uuid_v7(at_));
    event.contact = act_.into;
    event.topic = scope;
    event.action = action;
    event.actor = act_.actor;
    event.channel = Channel::merge;
    event.at = event.recorded_at = at_;
    return event;
  }

  void append(const ConsentEvent& event) {
    all_.push_back(event);
    united_ = fold(all_);
  }

  MergeAct act_;
  Permission one_;
  Permission two_;
  std::vector<ConsentEvent> all_;
  std::size_t kept_;
  Permission united_;
  Time at_;
};

}  // namespace

std::vector<ConsentEvent> merged_events(std::span<const ConsentEvent> kept, std::span<const ConsentEvent> other,
                                        const MergeAct& act) {
  return Merge(kept, other, act).appended();
}

}  // namespace mailroll
