#include <algorithm>

#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t longest_reason = 2000;

const ScopeState& state_of(const Permission& permission, TopicNumber scope) {
  return scope == everything_scope ? permission.standing.everything : permission.choice(scope);
}

TopicNumber scope_number(detail::RollState& roll, Session& session, const Scope& scope) {
  return scope.topic ? detail::find_topic(roll, session, *scope.topic).number : everything_scope;
}

Error refusal(RaiseAnswer answer, const Permission& now, TopicNumber scope, Actor actor) {
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
  const bool by_person =
      state_of(now, scope).objectors.has(Actor::person) || now.standing.everything.objectors.has(Actor::person);
  if (by_person) {
    return {ErrorKind::refused,
            actor == Actor::operator_
                ? "this person opted out; only they can come back, or staff with a written reason (an override)"
                : "this person opted out; only they can come back, through their preference page",
            {{"reason", "person_opted_out"}}};
  }
  return {ErrorKind::refused,
          "an opt-out stands that this caller cannot lift; staff can (operator)",
          {{"reason", "opted_out"}}};
}

ConsentEvent lower(detail::RollState& roll, Session& session, const Person& before, TopicNumber scope,
                   const PermissionOptions& options) {
  const ContactId& id = before.id;
  ConsentEvent event = detail::live_event(roll, id, scope, Action::opt_out, before.permission.standing);
  if (options.by) {
    event.actor = *options.by;
    if (*options.by == Actor::person) event.channel = Channel::phone;
  }
  event.evidence = options.evidence;
  const ScopeState& now = state_of(before.permission, scope);
  if (now.said == Said::opt_out && now.objectors.has(event.actor)) {
    const auto standing = std::find_if(before.events.begin(), before.events.end(),
                                       [&](const ConsentEvent& known) { return known.id == now.event; });
    if (standing != before.events.end()) return *standing;
  }
  detail::append_events(roll, session, id, {event}, before);
  return event;
}

std::optional<ConsentEvent> raise(detail::RollState& roll, Session& session, const Person& before, TopicNumber scope,
                                  const PermissionOptions& options) {
  ConsentEvent event = detail::live_event(roll, before.id, scope, Action::opt_in, before.permission.standing);
  event.reason = options.override_reason;
  event.evidence = options.evidence;
  // Staff who give a reason where none is needed have not overridden anything.
  if (!event.reason.empty()) {
    ConsentEvent plain = event;
    plain.reason.clear();
    if (answer_raise(before.permission, plain) != RaiseAnswer::kept_opted_out) event.reason.clear();
  }
  const RaiseAnswer answer = answer_raise(before.permission, event);
  if (answer == RaiseAnswer::no_change) return std::nullopt;
  // Coming back from everything when nothing was ever said there would only record words.
  if (scope == everything_scope && before.permission.standing.everything.said == Said::nothing) return std::nullopt;
  if (answer != RaiseAnswer::raises) throw refusal(answer, before.permission, scope, event.actor);
  detail::append_events(roll, session, before.id, {event}, before);
  return event;
}

void check_options(const detail::RollState& roll, const PermissionOptions& options) {
  if (options.by && *options.by != roll.actor && *options.by != Actor::person) {
    throw Error(ErrorKind::invalid, "an opt-out is recorded as the caller's or as the person's, nobody else's",
                {{"reason", "actor"}});
  }
  if (options.by == Actor::person && options.evidence.note.empty()) {
    throw Error(ErrorKind::invalid, "an opt-out recorded as the person's needs evidence: how they said so",
                {{"reason", "evidence_missing"}});
  }
  if (!options.override_reason.empty() && roll.actor != Actor::operator_) {
    throw Error(ErrorKind::refused, "only staff (actor operator) may override an opt-out", {{"reason", "override"}});
  }
  if (!options.override_reason.empty()) {
    detail::checked_name(options.override_reason, longest_reason, "reason of an override");
  }
  if (!options.evidence.note.empty()) detail::checked_name(options.evidence.note, longest_reason, "evidence");
}

Person existing_person(detail::RollState& roll, Session& session, const Who& who) {
  Person person = detail::lock_person(roll, session, who, {.events = true});
  if (!person.contact) {
    if (person.permission.standing.erased) {
      throw refusal(RaiseAnswer::kept_erased, person.permission, everything_scope, roll.actor);
    }
    throw Error(ErrorKind::not_found, "there is no such contact", {{"reason", "contact_not_found"}});
  }
  return person;
}

}  // namespace

ConsentEvent Roll::unsubscribe(const Who& who, const Scope& scope, const PermissionOptions& options) {
  check_options(*state_, options);
  return state_->write([&](Session& session) {
    const TopicNumber number = scope_number(*state_, session, scope);
    const std::vector<Person> people = detail::lock_people(*state_, session, who, {.events = true});
    if (people.empty()) {
      throw Error(ErrorKind::not_found, "there is no contact with that id", {{"reason", "contact_not_found"}});
    }
    // An old id that several contacts claim leaves for all of them.
    std::optional<ConsentEvent> first;
    for (const Person& person : people) {
      ConsentEvent event = lower(*state_, session, person, number, options);
      if (!first) first = std::move(event);
    }
    return *first;
  });
}

std::optional<ConsentEvent> Roll::resubscribe(const Who& who, const Scope& scope, const PermissionOptions& options) {
  check_options(*state_, options);
  return state_->write([&](Session& session) {
    const TopicNumber number = scope_number(*state_, session, scope);
    return raise(*state_, session, existing_person(*state_, session, who), number, options);
  });
}

std::optional<ConsentEvent> Roll::subscribe(std::string_view email, const TopicRef& topic,
                                            const PermissionOptions& options) {
  const EmailAddress address(email);
  check_options(*state_, options);
  return state_->write([&](Session& session) {
    const Topic chosen = detail::find_topic(*state_, session, topic);
    Person person = detail::lock_person(*state_, session, address, {.events = true});
    if (!person.contact) {
      if (person.permission.standing.erased) {
        throw refusal(RaiseAnswer::kept_erased, person.permission, chosen.number, state_->actor);
      }
      ChangeSet changes;
      changes.contacts.push_back(detail::new_contact(*state_, address, person.id));
      session.write(state_->team.number, changes);
      person.contact = changes.contacts.front();
    }
    return raise(*state_, session, person, chosen.number, options);
  });
}

std::optional<ConsentEvent> Roll::choose(const Who& who, const TopicRef& topic, Subscription choice,
                                         const PermissionOptions& options) {
  if (choice == Subscription::opt_in) return resubscribe(who, Scope(topic), options);
  return unsubscribe(who, Scope(topic), options);
}

}  // namespace mailroll
