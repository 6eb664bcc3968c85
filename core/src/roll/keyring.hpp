/// The keys of a store: what is kept in it, and what is given from outside.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/consent/token.hpp"
#include "mailroll/people/key.hpp"

namespace mailroll::detail {

/// Secrets that are kept outside the store.
struct OutsideKeys {
  std::vector<HashKey> hash;
  std::vector<LinkKey> link;
};

/// The keys of the environment's MAILROLL_KEYS, else of the file, else none. Lines `hash ID HEX` and `link ID HEX`; blank
/// lines and lines that start with # are skipped. Invalid, naming the line, where a line is another; storage (lost_key)
/// where the file cannot be read.
OutsideKeys read_keyring(const std::string& file);

/// The key that new ids are computed under, of a store that has been used, from the store itself or from outside.
/// storage, lost_key where its secret is nowhere or the one given is another.
HashKey signing_key(const std::vector<StoredKey>& stored, const OutsideKeys& outside);

/// What tokens are signed and read with.
struct LinkKeys {
  TokenKey signing;
  TokenKeys all;
};
/// Of one team. storage, lost_key where the signing key's secret is nowhere or another.
std::shared_ptr<const LinkKeys> link_keys(const std::vector<StoredKey>& stored, const OutsideKeys& outside,
                                          const Uuid& team);

}  // namespace mailroll::detail
