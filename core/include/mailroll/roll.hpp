/// The roll: the use cases, in the words of the field. Start here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mailroll/audience/audience.hpp"
#include "mailroll/audience/expression.hpp"
#include "mailroll/audience/follower.hpp"
#include "mailroll/audience/snapshot.hpp"
#include "mailroll/consent/event.hpp"
#include "mailroll/error.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/team.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/roll/contacts.hpp"
#include "mailroll/roll/handoff.hpp"
#include "mailroll/roll/keys.hpp"
#include "mailroll/roll/links.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/roll/reports.hpp"
#include "mailroll/roll/segments.hpp"
#include "mailroll/roll/suppressions.hpp"
#include "mailroll/roll/topics.hpp"
#include "mailroll/transfer/plan.hpp"

namespace mailroll {

struct OpenOptions {
  std::string team = "default";  ///< by name; `default` is made where it does not exist, another is not_found
  Actor actor = Actor::api;      ///< who is calling: api, or operator_ for staff tools; anything else is invalid
  /// A keyring file: lines `hash ID HEX` or `link ID HEX` (64 hex digits). Where the environment has MAILROLL_KEYS (the
  /// same lines) that is used; else the store's own keys. A hash key that the store knows but nobody gives: storage,
  /// lost_key.
  std::string key_file;
  Clock clock = system_now;
  /// Is told what nobody outside may be told, e.g. why a token is not believed. Never an address, name or token. May be
  /// called by several threads at once.
  std::function<void(std::string_view)> log = {};
};

/// What lowering or raising asks for.
struct PermissionOptions {
  std::string override_reason = {};  ///< raising, operators only: the written reason to go against the person's opt-out
  std::optional<Actor> by = {};      ///< lowering only: Actor::person where somebody told staff (needs evidence.note)
  std::optional<Channel> channel = {};   ///< how it came in; nothing: as the caller usually does
  std::optional<Time> at = {};           ///< when it happened; nothing: now. In the future: now, and flagged
  std::optional<Time> valid_until = {};  ///< raising only: when the consent runs out; later than now
  std::string basis = {};                ///< raising only: one of lawful_bases; "": the topic's
  Evidence evidence = {};
};

struct Usage {
  std::uint64_t global = 0;        ///< contacts, each once
  std::uint64_t per_audience = 0;  ///< what counting per audience gave: one for each segment a contact is in
};

/// What check() found.
struct CheckReport {
  int schema_version = 0;
  std::uint64_t teams = 0;                   ///< of the whole store
  std::uint64_t people = 0;                  ///< contact ids looked at
  std::uint64_t cache_differs = 0;           ///< ids whose stored standing or choices are not the fold of their events
  std::uint64_t repaired = 0;                ///< of those, put right (with repair)
  std::uint64_t orphans = 0;                 ///< memberships without a profile
  std::uint64_t unknown_numbers = 0;         ///< memberships of segments that do not exist
  std::uint64_t wrong_ids = 0;               ///< contacts whose id is not the hash of their address under their key
  std::uint64_t to_rekey = 0;                ///< contacts under a retired key or another Unicode version: no fault
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
  [[nodiscard]] Keys keys() const;

  /// Opts out of a topic, or of everything. Idempotent; works for an address without a profile too, and
  /// then for the contacts that its person has become since (as a link does). In one transaction with its event. Answers
  /// the event; of several, the one of the address itself.
  ConsentEvent unsubscribe(const Who& who, const Scope& scope, const PermissionOptions& options = {});
  /// Opts in again to a topic, or comes back from everything (which restores the choices as they were). Refused with
  /// reason person_opted_out, opted_out, unconfirmed or erased where the rules forbid it (domain rules, part 2). Nothing
  /// where nothing changed.
  std::optional<ConsentEvent> resubscribe(const Who& who, const Scope& scope, const PermissionOptions& options = {});
  /// Opts in to a topic; makes the contact where there is none.
  std::optional<ConsentEvent> subscribe(std::string_view email, const TopicRef& topic,
                                        const PermissionOptions& options = {});
  /// Double opt-in: records what is asked for as pending, which never counts as consent, and makes the token that alone
  /// confirms it. Makes the contact where there is none. Lowers nothing, since whoever fills in a form may be somebody
  /// else: whoever gets the mail already (also by default) goes on getting it, and there is nothing to confirm; whoever had
  /// opted out, or was erased, stays out until they confirm. `valid_for`: 1 minute to 30 days. Of `options` it takes channel
  /// (nothing: form), evidence, basis and valid_until, which are the confirmed consent's.
  Confirmation subscribe_to_confirm(std::string_view email, const Scope& scope, const PermissionOptions& options = {},
                                    std::chrono::seconds valid_for = confirm_days);
  /// Sets a choice: unsubscribe or resubscribe by another name.
  std::optional<ConsentEvent> choose(const Who& who, const TopicRef& topic, Subscription choice,
                                     const PermissionOptions& options = {});

  /// Everybody in the segment, or whom an expression of several means (audience/expression.hpp: `VIP & Newsletter`, or
  /// `vip & news` of Segments), judged for mail of the topic. `no_topic` must be said: a person can leave such mail only by
  /// leaving everything. not_found / conflict where a name is nobody's or several's; invalid where it is no expression.
  [[nodiscard]] Audience audience(const SegmentRef& segment, const TopicRef& topic) const;

  /// Loads the whole team into memory as it is at one moment. Takes about as long as reading its contacts, standings, choices
  /// and memberships once; `progress` is told of phase "load", in contacts.
  [[nodiscard]] Snapshot snapshot(const ProgressFunction& progress = {}) const;
  /// The same with columns of these fields and properties, as filters name them (`plan`, `email_domain`), for
  /// Snapshot::where(), and with what filters ask about consent. All is of the one moment. Reads whole profiles where it
  /// names any, which takes longer. Invalid where there is no such field or property.
  [[nodiscard]] Snapshot snapshot(const std::vector<std::string>& columns, const ProgressFunction& progress = {}) const;
  /// The snapshot that is loaded now, made of an older one by what the store's log says has changed since; they share what has
  /// not. Gives what was committed its place in the log, for which it writes to the store, and forgets all but the last 1,000,000
  /// places. Loads the whole team as snapshot() does where that cannot be: without a log, or when it does not reach back to
  /// `older`; when so many have changed that loading is quicker; when the clock went back; when a dynamic segment is another or
  /// new, or compares with now(); and of a snapshot with columns, which has the same ones again. Invalid (reason
  /// other_team) where `older` is of another team.
  [[nodiscard]] Refreshed refresh(const Snapshot& older, const ProgressFunction& progress = {}) const;
  /// Goes on refreshing in a thread of its own. Loads the first snapshot before it answers, or refreshes `from`, e.g. one that
  /// was mapped from a file; errors as these.
  [[nodiscard]] Follower follow(const std::optional<Snapshot>& from = {}, const ProgressFunction& progress = {}) const;

  /// May this person get this mail, and why? `segment` as in audience(). An unknown person is an answer (not_found), not an error.
  [[nodiscard]] Verdict explain(const Who& who, const TopicRef& topic, const std::optional<SegmentRef>& segment = {},
                                const std::optional<Time>& at = {}) const;
  /// The same for transactional mail.
  [[nodiscard]] Verdict explain_transactional(const Who& who, const std::optional<Time>& at = {}) const;

  /// The URL of the person's page: base_url, "/u/" ("/c/" to confirm), and a signed token. Purpose leave or export_person.
  [[nodiscard]] std::string link(const Who& who, const Scope& scope, Purpose purpose, const LinkOptions& options) const;
  /// List-Unsubscribe and List-Unsubscribe-Post (RFC 8058, RFC 2369), always both. Cover both with the DKIM signature.
  [[nodiscard]] std::vector<Header> list_unsubscribe_headers(const Who& who, const Scope& scope,
                                                             const HeaderOptions& options) const;
  /// What the page of a link shows. Changes nothing, ever: mail scanners open links. A token that is not believed is
  /// refused, reason invalid_token, whatever is wrong with it; why is told to OpenOptions::log alone.
  [[nodiscard]] Preferences preferences(std::string_view token) const;
  /// Applies a POST to the page of a link, as the person's own act, in one transaction. `body`, by its field `action`:
  /// - `List-Unsubscribe=One-Click` (RFC 8058), or no body, or any that is not known: opts out of the link's scope, or of
  ///   everything where its topic is gone (outcome left_all). `leave` does the same from the page, `mailto` for a mail.
  /// - `all`: opts out of everything. `come_back`: takes that back, and restores the choices as they were.
  /// - `save`, with the ids `shown` and `on` (repeated, or with commas): of the topics that were shown, those ticked are opted
  ///   in to where they are not received, the others opted out of where they are. Nothing else changes, nor everything.
  /// - `undo`, with the token Preferences::undo in `undo`: takes the act back where nothing was said since.
  /// - `confirm`, only with a link of that purpose, which takes nothing else. Where the person was erased, a field `email`
  ///   with the address makes the contact anew.
  /// Idempotent: an event is recorded where it changes what holds, which the person's first opt-out over another's does.
  /// A link of an id that has become another contact opts out that contact and the old id, and does nothing else.
  /// `evidence`: is kept with each event (not of the erased), cut to its bounds.
  /// Refused, before anything is written: invalid_token as above, also for an expired confirmation; not_fresh where the link
  /// may not raise (any more), or an opt-out or removal came after what it would confirm; undo_expired.
  ActResult act(std::string_view token, const FormFields& body, const Evidence& evidence = {});

  /// What lowered permission after a cursor, oldest first, at most `limit` (1 to 10,000). At least once, in order per contact.
  [[nodiscard]] FeedPage opt_outs(std::int64_t after = 0, std::size_t limit = 1000);
  /// Consent that runs out before now + `within`, also what has run out already; at most `limit` (1 to 100,000).
  [[nodiscard]] std::vector<ExpiringConsent> expiring(std::chrono::seconds within = std::chrono::days(30),
                                                      std::size_t limit = 1000) const;
  /// The mailer's side of a broadcast. Makes the broadcast where there is none of that name; conflict where the name is that of
  /// other segments or another topic. `segment`: one, or an expression of several. `worker`: 1 to 100 characters.
  [[nodiscard]] Handoff handoff(const SegmentRef& segment, const TopicRef& topic, std::string_view worker,
                                const HandoffOptions& options = {});
  /// The hand-off that a lease belongs to, as its worker has it, to confirm or release by the lease's id alone. not_found
  /// where nobody is held under the lease (any more).
  [[nodiscard]] Handoff handoff_of(const LeaseId& lease) const;
  [[nodiscard]] std::vector<BroadcastStatus> broadcasts() const;  ///< as made

  [[nodiscard]] std::vector<RetentionRule> retention() const;
  /// Sets how long a kind of evidence is kept; days 0: for ever again.
  void set_retention(const RetentionRule& rule);
  /// Drops evidence that is older than its rule, in chunks; `dry_run` only counts.
  RetentionReport apply_retention(bool dry_run = false, const ProgressFunction& progress = {});

  /// Plans the migration of old per-audience exports: folders or files.
  [[nodiscard]] MigrationPlan migrate_audiences(const std::vector<std::string>& paths,
                                                const MigrationOptions& options = {}) const;

  [[nodiscard]] Usage usage() const;
  /// Proves for every team of the store that each stored standing and choice is the fold of its events; `repair` writes
  /// the fold where not. On several threads where the store allows it, in bounded memory.
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
