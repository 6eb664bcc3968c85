/// The runs of a copy: what says that a target is one, of which source, and whether it has ended.
#pragma once

#include <map>
#include <vector>

#include "mailroll/store/store.hpp"
#include "mailroll/transfer/copy.hpp"

namespace mailroll::detail {

class CopyRuns {
 public:
  /// Throws Error(not_found) where the source holds no team, conflict (source_incomplete) where it is no whole store.
  explicit CopyRuns(Session& source);

  [[nodiscard]] const std::vector<Team>& teams() const { return teams_; }  ///< of the source
  [[nodiscard]] const std::vector<StoredKey>& keys() const { return keys_; }

  /// What the target is. Throws Error(conflict, target_not_empty) where it is anything else.
  CopyTarget look_at(Session& target) const;
  /// Inside a write transaction: keys, teams and their runs, where the target does not have them.
  void begin(Session& target, Time now);
  /// Inside a write transaction, before anything is written to a team: throws Error(conflict, target_in_use) where the run
  /// has been finished by somebody else, or an act of somebody has lowered permission in the target.
  void require_undisturbed(Session& target, TeamNumber team) const;
  /// Inside a write transaction: the end.
  void finish(Session& target, Time now);

 private:
  void add_team(Session& target, const Team& team, Time now);

  std::vector<Team> teams_;
  std::vector<StoredKey> keys_;
  std::map<TeamNumber, Run> runs_;
};

}  // namespace mailroll::detail
