#include "roll/bearer.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "address/masked_address.hpp"
#include "consent/person_acts.hpp"
#include "mailroll/error.hpp"
#include "roll/former_ids.hpp"
#include "roll/lock_found.hpp"
#include "roll/lookup.hpp"

namespace mailroll::detail {
namespace {

constexpr Parts held_parts{.contact = true, .permission = true};
constexpr std::size_t most_ids = 100;  // of one person; addresses change a few times in a life

std::variant<Token, TokenFault> read_token(RollState& roll, std::string_view text) {
  std::variant<Token, TokenFault> read = roll.link_keys()->all.read(text);
  if (const Token* token = std::get_if<Token>(&read)) {
    // Revoking must hold at once, also where another process did it.
    for (const StoredKey& key : roll.session()->keys()) {
      if (key.kind == KeyKind::link && key.id == token->key && key.state == KeyState::revoked) {
        return TokenFault::revoked_key;
      }
    }
  } else if (std::get<TokenFault>(read) == TokenFault::unknown_key && roll.reload_keys(*roll.session())) {
    return roll.link_keys()->all.read(text);
  }
  return read;
}

bool has_address_of(const RollState& roll, const Person& person, const Token& token) {
  if (!person.contact) return false;
  const std::optional<EmailAddress> address = EmailAddress::parse(person.contact->email);
  return address && roll.link_keys()->all.same_address(token, address->key());
}

/// The id, then whoever has its person now, by however many steps.
std::vector<ContactId> ids_of(const RollState& roll, Session& session, const ContactId& id) {
  std::vector<ContactId> ids{id};
  for (std::size_t i = 0; i < ids.size() && ids.size() < most_ids; ++i) {
    for (const ContactId& found : session.find_alias(roll.team.number, to_string(ids[i]))) {
      if (std::ranges::find(ids, found) == ids.end()) ids.push_back(found);
    }
  }
  return ids;
}

/// Where another key has taken the token's id away: what is held under other ids that its person had. Which of these is of
/// the token's address only a profile can tell, so the others are all among them.
std::vector<ContactId> other_ids_of(const RollState& roll, Session& session, const Token& token,
                                    const std::vector<ContactId>& ids) {
  std::vector<ContactId> others;
  if (ids.size() == 1 || is_held(session.person(roll.team.number, token.contact, held_parts))) return others;
  for (const ContactId& bearer : ids) {
    for (const std::string& alias : session.person(roll.team.number, bearer, {.aliases = true}).aliases) {
      if (!is_contact_id(alias) || others.size() >= most_ids) continue;
      const ContactId had(*parse_uuid(alias));
      const auto is_known = [&](const std::vector<ContactId>& all) { return std::ranges::find(all, had) != all.end(); };
      if (is_known(ids) || is_known(others)) continue;
      const Person person = session.person(roll.team.number, had, held_parts);
      if (is_held(person) && (!person.contact || has_address_of(roll, person, token))) others.push_back(had);
    }
  }
  return others;
}

struct Ids {
  std::vector<ContactId> ids;
  std::vector<ContactId> others;
};

Ids find_ids(const RollState& roll, Session& session, const Token& token) {
  Ids found{ids_of(roll, session, token.contact), {}};
  found.others = other_ids_of(roll, session, token, found.ids);
  return found;
}

/// The same, locked; looked for behind the lock of the token's own id, which whoever takes its person away has to take, too.
Ids lock_ids(const RollState& roll, Session& session, const Token& token) {
  session.lock(roll.team.number, token.contact);
  return lock_found(
      session, roll.team.number, {token.contact}, [&] { return find_ids(roll, session, token); },
      [](const Ids& found) {
        std::set<ContactId> all(found.ids.begin(), found.ids.end());
        all.insert(found.others.begin(), found.others.end());
        return all;
      });
}

/// Under another hash key the same address has another id, and nothing is left under the one in the token: whoever has the
/// address takes its place. Nothing may be written under that id either, or the next look would end there.
void follow_key(const RollState& roll, Bearer& bearer, std::vector<Person> others) {
  if (bearer.people.size() == 1 || is_held(bearer.self())) return;
  const auto same = std::ranges::find_if(
      bearer.people, [&](const Person& person) { return has_address_of(roll, person, bearer.token); });
  if (same != bearer.people.end()) {
    std::iter_swap(bearer.people.begin(), same);
    bearer.people.erase(same);
  } else if (!others.empty()) {
    bearer.people.erase(bearer.people.begin());
    bearer.people.insert(bearer.people.begin(), others.begin(), others.end());
  } else if (bearer.people.size() == 2 && !bearer.people.back().contact) {
    bearer.people.erase(bearer.people.begin());
  }
  bearer.token.contact = bearer.self().id;
}

bool is_fresh(const Token& token, Time now) {
  const std::chrono::days age = std::chrono::floor<std::chrono::days>(now) - token.issued;
  return age <= fresh_days && age >= std::chrono::days(-1);  // clocks differ by hours, not by more
}

}  // namespace

void disbelieve(const RollState& roll, std::string_view why) {
  roll.log("a link was not believed: " + std::string(why));
  throw Error(ErrorKind::refused, "this link is not valid; use the one in the newest mail, or ask for another",
              {{"reason", "invalid_token"}});
}

Token believed(RollState& roll, std::string_view text, std::initializer_list<Purpose> purposes) {
  const std::variant<Token, TokenFault> read = read_token(roll, text);
  if (const TokenFault* fault = std::get_if<TokenFault>(&read)) disbelieve(roll, to_string(*fault));
  const auto& token = std::get<Token>(read);
  if (token.team != roll.team.number) disbelieve(roll, "other_team");
  if (std::ranges::find(purposes, token.purpose) == purposes.end()) disbelieve(roll, "wrong_purpose");
  const bool timed = token.purpose == Purpose::confirm || token.purpose == Purpose::undo;
  if (timed && !token.reference) disbelieve(roll, "no_reference");
  if (token.purpose == Purpose::confirm && reference_time(*token.reference) <= roll.clock()) {
    disbelieve(roll, "expired");
  }
  return token;
}

Bearer bearer_of(RollState& roll, Session& session, const Token& token, bool lock) {
  Bearer bearer;
  bearer.token = token;
  const auto [ids, other_ids] = lock ? lock_ids(roll, session, token) : find_ids(roll, session, token);
  const auto read = [&](const std::vector<ContactId>& all) {
    std::vector<Person> people;
    people.reserve(all.size());
    for (const ContactId& id : all) {
      people.push_back(session.person(roll.team.number, id,
                                      {.contact = true, .permission = true, .events = true, .link_epoch = true}));
    }
    return people;
  };
  bearer.people = read(ids);
  bearer.topics = session.topics(roll.team.number);
  const auto topic = std::ranges::find_if(bearer.topics, [&](const Topic& one) { return one.id == token.topic; });
  if (topic != bearer.topics.end()) bearer.topic = *topic;

  // Whoever has a profile under the id again is somebody by themselves, whatever became of the one before.
  if (bearer.self().contact) bearer.people.resize(1);
  follow_key(roll, bearer, read(other_ids));
  const Person& self = bearer.self();
  bearer.moved = bearer.people.size() > 1;
  bearer.of_this_epoch = static_cast<std::uint16_t>(self.link_epoch) == token.epoch;
  bearer.of_this_address = has_address_of(roll, self, token);
  bearer.fresh = is_fresh(token, roll.clock());
  return bearer;
}

const ConsentEvent* waiting_request(const Bearer& bearer) {
  const bool here = bearer.self().contact ? bearer.of_this_address : true;
  if (bearer.moved || !bearer.of_this_epoch || !here) return nullptr;
  if (bearer.token.topic && !bearer.topic) return nullptr;
  return request_to_confirm(bearer.self().events, bearer.scope(), *bearer.token.reference);
}

bool is_confirmed(const Bearer& bearer) {
  if (bearer.moved || (bearer.token.topic && !bearer.topic)) return false;
  const Permission& now = bearer.self().permission;
  const ScopeState& state = bearer.topic ? now.choice(bearer.topic->number) : now.standing.everything;
  return !now.standing.erased && state.said == Said::opt_in;
}

Preferences preferences_of(const RollState& roll, const Bearer& bearer) {
  const Person& self = bearer.self();
  Preferences shown;
  shown.purpose = bearer.token.purpose;
  shown.contact = bearer.token.contact;
  shown.erased = bearer.all_are([](const Standing& standing) { return standing.erased; });
  shown.topic = bearer.topic;
  if (bearer.token.purpose == Purpose::confirm) {
    shown.waiting = waiting_request(bearer) != nullptr && !is_confirmed(bearer);
    if (shown.waiting) shown.erased = false;
  }
  if (shown.erased) {
    shown.topic.reset();
    return shown;
  }
  shown.unsubscribed = bearer.all_are([](const Standing& standing) { return standing.unsubscribed(); });
  shown.may_raise = bearer.may_raise() && bearer.token.purpose != Purpose::confirm;
  if (!bearer.may_see()) return shown;
  if (const std::optional<EmailAddress> address = EmailAddress::parse(self.contact->email)) {
    shown.masked_email = masked(*address);
  }
  if (bearer.token.purpose != Purpose::leave) return shown;
  for (const Topic& topic : bearer.topics) {
    const ScopeState& choice = self.permission.choice(topic.number);
    if (!is_shown(topic, choice)) continue;
    shown.topics.push_back({topic, receives_by_choice(topic, choice, roll.clock()), choice.said == Said::pending});
  }
  return shown;
}

}  // namespace mailroll::detail
