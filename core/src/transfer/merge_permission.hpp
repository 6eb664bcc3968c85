/// What the rows' statements change about a contact's permission, as things stand.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/consent/standing.hpp"
#include "mailroll/store/person.hpp"
#include "transfer/merge_rules.hpp"
#include "transfer/statements.hpp"

namespace mailroll::detail {

struct MergedPermission {
  std::vector<ConsentEvent> events;  ///< new ones
  Permission after;                  ///< fold of what is stored and these
  std::uint64_t raised = 0;
  std::uint64_t kept_opted_out = 0;  ///< scopes
  std::uint64_t kept_removed = 0;
  bool left_to_topics = false;
  bool unsubscribed = false;  ///< from everything, and the input asks for it

  void clear();
};

/// `stored` is the person with events and permission, or one with nothing in it.
void merge_permission(const Statements& statements, const Person& stored, const MergeRules& rules,
                      MergedPermission& out);

}  // namespace mailroll::detail
