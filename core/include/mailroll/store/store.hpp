/// The port: what every storage backend promises. Domain values only, never SQL, never rows of a table.
///
/// A backend stores and finds; it never decides whether somebody may be mailed. backends/README.md tells how to write one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/consent/standing.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/key.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/team.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/store/capability.hpp"
#include "mailroll/store/delivery.hpp"
#include "mailroll/store/filter_match.hpp"
#include "mailroll/store/people_columns.hpp"
#include "mailroll/store/person.hpp"
#include "mailroll/store/person_change.hpp"

namespace mailroll {

/// What an old audience has become: found again by this, never by its name alone.
struct AudienceAlias {
  std::string text;  ///< the audience's id, else the bytes of its name
  SegmentNumber segment{};
  TopicNumber topic{};  ///< 0: none was made

  bool operator==(const AudienceAlias&) const = default;
};

/// A run over many contacts, in chunks. Until it is finished, every answer over many contacts says that it is incomplete.
struct Run {
  RunId id;
  std::string kind;    ///< "migration", "import", "rekey", "suppressions" or "copy"
  std::string source;  ///< digest that tells the input; the same input again resumes the run
  Time started_at{};
  std::optional<Time> finished_at;

  bool operator==(const Run&) const = default;
};

/// A member of a segment with what decide() needs. Of standing and choice only what decide() reads is filled (said,
/// valid_until, by_override, erased, suppressions), and not objectors, events and times.
struct Candidate {
  ContactId id;
  std::string email;
  std::string first_name;
  std::string last_name;
  Standing standing;
  ScopeState choice;
};

struct CandidateQuery {
  SegmentNumber segment{};
  TopicNumber topic{};             ///< 0: no topic; `choice` then stays ScopeState{}
  IdRange range;                   ///< both ends inclusive
  std::optional<ContactId> after;  ///< exclusive; nothing: from range.first
  std::size_t limit = 1000;
  bool with_profile = true;  ///< false: email and names stay empty
};

struct TeamCounts {
  std::uint64_t contacts = 0;  ///< profiles
  std::uint64_t memberships = 0;
};

/// How much a commit promises.
enum class Durability {
  full,  ///< what is committed survives a power cut
  bulk,  ///< survives a crash of the program, but perhaps not a power cut, until the next `full` commit
};

/// One connection to a store. Used by one thread at a time. All calls throw Error(storage) on failure; the text of an
/// engine's own error never comes out, since it contains data.
///
/// Reads outside a transaction see what is committed. Inside begin_write .. commit everything is one transaction that
/// excludes other writers of the same contacts (SQLite and memory: of the store). There a store may put off locks and writes:
/// why one failed is then thrown by the next read or by commit().
class Session {
 public:
  virtual ~Session() = default;

  virtual void begin_read() = 0;  ///< several reads that see one state, that of this moment; ended by rollback()
  virtual void begin_write() = 0;
  virtual void commit(Durability durability = Durability::full) = 0;
  virtual void rollback() noexcept = 0;  ///< no error where none is open

  // Teams, keys, runs.
  virtual std::vector<Team> teams() = 0;                                      ///< by number
  virtual Team add_team(const Uuid& id, std::string_view name, Time at) = 0;  ///< conflict if the name is taken
  virtual std::vector<StoredKey> keys() = 0;                                  ///< by kind, then id
  virtual void put_key(const StoredKey& key) = 0;
  virtual std::vector<Run> runs(TeamNumber team) = 0;  ///< unfinished ones and the last 100 finished, oldest first
  virtual void put_run(TeamNumber team, const Run& run) = 0;

  /// Takes `count` numbers that nobody had before; answers the first. For segments and topics.
  virtual std::int32_t take_numbers(TeamNumber team, std::int32_t count) = 0;

  /// What a team has set, by name; few.
  virtual std::map<std::string, std::string> settings(TeamNumber team) = 0;
  /// Nothing: the setting goes.
  virtual void put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) = 0;

  // Definitions: few per team, read whole. Each list is ordered by number (properties: by key as bytes).
  virtual std::vector<Segment> segments(TeamNumber team) = 0;
  virtual void put_segment(TeamNumber team, const Segment& segment) = 0;
  virtual void remove_segment(TeamNumber team, SegmentNumber segment) = 0;  ///< the definition and its audience alias
  virtual std::vector<Topic> topics(TeamNumber team) = 0;
  virtual void put_topic(TeamNumber team, const Topic& topic) = 0;
  /// The definition; audience aliases keep their segment. Choices stay under the number, which nobody gets again.
  virtual void remove_topic(TeamNumber team, TopicNumber topic) = 0;
  virtual std::vector<PropertyDefinition> properties(TeamNumber team) = 0;
  virtual void put_property(TeamNumber team, const PropertyDefinition& property) = 0;
  virtual void remove_property(TeamNumber team, std::string_view key) = 0;
  virtual std::vector<AudienceAlias> audience_aliases(TeamNumber team) = 0;  ///< by text as bytes
  virtual void put_audience_alias(TeamNumber team, const AudienceAlias& alias) = 0;

  // People.
  /// Takes the write lock of one contact id for the rest of the transaction (engines without row locks: nothing to do).
  virtual void lock(TeamNumber team, const ContactId& contact) = 0;
  /// The same for many, which are ascending: whoever takes several locks takes them in this order.
  virtual void lock_all(TeamNumber team, std::span<const ContactId> contacts) {
    for (const ContactId& contact : contacts) lock(team, contact);
  }
  /// Takes the write lock of what is not about one contact, before it is read to be changed, for the rest of the transaction:
  /// of a team's broadcast by its number, or of its definitions and their names by 0; of the store's teams and keys by 0 of
  /// team 0. Stores with one writer at a time have nothing to do.
  virtual void lock_shared(TeamNumber /*team*/, std::int32_t /*number*/) {}
  /// Everything asked for of one id. An id without any row gives a Person with nothing in it.
  virtual Person person(TeamNumber team, const ContactId& id, Parts parts) = 0;
  /// The ids of the range that have at least one row in one of the parts asked for, ascending, at most `limit`
  /// of them; fewer than `limit` means that the range is done. `out` is overwritten.
  virtual void people(TeamNumber team, const IdRange& range, Parts parts, std::size_t limit,
                      std::vector<Person>& out) = 0;
  /// The same of these ids, which are ascending and none of them twice; some hundreds, so that a store behind a network is
  /// asked once.
  virtual void people_of(TeamNumber team, std::span<const ContactId> contacts, Parts parts, std::vector<Person>& out) {
    out.clear();
    std::vector<Person> one;
    for (const ContactId& contact : contacts) {
      people(team, {contact, contact}, parts, 1, one);
      if (!one.empty()) out.push_back(std::move(one.front()));
    }
  }
  /// The contacts of the range that have a profile, ascending, at most `limit` of them (fewer: the range is done), with
  /// standings, choices and memberships. `out` is overwritten. Whole snapshots are read by this: a store that can read only
  /// these columns should.
  virtual void people_columns(TeamNumber team, const IdRange& range, std::size_t limit, PeopleColumns& out) {
    columns_of_people(*this, team, range, limit, out);
  }
  /// Who bears the alias: none, one, or several (a conflict), ascending.
  virtual std::vector<ContactId> find_alias(TeamNumber team, std::string_view text) = 0;
  virtual void write(TeamNumber team, const ChangeSet& changes) = 0;
  /// Deletes up to `limit` memberships of a segment; answers how many went. 0: done.
  virtual std::size_t remove_members(TeamNumber team, SegmentNumber segment, std::size_t limit) = 0;

  // Answers over many.
  /// Members of a segment that have a profile, ascending by id, at most `limit`; fewer means done. `out` is overwritten
  /// (and its strings' memory used again).
  virtual void candidates(TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) = 0;
  /// The same of everybody who has a profile and for whom the filter is true, in whatever segment; query.segment is not looked
  /// at. A store that can tell by itself for whom a condition is true, exactly as evaluate() does, need not give the core
  /// everybody to look at.
  virtual void matching(TeamNumber team, const FilterQuery& whom, const CandidateQuery& query,
                        std::vector<Candidate>& out) {
    match_people(*this, team, whom, query, out);
  }
  virtual TeamCounts counts(TeamNumber team) = 0;
  virtual std::uint64_t count_members(TeamNumber team, SegmentNumber segment) = 0;
  virtual std::uint64_t count_contacts(TeamNumber team, std::int32_t hash_key) = 0;  ///< profiles, by Contact::hash_key
  virtual std::uint64_t count_choices(TeamNumber team, TopicNumber topic, Said said) = 0;
  /// Ordered by (contact, reason); `after` exclusive; nothing: from the start.
  virtual std::vector<Suppression> suppressions(TeamNumber team, const std::optional<Suppression>& after,
                                                std::size_t limit) = 0;

  /// Choices and standings that are opt_in and run out before `until` (exclusive), ordered by (contact, topic); `after`
  /// exclusive; nothing: from the start. At most `limit`; fewer means done.
  virtual std::vector<Expiry> expiring(TeamNumber team, Time until, const std::optional<Expiry>& after,
                                       std::size_t limit) = 0;

  // Mail on its way.
  virtual std::vector<Broadcast> broadcasts(TeamNumber team) = 0;  ///< by number
  virtual void put_broadcast(TeamNumber team, const Broadcast& broadcast) = 0;
  /// Leases of a broadcast in one state whose `expires_at` is at or before `expired_by`, ascending by contact; `after`
  /// exclusive; nothing: from the start. At most `limit`.
  virtual std::vector<Lease> leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state, Time expired_by,
                                    const std::optional<ContactId>& after, std::size_t limit) = 0;
  /// Everybody whose latest lease this is, in any state, ascending by contact.
  virtual std::vector<Lease> leases_of(TeamNumber team, const LeaseId& lease) = 0;
  virtual LeaseCounts count_leases(TeamNumber team, BroadcastNumber broadcast) = 0;
  virtual std::uint64_t count_leases(TeamNumber team, BroadcastNumber broadcast, LeaseState state) = 0;

  /// Moves up to `limit` entries of the outbox, those recorded first, to the end of the feed, in the order (recorded_at,
  /// contact, event). One at a time: engines with several writers take the lock of the feed's row first. Answers how many
  /// went.
  virtual std::size_t publish(TeamNumber team, std::size_t limit) = 0;
  /// What waits to be published, in the order (recorded_at, contact, event); `after` exclusive; nothing: from the start. At
  /// most `limit`; fewer means done.
  virtual std::vector<OutboxEntry> outbox(TeamNumber team, const std::optional<OutboxEntry>& after,
                                          std::size_t limit) = 0;
  /// The feed behind a position (exclusive), ascending, at most `limit`.
  virtual std::vector<FeedEntry> feed(TeamNumber team, std::int64_t after, std::size_t limit) = 0;

  // Changes. A store that keeps no log of them answers with nothing, and what would follow it is read anew.
  /// Nothing: no log is kept.
  virtual std::optional<ChangeBounds> change_bounds(TeamNumber /*team*/) { return std::nullopt; }
  /// Gives positions to up to `limit` changes that are committed and have none. One at a time, as publish(). Answers how many;
  /// fewer than `limit`: all that were committed when it began have one. Inside a write transaction.
  virtual std::size_t publish_changes(TeamNumber /*team*/, std::size_t /*limit*/) { return 0; }
  /// Published changes behind a position (exclusive), ascending, at most `limit`; fewer means done. `out` is overwritten.
  virtual void changes(TeamNumber /*team*/, std::int64_t /*after*/, std::size_t /*limit*/,
                       std::vector<PersonChange>& out) {
    out.clear();
  }
  /// Forgets up to `limit` published changes up to a position (inclusive), oldest first; answers how many went.
  virtual std::size_t forget_changes(TeamNumber /*team*/, std::int64_t /*up_to*/, std::size_t /*limit*/) { return 0; }

  /// Tells the engine that a large load begins or ends (caches, checkpoints). No effect on meaning.
  virtual void expect_bulk(bool begins) = 0;

  /// Pushes what was deleted out of the engine's own logs, where it can, outside a transaction. True: it is in no file of
  /// the store any more. False: somebody was still reading from them, and it goes later. Waits for them, but not for long.
  virtual bool forget() = 0;
};

/// A store. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;
  /// A connection. Opening the first one of a store makes or upgrades the schema where the backend does that.
  virtual std::unique_ptr<Session> connect() = 0;
  /// How many sessions may be open at a time; at least 1.
  [[nodiscard]] virtual int max_sessions() const = 0;
  /// What this store can do beyond what every store must: `mailroll-conformance` holds it to each.
  [[nodiscard]] virtual Capabilities capabilities() const = 0;
  /// Version of the schema, 0 where the backend has none; and the one this library writes.
  virtual int schema_version() = 0;
  [[nodiscard]] virtual int newest_schema_version() const = 0;
  /// The store's address without a password, to show to people.
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace mailroll
