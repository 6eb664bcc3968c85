#include <algorithm>

#include "audience/people_meant.hpp"
#include "mailroll/consent/decide.hpp"
#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

/// The latest removal of the profile; nil where it was never removed.
EventId latest_removal(const std::vector<ConsentEvent>& events) {
  const ConsentEvent* latest = nullptr;
  for (const ConsentEvent& event : events) {
    if (event.action != Action::removed) continue;
    if (latest == nullptr || effective_time(*latest) < effective_time(event)) latest = &event;
  }
  return latest == nullptr ? EventId{} : latest->id;
}

/// The event behind an answer; nil where a default or an absence decided.
EventId deciding_event(Reason reason, const Person& person, const ScopeState& choice) {
  const Standing& standing = person.permission.standing;
  switch (reason) {
    case Reason::erased:
    case Reason::suppressed_complaint:
    case Reason::suppressed_bounce:
    case Reason::suppressed_manual: return standing.blocked_by;
    case Reason::unsubscribed:
    case Reason::subscribed: return standing.everything.event;
    case Reason::unconfirmed: return choice.said == Said::pending ? choice.event : standing.everything.event;
    case Reason::topic_opted_out:
    case Reason::consent_expired:
    case Reason::topic_opted_in: return choice.event;
    case Reason::not_found: return latest_removal(person.events);
    case Reason::not_in_segment:
    case Reason::transactional:
    case Reason::topic_default_opt_out:
    case Reason::topic_default_opt_in: return {};
  }
  return {};
}

Verdict judge(detail::RollState& roll, Session& session, const Who& who, std::optional<Topic> topic,
              const std::optional<detail::People>& among, bool transactional, const std::optional<Time>& at) {
  Verdict verdict;
  verdict.topic = std::move(topic);
  if (among) verdict.segment = among->segment;
  verdict.incomplete = roll.incomplete(session);
  verdict.as_of = at;
  Person person;
  std::vector<Person> people = detail::find_people(roll, session, who, {.segments = among.has_value(), .events = true});
  if (!people.empty()) person = detail::only(std::move(people));
  // Profile, topics and membership are today's: so is what a filter asks for.
  const bool member = !among || among->contains(person, roll.clock());
  if (at) {
    std::erase_if(person.events, [&](const ConsentEvent& event) { return event.recorded_at > *at; });
    person.permission = fold(person.events);
  }
  verdict.id = person.id;
  if (person.contact) verdict.email = person.contact->email;
  Mail mail{.transactional = transactional, .topic_default = {}, .at = at.value_or(roll.clock())};
  ScopeState choice;
  if (verdict.topic) {
    mail.topic_default = verdict.topic->default_subscription;
    choice = person.permission.choice(verdict.topic->number);
  }
  verdict.reason = decide(person.contact.has_value(), member, person.permission.standing, choice, mail);
  verdict.receives = receives(verdict.reason);
  const EventId behind = deciding_event(verdict.reason, person, choice);
  const auto found = std::find_if(person.events.begin(), person.events.end(),
                                  [&](const ConsentEvent& known) { return known.id == behind; });
  if (found != person.events.end()) verdict.event = *found;
  return verdict;
}

}  // namespace

Verdict Roll::explain(const Who& who, const TopicRef& topic, const std::optional<SegmentRef>& segment,
                      const std::optional<Time>& at) const {
  return state_->read([&](Session& session) {
    std::optional<Topic> about;
    if (topic.text) about = detail::find_topic(*state_, session, topic);
    std::optional<detail::People> among;
    if (segment) among = detail::find_people_meant(*state_, session, *segment);
    return judge(*state_, session, who, std::move(about), among, false, at);
  });
}

Verdict Roll::explain_transactional(const Who& who, const std::optional<Time>& at) const {
  return state_->read([&](Session& session) { return judge(*state_, session, who, {}, {}, true, at); });
}

}  // namespace mailroll
