/// What a file of JSON lines holds, as one value. A transaction copies it, with copies of the teams that it changes, and
/// writes it out whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <mailroll/store/store.hpp>

namespace jsonl {

using namespace mailroll;

/// Everything under one contact id.
struct Held {
  std::optional<Contact> contact;
  std::optional<Standing> standing;
  std::map<TopicNumber, ScopeState> choices;
  std::set<SegmentNumber> segments;
  std::map<EventId, ConsentEvent> events;
  std::map<SuppressionReason, Suppression> suppressions;
  std::set<std::string> aliases;
  std::set<Time> soft_bounces;
  std::map<BroadcastNumber, Lease> leases;
  std::optional<std::int32_t> link_epoch;

  /// Whether there is a row in one of these parts.
  [[nodiscard]] bool has(const Parts& parts) const {
    return (parts.contact && contact) || (parts.permission && (standing || !choices.empty())) ||
           (parts.segments && !segments.empty()) || (parts.events && !events.empty()) ||
           (parts.suppressions && !suppressions.empty()) || (parts.aliases && !aliases.empty()) ||
           (parts.soft_bounces && !soft_bounces.empty()) || (parts.leases && !leases.empty()) ||
           (parts.link_epoch && link_epoch);
  }
};

/// What a team has beside its people.
struct TeamRecord {
  std::optional<Team> team;  ///< nothing: somebody wrote under a number that is no team's
  std::int32_t next_number = 1;
  std::map<RunId, Run> runs;
  std::map<SegmentNumber, Segment> segments;
  std::map<TopicNumber, Topic> topics;
  std::map<std::string, PropertyDefinition> properties;
  std::map<std::string, AudienceAlias> audience_aliases;
  std::map<std::string, std::string> settings;
  std::map<BroadcastNumber, Broadcast> broadcasts;
  std::map<std::pair<ContactId, EventId>, Time> outbox;  ///< to when it was recorded
  std::vector<FeedEntry> feed;                           ///< position p at index p - 1
};

struct TeamState {
  TeamRecord record;
  std::map<ContactId, Held> people;
  std::map<std::string, std::set<ContactId>> bearers;  ///< of aliases; made from `people` when the file is read
  std::string text;                                    ///< its lines of the file; "" where they are to be made (again)
};

struct State {
  std::map<std::int32_t, std::shared_ptr<TeamState>> teams;  ///< shared with other states: changed by whoever made it
  std::map<std::pair<KeyKind, std::int32_t>, StoredKey> keys;
};

inline constexpr int format_version = 1;

/// The file's text: a line that says what it is, then a line for each key, team and person. Only teams without a text are put
/// into words; they have one then.
std::string text_of(State& state);

/// Thrown by state_of() on what text_of() does not write.
struct Unreadable {
  enum class Why { other_file, newer, corrupt } why;
};
State state_of(const std::string& text);

}  // namespace jsonl
