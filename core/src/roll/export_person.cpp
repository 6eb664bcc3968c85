#include <algorithm>
#include <set>
#include <tuple>

#include <nlohmann/json.hpp>

#include "mailroll/consent/decide.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll/contacts.hpp"
#include "roll/former_ids.hpp"
#include "roll/lookup.hpp"
#include "roll/roll_state.hpp"
#include "store/moved_person.hpp"

namespace mailroll {

namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json time_or_null(const std::optional<Time>& time) { return time ? Json(format_time(*time)) : Json(nullptr); }

Json json_of(const Contact& contact) {
  Json properties = Json::object();
  for (const auto& [key, value] : contact.properties.values()) {
    switch (type_of(value)) {
      case PropertyType::number: properties[key] = std::get<double>(value); break;
      case PropertyType::boolean: properties[key] = std::get<bool>(value); break;
      case PropertyType::string:
      case PropertyType::datetime: properties[key] = to_string(value);
    }
  }
  return {{"id", to_string(contact.id)},
          {"email", contact.email},
          {"first_name", text_or_null(contact.first_name)},
          {"last_name", text_or_null(contact.last_name)},
          {"created_at", format_time(contact.created_at)},
          {"updated_at", format_time(contact.updated_at)},
          {"properties", properties}};
}

Json json_of(const Evidence& evidence) {
  Json json = Json::object();
  const auto put = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  put("text_hash", evidence.text_hash);
  put("form", evidence.form);
  put("ip", evidence.ip);
  put("user_agent", evidence.user_agent);
  put("locale", evidence.locale);
  put("note", evidence.note);
  put("text", evidence.text);
  return json;
}

const Topic* find(const std::vector<Topic>& topics, TopicNumber number) {
  const auto found = std::ranges::find(topics, number, &Topic::number);
  return found == topics.end() ? nullptr : &*found;
}

/// As `mailroll history --format json` shows it, with the id under which it is held.
Json json_of(const ConsentEvent& event, const std::vector<Topic>& topics) {
  const Topic* topic = find(topics, event.topic);
  Json json{{"at", time_or_null(event.at)},
            {"actor", to_string(event.actor)},
            {"channel", to_string(event.channel)},
            {"action", to_string(event.action)},
            {"scope", event.topic == everything_scope ? "everything" : "topic"},
            {"topic", topic == nullptr ? Json(nullptr) : Json(topic->name)},
            {"recorded_at", format_time(event.recorded_at)},
            {"id", to_string(event.id)},
            {"contact", to_string(event.contact)}};
  if (topic != nullptr) json["topic_id"] = to_string(topic->id);
  if (event.valid_until) json["valid_until"] = format_time(*event.valid_until);
  if (event.suppression) json["suppression"] = to_string(*event.suppression);
  if (!event.basis.empty()) json["basis"] = event.basis;
  if (!event.source.empty()) json["source"] = event.source;
  if (!event.reason.empty()) json["reason"] = event.reason;
  if (event.clamped) json["clamped"] = true;
  if (!event.evidence.empty()) json["evidence"] = json_of(event.evidence);
  return json;
}

/// What holds for an id as a whole.
Json json_of(const Standing& standing) {
  Json objectors = Json::array();
  for (const Actor actor : {Actor::person, Actor::provider, Actor::operator_, Actor::api, Actor::import}) {
    if (standing.everything.objectors.has(actor)) objectors.push_back(to_string(actor));
  }
  Json suppressed = Json::array();
  for (const auto reason : {SuppressionReason::complaint, SuppressionReason::bounce, SuppressionReason::manual}) {
    if (standing.suppressed(reason)) suppressed.push_back(to_string(reason));
  }
  return {
      {"unsubscribed", standing.unsubscribed()},
      {"everything", standing.everything.said == Said::nothing ? Json(nullptr) : to_string(standing.everything.said)},
      {"objectors", objectors},
      {"suppressed", suppressed},
      {"erased", standing.erased},
      {"last_event", time_or_null(standing.last_event)},
      {"removed_at", time_or_null(standing.removed_at)}};
}

/// Every topic that there is with its verdict, and choices about topics that are gone.
Json topics_of(const Person& person, const std::vector<Topic>& topics, Time now) {
  Json json = Json::array();
  const auto add = [&](const Topic* topic, const ScopeState& choice, std::optional<Subscription> topic_default) {
    Json one{{"id", topic == nullptr ? Json(nullptr) : Json(to_string(topic->id))},
             {"name", topic == nullptr ? Json(nullptr) : Json(topic->name)},
             {"choice", choice.said == Said::nothing ? Json(nullptr) : Json(to_string(choice.said))}};
    if (choice.valid_until) one["valid_until"] = format_time(*choice.valid_until);
    if (choice.by_override) one["by_override"] = true;
    if (topic_default) {
      const Mail mail{.transactional = false, .topic_default = topic_default, .at = now};
      const Reason reason = decide(person.contact.has_value(), true, person.permission.standing, choice, mail);
      one["receives"] = receives(reason);
      one["reason"] = to_string(reason);
    }
    json.push_back(std::move(one));
  };
  for (const Topic& topic : topics) add(&topic, person.permission.choice(topic.number), topic.default_subscription);
  for (const Choice& choice : person.permission.choices) {
    if (find(topics, choice.topic) == nullptr) add(nullptr, choice.state, std::nullopt);
  }
  return json;
}

Json segments_of(const Person& person, const std::vector<Segment>& segments) {
  Json json = Json::array();
  for (const Segment& segment : segments) {
    if (!std::ranges::binary_search(person.segments, segment.number)) continue;
    json.push_back({{"id", to_string(segment.id)}, {"name", segment.name}});
  }
  return json;
}

Json suppressions_of(const std::vector<Person>& people) {
  Json json = Json::array();
  for (const Person& person : people) {
    for (const Suppression& suppression : person.suppressions) {
      json.push_back({{"id", to_string(suppression.contact)},
                      {"email", text_or_null(suppression.email)},
                      {"reason", to_string(suppression.reason)},
                      {"at", format_time(suppression.at)}});
    }
  }
  return json;
}

/// Of all ids, each once, in the order in which they are folded.
Json events_of(const std::vector<Person>& people, const std::vector<Topic>& topics) {
  std::vector<const ConsentEvent*> events;
  std::set<EventId> known;
  for (const Person& person : people) {
    for (const ConsentEvent& event : person.events) {
      if (known.insert(event.id).second) events.push_back(&event);
    }
  }
  std::ranges::sort(events, {}, [](const ConsentEvent* event) {
    return std::tuple(effective_time(*event), event->action, event->id);
  });
  Json json = Json::array();
  for (const ConsentEvent* event : events) json.push_back(json_of(*event, topics));
  return json;
}

Json mailings_of(const std::vector<Person>& people, const std::vector<Broadcast>& broadcasts) {
  constexpr std::array<const char*, 5> states{"", "leased", "confirmed", "released", "withdrawn"};
  Json json = Json::array();
  for (const Person& person : people) {
    for (const Lease& lease : person.leases) {
      const auto broadcast = std::ranges::find(broadcasts, lease.broadcast, &Broadcast::number);
      json.push_back({{"broadcast", broadcast == broadcasts.end() ? Json(nullptr) : Json(broadcast->name)},
                      {"state", states.at(static_cast<std::size_t>(lease.state))},
                      {"worker", lease.worker},
                      {"changed_at", format_time(lease.changed_at)}});
    }
  }
  return json;
}

Json soft_bounces_of(const std::vector<Person>& people) {
  Json json = Json::array();
  for (const Person& person : people) {
    for (const Time at : person.soft_bounces) json.push_back(format_time(at));
  }
  return json;
}

}  // namespace

std::string Contacts::export_person(const Who& who) const {
  return roll_->read([&](Session& session) {
    const TeamNumber team = roll_->team.number;
    const ContactId named = detail::find_person(*roll_, session, who, {}).id;
    const std::vector<Person> people = detail::find_all_ids(*roll_, session, named).theirs;
    const Person& person = people.front();
    if (people.size() == 1 && !detail::holds_anything(person)) {
      throw Error(ErrorKind::not_found, "nothing is held on this person", {{"reason", "contact_not_found"}});
    }
    const std::vector<Topic> topics = session.topics(team);
    const Time now = roll_->clock();
    Json former = Json::array();
    Json aliases = Json::array();
    for (const std::string& alias : person.aliases) {
      (detail::is_contact_id(alias) ? former : aliases).push_back(alias);
    }
    const Json document{{"exported_at", format_time(now)},
                        {"id", to_string(person.id)},
                        {"former_ids", former},
                        {"aliases", aliases},
                        {"contact", person.contact ? json_of(*person.contact) : Json(nullptr)},
                        {"segments", segments_of(person, session.segments(team))},
                        {"standing", json_of(person.permission.standing)},
                        {"topics", topics_of(person, topics, now)},
                        {"suppressions", suppressions_of(people)},
                        {"events", events_of(people, topics)},
                        {"soft_bounces", soft_bounces_of(people)},
                        {"mailings", mailings_of(people, session.broadcasts(team))},
                        {"link_epoch", person.link_epoch}};
    return document.dump(2, ' ', false, Json::error_handler_t::replace);
  });
}

}  // namespace mailroll
