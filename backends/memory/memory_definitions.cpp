// What a team has defined: the part of a memory session about segments, topics, properties and old audiences.
#include "memory/memory_session.hpp"

namespace mailroll::detail {

std::vector<Segment> MemorySession::segments(TeamNumber team) { return values_of(team_of(team)->segments); }

void MemorySession::put_segment(TeamNumber team, const Segment& segment) {
  changing([&] { own(team).segments[segment.number] = segment; });
}

void MemorySession::remove_segment(TeamNumber team, SegmentNumber segment) {
  changing([&] {
    MemoryTeam& in = own(team);
    in.segments.erase(segment);
    std::erase_if(in.audience_aliases, [&](const auto& entry) { return entry.second.segment == segment; });
  });
}

std::vector<Topic> MemorySession::topics(TeamNumber team) { return values_of(team_of(team)->topics); }

void MemorySession::put_topic(TeamNumber team, const Topic& topic) {
  changing([&] { own(team).topics[topic.number] = topic; });
}

void MemorySession::remove_topic(TeamNumber team, TopicNumber topic) {
  changing([&] {
    MemoryTeam& in = own(team);
    in.topics.erase(topic);
    for (auto& [text, alias] : in.audience_aliases) {
      if (alias.topic == topic) alias.topic = everything_scope;
    }
  });
}

std::vector<PropertyDefinition> MemorySession::properties(TeamNumber team) {
  return values_of(team_of(team)->properties);
}

void MemorySession::put_property(TeamNumber team, const PropertyDefinition& property) {
  changing([&] { own(team).properties[property.key] = property; });
}

void MemorySession::remove_property(TeamNumber team, std::string_view key) {
  changing([&] { own(team).properties.erase(std::string(key)); });
}

std::vector<AudienceAlias> MemorySession::audience_aliases(TeamNumber team) {
  return values_of(team_of(team)->audience_aliases);
}

void MemorySession::put_audience_alias(TeamNumber team, const AudienceAlias& alias) {
  changing([&] { own(team).audience_aliases[alias.text] = alias; });
}

}  // namespace mailroll::detail
