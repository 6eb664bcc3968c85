/// The small tables, over SOCI: teams, keys, settings, runs, and a team's segments, topics, properties and audience aliases. The
/// functions do what Session promises under the same names, in the transaction that is open; they throw what SOCI throws.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/store/store.hpp"

namespace soci {
class session;
}

namespace mailroll::detail {

class Definitions {
 public:
  explicit Definitions(soci::session& session) : session_(session) {}

  std::vector<Team> teams();
  Team add_team(const Uuid& id, std::string_view name, Time at);
  std::int32_t take_numbers(TeamNumber team, std::int32_t count);

  std::vector<StoredKey> keys();
  void put_key(const StoredKey& key);
  std::map<std::string, std::string> settings(TeamNumber team);
  void put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value);
  std::vector<Run> runs(TeamNumber team);
  void put_run(TeamNumber team, const Run& run);

  std::vector<Segment> segments(TeamNumber team);
  void put_segment(TeamNumber team, const Segment& segment);
  void remove_segment(TeamNumber team, SegmentNumber segment);
  std::vector<Topic> topics(TeamNumber team);
  void put_topic(TeamNumber team, const Topic& topic);
  void remove_topic(TeamNumber team, TopicNumber topic);
  std::vector<PropertyDefinition> properties(TeamNumber team);
  void put_property(TeamNumber team, const PropertyDefinition& property);
  void remove_property(TeamNumber team, std::string_view key);
  std::vector<AudienceAlias> audience_aliases(TeamNumber team);
  void put_audience_alias(TeamNumber team, const AudienceAlias& alias);

 private:
  soci::session& session_;
};

}  // namespace mailroll::detail
