/// The roll: the use cases, in the words of the field. Start here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mailroll/audience/audience.hpp"
#include "mailroll/consent/event.hpp"
#include "mailroll/error.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/team.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/roll/contacts.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/roll/segments.hpp"
#include "mailroll/roll/suppressions.hpp"
#include "mailroll/roll/topics.hpp"
#include "mailroll/transfer/plan.hpp"

namespace mailroll {

struct OpenOptions {
  std::string team = "default";  ///< by name; `default` is made where it does not exist, another is not_found
  Actor actor = Actor::api;      ///< who is calling: api, or operator_ for staff tools; anything else is invalid
  /// A keyring file with the hash key: lines `hash ID HEX` (64 hex digits). Where the environment has MAILROLL_KEYS (the
  /// same lines) that is used; else the store's own key. A key that the store knows but nobody gives: storage, lost_key.
  std::string key_file;
  Clock clock = system_now;
};

/// What lowering or raising asks for.
struct PermissionOptions {
  std::string override_reason;  ///< raising, operators only: the written reason to go against the person's opt-out
  std::optional<Actor> by;      ///< lowering only: Actor::person where somebody told staff (needs evidence.note)
  Evidence evidence;
};

struct Usage {
  std::uint64_t global = 0;        ///< contacts, each once
  std::uint64_t per_audience = 0;  ///< what counting per audience gave: one for each segment a contact is in
};

/// What check() found.
struct CheckReport {
  int schema_version = 0;
  std::uint64_t people = 0;                  ///< contact ids looked at
  std::uint64_t cache_differs = 0;           ///< ids whose stored standing or choices are not the fold of their events
  std::uint64_t repaired = 0;                ///< of those, put right (with repair)
  std::uint64_t orphans = 0;                 ///< memberships or aliases without a profile
  std::uint64_t unknown_numbers = 0;         ///< memberships of segments that do not exist
  std::uint64_t wrong_ids = 0;               ///< contacts whose id is not the hash of their address
  std::vector<std::string> unfinished_runs;  ///< "migration, begun 2026-..."
  [[nodiscard]] MAILROLL_EXPORT bool ok() const;
};

/// A team's roll in a store. One object may be used by many threads; copies share it.
class MAILROLL_EXPORT Roll {
 public:
  [[nodiscard]] Contacts contacts() const;
  [[nodiscard]] Segments segments() const;
  [[nodiscard]] Topics topics() const;
  [[nodiscard]] PropertyDefinitions properties() const;
  [[nodiscard]] Suppressions suppressions() const;
  [[nodiscard]] Events events() const;
  [[nodiscard]] Teams teams() const;

  /// Opts out of a topic, or of everything. Idempotent; works for an address without a profile too. In one transaction
  /// with its event. Answers the event.
  ConsentEvent unsubscribe(const Who& who, const Scope& scope, const PermissionOptions& options = {});
  /// Opts in again to a topic, or comes back from everything (which restores the choices as they were). Refused with
  /// reason person_opted_out, opted_out, unconfirmed or erased where the rules forbid it (domain rules, part 2). Nothing
  /// where nothing changed.
  std::optional<ConsentEvent> resubscribe(const Who& who, const Scope& scope, const PermissionOptions& options = {});
  /// Opts in to a topic; makes the contact where there is none.
  std::optional<ConsentEvent> subscribe(std::string_view email, const TopicRef& topic,
                                        const PermissionOptions& options = {});
  /// Sets a choice: unsubscribe or resubscribe by another name.
  std::optional<ConsentEvent> choose(const Who& who, const TopicRef& topic, Subscription choice,
                                     const PermissionOptions& options = {});

  /// Everybody in the segment, judged for mail of the topic. `no_topic` must be said: a person can leave such mail only by
  /// leaving everything. not_found / conflict where the name is nobody's or several's.
  [[nodiscard]] Audience audience(const SegmentRef& segment, const TopicRef& topic) const;

  /// May this person get this mail, and why? An unknown person is an answer (not_found), not an error.
  [[nodiscard]] Verdict explain(const Who& who, const TopicRef& topic,
                                const std::optional<SegmentRef>& segment = {}) const;
  /// The same for transactional mail.
  [[nodiscard]] Verdict explain_transactional(const Who& who) const;

  /// Plans the migration of old per-audience exports: folders or files.
  [[nodiscard]] MigrationPlan migrate_audiences(const std::vector<std::string>& paths,
                                                const MigrationOptions& options = {}) const;

  [[nodiscard]] Usage usage() const;
  /// Proves that every stored standing and choice is the fold of its events; `repair` writes the fold where not.
  CheckReport check(bool repair = false, const ProgressFunction& progress = {});

  [[nodiscard]] const Team& team() const;
  [[nodiscard]] Actor actor() const;
  /// The store's address without a password.
  [[nodiscard]] std::string store_name() const;

 private:
  friend MAILROLL_EXPORT Roll open(const std::string& url, const OpenOptions& options);
  explicit Roll(std::shared_ptr<detail::RollState> state) : state_(std::move(state)) {}
  std::shared_ptr<detail::RollState> state_;
};

/// Opens (and, for an embedded store, makes) the store at `url` and the team in it.
MAILROLL_EXPORT Roll open(const std::string& url, const OpenOptions& options = {});

/// The library's version, "0.1.0".
MAILROLL_EXPORT std::string_view version();

}  // namespace mailroll
