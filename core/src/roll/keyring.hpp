/// Hash keys kept outside the store.
#pragma once

#include <string>
#include <vector>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// The keys of the environment's MAILROLL_KEYS, else of the file, else none. Lines `hash ID HEX`; blank lines and lines that
/// start with # are skipped. Invalid, naming the line, where a line is another; storage (lost_key) where the file cannot
/// be read.
std::vector<HashKey> read_keyring(const std::string& file);

/// The key that new ids are computed under, of a store that has been used: the newest one, from the store itself or from
/// outside. storage, lost_key where its secret is nowhere or the one given is another.
HashKey signing_key(const std::vector<StoredKey>& stored, const std::vector<HashKey>& outside);

}  // namespace mailroll::detail
