/// A team: the owner of everything; nothing crosses teams.
#pragma once

#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

struct Team {
  TeamNumber number{};
  Uuid id;           ///< UUIDv7; part of what contact ids are computed from
  std::string name;  ///< unique in a store; 1 to 100 characters
  Time created_at{};

  bool operator==(const Team&) const = default;
};

}  // namespace mailroll
