/// The ids that retired hash keys give an address: whoever is under them comes to the id under the key that signs, and the
/// ids go on to lead there. Where there is but one key, nothing here costs anything.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "mailroll/address/email_address.hpp"
#include "mailroll/store/store.hpp"
#include "roll/keyring.hpp"

namespace mailroll::detail {

/// Brings everything that is held of the address under retired keys to `id`, the one under the key that signs, where there
/// is no profile yet. Answers what is there then, with all parts; nothing where nothing was to be brought. `write` is given
/// what makes it so, one move after the other; empty: it is only worked out.
std::optional<Person> adopt(Session& session, TeamNumber team, const OpenKeys& keys, const EmailAddress& address,
                            const ContactId& id, const std::function<void(const ChangeSet&)>& write);

/// The aliases by which the address's ids under retired keys lead to `id`: links may have been made of them while the
/// address had no row. Without those that lead to somebody already.
std::vector<Alias> aliases_of_retired_ids(Session& session, TeamNumber team, const OpenKeys& keys,
                                          const EmailAddress& address, const ContactId& id);

}  // namespace mailroll::detail
