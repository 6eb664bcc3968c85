#include "store/retired_ids.hpp"

#include <utility>

#include "store/moved_person.hpp"

namespace mailroll::detail {

std::optional<Person> adopt(Session& session, TeamNumber team, const OpenKeys& keys, const EmailAddress& address,
                            const ContactId& id, const std::function<void(const ChangeSet&)>& write) {
  const NewId now{id, keys.signing.key.id, address_key_version()};
  std::optional<Person> adopted;
  for (const TeamHashKey& retired : keys.retired) {
    const ContactId old = retired.hash(address.key());
    if (write) session.lock(team, old);
    const Person from = session.person(team, old, Parts::all());
    if (!holds_anything(from)) continue;
    if (from.contact && adopted && adopted->contact) continue;  // two identities are for people to judge
    const Person to = adopted ? *std::move(adopted) : session.person(team, id, Parts::all());
    ChangeSet changes;
    adopted = add_move(session, team, from, to, now, changes);
    if (write) write(changes);
  }
  if (adopted && write) walk_again(session, team);
  return adopted;
}

std::vector<Alias> aliases_of_retired_ids(Session& session, TeamNumber team, const OpenKeys& keys,
                                          const EmailAddress& address, const ContactId& id) {
  std::vector<Alias> aliases;
  for (const TeamHashKey& retired : keys.retired) {
    std::string text = to_string(retired.hash(address.key()));
    if (session.find_alias(team, text).empty()) aliases.push_back({std::move(text), id});
  }
  return aliases;
}

}  // namespace mailroll::detail
