/// Plans: what a migration or an import would do, before it does it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mailroll/consent/decide.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

/// What an old "unsubscribed" amounts to.
enum class UnsubscribedPolicy : std::uint8_t {
  topics,      ///< each audience also becomes a public topic; unsubscribed there: opted out of that topic
  everything,  ///< strict: unsubscribed anywhere is unsubscribed from everything; no topics are made
};
MAILROLL_EXPORT std::string_view to_string(UnsubscribedPolicy policy);

struct MigrationOptions {
  UnsubscribedPolicy unsubscribed = UnsubscribedPolicy::topics;
  /// The input holds every audience there is (as an audiences.json says by itself): then whoever is unsubscribed in all
  /// of theirs is unsubscribed from everything.
  bool complete = false;
  std::string rejects = {};        ///< where rejected rows are listed as NDJSON; "": they are only counted
  ProgressFunction progress = {};  ///< while planning
};

struct ImportOptions {
  /// Header -> field or property key ("" leaves it out).
  std::vector<std::pair<std::string, std::string>> columns = {};
  std::vector<std::string> segments = {};  ///< names or ids; every row's contact joins them; made if they do not exist
  std::vector<std::string> topics = {};    ///< names or ids, which must exist; the rows are opt-ins to them
  bool keep_existing = false;              ///< --on-conflict keep: profiles that exist stay as they are
  bool strict_properties = false;  ///< a column without a definition rejects its rows instead of defining a string
  std::string rejects = {};        ///< as of MigrationOptions; with it the plan is made at once, whoever is stored
  ProgressFunction progress = {};  ///< while reading the file, and planning where that is done at once
};

/// The counts of a migration; fields as in `migrate audiences --format json`.
struct MigrationSummary {
  bool dry_run = true;  ///< false once applied
  UnsubscribedPolicy policy{};
  std::uint64_t rows = 0;  ///< data rows read
  std::uint64_t rejected = 0;
  std::uint64_t duplicates = 0;  ///< rows of one audience that repeat a key already seen in that audience
  std::uint64_t audiences = 0;
  std::uint64_t contacts = 0;  ///< distinct keys among the accepted rows
  std::uint64_t contacts_created = 0;
  std::uint64_t contacts_updated = 0;
  std::uint64_t contacts_unchanged = 0;
  std::uint64_t memberships = 0;  ///< distinct (audience, key) pairs
  std::uint64_t segments = 0;     ///< what the audiences amount to, made now or before
  std::uint64_t topics = 0;
  std::uint64_t opt_ins = 0;  ///< explicit choices the input amounts to
  std::uint64_t opt_outs = 0;
  std::uint64_t unsubscribed = 0;    ///< contacts that end unsubscribed from everything by this input
  std::uint64_t kept_opted_out = 0;  ///< distinct (contact, scope) pairs that were not raised
  std::uint64_t kept_removed = 0;    ///< distinct (contact, scope) pairs whose opt-in ended with a removal
  std::uint64_t left_to_topics = 0;  ///< unsubscribed in all of this input's audiences, but the input is not complete
  std::uint64_t name_conflicts = 0;
  std::uint64_t address_spellings = 0;
  std::uint64_t property_conflicts = 0;
  std::uint64_t alias_conflicts = 0;                                    ///< old ids that several contacts claim
  std::uint64_t aliases_too_long = 0;                                   ///< old ids over 128 bytes, which are not kept
  std::uint64_t usage_per_audience = 0;                                 ///< = memberships
  std::uint64_t usage_global = 0;                                       ///< = contacts
  std::array<std::uint64_t, reject_reason_count> rejected_by_reason{};  ///< indexed by RejectReason
};

/// One old audience: who received its mail before, and who receives mail to its segment (and topic) now.
struct AudienceEffect {
  std::string name;
  std::uint64_t members = 0;
  std::uint64_t received_before = 0;  ///< reached by the old audience: in it, and no row of theirs there unsubscribed
  std::uint64_t receives_after = 0;   ///< of the members in this input, under the plan's policy
  std::uint64_t receives_after_everything = 0;  ///< ... and under the policy `everything`
  std::uint64_t gains = 0;                      ///< received before: no; after: yes. Always 0; counted to show it
  std::uint64_t loses = 0;
};

/// Somebody whose mail changes.
struct Effect {
  ContactId id;
  std::string email;
  std::string audience;
  bool received_before = false;
  bool receives_after = false;
  Reason reason{};  ///< of the answer after: the standing opt-out, suppression or removal
};

/// Rows of one contact that disagree.
struct Conflict {
  ContactId id;
  std::string email;
  std::string what;                 ///< "name", "spelling", "property" or "alias"
  std::string key;                  ///< of the property; "" otherwise
  std::string kept;                 ///< the value that is kept
  std::vector<std::string> others;  ///< what else the rows say, in order of reading
};

/// A migration of old audiences, planned. Holds the accepted rows in a temporary folder of its own; what people said live
/// between planning and applying is respected, since each contact is looked at again when it is written.
class MAILROLL_EXPORT MigrationPlan {
 public:
  /// Of the plan; after apply(), of what was done.
  [[nodiscard]] const MigrationSummary& summary() const;
  [[nodiscard]] const std::vector<AudienceEffect>& audiences() const;  ///< in the order of the input
  /// True where the input holds every audience (audiences.json or the option).
  [[nodiscard]] bool complete() const;

  /// Everybody whose mail changes under a policy, ascending by contact id, then audience. Reads the store again. `visit`
  /// answers false to stop.
  void effects(UnsubscribedPolicy policy, const std::function<bool(const Effect&)>& visit) const;
  /// Every conflict, ascending by contact id.
  void conflicts(const std::function<bool(const Conflict&)>& visit) const;

  /// Does it, in chunks that are transactions; each contact is whole or absent. Applying again changes nothing. A run that
  /// was interrupted or cancelled is completed by planning and applying the same input again.
  const MigrationSummary& apply(const ProgressFunction& progress = {});

  struct Work;
  explicit MigrationPlan(std::shared_ptr<Work> work) : work_(std::move(work)) {}

 private:
  std::shared_ptr<Work> work_;
};

/// What becomes of one row of an import; the first that applies.
enum class RowVerdict : std::uint8_t {
  rejected,
  duplicate,
  kept_opted_out,
  kept_removed,
  created,
  updated,
  unchanged,
};
inline constexpr std::size_t row_verdict_count = 7;
MAILROLL_EXPORT std::string_view to_string(RowVerdict verdict);

struct ImportSummary {
  bool dry_run = true;
  std::uint64_t rows = 0;
  std::array<std::uint64_t, row_verdict_count> by_verdict{};  ///< rows, indexed by RowVerdict; they add up to `rows`
  std::array<std::uint64_t, reject_reason_count> rejected_by_reason{};
  std::uint64_t opt_ins = 0;         ///< choices raised by --topic
  std::uint64_t unsubscribed = 0;    ///< contacts that the file unsubscribes from everything
  std::uint64_t kept_opted_out = 0;  ///< distinct (contact, scope) pairs that were not raised
  std::uint64_t kept_removed = 0;
};

/// An import of contacts, planned. As MigrationPlan; but what the store holds is looked at only when the summary is asked for
/// (or rejected rows are to be listed), so that whoever applies without asking waits for one pass and not for two.
class MAILROLL_EXPORT ImportPlan {
 public:
  /// Of the plan; once applied, of what was done. Where the plan is not made yet it is made now, against what is stored by
  /// now: `progress` is told of it, and may stop it. Throws as apply() does.
  [[nodiscard]] const ImportSummary& summary(const ProgressFunction& progress = {}) const;
  const ImportSummary& apply(const ProgressFunction& progress = {});

  struct Work;
  explicit ImportPlan(std::shared_ptr<Work> work) : work_(std::move(work)) {}

 private:
  std::shared_ptr<Work> work_;
};

}  // namespace mailroll
