#include "transfer/statements.hpp"

#include <algorithm>

#include "mailroll/address/contact_id.hpp"

namespace mailroll::detail {
namespace {

/// Of opt-outs that are about no single audience.
constexpr const char* all_audiences = "audiences";

ConsentEvent statement(const Speaker& speaker, TopicNumber topic, Action action, const std::string& source,
                       std::optional<Time> at, const MergeRules& rules) {
  ConsentEvent event;
  event.contact = speaker.id();
  event.topic = topic;
  event.action = action;
  event.actor = action == Action::opt_out ? Actor::person : Actor::import;
  event.channel = rules.channel();
  event.source = source;
  event.recorded_at = rules.now;
  event.at = at;
  // A dated opt-out is a statement of its own; its source stays short, since stores keep each source once.
  event.id = speaker.event_id(topic, at ? source + '@' + format_time(*at) : source, action);
  clamp_future(event);
  return event;
}

/// On the basis of its topic. The event's id does not depend on it: a basis that is changed later makes no second statement.
ConsentEvent opt_in(const Speaker& speaker, TopicNumber topic, const std::string& basis, const std::string& source,
                    const MergeRules& rules) {
  ConsentEvent event = statement(speaker, topic, Action::opt_in, source, std::nullopt, rules);
  event.basis = basis;
  return event;
}

InAudience& audience_of(std::vector<InAudience>& audiences, AudienceIndex index) {
  const auto found = std::ranges::find(audiences, index, &InAudience::audience);
  if (found != audiences.end()) return *found;
  audiences.push_back({.audience = index, .dates = {}});
  return audiences.back();
}

void group_by_audience(std::span<const PreparedRow> rows, std::vector<InAudience>& audiences) {
  for (const PreparedRow& row : rows) {
    InAudience& in = audience_of(audiences, row.audience);
    if (!row.opt_out_only) ++in.rows;
    if (!row.unsubscribed) continue;
    in.unsubscribed = true;
    if (!row.unsubscribed_at)
      in.undated = true;
    else if (std::ranges::find(in.dates, *row.unsubscribed_at) == in.dates.end())
      in.dates.push_back(*row.unsubscribed_at);
  }
}

void add_opt_outs(const Speaker& speaker, TopicNumber topic, const std::string& source, const InAudience& in,
                  const MergeRules& rules, Statements& out) {
  if (in.undated) out.opt_outs.push_back(statement(speaker, topic, Action::opt_out, source, std::nullopt, rules));
  for (const Time date : in.dates) {
    out.opt_outs.push_back(statement(speaker, topic, Action::opt_out, source, date, rules));
  }
}

void state_import(const Speaker& speaker, const MergeRules& rules, Statements& out) {
  const InAudience& in = out.audiences.front();
  if (in.unsubscribed) {
    out.left_everything = true;
    add_opt_outs(speaker, everything_scope, rules.import_source, in, rules, out);
    return;
  }
  for (const ImportTopic& topic : rules.import_topics) {
    out.opt_ins.push_back({opt_in(speaker, topic.number, topic.basis, rules.import_source, rules), nullptr});
  }
}

/// The time at which the last of them was left; nothing where one of them does not say.
std::optional<Time> all_left_at(const std::vector<InAudience>& audiences) {
  std::optional<Time> latest;
  for (const InAudience& in : audiences) {
    if (in.undated || in.dates.empty()) return std::nullopt;
    latest = std::max(latest, std::optional(*std::ranges::max_element(in.dates)));
  }
  return latest;
}

void leave(const Speaker& speaker, const InAudience& in, UnsubscribedPolicy policy, const MergeRules& rules,
           Statements& out) {
  // Where a torn row no longer says what it left, the strictest reading holds.
  const bool unknown = in.audience == no_audience;
  const bool everything = unknown || policy == UnsubscribedPolicy::everything;
  const TopicNumber scope = everything ? everything_scope : rules.audiences[in.audience].topic;
  out.left_everything |= everything;
  add_opt_outs(speaker, scope, unknown ? all_audiences : rules.audiences[in.audience].source, in, rules, out);
}

void state_by_topics(const Speaker& speaker, const MergeRules& rules, Statements& out) {
  for (const InAudience& in : out.audiences) {
    if (in.unsubscribed) {
      leave(speaker, in, rules.policy, rules, out);
      continue;
    }
    const AudienceTarget& target = rules.audiences[in.audience];
    out.opt_ins.push_back({opt_in(speaker, target.topic, target.basis, target.source, rules), &target});
  }
  out.left_all = std::ranges::all_of(out.audiences, &InAudience::unsubscribed);
  if (out.left_all && rules.complete) {
    out.left_all_event =
        statement(speaker, everything_scope, Action::opt_out, all_audiences, all_left_at(out.audiences), rules);
  }
}

}  // namespace

void Statements::clear() {
  audiences.clear();
  opt_outs.clear();
  opt_ins.clear();
  left_all = left_everything = false;
  left_all_event.reset();
}

Speaker::Speaker(const ContactId& id, const Person& stored) : id_(id), stored_(stored) {
  if (stored.events.empty()) return;
  for (const std::string& alias : stored.aliases) {
    const std::optional<Uuid> former = parse_uuid(alias);
    if (former && former->bytes[6] >> 4 == 8) former_.emplace_back(*former);
  }
}

EventId Speaker::event_id(TopicNumber topic, const std::string& source, Action action) const {
  const auto number = static_cast<std::uint8_t>(action);
  for (const ContactId& former : former_) {
    const EventId id = derived_event_id(former, topic, source, number);
    if (std::ranges::binary_search(stored_.events, id, {}, &ConsentEvent::id)) return id;
  }
  return derived_event_id(id_, topic, source, number);
}

void read_statements(std::span<const PreparedRow> rows, const Speaker& speaker, const MergeRules& rules,
                     Statements& out) {
  out.clear();
  group_by_audience(rows, out.audiences);
  if (rules.import)
    state_import(speaker, rules, out);
  else if (rules.policy == UnsubscribedPolicy::topics)
    state_by_topics(speaker, rules, out);
  else
    state_strictly(speaker, rules, out);
}

void state_strictly(const Speaker& speaker, const MergeRules& rules, Statements& out) {
  for (const InAudience& in : out.audiences) {
    if (in.unsubscribed) leave(speaker, in, UnsubscribedPolicy::everything, rules, out);
  }
}

}  // namespace mailroll::detail
