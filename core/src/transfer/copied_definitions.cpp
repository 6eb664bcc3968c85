#include "transfer/copied_definitions.hpp"

#include <algorithm>
#include <functional>

namespace mailroll::detail {
namespace {

/// Puts what the target does not hold as the source does.
template <typename Noun, typename Put>
void put_missing(const std::vector<Noun>& source, const std::vector<Noun>& target, Put put) {
  for (const Noun& noun : source) {
    if (std::ranges::find(target, noun) == target.end()) put(noun);
  }
}

template <typename Noun, typename Key, typename Remove>
void each_gone(const std::vector<Noun>& source, const std::vector<Noun>& target, Key key, Remove remove) {
  for (const Noun& noun : target) {
    if (std::ranges::find(source, std::invoke(key, noun), key) == source.end()) remove(noun);
  }
}

/// What the source has no longer, after a copy that was interrupted.
void remove_gone(const TeamDefinitions& wanted, Session& target, TeamNumber team) {
  const TeamDefinitions found = read_definitions(target, team);
  each_gone(wanted.segments, found.segments, &Segment::number,
            [&](const Segment& segment) { target.remove_segment(team, segment.number); });
  // Aliases go with their segment alone, so that it comes anew where it is still there.
  each_gone(wanted.audience_aliases, found.audience_aliases, &AudienceAlias::text,
            [&](const AudienceAlias& alias) { target.remove_segment(team, alias.segment); });
  each_gone(wanted.topics, found.topics, &Topic::number,
            [&](const Topic& topic) { target.remove_topic(team, topic.number); });
  each_gone(wanted.properties, found.properties, &PropertyDefinition::key,
            [&](const PropertyDefinition& property) { target.remove_property(team, property.key); });
  for (const auto& [name, value] : found.settings) {
    if (!wanted.settings.contains(name)) target.put_setting(team, name, std::nullopt);
  }
}

}  // namespace

TeamDefinitions read_definitions(Session& session, TeamNumber team) {
  TeamDefinitions found{.settings = session.settings(team),
                        .unfinished_runs = session.runs(team),
                        .segments = session.segments(team),
                        .topics = session.topics(team),
                        .properties = session.properties(team),
                        .audience_aliases = session.audience_aliases(team),
                        .broadcasts = session.broadcasts(team)};
  // Positions are those of one store's log: the other brings its members up to date by itself.
  for (Segment& segment : found.segments) {
    if (segment.materialised) segment.materialised = MaterialisedMembers{};
  }
  std::erase_if(found.unfinished_runs, [](const Run& run) { return run.finished_at || run.kind == "copy"; });
  std::ranges::sort(found.unfinished_runs, {}, &Run::id);
  return found;
}

void count_definitions(CopyCounts& counts, const TeamDefinitions& definitions) {
  counts.settings += definitions.settings.size();
  counts.unfinished_runs += definitions.unfinished_runs.size();
  counts.segments += definitions.segments.size();
  counts.topics += definitions.topics.size();
  counts.properties += definitions.properties.size();
  counts.audience_aliases += definitions.audience_aliases.size();
  counts.broadcasts += definitions.broadcasts.size();
}

std::int32_t highest_number(const TeamDefinitions& definitions) {
  std::int32_t highest = 0;
  const auto see = [&highest](auto number) { highest = std::max(highest, number_of(number)); };
  for (const Segment& segment : definitions.segments) see(segment.number);
  for (const Topic& topic : definitions.topics) see(topic.number);
  for (const AudienceAlias& alias : definitions.audience_aliases) {
    see(alias.segment);
    see(alias.topic);
  }
  for (const Broadcast& broadcast : definitions.broadcasts) {
    see(broadcast.number);
    see(broadcast.segment);
    see(broadcast.topic);
  }
  return highest;
}

void copy_definitions(Session& source, Session& target, TeamNumber team) {
  const TeamDefinitions wanted = read_definitions(source, team);
  remove_gone(wanted, target, team);
  const TeamDefinitions found = read_definitions(target, team);
  put_missing(wanted.segments, found.segments, [&](const Segment& segment) { target.put_segment(team, segment); });
  put_missing(wanted.topics, found.topics, [&](const Topic& topic) { target.put_topic(team, topic); });
  put_missing(wanted.properties, found.properties,
              [&](const PropertyDefinition& property) { target.put_property(team, property); });
  put_missing(wanted.audience_aliases, found.audience_aliases,
              [&](const AudienceAlias& alias) { target.put_audience_alias(team, alias); });
  put_missing(wanted.broadcasts, found.broadcasts,
              [&](const Broadcast& broadcast) { target.put_broadcast(team, broadcast); });
  put_missing(source.runs(team), target.runs(team), [&](const Run& run) { target.put_run(team, run); });
  for (const auto& [name, value] : wanted.settings) {
    const auto there = found.settings.find(name);
    if (there == found.settings.end() || there->second != value) target.put_setting(team, name, value);
  }
}

}  // namespace mailroll::detail
