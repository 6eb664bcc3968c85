/// Whoever follows the log of changes: what is known of a team from it alone, and what the store says.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "mailroll/store/store.hpp"

namespace mailroll::conformance {

/// Of a contact id what the log tells; of standing and choices what decide() reads.
struct KnownPerson {
  bool profile = false;
  Standing standing;
  std::map<TopicNumber, ScopeState> choices;  ///< without ScopeState{}
  std::set<SegmentNumber> segments;

  bool operator==(const KnownPerson&) const = default;
};

class FollowedLog {
 public:
  /// Knows nobody yet, and stands at the beginning.
  explicit FollowedLog(TeamNumber team) : team_(team) {}

  /// Reads what is published behind the cursor, `page` changes at a time. Throws Broken where positions do not ascend.
  void read(Session& session, std::size_t page = 7);
  /// Publishes what waits, and reads it.
  void follow(Session& session);
  /// Throws Broken where what is known is not what the store says.
  void expect_current(Session& session, const char* when) const;

  [[nodiscard]] std::int64_t cursor() const { return cursor_; }
  [[nodiscard]] const std::vector<PersonChange>& last_read() const { return last_read_; }  ///< by read()

 private:
  void take(Session& session, const PersonChange& change);
  void read_again(Session& session, const IdRange& range);

  TeamNumber team_;
  std::int64_t cursor_ = 0;
  std::map<ContactId, KnownPerson> people_;
  std::vector<PersonChange> last_read_;
};

/// Publishes all that waits, `limit` at a time; how many.
std::size_t publish_all(Session& session, TeamNumber team, std::size_t limit = 5);

}  // namespace mailroll::conformance
