// Texts, times and ids at their ends: all come back as they were given, and are compared and ordered as bytes.
#include <algorithm>
#include <limits>

#include "backends/some_people.hpp"
#include "conformance/case.hpp"
#include "conformance/shown.hpp"
#include "mailroll/audience/expression.hpp"

namespace mailroll::conformance {
namespace {

using test::contact_id;

/// Ascending as bytes. A collation takes some of them for the same, or orders them otherwise.
const std::vector<std::string>& near_texts() {
  static const std::vector<std::string> texts = {
      " old",       "OLD",         "Old",  "old",        "old ",      "old  ",    "old\t",        "old%",
      "old_",       "old\xC2\xA0", "olde", "olde\u0301", "old\u00E9", "\u00F6ld", "\u65E5\u672C", "\uFF4F\uFF4C\uFF44",
      "\U0001F4EB", "\U0001F4EE"};
  return texts;
}

std::vector<std::string> in_byte_order(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

/// `characters` of `bytes` bytes each, 1 to 4.
std::string long_text(std::size_t characters, int bytes) {
  static const std::string letters[] = {"x", "\u00E9", "\u65E5", "\U0001F4EE"};
  std::string text;
  for (std::size_t times = 0; times < characters; ++times) text += letters[bytes - 1];
  return text;
}

std::string person_text(Session& session, TeamNumber team, const ContactId& id) {
  return shown(session.person(team, id, Parts::all()));
}

void texts_come_back_byte_for_byte_at_their_longest(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  for (int bytes = 1; bytes <= 4; ++bytes) {
    const auto text = [&](std::size_t characters) { return long_text(characters, bytes); };
    ChangeSet changes;
    Person given;
    given.id = contact_id(bytes);
    Contact& contact = changes.contacts.emplace_back();
    contact.id = given.id;
    contact.email = long_text(64, 1) + "@" + long_text(185, 1) + ".org";  // 254 octets
    contact.first_name = contact.last_name = text(2000);
    contact.properties = Properties({{std::string(50, 'P'), text(5000)}, {std::string(50, 'p'), text(1)}});
    ConsentEvent& event = changes.events.emplace_back();
    event.id = EventId(given.id);
    event.contact = given.id;
    event.action = Action::opt_in;
    event.actor = Actor::operator_;
    event.basis = "legitimate_interest";
    event.source = "audience:" + long_text(1000 / static_cast<std::size_t>(bytes), bytes);
    event.reason = text(max_evidence);
    event.evidence = {std::string(64, 'f'), text(max_evidence), text(max_evidence),  text(max_evidence),
                      text(max_evidence),   text(max_evidence), text(max_shown_text)};
    changes.suppressions = {{given.id, SuppressionReason::manual, contact.email, time_of(1)}};
    changes.aliases = {{long_text(128 / static_cast<std::size_t>(bytes), bytes), given.id}};
    changes.leases = {
        {given.id, BroadcastNumber{1}, LeaseState::leased, LeaseId(given.id), text(100), time_of(1), time_of(1)}};
    session->write(team, changes);
    given.contact = contact;
    given.events = changes.events;
    given.suppressions = changes.suppressions;
    given.aliases = {changes.aliases[0].text};
    given.leases = changes.leases;
    expect_same(person_text(*session, team, given.id), shown(given), "a person");

    const Segment segment{SegmentId(given.id), SegmentNumber{bytes}, text(max_segment_name), time_of(1), time_of(1)};
    session->put_segment(team, segment);
    Topic topic;
    topic.id = TopicId(given.id);
    topic.number = TopicNumber{bytes};
    topic.name = text(max_topic_name);
    topic.description = text(max_topic_description);
    topic.basis = "legitimate_interest";
    session->put_topic(team, topic);
    Broadcast broadcast;
    broadcast.number = BroadcastNumber{bytes};
    broadcast.name = text(200);
    broadcast.expression = long_text(max_expression_length / static_cast<std::size_t>(bytes), bytes);
    session->put_broadcast(team, broadcast);
    session->put_setting(team, "retention", text(2000));
    const AudienceAlias audience{long_text(1000 / static_cast<std::size_t>(bytes), bytes), SegmentNumber{1}, {}};
    session->put_audience_alias(team, audience);
    expect_same(shown(session->segments(team).back()), shown(segment), "a segment");
    expect_same(shown(session->topics(team).back()), shown(topic), "a topic");
    expect_same(shown(session->broadcasts(team).back()), shown(broadcast), "a broadcast");
    expect(session->settings(team)["retention"] == text(2000), "a setting");
    expect(session->audience_aliases(team).back().text == audience.text, "the name of an audience");
  }
}

void what_was_empty_comes_back_empty(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  ChangeSet changes = test::some_people(1, 1);
  changes.contacts[0].first_name.clear();
  changes.events[0].source.clear();
  changes.suppressions = {{contact_id(1), SuppressionReason::bounce, "", time_of(1)}};
  session->write(team, changes);
  session->put_setting(team, "empty", "");
  const Person person = session->person(team, contact_id(1), Parts::all());
  expect_same(shown(person.events), shown(changes.events), "an event without texts");
  expect_same(shown(person.suppressions), shown(changes.suppressions), "a suppression without an address");
  expect(person.contact && person.contact->first_name.empty() && person.contact->properties.empty(),
         "a contact without names and properties");
  expect(session->settings(team).contains("empty"), "a setting that is set to nothing is set");
}

void texts_are_compared_and_ordered_as_bytes(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const std::vector<std::string> expected = in_byte_order(near_texts());
  ChangeSet changes;
  int number = 0;
  for (const std::string& text : near_texts()) {
    const ContactId bearer = contact_id(++number);
    changes.aliases.push_back({text, contact_id(0)});
    changes.aliases.push_back({text, bearer});
    ConsentEvent event;
    event.id = EventId(bearer);
    event.contact = bearer;
    event.action = Action::opt_in;
    event.actor = Actor::import;
    event.source = text;
    changes.events.push_back(event);
    session->put_setting(team, text, text);
    session->put_audience_alias(team, {text, SegmentNumber{number}, TopicNumber{}});
  }
  session->write(team, changes);
  expect(session->person(team, contact_id(0), {.aliases = true}).aliases == expected,
         "aliases of one contact, in byte order");
  number = 0;
  for (const std::string& text : near_texts()) {
    ++number;
    const std::string which = "text " + std::to_string(number);
    std::vector<ContactId> bearers = {contact_id(0), contact_id(number)};
    std::sort(bearers.begin(), bearers.end());
    expect(session->find_alias(team, text) == bearers, "an alias finds those who bear these very bytes: " + which);
    const Person person = session->person(team, contact_id(number), {.events = true});
    expect(person.events.size() == 1 && person.events[0].source == text,
           "the source of an event is not taken for another: " + which);
    expect(session->settings(team)[text] == text, "a setting is found by its very bytes: " + which);
  }
  expect(session->settings(team).size() == expected.size(), "each setting is one of its own");
  std::vector<std::string> audiences;
  for (const AudienceAlias& alias : session->audience_aliases(team)) audiences.push_back(alias.text);
  expect(audiences == expected, "audiences, in byte order");
  changes.clear();
  changes.removed_aliases = {{"old", contact_id(0)}};
  session->write(team, changes);
  expect(session->person(team, contact_id(0), {.aliases = true}).aliases.size() == expected.size() - 1,
         "removing an alias removes no other");
  session->put_setting(team, "old", std::nullopt);
  expect(session->settings(team).size() == expected.size() - 1, "removing a setting removes no other");
}

void keys_of_properties_are_case_sensitive_and_ordered_as_bytes(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const std::vector<std::string> keys = {"0", "A", "Plan", "_", "a", "pLAN", "plan", "plan_"};
  for (const std::string& key : keys) session->put_property(team, {key, PropertyType::string, key, time_of(1)});
  session->put_property(team, {"plan", PropertyType::number, 3.5, time_of(2)});
  std::vector<std::string> found;
  for (const PropertyDefinition& property : session->properties(team)) {
    found.push_back(property.key);
    expect((property.type == PropertyType::number) == (property.key == "plan"), "putting one replaces that one");
  }
  expect(found == keys, "each key is one of its own, in byte order");
  session->remove_property(team, "plan");
  expect(session->properties(team).size() == keys.size() - 1, "removing one removes no other");
}

void times_come_back_to_the_microsecond_from_the_year_1_to_9999(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const Time last = Time(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31)) + std::chrono::hours(24) -
                    std::chrono::microseconds(1);
  std::vector<Time> times = {beginning_of_time, time_of(-1'000'001), time_of(-1), time_of(0), time_of(1), last};
  ChangeSet changes;
  const ContactId id = contact_id(1);
  Contact& contact = changes.contacts.emplace_back();
  contact.id = id;
  contact.email = "p1@example.org";
  contact.created_at = beginning_of_time;
  contact.updated_at = last;
  for (std::size_t at = 0; at < times.size(); ++at) {
    ConsentEvent& event = changes.events.emplace_back();
    event.id = EventId(contact_id(static_cast<int>(at)));
    event.contact = id;
    event.action = Action::opt_in;
    event.actor = Actor::api;
    event.recorded_at = times[at];
    event.at = event.valid_until = times[at];
    changes.soft_bounces.push_back({id, times[at]});
    changes.outbox.push_back({id, event.id, times[at]});
    Standing standing;
    standing.everything.said = Said::opt_in;
    standing.everything.valid_until = standing.last_event = standing.removed_at = times[at];
    changes.standings.push_back({contact_id(100 + static_cast<int>(at)), standing});
    changes.leases.push_back({contact_id(100 + static_cast<int>(at)), BroadcastNumber{1}, LeaseState::leased,
                              LeaseId(id), "worker", times[at], times[at]});
  }
  session->write(team, changes);
  const Person person = session->person(team, id, Parts::all());
  expect(person.contact->created_at == beginning_of_time && person.contact->updated_at == last, "times of a contact");
  expect(person.soft_bounces == times, "times of soft bounces, ordered");
  for (const ConsentEvent& event : person.events) {
    const auto given = std::find_if(changes.events.begin(), changes.events.end(),
                                    [&](const ConsentEvent& one) { return one.id == event.id; });
    expect_same(shown(event), shown(*given), "an event");
  }
  for (const PersonStanding& standing : changes.standings) {
    expect_same(shown(session->person(team, standing.contact, {.permission = true}).permission.standing),
                shown(standing.standing), "a standing");
  }
  for (std::size_t at = 0; at < times.size(); ++at) {
    expect(session->expiring(team, times[at], {}, 100).size() == at, "what runs out before a time, exclusive");
    expect(session->leases(team, BroadcastNumber{1}, LeaseState::leased, times[at], {}, 100).size() == at + 1,
           "leases that end by a time, inclusive");
  }
  expect(session->expiring(team, Time::max(), {}, 100).size() == times.size(), "the last time there is, as a bound");
  expect(session->leases(team, BroadcastNumber{1}, LeaseState::leased, Time::max(), {}, 100).size() == times.size(),
         "the last time there is, as a bound of leases");
  expect(session->publish(team, 100) == times.size(), "all are published");
  std::vector<EventId> order;
  for (const FeedEntry& entry : session->feed(team, 0, 100)) order.push_back(entry.event);
  for (std::size_t at = 0; at < order.size(); ++at) expect(order[at] == changes.events[at].id, "the feed, by time");
}

void the_first_and_the_last_id_are_ids_like_any_other(Trial& trial) {
  const TeamNumber team = trial.new_team().number;
  const auto session = trial.connect();
  const IdRange all;
  ContactId signs = all.first;  // bytes that end a C string, and one that looks negative
  signs.bytes[0] = 0x80;
  const std::vector<ContactId> ids = {all.first, signs, all.last};
  ChangeSet changes;
  for (const ContactId& id : ids) {
    Contact& contact = changes.contacts.emplace_back();
    contact.id = id;
    contact.email = "p@example.org";
    changes.joined.push_back({id, SegmentNumber{1}});
    ConsentEvent& event = changes.events.emplace_back();
    event.contact = id;
    event.id = EventId(id);
    event.action = Action::opt_out;
    event.actor = Actor::person;
    changes.suppressions.push_back({id, SuppressionReason::complaint, "", time_of(1)});
    changes.aliases.push_back({"old-1", id});
    changes.link_epochs.emplace_back(id, 7);
  }
  session->write(team, changes);
  expect(session->find_alias(team, "old-1") == ids, "found by their alias, ascending by their bytes");
  expect(session->suppressions(team, {}, 10).size() == ids.size(), "in the list of suppressions");
  std::vector<Person> people;
  session->people(team, {}, Parts::all(), 10, people);
  expect(people.size() == ids.size(), "in the list of people");
  for (std::size_t at = 0; at < ids.size(); ++at) {
    expect(people[at].id == ids[at] && people[at].events.size() == 1 && people[at].events[0].id == EventId(ids[at]) &&
               people[at].link_epoch == 7,
           "with all that they have, ascending by their bytes");
  }
  CandidateQuery query;
  query.segment = SegmentNumber{1};
  std::vector<Candidate> candidates;
  session->candidates(team, query, candidates);
  expect(candidates.size() == ids.size(), "among the candidates");
  query.after = all.first;
  session->candidates(team, query, candidates);
  expect(candidates.size() == ids.size() - 1, "after the first one there are the others");
  query.after = all.last;
  session->candidates(team, query, candidates);
  expect(candidates.empty(), "after the last one there is nobody");
  changes.clear();
  changes.dropped = ids;
  session->write(team, changes);
  session->people(team, {}, Parts::all(), 10, people);
  expect(people.empty(), "and they can be dropped");
}

}  // namespace

std::vector<Case> text_cases() {
  return {
      {"texts_come_back_byte_for_byte_at_their_longest", {}, texts_come_back_byte_for_byte_at_their_longest},
      {"what_was_empty_comes_back_empty", {}, what_was_empty_comes_back_empty},
      {"texts_are_compared_and_ordered_as_bytes", {}, texts_are_compared_and_ordered_as_bytes},
      {"keys_of_properties_are_case_sensitive_and_ordered_as_bytes",
       {},
       keys_of_properties_are_case_sensitive_and_ordered_as_bytes},
      {"times_come_back_to_the_microsecond_from_the_year_1_to_9999",
       {},
       times_come_back_to_the_microsecond_from_the_year_1_to_9999},
      {"the_first_and_the_last_id_are_ids_like_any_other", {}, the_first_and_the_last_id_are_ids_like_any_other},
  };
}

}  // namespace mailroll::conformance
