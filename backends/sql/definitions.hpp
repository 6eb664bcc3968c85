/// The small tables, over SOCI: teams, keys, settings, runs, and a team's segments, topics, properties and audience aliases. The
/// functions do what Session promises under the same names, in the transaction that is open; they throw what SOCI throws.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/dialect.hpp"

namespace soci {
class session;
}

namespace mailroll::detail {

class Definitions {
 public:
  Definitions(soci::session& session, const Dialect& dialect) : session_(session), dialect_(dialect) {}

  std::vector<Team> teams();
  Team add_team(const Uuid& id, std::string_view name, Time at);
  std::int32_t take_numbers(TeamNumber team, std::int32_t count);

  void put_key(const StoredKey& key);
  std::map<std::string, std::string> settings(TeamNumber team);
  void put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value);
  std::vector<Run> runs(TeamNumber team);
  void put_run(TeamNumber team, const Run& run);

  void put_segment(TeamNumber team, const Segment& segment);
  void remove_segment(TeamNumber team, SegmentNumber segment);
  void put_topic(TeamNumber team, const Topic& topic);
  void remove_topic(TeamNumber team, TopicNumber topic);
  std::vector<PropertyDefinition> properties(TeamNumber team);
  void put_property(TeamNumber team, const PropertyDefinition& property);
  void remove_property(TeamNumber team, std::string_view key);
  std::vector<AudienceAlias> audience_aliases(TeamNumber team);
  void put_audience_alias(TeamNumber team, const AudienceAlias& alias);

 private:
  soci::session& session_;
  const Dialect& dialect_;
};

}  // namespace mailroll::detail
