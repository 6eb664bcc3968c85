/// The keys of a store: what is kept in it, and what is given from outside.
#pragma once

#include <memory>
#include <optional>
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
  std::string file;  ///< the keyring file; "" where none was named
};

/// The keys of the environment's MAILROLL_KEYS, else of the file, else none. Lines `hash ID HEX` and `link ID HEX`; blank
/// lines and lines that start with # are skipped. Invalid, naming the line, where a line is another; storage (lost_key)
/// where the file cannot be read.
OutsideKeys read_keyring(const std::string& file);

/// The keys of a file, whatever the environment has.
OutsideKeys read_key_file(const std::string& file);

/// What tokens are signed and read with.
struct LinkKeys {
  TokenKey signing;
  TokenKeys all;  ///< without those whose secret nobody gives: tokens under them are of an unknown key
};

/// A hash key, ready for one team.
struct TeamHashKey {
  HashKey key;
  ContactIdHash hash;
};

/// The keys of an open store as one team uses them. Never changed: other keys are another object.
struct OpenKeys {
  std::vector<StoredKey> stored;  ///< what this was made of
  OutsideKeys outside;
  TeamHashKey signing;               ///< new ids are computed under it
  std::vector<TeamHashKey> retired;  ///< ids under these may still be held; newest first
  std::shared_ptr<const LinkKeys> links;
};

/// From the store itself and from outside. storage, lost_key, naming the key, where the secret of a hash key or of the link
/// key that signs is nowhere, or the one given is another.
std::shared_ptr<const OpenKeys> open_keys(const std::vector<StoredKey>& stored, const OutsideKeys& outside,
                                          const Uuid& team);

/// The secret of a key, from the store or from outside; nothing where it is in neither. storage, lost_key where the one
/// there is another.
std::optional<KeySecret> find_secret(const StoredKey& key, const OutsideKeys& outside);

/// Whether the secret is at hand, or no longer wanted: of a revoked key.
bool is_given(const StoredKey& key, const OutsideKeys& outside);

/// `keys` again, from what the store has now: `keys` itself where that is the same. Secrets that were known stay known;
/// the keyring is read again only for one that was not. Errors as of read_keyring and open_keys.
std::shared_ptr<const OpenKeys> reopen_keys(const std::shared_ptr<const OpenKeys>& keys, std::vector<StoredKey> stored,
                                            const Uuid& team);

}  // namespace mailroll::detail
