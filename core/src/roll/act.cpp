#include <algorithm>

#include "consent/person_acts.hpp"
#include "mailroll/consent/fold.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/bearer.hpp"
#include "roll/evidence.hpp"
#include "roll/lookup.hpp"
#include "roll/page_request.hpp"

namespace mailroll {
namespace {

using detail::Bearer;
using detail::PageRequest;
using detail::PersonsChange;
using detail::PersonsChanges;
using detail::Wish;

Error not_fresh() {
  return {ErrorKind::refused,
          "this link is too old for that, though it still unsubscribes; use the one in the newest mail",
          {{"reason", "not_fresh"}}};
}

Error undo_expired() {
  return {ErrorKind::refused,
          "this cannot be taken back any more; choose on the page instead",
          {{"reason", "undo_expired"}}};
}

bool is_erased(const Standing& standing) { return standing.erased; }

/// One act. Whatever it changes, under however many ids, is of one time, by which it can be taken back.
class Act {
 public:
  Act(detail::RollState& roll, Session& session, Bearer& bearer, const PageRequest& request, const Evidence& evidence)
      : roll_(roll), session_(session), bearer_(bearer), request_(request), evidence_(evidence), time_(roll.clock()) {
    constexpr std::chrono::microseconds next(1);
    for (const Person& person : bearer.people) {
      if (const auto& last = person.permission.standing.last_event) time_ = std::max(time_, *last + next);
      for (const ConsentEvent& event : person.events) time_ = std::max(time_, event.recorded_at + next);
    }
  }

  /// `undo`: the token of the act to take back, where that is wished.
  ActOutcome run(const std::optional<Token>& undo) {
    if (request_.wish == Wish::confirm) return confirm();
    const TopicNumber scope = request_.wish == Wish::leave ? bearer_.scope() : everything_scope;
    if (request_.wish == Wish::leave || request_.wish == Wish::leave_all) {
      apply([&](const Person& person) { return detail::leaving(person.permission, scope); });
      return scope == everything_scope ? ActOutcome::left_all : ActOutcome::left;
    }
    if (bearer_.all_are(is_erased)) return ActOutcome::left_all;  // they get nothing, and are asked nothing
    if (request_.wish == Wish::save) {
      apply([&](const Person& person) {
        return detail::saving(person.permission, bearer_.topics, request_.shown, request_.ticked, time_);
      });
      return ActOutcome::saved;
    }
    if (request_.wish == Wish::come_back) {
      apply([&](const Person& person) { return detail::coming_back(person.permission); });
      return ActOutcome::came_back;
    }
    take_back(*undo);
    return ActOutcome::undone;
  }

  [[nodiscard]] const std::vector<ConsentEvent>& events() const { return events_; }

  /// A token that takes this act back; nothing where there is nothing to take back.
  [[nodiscard]] std::optional<std::string> undo_token() const {
    const Person& self = bearer_.self();
    if (request_.wish == Wish::undo || request_.wish == Wish::confirm || bearer_.moved) return std::nullopt;
    if (self.permission.standing.erased) return std::nullopt;
    if (detail::taking_back(self.events, bearer_.topics, time_, time_).empty()) return std::nullopt;
    Token token;
    token.purpose = Purpose::undo;
    token.reference = timed_reference(time_);
    return detail::signed_token(roll_, token, self);
  }

 private:
  /// To everybody whom the token means; refused as a whole where it would raise and must not.
  template <typename Changes>
  void apply(Changes changes) {
    std::vector<PersonsChanges> all;
    all.reserve(bearer_.people.size());
    for (const Person& person : bearer_.people) all.push_back(changes(person));
    const auto raises = [](const PersonsChange& change) { return change.action != Action::opt_out; };
    for (const PersonsChanges& one : all) {
      if (std::ranges::any_of(one, raises) && !bearer_.may_raise()) throw not_fresh();
    }
    for (std::size_t i = 0; i < all.size(); ++i) record(bearer_.people[i], all[i]);
  }

  void take_back(const Token& undo) {
    const bool in_time = roll_.clock() - reference_time(*undo.reference) <= undo_minutes;
    Person& self = bearer_.people.front();
    if (!in_time || bearer_.moved || undo.epoch != static_cast<std::uint16_t>(self.link_epoch)) throw undo_expired();
    record(self, detail::taking_back(self.events, bearer_.topics, reference_time(*undo.reference), time_));
  }

  ActOutcome confirm() {
    Person& self = bearer_.people.front();
    const ConsentEvent* request = detail::waiting_request(bearer_);
    if (request == nullptr) {
      if (!detail::is_confirmed(bearer_)) throw not_fresh();
      return ActOutcome::confirmed;
    }
    ConsentEvent event = event_of(self, {request->topic, Action::opt_in, request->valid_until});
    event.evidence = evidence_;
    if (!request->basis.empty()) event.basis = request->basis;
    if (answer_raise(self.permission, event) != RaiseAnswer::raises) return ActOutcome::confirmed;
    if (!self.contact) make_profile(self);
    append(self, {event});
    return ActOutcome::confirmed;
  }

  /// Whoever was erased left no address; the page may ask for it again.
  void make_profile(Person& self) {
    const std::optional<EmailAddress> given = EmailAddress::parse(request_.email);
    if (!given || find_person(roll_, session_, *given, {}).id != self.id) return;
    ChangeSet changes;
    changes.contacts.push_back(detail::new_contact(roll_, *given, self.id));
    session_.write(roll_.team.number, changes);
    self.contact = changes.contacts.front();
  }

  void record(Person& person, const PersonsChanges& changes) {
    std::vector<ConsentEvent> made;
    for (const PersonsChange& change : changes) made.push_back(event_of(person, change));
    if (!made.empty()) append(person, std::move(made));
  }

  void append(Person& person, std::vector<ConsentEvent> made) {
    person.permission = detail::append_events(roll_, session_, person.id, made, person);
    person.events.insert(person.events.end(), made.begin(), made.end());
    events_.insert(events_.end(), made.begin(), made.end());
  }

  [[nodiscard]] ConsentEvent event_of(const Person& person, const PersonsChange& change) const {
    ConsentEvent event;
    event.id = EventId(make_uuid_v7(time_));
    event.contact = person.id;
    event.topic = change.scope;
    event.action = change.action;
    event.actor = Actor::person;
    event.channel = request_.channel;
    event.at = event.recorded_at = time_;
    event.valid_until = change.valid_until;
    const auto topic = std::ranges::find(bearer_.topics, change.scope, &Topic::number);
    if (change.action == Action::opt_in && topic != bearer_.topics.end()) event.basis = topic->basis;
    // Of the erased nothing is kept that tells who they are.
    if (!person.permission.standing.erased) event.evidence = evidence_;
    return event;
  }

  detail::RollState& roll_;
  Session& session_;
  Bearer& bearer_;
  const PageRequest& request_;
  const Evidence& evidence_;
  Time time_;
  std::vector<ConsentEvent> events_;
};

}  // namespace

ActResult Roll::act(std::string_view token, const FormFields& body, const Evidence& evidence) {
  const Token believed = detail::believed(*state_, token, {Purpose::leave, Purpose::confirm});
  const PageRequest request = detail::read_page_request(body, believed.purpose);
  // A link that confirms must not opt out whom it was to bring in.
  if (believed.purpose == Purpose::confirm && request.wish != Wish::confirm)
    detail::disbelieve(*state_, "wrong_purpose");
  std::optional<Token> undo;
  if (request.wish == Wish::undo) {
    undo = detail::believed(*state_, request.undo, {Purpose::undo});
  }
  if (!request.body_ok) state_->log("a body was not understood, and taken for an opt-out: body_ok=false");
  const Evidence kept = detail::clipped_evidence(evidence);
  return state_->write([&](Session& session) {
    Bearer bearer = detail::bearer_of(*state_, session, believed, true);
    if (undo && undo->contact != believed.contact && undo->contact != bearer.token.contact) {
      detail::disbelieve(*state_, "other_person");
    }
    Act act(*state_, session, bearer, request, kept);
    ActResult result;
    result.outcome = act.run(undo);
    result.events = act.events();
    result.body_ok = request.body_ok;
    result.preferences = detail::preferences_of(*state_, bearer);
    result.preferences.undo = act.undo_token();
    result.kept_everything = result.preferences.unsubscribed && result.outcome != ActOutcome::left_all;
    return result;
  });
}

}  // namespace mailroll
