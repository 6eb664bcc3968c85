/// Two stores read side by side, part by part: what a copy is proved by.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "mailroll/error.hpp"
#include "mailroll/store/store.hpp"
#include "mailroll/transfer/copy.hpp"
#include "transfer/copied_feed.hpp"
#include "transfer/permission_digest.hpp"

namespace mailroll::detail {

class CopyComparison {
 public:
  /// Reads source and target in bounded memory: keys, teams, and of each team everything but the outbox.
  /// `tell(people of the source so far)` is called after each page.
  void read(Session& source, Session& target, const std::function<void(std::uint64_t)>& tell);
  void read_outboxes(Session& source, Session& target);

  /// Nothing that was read differs.
  [[nodiscard]] bool same() const;
  /// What differs, in words and numbers, never whom it is about: "events 10 and 9, people not alike 1".
  [[nodiscard]] std::string differences() const;

  [[nodiscard]] const CopyCounts& source() const { return source_; }
  [[nodiscard]] std::uint64_t people_not_alike() const { return people_not_alike_; }
  [[nodiscard]] std::string digest() const { return source_digest_.hex(); }
  /// The highest number of a segment, topic or broadcast that the team's source names anywhere; 0: none.
  [[nodiscard]] std::int32_t highest_number(TeamNumber team) const;

 private:
  void read_team(Session& source, Session& target, TeamNumber team, const std::function<void(std::uint64_t)>& tell);
  void add(const ListsCompared& lists, std::uint64_t CopyCounts::*part);

  CopyCounts source_;
  CopyCounts target_;
  PermissionDigest source_digest_;
  PermissionDigest target_digest_;
  std::uint64_t people_not_alike_ = 0;
  std::uint64_t others_not_alike_ = 0;  // keys, definitions, lists
  std::map<TeamNumber, std::int32_t> highest_;
};

}  // namespace mailroll::detail
