#include "records.hpp"

namespace mailroll::cli {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json time_or_null(const std::optional<Time>& time) { return time ? Json(format_time(*time)) : Json(nullptr); }

Json to_json(const PropertyValue& value) {
  switch (type_of(value)) {
    case PropertyType::number: {
      // 3 rather than 3.0, as it was typed.
      const double number = std::get<double>(value);
      const bool is_whole = number >= -9007199254740992.0 && number <= 9007199254740992.0 &&
                            static_cast<double>(static_cast<std::int64_t>(number)) == number;
      return is_whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
    }
    case PropertyType::boolean: return std::get<bool>(value);
    case PropertyType::datetime: return format_time(std::get<Time>(value));
    case PropertyType::string: break;
  }
  return std::get<std::string>(value);
}

Json to_json(const Properties& properties) {
  Json record = Json::object();
  for (const auto& [key, value] : properties.values()) record[key] = to_json(value);
  return record;
}

Json to_json(const Contact& contact) {
  return {{"id", to_string(contact.id)},
          {"email", contact.email},
          {"first_name", text_or_null(contact.first_name)},
          {"last_name", text_or_null(contact.last_name)},
          {"created_at", format_time(contact.created_at)},
          {"updated_at", format_time(contact.updated_at)},
          {"properties", to_json(contact.properties)}};
}

Json to_json(const ContactDetails& details) {
  const Contact& contact = details.contact;
  Json segments = Json::array();
  for (const Segment& segment : details.segments) {
    segments.push_back({{"id", to_string(segment.id)}, {"name", segment.name}});
  }
  Json topics = Json::array();
  for (const TopicStanding& standing : details.topics) {
    topics.push_back({{"id", to_string(standing.topic.id)},
                      {"name", standing.topic.name},
                      {"choice", standing.choice == Said::nothing ? Json(nullptr) : Json(to_string(standing.choice))},
                      {"receives", standing.receives},
                      {"reason", to_string(standing.reason)}});
  }
  return {{"id", to_string(contact.id)},
          {"email", contact.email},
          {"first_name", text_or_null(contact.first_name)},
          {"last_name", text_or_null(contact.last_name)},
          {"unsubscribed", details.unsubscribed},
          {"created_at", format_time(contact.created_at)},
          {"updated_at", format_time(contact.updated_at)},
          {"properties", to_json(contact.properties)},
          {"segments", segments},
          {"topics", topics}};
}

Json to_json(const Recipient& recipient) {
  return {{"id", to_string(recipient.id)},
          {"email", recipient.email},
          {"first_name", text_or_null(recipient.first_name)},
          {"last_name", text_or_null(recipient.last_name)}};
}

Json to_json(const Segment& segment) {
  return {{"id", to_string(segment.id)},
          {"name", segment.name},
          {"created_at", format_time(segment.created_at)},
          {"updated_at", format_time(segment.updated_at)}};
}

Json to_json(const Topic& topic) {
  return {{"id", to_string(topic.id)},
          {"name", topic.name},
          {"description", text_or_null(topic.description)},
          {"default_subscription", to_string(topic.default_subscription)},
          {"visibility", to_string(topic.visibility)},
          {"basis", text_or_null(topic.basis)},
          {"created_at", format_time(topic.created_at)},
          {"updated_at", format_time(topic.updated_at)}};
}

Json to_json(const PropertyDefinition& definition) {
  return {{"key", definition.key},
          {"type", to_string(definition.type)},
          {"fallback", definition.fallback ? to_json(*definition.fallback) : Json(nullptr)},
          {"created_at", format_time(definition.created_at)}};
}

Json to_json(const Team& team) {
  return {{"id", to_string(team.id)}, {"name", team.name}, {"created_at", format_time(team.created_at)}};
}

Json to_json(const Suppression& suppression) {
  return {{"id", to_string(suppression.contact)},
          {"email", text_or_null(suppression.email)},
          {"reason", to_string(suppression.reason)},
          {"at", format_time(suppression.at)}};
}

Json to_json(const KeyInfo& key) {
  return {{"kind", to_string(key.kind)},
          {"id", key.id},
          {"state", to_string(key.state)},
          {"fingerprint", key.fingerprint},
          {"in_store", key.in_store},
          {"given", key.given},
          {"people", key.kind == KeyKind::hash ? Json(key.people) : Json(nullptr)},
          {"created_at", format_time(key.created_at)},
          {"changed_at", time_or_null(key.changed_at)}};
}

Json to_json(const ConsentEvent& event, const std::vector<Topic>& topics) {
  const Topic* topic = nullptr;
  for (const Topic& each : topics) {
    if (each.number == event.topic) topic = &each;
  }
  Json record = {{"at", time_or_null(event.at)},
                 {"actor", to_string(event.actor)},
                 {"channel", to_string(event.channel)},
                 {"action", to_string(event.action)},
                 {"scope", event.topic == everything_scope ? "everything" : "topic"},
                 {"topic", topic == nullptr ? Json(nullptr) : Json(topic->name)},
                 {"recorded_at", format_time(event.recorded_at)},
                 {"id", to_string(event.id)}};
  // What most events lack is left out rather than shown as null.
  if (topic != nullptr) record["topic_id"] = to_string(topic->id);
  if (event.valid_until) record["valid_until"] = format_time(*event.valid_until);
  if (event.suppression) record["suppression"] = to_string(*event.suppression);
  if (!event.basis.empty()) record["basis"] = event.basis;
  if (!event.source.empty()) record["source"] = event.source;
  if (!event.reason.empty()) record["reason"] = event.reason;
  if (event.clamped) record["clamped"] = true;
  if (!event.evidence.empty()) {
    Json evidence = Json::object();
    const auto put = [&evidence](const char* name, const std::string& value) {
      if (!value.empty()) evidence[name] = value;
    };
    put("text_hash", event.evidence.text_hash);
    put("form", event.evidence.form);
    put("ip", event.evidence.ip);
    put("user_agent", event.evidence.user_agent);
    put("locale", event.evidence.locale);
    put("note", event.evidence.note);
    put("text", event.evidence.text);
    record["evidence"] = evidence;
  }
  return record;
}

}  // namespace mailroll::cli
