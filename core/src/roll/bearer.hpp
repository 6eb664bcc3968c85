/// Whoever comes with a token: what the token says, and what the store holds on the person it names.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "mailroll/consent/token.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/roll/links.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

/// The token, where it is right, of this team and of one of the purposes, and (confirm) not expired. Else the one constant
/// refusal, reason invalid_token, and a precise word for the log. Call it outside a transaction.
Token believed(RollState& roll, std::string_view text, std::initializer_list<Purpose> purposes);

/// Signs for the person, from today: `token` needs its purpose, topic and reference. `given`: the address, where there is no
/// profile to take it from.
std::string signed_token(const RollState& roll, Token token, const Person& person,
                         const std::optional<EmailAddress>& given = {});

/// Refuses as `believed` does; `why` goes to the log alone.
[[noreturn]] void disbelieve(const RollState& roll, std::string_view why);

struct Bearer {
  Token token;
  std::vector<Person> people;    ///< the token's own id first, then the contacts that have its person now
  std::vector<Topic> topics;     ///< all of the team, by number
  std::optional<Topic> topic;    ///< the token's own; nothing: everything, or it is gone
  bool moved = false;            ///< the person is another contact by now: the token may only leave
  bool of_this_epoch = false;    ///< false: links as old as this were taken back
  bool of_this_address = false;  ///< the mail went to the address that is held now
  bool fresh = false;            ///< issued at most fresh_days ago

  [[nodiscard]] const Person& self() const { return people.front(); }
  /// What the token opts out of. Where its topic is gone: of everything, the strictest reading of leaving.
  [[nodiscard]] TopicNumber scope() const { return topic ? topic->number : everything_scope; }
  /// May read what the page shows of the person.
  [[nodiscard]] bool may_see() const { return !moved && of_this_epoch && of_this_address; }
  [[nodiscard]] bool may_raise() const { return may_see() && fresh && !self().permission.standing.erased; }
  /// Of those who get the mail now, is everybody so?
  template <typename Holds>
  [[nodiscard]] bool all_are(Holds holds) const {
    for (const Person& person : people) {
      if (moved && &person == &people.front()) continue;
      if (!holds(person.permission.standing)) return false;
    }
    return true;
  }
};

/// Finds the person. `lock`: takes the write locks of all ids, and has looked for them behind these.
Bearer bearer_of(RollState& roll, Session& session, const Token& token, bool lock);

/// What the page shows of it, without `undo`.
Preferences preferences_of(const RollState& roll, const Bearer& bearer);

/// The pending event that a confirm token is of, where it may be confirmed still. It stands in the bearer.
const ConsentEvent* waiting_request(const Bearer& bearer);
/// Whether a confirm token has nothing to do any more, since its scope is opted in.
bool is_confirmed(const Bearer& bearer);

}  // namespace mailroll::detail
