#include "sql/definitions.hpp"

#include <soci/soci.h>

#include "sql/rows.hpp"
#include "sql/statements/audience_aliases_sql.hpp"
#include "sql/statements/properties_sql.hpp"
#include "sql/statements/segments_sql.hpp"
#include "sql/statements/topics_sql.hpp"

namespace mailroll::detail {

void Definitions::put_segment(TeamNumber team, const Segment& segment) {
  const int team_id = number_of(team);
  const int number = number_of(segment.number);
  const std::string id = soci_id(dialect_, segment.id);
  soci::indicator has_filter = segment.filter.empty() ? soci::i_null : soci::i_ok;
  const long long created = microseconds(segment.created_at);
  const long long updated = microseconds(segment.updated_at);
  const MaterialisedMembers kept = segment.materialised.value_or(MaterialisedMembers{});
  soci::indicator is_kept = segment.materialised ? soci::i_ok : soci::i_null;
  const long long as_of = microseconds(kept.as_of);
  const long long position = kept.position;
  session_ << dialect_.text(sql::upsert_segment), soci::use(team_id, "team_id"), soci::use(number, "number"),
      soci::use(id, "id"), soci::use(segment.name, "name"), soci::use(created, "created_at"),
      soci::use(updated, "updated_at"), soci::use(segment.filter, has_filter, "filter"),
      soci::use(as_of, is_kept, "materialised_at"), soci::use(position, is_kept, "materialised_to");
}

void Definitions::remove_segment(TeamNumber team, SegmentNumber segment) {
  const int team_id = number_of(team);
  const int number = number_of(segment);
  session_ << dialect_.text(sql::delete_segment), soci::use(team_id, "team_id"), soci::use(number, "number");
  session_ << dialect_.text(sql::delete_aliases_of_segment), soci::use(team_id, "team_id"),
      soci::use(number, "segment");
}

void Definitions::put_topic(TeamNumber team, const Topic& topic) {
  const int team_id = number_of(team);
  const int number = number_of(topic.number);
  const std::string id = soci_id(dialect_, topic.id);
  const int subscription = static_cast<int>(topic.default_subscription);
  const int visibility = static_cast<int>(topic.visibility);
  soci::indicator has_basis = topic.basis.empty() ? soci::i_null : soci::i_ok;
  const long long created = microseconds(topic.created_at);
  const long long updated = microseconds(topic.updated_at);
  session_ << dialect_.text(sql::upsert_topic), soci::use(team_id, "team_id"), soci::use(number, "number"),
      soci::use(id, "id"), soci::use(topic.name, "name"), soci::use(topic.description, "description"),
      soci::use(subscription, "default_subscription"), soci::use(visibility, "visibility"),
      soci::use(topic.basis, has_basis, "basis"), soci::use(created, "created_at"), soci::use(updated, "updated_at");
}

void Definitions::remove_topic(TeamNumber team, TopicNumber topic) {
  const int team_id = number_of(team);
  const int number = number_of(topic);
  session_ << dialect_.text(sql::delete_topic), soci::use(team_id, "team_id"), soci::use(number, "number");
  session_ << dialect_.text(sql::clear_topic_of_aliases), soci::use(team_id, "team_id"), soci::use(number, "topic");
}

std::vector<PropertyDefinition> Definitions::properties(TeamNumber team) {
  std::vector<PropertyDefinition> found;
  const int team_id = number_of(team);
  std::string key;
  std::string type;
  std::string fallback;
  soci::indicator has_fallback = soci::i_null;
  long long created = 0;
  soci::statement rows = (session_.prepare << dialect_.text(sql::select_properties), soci::use(team_id, "team_id"),
                          soci::into(key), soci::into(type), soci::into(fallback, has_fallback), soci::into(created));
  rows.execute();
  while (rows.fetch()) {
    PropertyDefinition& property = found.emplace_back();
    const auto parsed = parse_property_type(type);
    if (!parsed) throw UnreadableRow();
    property.key = key;
    property.type = *parsed;
    property.created_at = time_of(created);
    if (has_fallback == soci::i_ok) {
      const auto values = Properties::from_json(fallback).values();
      if (values.size() != 1) throw UnreadableRow();
      property.fallback = values.begin()->second;
    }
  }
  return found;
}

void Definitions::put_property(TeamNumber team, const PropertyDefinition& property) {
  const int team_id = number_of(team);
  const std::string type(to_string(property.type));
  // As a set of one, since Properties keeps every type exactly.
  const std::string fallback =
      property.fallback ? Properties({{property.key, *property.fallback}}).json() : std::string();
  soci::indicator has_fallback = property.fallback ? soci::i_ok : soci::i_null;
  const long long created = microseconds(property.created_at);
  session_ << dialect_.text(sql::upsert_property), soci::use(team_id, "team_id"),
      soci::use(property.key, "property_key"), soci::use(type, "type"), soci::use(fallback, has_fallback, "fallback"),
      soci::use(created, "created_at");
}

void Definitions::remove_property(TeamNumber team, std::string_view key) {
  const int team_id = number_of(team);
  const std::string property_key(key);
  session_ << dialect_.text(sql::delete_property), soci::use(team_id, "team_id"),
      soci::use(property_key, "property_key");
}

std::vector<AudienceAlias> Definitions::audience_aliases(TeamNumber team) {
  std::vector<AudienceAlias> found;
  const int team_id = number_of(team);
  std::string alias;
  int segment = 0;
  int topic = 0;
  soci::statement rows = (session_.prepare << dialect_.text(sql::select_audience_aliases),
                          soci::use(team_id, "team_id"), soci::into(alias), soci::into(segment), soci::into(topic));
  rows.execute();
  while (rows.fetch()) found.push_back({alias, SegmentNumber{segment}, TopicNumber{topic}});
  return found;
}

void Definitions::put_audience_alias(TeamNumber team, const AudienceAlias& alias) {
  const int team_id = number_of(team);
  const int segment = number_of(alias.segment);
  const int topic = number_of(alias.topic);
  session_ << dialect_.text(sql::upsert_audience_alias), soci::use(team_id, "team_id"), soci::use(alias.text, "alias"),
      soci::use(segment, "segment"), soci::use(topic, "topic");
}

}  // namespace mailroll::detail
