/// Random values for stores, out of small pools so that they meet each other; each within the bounds that its header gives.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "mailroll/store/store.hpp"

namespace mailroll::conformance {

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint64_t>(limit)); }
  bool chance(int one_in) { return below(one_in) == 0; }

  ContactId contact_id() { return id<ContactId>(below(40)); }
  SegmentNumber segment() { return SegmentNumber{1 + below(4)}; }
  TopicNumber topic() { return TopicNumber{1 + below(4)}; }
  Time time() {
    static constexpr Time ends[] = {beginning_of_time, time_of(-1), time_of(0),
                                    std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) + std::chrono::hours(23)};
    if (chance(12)) return ends[below(4)];
    return time_of(static_cast<std::int64_t>(random_() % 4'000'000'000'000'000ULL) - 1'000'000'000'000'000);
  }
  std::optional<Time> maybe_time() { return chance(2) ? std::optional(time()) : std::nullopt; }
  /// Free words: may be empty, at most 2000 characters.
  std::string text() {
    static const std::vector<std::string> texts = {
        "", "", "Ann", "O'Brien", "\"x\"", "Zoë", "日本", "a;b:c", "%_\\", "0", "1e5", "NULL", std::string(2000, 'y')};
    return one_of(texts);
  }
  /// What bears a name: not empty, at most 50 characters. Some differ only by what a collation overlooks.
  std::string name() {
    static const std::vector<std::string> names = {"News",       "news",    "News ",  " News", "Néws",
                                                   "Ne\u0301ws", "Strasse", "Straße", "日本",  "\U0001F4EE",
                                                   "\U0001F4EB", "O'Brien", "a%",     "a_",    "ab",
                                                   "a\\",        "NULL",    "0",      "00",    std::string(50, 'n'),
                                                   fifty_wide()};
    return one_of(names);
  }
  std::string word() { return "w" + std::to_string(below(6)); }
  std::string email() { return "p" + std::to_string(below(40)) + "@example.org"; }
  std::string alias() {
    static const std::vector<std::string> aliases = {"OLD-1", "old-1 ", "öld-1", std::string(128, 'a')};
    return chance(6) ? one_of(aliases) : "old-" + std::to_string(below(30));
  }

  /// The same number gives the same id; ids are spread over all shards, with both ends of the range among them.
  template <typename SomeId>
  SomeId id(int number) {
    SomeId made;
    if (number == 0) return made;
    if (number == 1) return SomeId(IdRange{}.last);
    std::mt19937_64 bytes(static_cast<std::uint64_t>(number));
    for (auto& byte : made.bytes) byte = static_cast<std::uint8_t>(bytes());
    made.bytes[0] = static_cast<std::uint8_t>(number * 13 / 2 * 2);  // two neighbours share their first byte
    return made;
  }

  PropertyValue property_value(PropertyType type) {
    switch (type) {
      case PropertyType::string: return text();
      case PropertyType::number: return std::vector<double>{0.0, 0.1, -3.0, 1e300, 12345678.9}[below(5)];
      case PropertyType::boolean: return chance(2);
      case PropertyType::datetime: break;
    }
    return time_of(1'700'000'000'000'000 + below(1000000));
  }
  PropertyDefinition property() {
    PropertyDefinition made;
    made.key = std::vector<std::string>{"a", "B", "b", "c_1", std::string(50, 'z')}[below(5)];
    made.type = static_cast<PropertyType>(below(4));
    if (chance(2)) made.fallback = property_value(made.type);
    made.created_at = time();
    return made;
  }

  ScopeState scope() {
    ScopeState made;
    made.said = static_cast<Said>(below(4));
    made.objectors.bits = static_cast<std::uint8_t>(below(64));
    made.valid_until = maybe_time();
    made.by_override = chance(4);
    if (!chance(3)) made.event = id<EventId>(2 + below(500));
    return made;
  }
  Contact contact(const ContactId& contact_id) {
    Contact made;
    made.id = contact_id;
    made.email = email();
    made.first_name = text();
    made.last_name = text();
    if (chance(2)) made.properties = Properties({{word(), property_value(static_cast<PropertyType>(below(4)))}});
    made.created_at = time();
    made.updated_at = time();
    made.key_version = 1000 + below(20);
    made.hash_key = 1 + below(3);
    return made;
  }
  Standing standing() {
    Standing made;
    if (chance(8)) return made;
    made.everything = scope();
    made.erased = chance(6);
    made.suppressions = static_cast<std::uint8_t>(below(16));
    if (chance(2)) made.blocked_by = id<EventId>(2 + below(500));
    made.last_event = maybe_time();
    made.removed_at = maybe_time();
    return made;
  }
  ConsentEvent event(const ContactId& contact_id) {
    ConsentEvent made;
    made.id = id<EventId>(below(500));
    made.contact = contact_id;
    made.topic = TopicNumber{below(5)};
    made.action = static_cast<Action>(1 + below(7));
    made.actor = static_cast<Actor>(1 + below(5));
    made.channel = static_cast<Channel>(below(14));
    made.at = maybe_time();
    made.recorded_at = time();
    made.valid_until = maybe_time();
    if (chance(3)) made.suppression = suppression_reason();
    made.basis = chance(2) ? "" : std::string(lawful_bases[static_cast<std::size_t>(below(8))]);
    made.source = chance(3) ? "" : "import:" + name();
    made.reason = text();
    if (chance(2)) made.evidence = {text(), word(), "", text(), "de", text(), text()};
    made.clamped = chance(3);
    return made;
  }
  BroadcastNumber broadcast_number() { return BroadcastNumber{1 + below(3)}; }
  Broadcast broadcast() {
    Broadcast made;
    made.number = broadcast_number();
    made.found = chance(2);
    made.name = name();
    made.segment = segment();
    if (chance(2)) made.expression = name();
    made.topic = TopicNumber{below(5)};
    if (chance(2)) made.position = contact_id();
    made.created_at = time();
    return made;
  }
  LeaseState lease_state() { return static_cast<LeaseState>(1 + below(4)); }
  Lease lease(const ContactId& contact_id) {
    return {contact_id, broadcast_number(), lease_state(), id<LeaseId>(below(50)), word(), time(), time()};
  }
  SuppressionReason suppression_reason() { return static_cast<SuppressionReason>(1 + below(3)); }

  /// Changes for contacts that `pick()` chooses, without a key twice in one vector.
  template <typename Pick>
  ChangeSet changes(Pick pick) {
    ChangeSet made;
    const int most = chance(10) ? 60 : 4;
    const auto times = [&] { return chance(2) ? 0 : 1 + below(most); };
    for (int n = times(); n > 0; --n) made.contacts.push_back(contact(pick()));
    for (int n = times(); n > 0; --n) made.removed_contacts.push_back(pick());
    for (int n = times(); n > 0; --n) made.joined.push_back({pick(), segment()});
    for (int n = times(); n > 0; --n) made.left.push_back({pick(), segment()});
    for (int n = times(); n > 0; --n) made.events.push_back(event(pick()));
    for (int n = times(); n > 0; --n) made.standings.push_back({pick(), standing()});
    for (int n = times(); n > 0; --n) {
      made.choices.push_back({pick(), {topic(), chance(4) ? ScopeState{} : scope()}});
    }
    for (int n = times(); n > 0; --n) made.suppressions.push_back({pick(), suppression_reason(), email(), time()});
    for (int n = times(); n > 0; --n) made.lifted_suppressions.push_back({pick(), suppression_reason()});
    for (int n = times(); n > 0; --n) made.aliases.push_back({alias(), pick()});
    for (int n = times(); n > 0; --n) made.removed_aliases.push_back({alias(), pick()});
    for (int n = times(); n > 0; --n) made.redacted_events.push_back(event(pick()));
    for (int n = times(); n > 0; --n) made.outbox.push_back({pick(), id<EventId>(below(500)), time()});
    for (int n = times(); n > 0; --n) made.leases.push_back(lease(pick()));
    for (int n = times(); n > 0; --n) made.soft_bounces.push_back({pick(), chance(2) ? time() : time_of(below(4))});
    for (int n = chance(3) ? times() : 0; n > 0; --n) made.cleared_soft_bounces.push_back(pick());
    for (int n = times(); n > 0; --n) made.link_epochs.emplace_back(pick(), below(70000));
    for (int n = chance(6) ? 1 : 0; n > 0; --n) made.dropped.push_back(pick());
    once(made.contacts, [](const Contact& row) { return row.id; });
    once(made.removed_contacts, [](const ContactId& row) { return row; });
    once(made.joined, [](const Membership& row) { return row; });
    once(made.left, [](const Membership& row) { return row; });
    once(made.events, [](const ConsentEvent& row) { return std::make_pair(row.contact, row.id); });
    once(made.standings, [](const PersonStanding& row) { return row.contact; });
    once(made.choices, [](const PersonChoice& row) { return std::make_pair(row.contact, row.choice.topic); });
    once(made.suppressions, [](const Suppression& row) { return std::make_pair(row.contact, row.reason); });
    once(made.aliases, [](const Alias& row) { return row; });
    once(made.removed_aliases, [](const Alias& row) { return row; });
    once(made.redacted_events, [](const ConsentEvent& row) { return std::make_pair(row.contact, row.id); });
    once(made.outbox, [](const OutboxEntry& row) { return std::make_pair(row.contact, row.event); });
    once(made.leases, [](const Lease& row) { return std::make_pair(row.contact, row.broadcast); });
    once(made.soft_bounces, [](const SoftBounce& row) { return row; });
    once(made.cleared_soft_bounces, [](const ContactId& row) { return row; });
    once(made.link_epochs, [](const auto& row) { return row.first; });
    return made;
  }

 private:
  std::string one_of(const std::vector<std::string>& texts) {
    return texts[static_cast<std::size_t>(below(static_cast<int>(texts.size())))];
  }
  /// Fifty characters of four bytes each.
  static std::string fifty_wide() {
    std::string wide;
    for (int times = 0; times < 50; ++times) wide += "\U0001F4EE";
    return wide;
  }
  template <typename Row, typename Key>
  void once(std::vector<Row>& rows, Key key) {
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
    rows.erase(std::unique(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) == key(b); }),
               rows.end());
    if (chance(2)) std::shuffle(rows.begin(), rows.end(), random_);
  }

  std::mt19937_64 random_;
};

}  // namespace mailroll::conformance
