/// What a team has defined, in the stores of a copy.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mailroll/store/store.hpp"
#include "mailroll/transfer/copy.hpp"

namespace mailroll::detail {

/// All that is not about people, as it is compared at the end of a copy.
struct TeamDefinitions {
  std::map<std::string, std::string> settings;
  std::vector<Run> unfinished_runs;  ///< but copies; by id
  std::vector<Segment> segments;
  std::vector<Topic> topics;
  std::vector<PropertyDefinition> properties;
  std::vector<AudienceAlias> audience_aliases;
  std::vector<Broadcast> broadcasts;

  bool operator==(const TeamDefinitions&) const = default;
};

TeamDefinitions read_definitions(Session& session, TeamNumber team);

void count_definitions(CopyCounts& counts, const TeamDefinitions& definitions);

/// The highest number of a segment, topic or broadcast that is defined or was, and is still named; 0 where there is none.
std::int32_t highest_number(const TeamDefinitions& definitions);

/// Makes the definitions and runs of the target those of the source, in the transaction that is open.
void copy_definitions(Session& source, Session& target, TeamNumber team);

}  // namespace mailroll::detail
