/// One short text for what all people of a store allow, to tell whether two stores agree.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mailroll/consent/standing.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/store/person.hpp"

namespace mailroll::detail {

/// BLAKE2b-256 over teams and people in the order in which they are added: teams by number, people by id.
///
/// A team is its 16 id bytes. A person is the 16 id bytes and the fold of their events: standing (scope, erased,
/// suppressions, blocked_by, last_event, removed_at), the number of choices, and each choice (topic, scope). A scope is
/// said, objectors, by_override, valid_until, event. Numbers are 8 bytes, the lowest first; an id is its 16 bytes; an
/// optional time is 0 or 1, and the time in microseconds (0 where there is none).
class PermissionDigest {
 public:
  PermissionDigest();
  PermissionDigest(const PermissionDigest&) = delete;
  PermissionDigest& operator=(const PermissionDigest&) = delete;
  ~PermissionDigest();

  void add_team(const Uuid& id);
  /// Needs the person's events, and looks at nothing else: what is stored beside them is not trusted.
  void add(const Person& person);
  /// 64 lower-case hex digits. More can be added after it.
  [[nodiscard]] std::string hex() const;

 private:
  void add_number(std::int64_t number);
  void add_id(const Uuid& id);
  void add_time(const std::optional<Time>& time);
  void add_scope(const ScopeState& scope);
  void flush();

  struct State;
  std::unique_ptr<State> state_;
  std::string waiting_;  // few large updates are faster than many small ones
};

}  // namespace mailroll::detail
