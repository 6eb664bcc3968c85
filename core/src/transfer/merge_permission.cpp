#include "transfer/merge_permission.hpp"

#include <algorithm>

#include "mailroll/consent/fold.hpp"

namespace mailroll::detail {
namespace {

bool knows(const Person& stored, const EventId& event) {
  // Events are read in the order of their ids.
  const auto place = std::ranges::lower_bound(stored.events, event, {}, &ConsentEvent::id);
  return place != stored.events.end() && place->id == event;
}

void add(const ConsentEvent& event, const Person& stored, const MergeRules& rules, std::vector<ConsentEvent>& events) {
  if (knows(stored, event.id)) return;
  events.push_back(event);
  // Somebody acted since the input was read: what it says without a date was said before that.
  const bool acted_since =
      stored.permission.standing.last_event && *stored.permission.standing.last_event > rules.read_at;
  if (event.action == Action::opt_out && !event.at && acted_since)
    events.back().at = std::min(rules.read_at, rules.now);
}

Permission fold_all(const Person& stored, const std::vector<ConsentEvent>& events) {
  if (stored.events.empty()) return fold(events);
  std::vector<ConsentEvent> all = stored.events;
  all.insert(all.end(), events.begin(), events.end());
  return fold(all);
}

bool has_opt_in(const Permission& permission) {
  return std::ranges::any_of(permission.choices,
                             [](const Choice& choice) { return choice.state.said == Said::opt_in; });
}

/// The audience had another topic once, which was deleted; an opt-out from that one holds for its successor too.
bool left_earlier_topic(const Statement& opt_in, const Person& stored, const Permission& now) {
  if (opt_in.audience == nullptr) return false;
  return std::ranges::any_of(stored.events, [&](const ConsentEvent& event) {
    return event.topic != everything_scope && event.topic != opt_in.event.topic &&
           event.source == opt_in.audience->source && now.choice(event.topic).said == Said::opt_out;
  });
}

}  // namespace

void MergedPermission::clear() {
  events.clear();
  raised = kept_opted_out = kept_removed = 0;
  left_to_topics = unsubscribed = false;
}

void merge_permission(const Statements& statements, const Person& stored, const MergeRules& rules,
                      MergedPermission& out) {
  out.clear();
  for (const ConsentEvent& opt_out : statements.opt_outs) add(opt_out, stored, rules, out.events);
  Permission now = fold_all(stored, out.events);

  bool asks_for_all = statements.left_everything;
  if (statements.left_all) {
    const bool known = statements.left_all_event && knows(stored, statements.left_all_event->id);
    if (statements.left_all_event && (known || !has_opt_in(now))) {
      asks_for_all = true;
      if (!known) {
        add(*statements.left_all_event, stored, rules, out.events);
        now = fold_all(stored, out.events);
      }
    } else {
      out.left_to_topics = !now.standing.unsubscribed();
    }
  }

  bool raises = false;
  for (const Statement& opt_in : statements.opt_ins) {
    if (left_earlier_topic(opt_in, stored, now)) {
      ++out.kept_opted_out;
      continue;
    }
    switch (answer_raise(now, opt_in.event)) {
      case RaiseAnswer::raises:
        out.events.push_back(opt_in.event);
        ++out.raised;
        raises = true;
        break;
      case RaiseAnswer::no_change: break;
      case RaiseAnswer::kept_opted_out:
      case RaiseAnswer::kept_pending:
      case RaiseAnswer::kept_erased: ++out.kept_opted_out; break;
      case RaiseAnswer::kept_removed: ++out.kept_removed; break;
    }
  }
  out.after = raises ? fold_all(stored, out.events) : std::move(now);
  out.unsubscribed = asks_for_all && out.after.standing.unsubscribed();

  // Rows that are silent about leaving do not bring back whoever has left everything; say so where no topic did.
  if (!asks_for_all && !statements.left_all && statements.opt_ins.empty() && out.after.standing.unsubscribed()) {
    ++out.kept_opted_out;
  }
}

}  // namespace mailroll::detail
