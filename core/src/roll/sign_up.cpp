#include "consent/person_acts.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/bearer.hpp"
#include "roll/lookup.hpp"
#include "roll/permission_options.hpp"

namespace mailroll {
namespace {

void check_sign_up(const PermissionOptions& options, std::chrono::seconds valid_for) {
  const auto invalid = [](const char* message, const char* reason) {
    return Error(ErrorKind::invalid, message, {{"reason", reason}});
  };
  if (options.by) throw invalid("a sign-up is recorded as the caller's, until the person confirms it", "actor");
  if (!options.override_reason.empty()) {
    throw invalid("a sign-up that waits for the person overrides nothing", "override");
  }
  if (options.at) throw invalid("a sign-up that waits for the person happens now", "at");
  if (valid_for < std::chrono::minutes(1) || valid_for > fresh_days) {
    throw invalid("a confirmation lives from 1 minute to 30 days", "valid_for");
  }
}

}  // namespace

Confirmation Roll::subscribe_to_confirm(std::string_view email, const Scope& scope, const PermissionOptions& options,
                                        std::chrono::seconds valid_for) {
  const EmailAddress address(email);
  check_sign_up(options, valid_for);
  const PermissionOptions checked = detail::checked_raising(*state_, options, scope);
  return state_->write([&](Session& session) {
    std::optional<Topic> topic;
    if (scope.topic) topic = detail::find_topic(*state_, session, *scope.topic);
    Person person = detail::lock_person(*state_, session, address, {.events = true, .link_epoch = true});
    Confirmation made;
    const Time now = state_->clock();
    if (detail::is_in_already(person.permission, person.contact.has_value(), topic ? &*topic : nullptr, now)) {
      return made;
    }
    if (!person.contact && !person.permission.standing.erased) {
      ChangeSet changes;
      changes.contacts.push_back(detail::new_contact(*state_, address, person.id));
      session.write(state_->team.number, changes);
      person.contact = changes.contacts.front();
    }
    ConsentEvent event = detail::live_event(*state_, person.id, topic ? topic->number : everything_scope,
                                            Action::pending, person.permission.standing);
    event.channel = checked.channel.value_or(Channel::form);
    event.valid_until = checked.valid_until;
    event.basis = !checked.basis.empty() || !topic ? checked.basis : topic->basis;
    event.evidence = checked.evidence;
    if (person.permission.standing.erased) {
      // Somebody typed the address; until its owner confirms, nothing is kept that tells who it was.
      event.evidence.ip.clear();
      event.evidence.user_agent.clear();
      event.evidence.note.clear();
    }
    detail::append_events(*state_, session, person.id, {event}, person);

    made.expires_at = event.recorded_at + valid_for;
    Token token;
    token.purpose = Purpose::confirm;
    if (topic) token.topic = topic->id;
    token.reference = timed_reference(made.expires_at, event.id);
    made.token = detail::signed_token(*state_, token, person, address);
    made.pending = std::move(event);
    return made;
  });
}

}  // namespace mailroll
