/// Everything a session answers as one text, field by field, to compare two stores. Addresses and names are shown as
/// hashes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "mailroll/store/store.hpp"

namespace mailroll::conformance {

inline std::string secret(const std::string& text) {
  return std::to_string(text.size()) + "#" + std::to_string(std::hash<std::string>{}(text) % 100000);
}
inline std::string shown(const Uuid& id) {
  std::string hex;
  for (const auto byte : id.bytes) hex += "0123456789abcdef"[byte >> 4], hex += "0123456789abcdef"[byte & 15];
  return hex;
}
inline std::string shown(Time time) { return std::to_string(microseconds(time)); }
inline std::string shown(const std::optional<Time>& time) { return time ? shown(*time) : "-"; }
inline std::string shown(std::uint64_t number) { return std::to_string(number); }
inline std::string shown(std::int32_t number) { return std::to_string(number); }

inline std::string shown(const Team& team) {
  return shown(number_of(team.number)) + " " + shown(team.id) + " " + secret(team.name) + " " + shown(team.created_at);
}
inline std::string shown(const StoredKey& key) {
  std::string text = shown(static_cast<int>(key.kind)) + " " + shown(key.id) + " " +
                     shown(static_cast<int>(key.state)) + " " + key.fingerprint + " " + shown(key.created_at) + " " +
                     shown(key.changed_at);
  if (key.secret) text += " " + secret({key.secret->begin(), key.secret->end()});
  return text;
}
inline std::string shown(const Run& run) {
  return shown(run.id) + " " + run.kind + " " + run.source + " " + shown(run.started_at) + " " + shown(run.finished_at);
}
inline std::string shown(const Segment& segment) {
  return shown(segment.id) + " " + shown(number_of(segment.number)) + " " + secret(segment.name) + " " +
         shown(segment.created_at) + " " + shown(segment.updated_at) + " " + secret(segment.filter) +
         (segment.materialised
              ? " " + shown(segment.materialised->as_of) + " " + std::to_string(segment.materialised->position)
              : "");
}
inline std::string shown(const Topic& topic) {
  return shown(topic.id) + " " + shown(number_of(topic.number)) + " " + secret(topic.name) + " " +
         secret(topic.description) + " " + topic.basis + " " + shown(static_cast<int>(topic.default_subscription)) +
         shown(static_cast<int>(topic.visibility)) + " " + shown(topic.created_at) + " " + shown(topic.updated_at);
}
inline std::string shown(const PropertyDefinition& property) {
  std::string text = property.key + " " + shown(static_cast<int>(property.type)) + " " + shown(property.created_at);
  if (property.fallback) text += " " + Properties({{"fallback", *property.fallback}}).json();
  return text;
}
inline std::string shown(const AudienceAlias& alias) {
  return secret(alias.text) + " " + shown(number_of(alias.segment)) + " " + shown(number_of(alias.topic));
}
inline std::string shown(const ScopeState& state) {
  return shown(static_cast<int>(state.said)) + "/" + shown(int{state.objectors.bits}) + "/" + shown(state.valid_until) +
         "/" + shown(int{state.by_override}) + "/" + shown(state.event);
}
inline std::string shown(const Standing& standing) {
  return shown(standing.everything) + " " + shown(int{standing.erased}) + " " + shown(int{standing.suppressions}) +
         " " + shown(standing.blocked_by) + " " + shown(standing.last_event) + " " + shown(standing.removed_at);
}
inline std::string shown(const Suppression& suppression) {
  return shown(suppression.contact) + " " + shown(static_cast<int>(suppression.reason)) + " " +
         secret(suppression.email) + " " + shown(suppression.at);
}
inline std::string shown(const Contact& contact) {
  return shown(contact.id) + " " + secret(contact.email) + " " + secret(contact.first_name) + " " +
         secret(contact.last_name) + " " + contact.properties.json() + " " + shown(contact.created_at) + " " +
         shown(contact.updated_at) + " " + shown(contact.key_version) + " " + shown(contact.hash_key);
}
inline std::string shown(const ConsentEvent& event) {
  std::ostringstream text;
  text << shown(event.id) << ' ' << shown(event.contact) << ' ' << number_of(event.topic) << ' '
       << static_cast<int>(event.action) << static_cast<int>(event.actor) << ' ' << static_cast<int>(event.channel)
       << ' ' << shown(event.at) << ' ' << shown(event.recorded_at) << ' ' << shown(event.valid_until) << ' '
       << (event.suppression ? static_cast<int>(*event.suppression) : -1) << ' ' << event.basis << '|' << event.source
       << '|' << secret(event.reason) << '|' << event.clamped;
  for (const std::string* field :
       {&event.evidence.text_hash, &event.evidence.form, &event.evidence.ip, &event.evidence.user_agent,
        &event.evidence.locale, &event.evidence.note, &event.evidence.text}) {
    text << '|' << secret(*field);
  }
  return text.str();
}
inline std::string shown(const Broadcast& broadcast) {
  return shown(number_of(broadcast.number)) + " " + secret(broadcast.name) + " " + shown(number_of(broadcast.segment)) +
         " " + shown(number_of(broadcast.topic)) + " " +
         (broadcast.position ? shown(static_cast<const Uuid&>(*broadcast.position)) : "-") + " " +
         (broadcast.found ? "found " : "") + shown(broadcast.created_at) + " " + secret(broadcast.expression);
}
inline std::string shown(const Lease& lease) {
  return shown(lease.contact) + " " + shown(number_of(lease.broadcast)) + " " + shown(static_cast<int>(lease.state)) +
         " " + shown(lease.lease) + " " + lease.worker + " " + shown(lease.expires_at) + " " + shown(lease.changed_at);
}
inline std::string shown(const LeaseCounts& counts) {
  return shown(counts.leased) + " " + shown(counts.confirmed) + " " + shown(counts.released) + " " +
         shown(counts.withdrawn);
}
inline std::string shown(const OutboxEntry& entry) {
  return shown(entry.contact) + " " + shown(entry.event) + " " + shown(entry.recorded_at);
}
inline std::string shown(const FeedEntry& entry) {
  return std::to_string(entry.position) + " " + shown(entry.contact) + " " + shown(entry.event);
}
inline std::string shown(const Expiry& expiry) {
  return shown(expiry.contact) + " " + shown(number_of(expiry.topic)) + " " + shown(expiry.valid_until);
}
inline std::string shown(const std::map<std::string, std::string>& settings) {
  std::string text = std::to_string(settings.size()) + ":";
  for (const auto& [name, value] : settings) text += "\n" + name + "=" + secret(value);
  return text;
}
inline std::string shown(const ContactId& id) { return shown(static_cast<const Uuid&>(id)); }
inline std::string shown(const Person& person) {
  std::string text = "person " + shown(person.id);
  if (person.contact) text += "\n  contact " + shown(*person.contact);
  text += "\n  standing " + shown(person.permission.standing);
  for (const auto& choice : person.permission.choices) {
    text += "\n  choice " + shown(number_of(choice.topic)) + " " + shown(choice.state);
  }
  for (const auto segment : person.segments) text += "\n  in " + shown(number_of(segment));
  for (const auto& event : person.events) text += "\n  event " + shown(event);
  for (const auto& suppression : person.suppressions) text += "\n  suppressed " + shown(suppression);
  for (const auto& alias : person.aliases) text += "\n  alias " + secret(alias);
  for (const auto bounced : person.soft_bounces) text += "\n  bounced " + shown(bounced);
  for (const auto& lease : person.leases) text += "\n  lease " + shown(lease);
  text += "\n  epoch " + shown(person.link_epoch);
  return text;
}
inline std::string shown(const Candidate& candidate) {
  return shown(candidate.id) + " " + secret(candidate.email) + " " + secret(candidate.first_name) + " " +
         secret(candidate.last_name) + " " + shown(candidate.standing) + " " + shown(candidate.choice);
}
inline std::string shown(const TeamCounts& counts) { return shown(counts.contacts) + " " + shown(counts.memberships); }
template <typename Value>
std::string shown(const std::vector<Value>& values) {
  std::string text = std::to_string(values.size()) + ":";
  for (const Value& value : values) text += "\n" + shown(value);
  return text;
}

inline std::string shown(const PeopleColumns& columns) {
  std::string text = shown(columns.contacts);
  for (const auto& [contact, standing] : columns.standings)
    text += "\n" + shown(std::uint64_t{contact}) + " " + shown(standing);
  for (const auto& [contact, topic, state] : columns.choices) {
    text += "\n" + shown(std::uint64_t{contact}) + " " + shown(number_of(topic)) + " " + shown(state);
  }
  for (const auto& [contact, segment] : columns.memberships) {
    text += "\n" + shown(std::uint64_t{contact}) + " " + shown(number_of(segment));
  }
  return text;
}

inline constexpr Parts all_parts = Parts::all();

/// Everything that a session can answer about a team, but its runs.
inline std::string team_without_runs(Session& session, TeamNumber team) {
  std::vector<Person> people;
  session.people(team, {}, all_parts, 1'000'000, people);
  return "segments " + shown(session.segments(team)) + "\ntopics " + shown(session.topics(team)) + "\nproperties " +
         shown(session.properties(team)) + "\naudiences " + shown(session.audience_aliases(team)) + "\nsettings " +
         shown(session.settings(team)) + "\nbroadcasts " + shown(session.broadcasts(team)) + "\noutbox " +
         shown(session.outbox(team, {}, 1'000'000)) + "\nfeed " + shown(session.feed(team, 0, 1'000'000)) +
         "\npeople " + shown(people) + "\ncounts " + shown(session.counts(team));
}

/// Everything that a session can answer about a team.
inline std::string whole_team(Session& session, TeamNumber team) {
  return "runs " + shown(session.runs(team)) + "\n" + team_without_runs(session, team);
}

}  // namespace mailroll::conformance
