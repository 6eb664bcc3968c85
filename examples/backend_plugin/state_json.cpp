// The state as lines of JSON. Ids are their text, times microseconds since 1970, enums the numbers that mailroll stores.
#include <sstream>
#include <variant>

#include <nlohmann/json.hpp>

#include "state.hpp"

namespace nlohmann {

template <>
struct adl_serializer<mailroll::Uuid> {
  static void to_json(json& out, const mailroll::Uuid& id) { out = mailroll::to_string(id); }
  static void from_json(const json& in, mailroll::Uuid& id) {
    const auto read = mailroll::parse_uuid(in.get_ref<const std::string&>());
    if (!read) throw jsonl::Unreadable{jsonl::Unreadable::Why::corrupt};
    id = *read;
  }
};

template <typename Tag>
struct adl_serializer<mailroll::Id<Tag>> {
  static void to_json(json& out, const mailroll::Id<Tag>& id) { out = mailroll::to_string(id); }
  static void from_json(const json& in, mailroll::Id<Tag>& id) { id = mailroll::Id<Tag>(in.get<mailroll::Uuid>()); }
};

template <>
struct adl_serializer<mailroll::Time> {
  static void to_json(json& out, const mailroll::Time& time) { out = mailroll::microseconds(time); }
  static void from_json(const json& in, mailroll::Time& time) { time = mailroll::time_of(in.get<std::int64_t>()); }
};

template <typename Value>
struct adl_serializer<std::optional<Value>> {
  static void to_json(json& out, const std::optional<Value>& value) {
    if (value) {
      out = *value;
    } else {
      out = nullptr;
    }
  }
  static void from_json(const json& in, std::optional<Value>& value) {
    value.reset();
    if (!in.is_null()) value = in.get<Value>();
  }
};

/// The kind of value, and the value.
template <>
struct adl_serializer<mailroll::PropertyValue> {
  static void to_json(json& out, const mailroll::PropertyValue& value) {
    out = json::array({mailroll::type_of(value)});
    std::visit([&out](const auto& held) { out.push_back(held); }, value);
  }
  static void from_json(const json& in, mailroll::PropertyValue& value) {
    switch (in.at(0).get<mailroll::PropertyType>()) {
      case mailroll::PropertyType::string: value = in.at(1).get<std::string>(); return;
      case mailroll::PropertyType::number: value = in.at(1).get<double>(); return;
      case mailroll::PropertyType::boolean: value = in.at(1).get<bool>(); return;
      case mailroll::PropertyType::datetime: value = in.at(1).get<mailroll::Time>(); return;
    }
    throw jsonl::Unreadable{jsonl::Unreadable::Why::corrupt};
  }
};

template <>
struct adl_serializer<mailroll::Properties> {
  static void to_json(json& out, const mailroll::Properties& properties) { out = properties.json(); }
  static void from_json(const json& in, mailroll::Properties& properties) {
    auto text = in.get<std::string>();
    properties = text.empty() ? mailroll::Properties() : mailroll::Properties::from_json(std::move(text));
  }
};

}  // namespace nlohmann

namespace mailroll {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Team, number, id, name, created_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StoredKey, kind, id, state, fingerprint, secret, created_at, changed_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Run, id, kind, source, started_at, finished_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MaterialisedMembers, as_of, position)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Segment, id, number, name, created_at, updated_at, filter, materialised)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Topic, id, number, name, description, default_subscription, visibility, basis,
                                   created_at, updated_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PropertyDefinition, key, type, fallback, created_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AudienceAlias, text, segment, topic)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Contact, id, email, first_name, last_name, properties, created_at, updated_at,
                                   key_version, hash_key)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Objectors, bits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ScopeState, said, objectors, valid_until, by_override, event)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Standing, everything, erased, suppressions, blocked_by, last_event, removed_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Evidence, text_hash, form, ip, user_agent, locale, note, text)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ConsentEvent, id, contact, topic, action, actor, channel, at, recorded_at,
                                   valid_until, suppression, basis, source, reason, evidence, clamped)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Suppression, contact, reason, email, at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Broadcast, number, name, segment, topic, position, found, created_at, expression)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Lease, contact, broadcast, state, lease, worker, expires_at, changed_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FeedEntry, position, contact, event)

}  // namespace mailroll

namespace jsonl {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Held, contact, standing, choices, segments, events, suppressions, aliases,
                                   soft_bounces, leases, link_epoch)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TeamRecord, team, next_number, runs, segments, topics, properties, audience_aliases,
                                   settings, broadcasts, outbox, feed)

namespace {

using nlohmann::json;

void read_line(const std::string& line, State& state) {
  const json record = json::parse(line);
  if (const auto key = record.find("key"); key != record.end()) {
    auto stored = key->get<StoredKey>();
    const std::pair name{stored.kind, stored.id};
    state.keys[name] = std::move(stored);
    return;
  }
  auto& known = state.teams[record.at("team").get<std::int32_t>()];
  if (!known) known = std::make_shared<TeamState>();
  TeamState& team = *known;
  const auto person = record.find("person");
  if (person == record.end()) {
    record.at("record").get_to(team.record);
    return;
  }
  const auto id = person->get<ContactId>();
  Held& held = team.people[id];
  record.at("held").get_to(held);
  for (const std::string& alias : held.aliases) team.bearers[alias].insert(id);
}

}  // namespace

std::string text_of(State& state) {
  const auto add = [](std::string& text, const json& record) { text.append(record.dump()) += '\n'; };
  std::string text;
  add(text, {{"mailroll", "jsonl"}, {"version", format_version}});
  for (const auto& [name, key] : state.keys) add(text, {{"key", key}});
  for (const auto& [number, team] : state.teams) {
    if (team->text.empty()) {
      add(team->text, {{"team", number}, {"record", team->record}});
      for (const auto& [id, held] : team->people) {
        if (held.has(Parts::all())) add(team->text, {{"team", number}, {"person", id}, {"held", held}});
      }
    }
    text += team->text;
  }
  return text;
}

State state_of(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const json head = json::parse(line, nullptr, false);
  if (!head.is_object() || head.value("mailroll", json()) != "jsonl") throw Unreadable{Unreadable::Why::other_file};
  if (head.value("version", 0) > format_version) throw Unreadable{Unreadable::Why::newer};
  State state;
  try {
    while (std::getline(lines, line)) read_line(line, state);
  } catch (const json::exception&) {
    throw Unreadable{Unreadable::Why::corrupt};
  }
  // Every write ends with the end of a line.
  if (!text.ends_with('\n')) throw Unreadable{Unreadable::Why::corrupt};
  return state;
}

}  // namespace jsonl
