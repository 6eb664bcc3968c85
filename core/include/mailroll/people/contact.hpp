/// A contact: one person's address in a team.
#pragma once

#include <cstdint>
#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// The profile. Permission hangs on the id, not on this: it outlives the profile.
struct Contact {
  ContactId id;
  std::string email;       ///< delivery spelling (EmailAddress::delivery)
  std::string first_name;  ///< "" where unknown
  std::string last_name;   ///< "" where unknown
  Properties properties;
  Time created_at{};
  Time updated_at{};             ///< when name, spelling or a property last changed; not permission or membership
  std::int32_t key_version = 0;  ///< address_key_version() under which the id was computed
  std::int32_t hash_key = 1;     ///< HashKey::id under which the id was computed

  bool operator==(const Contact&) const = default;
};

}  // namespace mailroll
