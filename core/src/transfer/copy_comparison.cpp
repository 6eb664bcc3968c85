#include "transfer/copy_comparison.hpp"

#include <algorithm>

#include "transfer/copied_definitions.hpp"
#include "transfer/copied_people.hpp"
#include "transfer/copy_counts.hpp"

namespace mailroll::detail {

void CopyComparison::read(Session& source, Session& target, const std::function<void(std::uint64_t)>& tell) {
  const std::vector<StoredKey> keys = source.keys();
  const std::vector<StoredKey> target_keys = target.keys();
  source_.keys = keys.size();
  target_.keys = target_keys.size();
  others_not_alike_ += keys == target_keys ? 0 : 1;
  const std::vector<Team> teams = source.teams();
  const std::vector<Team> target_teams = target.teams();
  source_.teams = teams.size();
  target_.teams = target_teams.size();
  others_not_alike_ += teams == target_teams ? 0 : 1;
  for (const Team& team : teams) {
    source_digest_.add_team(team.id);
    const auto there = std::ranges::find(target_teams, team.number, &Team::number);
    if (there != target_teams.end()) target_digest_.add_team(there->id);
    read_team(source, target, team.number, tell);
  }
}

void CopyComparison::read_team(Session& source, Session& target, TeamNumber team,
                               const std::function<void(std::uint64_t)>& tell) {
  const TeamDefinitions definitions = read_definitions(source, team);
  const TeamDefinitions target_definitions = read_definitions(target, team);
  count_definitions(source_, definitions);
  count_definitions(target_, target_definitions);
  others_not_alike_ += definitions == target_definitions ? 0 : 1;
  std::int32_t highest = detail::highest_number(definitions);

  PeopleSideBySide people(team);
  do {
    people.next(source, target);
    people.visit([&](const Person* in_source, const Person* in_target) {
      if (in_source != nullptr) {
        count_person(source_, *in_source);
        source_digest_.add(*in_source);
        highest = std::max(highest, detail::highest_number(*in_source));
      }
      if (in_target != nullptr) {
        count_person(target_, *in_target);
        target_digest_.add(*in_target);
      }
      if (in_source == nullptr || in_target == nullptr || *in_source != *in_target) ++people_not_alike_;
    });
    tell(source_.people);
  } while (!people.at_end());
  highest_[team] = highest;
  add(compare_feeds(source, target, team), &CopyCounts::feed);
}

void CopyComparison::read_outboxes(Session& source, Session& target) {
  for (const Team& team : source.teams()) add(compare_outboxes(source, target, team.number), &CopyCounts::outbox);
}

void CopyComparison::add(const ListsCompared& lists, std::uint64_t CopyCounts::*part) {
  source_.*part += lists.in_source;
  target_.*part += lists.in_target;
  others_not_alike_ += lists.same ? 0 : 1;
}

bool CopyComparison::same() const {
  return source_ == target_ && people_not_alike_ == 0 && others_not_alike_ == 0 &&
         source_digest_.hex() == target_digest_.hex();
}

std::string CopyComparison::differences() const {
  std::string text;
  const auto say = [&text](std::string_view what) {
    if (!text.empty()) text += ", ";
    text += what;
  };
  const auto in_source = named(source_);
  const auto in_target = named(target_);
  for (std::size_t part = 0; part < in_source.size(); ++part) {
    if (in_source[part] == in_target[part]) continue;
    say(in_source[part].first);
    text.append(" ").append(std::to_string(in_source[part].second));
    text.append(" and ").append(std::to_string(in_target[part].second));
  }
  if (people_not_alike_ > 0) {
    say("people not alike ");
    text += std::to_string(people_not_alike_);
  }
  if (others_not_alike_ > 0) {
    say("other parts not alike ");
    text += std::to_string(others_not_alike_);
  }
  if (source_digest_.hex() != target_digest_.hex()) say("the digests of permission");
  return text;
}

std::int32_t CopyComparison::highest_number(TeamNumber team) const {
  const auto found = highest_.find(team);
  return found == highest_.end() ? 0 : found->second;
}

}  // namespace mailroll::detail
