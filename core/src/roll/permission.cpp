#include <algorithm>

#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/lookup.hpp"
#include "roll/permission_options.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

/// What is read of a person before they are changed.
constexpr Parts parts{.events = true, .leases = true};

const ScopeState& state_of(const Permission& permission, TopicNumber scope) {
  return scope == everything_scope ? permission.standing.everything : permission.choice(scope);
}

/// Of everything there is no topic.
std::optional<Topic> topic_of(detail::RollState& roll, Session& session, const Scope& scope) {
  if (!scope.topic) return std::nullopt;
  return detail::find_topic(roll, session, *scope.topic);
}

TopicNumber number_of(const std::optional<Topic>& topic) { return topic ? topic->number : everything_scope; }

Error refusal(RaiseAnswer answer, const Permission& now, const ConsentEvent& event) {
  if (answer == RaiseAnswer::kept_erased) {
    return {ErrorKind::refused,
            "this person was erased and is left alone; only they can come back, by a confirmed sign-up",
            {{"reason", "suppressed_erased"}}};
  }
  if (answer == RaiseAnswer::kept_pending) {
    return {ErrorKind::refused,
            "this choice waits for the person to confirm it; nobody else can",
            {{"reason", "unconfirmed"}}};
  }
  if (answer == RaiseAnswer::kept_removed) {
    return {ErrorKind::refused,
            "the contact was removed after that time, which ended what was opted in before",
            {{"reason", "removed"}}};
  }
  const bool by_person =
      state_of(now, event.topic).objectors.has(Actor::person) || now.standing.everything.objectors.has(Actor::person);
  const char* reason = by_person ? "person_opted_out" : "opted_out";
  if (event.at != event.recorded_at) {
    return {
        ErrorKind::refused, "an opt-out stands that this does not lift, from then or after it", {{"reason", reason}}};
  }
  if (by_person) {
    return {ErrorKind::refused,
            event.actor == Actor::operator_
                ? "this person opted out; only they can come back, or staff with a written reason (an override)"
                : "this person opted out; only they can come back, through their preference page",
            {{"reason", reason}}};
  }
  return {
      ErrorKind::refused, "an opt-out stands that this caller cannot lift; staff can (operator)", {{"reason", reason}}};
}

/// The opt-out that says all that `event` would: it stands, by the same actor, and is no later.
const ConsentEvent* known_opt_out(const Person& before, const ConsentEvent& event) {
  const ScopeState& now = state_of(before.permission, event.topic);
  const bool stands = now.said == Said::opt_out && now.objectors.has(event.actor);
  for (const ConsentEvent& known : before.events) {
    if (stands && known.id == now.event && effective_time(known) <= effective_time(event)) return &known;
    // What was reported with its time and is reported again.
    const bool same_act = known.topic == event.topic && known.action == event.action && known.actor == event.actor;
    if (same_act && known.at == event.at) return &known;
  }
  return nullptr;
}

ConsentEvent lower(detail::RollState& roll, Session& session, const Person& before, TopicNumber scope,
                   const PermissionOptions& options) {
  const ContactId& id = before.id;
  ConsentEvent event = detail::live_event(roll, id, scope, Action::opt_out, before.permission.standing, options.at);
  if (options.by) {
    event.actor = *options.by;
    if (*options.by == Actor::person) event.channel = Channel::phone;
  }
  if (options.channel) event.channel = *options.channel;
  event.evidence = options.evidence;
  if (const ConsentEvent* known = known_opt_out(before, event)) return *known;
  detail::append_events(roll, session, id, {event}, before, parts);
  return event;
}

std::optional<ConsentEvent> raise(detail::RollState& roll, Session& session, const Person& before,
                                  const std::optional<Topic>& topic, const PermissionOptions& options) {
  const TopicNumber scope = number_of(topic);
  ConsentEvent event =
      detail::live_event(roll, before.id, scope, Action::opt_in, before.permission.standing, options.at);
  if (options.channel) event.channel = *options.channel;
  event.valid_until = options.valid_until;
  event.basis = options.basis.empty() && topic ? topic->basis : options.basis;
  event.reason = options.override_reason;
  event.evidence = options.evidence;
  // Staff who give a reason where none is needed have not overridden anything.
  if (!event.reason.empty()) {
    ConsentEvent plain = event;
    plain.reason.clear();
    if (answer_raise(before.events, plain) != RaiseAnswer::kept_opted_out) event.reason.clear();
  }
  const RaiseAnswer answer = answer_raise(before.events, event);
  if (answer == RaiseAnswer::no_change) return std::nullopt;
  // Coming back from everything when nothing was ever said there would only record words.
  if (scope == everything_scope && before.permission.standing.everything.said == Said::nothing) return std::nullopt;
  if (answer != RaiseAnswer::raises) throw refusal(answer, before.permission, event);
  detail::append_events(roll, session, before.id, {event}, before, parts);
  return event;
}

/// Whoever leaves by an address that they gave up does not want mail under the new one: as by a link to it.
void add_survivors(detail::RollState& roll, Session& session, std::vector<Person>& people) {
  Parts read = parts;
  read.contact = read.permission = true;
  const std::vector<Person> named = people;
  for (const Person& person : named) {
    if (person.contact) continue;
    for (const ContactId& id : detail::lock_bearers(session, roll.team.number, to_string(person.id))) {
      if (std::ranges::find(people, id, &Person::id) != people.end()) continue;
      people.push_back(session.person(roll.team.number, id, read));
    }
  }
}

Error erased_refusal() { return refusal(RaiseAnswer::kept_erased, {}, {}); }

Person existing_person(detail::RollState& roll, Session& session, const Who& who) {
  Person person = detail::lock_person(roll, session, who, parts);
  if (!person.contact) {
    if (person.permission.standing.erased) {
      throw erased_refusal();
    }
    throw Error(ErrorKind::not_found, "there is no such contact", {{"reason", "contact_not_found"}});
  }
  return person;
}

}  // namespace

ConsentEvent Roll::unsubscribe(const Who& who, const Scope& scope, const PermissionOptions& options) {
  const PermissionOptions checked = detail::checked_lowering(*state_, options);
  return state_->write([&](Session& session) {
    const TopicNumber number = number_of(topic_of(*state_, session, scope));
    std::vector<Person> people = detail::lock_people(*state_, session, who, parts);
    if (people.empty()) {
      throw Error(ErrorKind::not_found, "there is no contact with that id", {{"reason", "contact_not_found"}});
    }
    add_survivors(*state_, session, people);
    // An old id that several contacts claim leaves for all of them.
    std::optional<ConsentEvent> first;
    for (const Person& person : people) {
      ConsentEvent event = lower(*state_, session, person, number, checked);
      if (!first) first = std::move(event);
    }
    return *first;
  });
}

std::optional<ConsentEvent> Roll::resubscribe(const Who& who, const Scope& scope, const PermissionOptions& options) {
  const PermissionOptions checked = detail::checked_raising(*state_, options, scope);
  return state_->write([&](Session& session) {
    const std::optional<Topic> topic = topic_of(*state_, session, scope);
    return raise(*state_, session, existing_person(*state_, session, who), topic, checked);
  });
}

std::optional<ConsentEvent> Roll::subscribe(std::string_view email, const TopicRef& topic,
                                            const PermissionOptions& options) {
  const EmailAddress address(email);
  const PermissionOptions checked = detail::checked_raising(*state_, options, Scope(topic));
  return state_->write([&](Session& session) {
    const Topic chosen = detail::find_topic(*state_, session, topic);
    Person person = detail::lock_person(*state_, session, address, parts);
    if (!person.contact) {
      if (person.permission.standing.erased) {
        throw erased_refusal();
      }
      ChangeSet changes;
      changes.contacts.push_back(detail::new_contact(*state_, address, person.id));
      session.write(state_->team.number, changes);
      person.contact = changes.contacts.front();
    }
    return raise(*state_, session, person, chosen, checked);
  });
}

std::optional<ConsentEvent> Roll::choose(const Who& who, const TopicRef& topic, Subscription choice,
                                         const PermissionOptions& options) {
  if (choice == Subscription::opt_in) return resubscribe(who, Scope(topic), options);
  return unsubscribe(who, Scope(topic), options);
}

}  // namespace mailroll
