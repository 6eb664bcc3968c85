/// A roll with a clock that the test moves, random live histories on it, and all that it holds as text.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "mailroll/consent/fold.hpp"
#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"
#include "old_audiences.hpp"

namespace mailroll::testing {

class World {
 public:
  explicit World(std::string url, std::string team = "default")
      : url_(std::move(url)), team_(std::move(team)), roll_(open_as(Actor::api)) {}
  World() : World("memory://") {}

  Roll& roll() { return roll_; }
  void pass_time() { *now_ += std::chrono::seconds(10); }
  [[nodiscard]] Roll open_as(Actor actor) {
    return mailroll::open(url_,
                          {.team = team_, .actor = actor, .key_file = "", .clock = [now = now_] { return *now; }});
  }

  MigrationPlan plan(const std::string& folder, UnsubscribedPolicy policy = UnsubscribedPolicy::topics,
                     bool complete = false) {
    pass_time();
    return roll_.migrate_audiences({folder}, {.unsubscribed = policy, .complete = complete});
  }
  MigrationSummary migrate(const std::string& folder, UnsubscribedPolicy policy = UnsubscribedPolicy::topics,
                           bool complete = false) {
    return plan(folder, policy, complete).apply();
  }

  /// Who gets mail to the audience's segment, with its topic or (policy everything) without one.
  std::set<std::string> receivers(const std::string& audience, UnsubscribedPolicy policy) {
    std::set<std::string> found;
    bool there = false;
    for (const Segment& segment : roll_.segments().list()) there |= segment.name == audience;
    if (!there) return found;
    const TopicRef topic = policy == UnsubscribedPolicy::topics ? TopicRef(audience) : TopicRef(no_topic);
    for (const Recipient& person : roll_.audience(audience, topic)) found.insert(lower(person.email));
    return found;
  }

  /// An act that a person, the API or a provider may do at any time.
  void live_act(Dice& dice, int people) {
    pass_time();
    const std::string email = person_email(dice.below(people));
    const std::vector<Topic> topics = roll_.topics().list();
    const auto any_topic = [&] {
      return topics[static_cast<std::size_t>(dice.below(static_cast<int>(topics.size())))];
    };
    const PermissionOptions told{.override_reason = "", .by = Actor::person, .evidence = by_phone()};
    try {
      switch (dice.below(9)) {
        case 0: roll_.contacts().add({.email = email, .first_name = "Live"}); break;
        case 1: roll_.contacts().remove(email); break;
        case 2: roll_.unsubscribe(email, everything, told); break;
        case 3: roll_.unsubscribe(email, everything); break;
        case 4: roll_.resubscribe(email, everything); break;
        case 5: roll_.suppressions().add(email, SuppressionReason::bounce); break;
        case 6:
          if (!topics.empty()) roll_.unsubscribe(email, any_topic(), told);
          break;
        case 7:
          if (!topics.empty()) roll_.unsubscribe(email, any_topic());
          break;
        case 8:
          if (!topics.empty()) roll_.subscribe(email, any_topic());
          break;
        default: break;
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::refused && error.kind() != ErrorKind::not_found) throw;
    }
  }

  /// All that the roll holds of these people, whether they are contacts or not, and of the team.
  std::string dump(int people) {
    std::ostringstream text;
    for (const Segment& s : roll_.segments().list()) text << "segment " << number_of(s.number) << ' ' << s.name << '\n';
    for (const Topic& t : roll_.topics().list()) text << "topic " << number_of(t.number) << ' ' << t.name << '\n';
    for (int person = 0; person < people; ++person) {
      const std::string email = person_email(person);
      text << email << '\n';
      if (roll_.contacts().find(email)) describe(text, roll_.contacts().show(email));
      for (const ConsentEvent& event : roll_.events().list(email)) describe(text, event);
    }
    return text.str();
  }

  /// An event of whoever it says, written behind the roll's back: a signed link's act, an erasure. SQLite only, since it
  /// needs a second way to the store.
  void record(const std::string& email, TopicNumber topic, Action action, Actor actor, Channel channel) {
    pass_time();
    const std::shared_ptr<Store> store = open_store(url_);
    const std::unique_ptr<Session> session = store->connect();
    const TeamNumber team = roll_.team().number;
    ConsentEvent event;
    event.contact = roll_.contacts().get(email).id;
    event.id = EventId(make_uuid_v7(*now_));
    event.topic = topic;
    event.action = action;
    event.actor = actor;
    event.channel = channel;
    event.at = event.recorded_at = *now_;
    session->begin_write();
    const Person before = session->person(team, event.contact, {.contact = true, .permission = true, .events = true});
    std::vector<ConsentEvent> events = before.events;
    events.push_back(event);
    const Permission after = fold(events);
    ChangeSet changes;
    changes.events.push_back(event);
    changes.standings.push_back({event.contact, after.standing});
    for (const Choice& choice : before.permission.choices) {
      if (after.choice(choice.topic) == ScopeState{}) changes.choices.push_back({event.contact, {choice.topic, {}}});
    }
    for (const Choice& choice : after.choices) changes.choices.push_back({event.contact, choice});
    if (action == Action::erased) changes.removed_contacts.push_back(event.contact);
    session->write(team, changes);
    session->commit();
  }

  [[nodiscard]] static std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
  }
  [[nodiscard]] static Evidence by_phone() {
    Evidence evidence;
    evidence.note = "phoned";
    return evidence;
  }

 private:
  static void describe(std::ostringstream& text, const ContactDetails& details) {
    const Contact& contact = details.contact;
    text << "  " << contact.email << '|' << contact.first_name << '|' << contact.last_name << '|'
         << contact.properties.json() << '|' << format_time(contact.created_at) << '|'
         << format_time(contact.updated_at) << '|' << details.unsubscribed;
    for (const Segment& segment : details.segments) text << "|in " << segment.name;
    for (const TopicStanding& topic : details.topics) text << '|' << topic.topic.name << ' ' << to_string(topic.choice);
    text << '\n';
  }
  static void describe(std::ostringstream& text, const ConsentEvent& event) {
    text << "  " << to_string(event.id) << ' ' << number_of(event.topic) << ' ' << to_string(event.action) << ' '
         << to_string(event.actor) << ' ' << event.source << ' ' << (event.at ? format_time(*event.at) : "undated")
         << ' ' << format_time(event.recorded_at) << ' ' << event.clamped << '\n';
  }

  std::string url_;
  std::string team_;
  std::shared_ptr<Time> now_ = std::make_shared<Time>(*parse_time("2026-03-01T12:00:00Z"));
  Roll roll_;
};

}  // namespace mailroll::testing
