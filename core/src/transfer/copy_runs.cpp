#include "transfer/copy_runs.hpp"

#include <algorithm>

#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

constexpr std::string_view kind = "copy";

bool is_open_copy(const Run& run) { return run.kind == kind && !run.finished_at; }

[[noreturn]] void not_empty() {
  throw Error(ErrorKind::conflict,
              "the target holds something already that is not an unfinished copy of this source; nothing was written: "
              "copy into a new store (nothing has to be made in it before)",
              {{"reason", "target_not_empty"}});
}

[[noreturn]] void in_use() {
  throw Error(ErrorKind::conflict,
              "somebody else writes to the target while it is copied to; use it when the copy has ended, and begin "
              "again with a new target where somebody has opted out in this one",
              {{"reason", "target_in_use"}});
}

bool same_key(const StoredKey& a, const StoredKey& b) {
  return a.kind == b.kind && a.id == b.id && a.fingerprint == b.fingerprint;
}

}  // namespace

CopyRuns::CopyRuns(Session& source) : teams_(source.teams()), keys_(source.keys()) {
  if (teams_.empty()) {
    throw Error(ErrorKind::not_found, "the source holds no team: there is nothing to copy; is its address right?",
                {{"reason", "empty_source"}});
  }
  for (const Team& team : teams_) {
    if (!std::ranges::any_of(source.runs(team.number), is_open_copy)) continue;
    throw Error(
        ErrorKind::conflict,
        "the source is itself a copy that has not ended; complete that one first, with the command that began it",
        {{"reason", "source_incomplete"}});
  }
}

CopyTarget CopyRuns::look_at(Session& target) const {
  const std::vector<Team> teams = target.teams();
  const std::vector<StoredKey> keys = target.keys();
  if (teams.empty() && keys.empty()) return CopyTarget::empty;
  if (teams.empty()) not_empty();
  for (const StoredKey& key : keys) {
    if (std::ranges::none_of(keys_, [&](const StoredKey& ours) { return same_key(ours, key); })) not_empty();
  }
  bool unfinished = false;
  for (const Team& team : teams) {
    if (std::ranges::find(teams_, team) == teams_.end()) not_empty();
    const std::vector<Run> runs = target.runs(team.number);
    if (std::ranges::none_of(runs,
                             [&](const Run& run) { return run.kind == kind && run.source == to_string(team.id); }))
      not_empty();
    unfinished = unfinished || std::ranges::any_of(runs, is_open_copy);
  }
  return unfinished ? CopyTarget::unfinished : CopyTarget::complete;
}

void CopyRuns::begin(Session& target, Time now) {
  if (look_at(target) == CopyTarget::complete) in_use();  // another copy was quicker
  const std::vector<StoredKey> there = target.keys();
  for (const StoredKey& key : keys_) {
    if (std::ranges::find(there, key) == there.end()) target.put_key(key);
  }
  for (const Team& team : teams_) add_team(target, team, now);
}

void CopyRuns::add_team(Session& target, const Team& team, Time now) {
  const std::vector<Team> there = target.teams();
  if (std::ranges::find(there, team) == there.end()) {
    const Team added = target.add_team(team.id, team.name, team.created_at);
    if (added.number != team.number) {
      throw Error(
          ErrorKind::conflict,
          "the numbers of the source's teams have gaps, and links name teams by number: the target would number "
          "them anew; nothing was written",
          {{"reason", "team_numbers"}});
    }
  }
  const std::vector<Run> runs = target.runs(team.number);
  const auto open = std::ranges::find_if(runs, is_open_copy);
  if (open != runs.end()) {
    runs_[team.number] = *open;
    return;
  }
  const Run run{RunId(make_uuid_v7(now)), std::string(kind), to_string(team.id), now, std::nullopt};
  target.put_run(team.number, run);
  runs_[team.number] = run;
}

void CopyRuns::require_undisturbed(Session& target, TeamNumber team) const {
  const RunId& ours = runs_.at(team).id;
  const std::vector<Run> runs = target.runs(team);
  const auto run = std::ranges::find(runs, ours, &Run::id);
  if (run == runs.end() || run->finished_at || !target.outbox(team, {}, 1).empty()) in_use();
}

void CopyRuns::finish(Session& target, Time now) {
  for (auto& [team, run] : runs_) {
    run.finished_at = now;
    target.put_run(team, run);
  }
}

}  // namespace mailroll::detail
