/// Contacts, as a caller handles them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/consent/decide.hpp"
#include "mailroll/consent/standing.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/contact.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/transfer/plan.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

/// What is known of a new contact. Only the address is needed.
struct NewContact {
  std::string email;
  std::optional<std::string> first_name = {};
  std::optional<std::string> last_name = {};
  /// A number given for a string property and the like is invalid, as is a key without a definition.
  std::map<std::string, PropertyValue> properties = {};
  std::vector<SegmentRef> segments = {};
};

/// What changes about a contact; what is not named stays.
struct ContactChange {
  std::optional<std::string> first_name = {};  ///< "" clears
  std::optional<std::string> last_name = {};
  std::map<std::string, std::optional<PropertyValue>> properties = {};  ///< nothing clears
};

/// A topic as it holds for one contact.
struct TopicStanding {
  Topic topic;
  Said choice = Said::nothing;  ///< explicit; nothing: the topic's default applies
  bool receives = false;        ///< decide() for this topic, whatever the segment
  Reason reason{};
};

/// A contact with everything that `contacts show` shows.
struct ContactDetails {
  Contact contact;
  bool unsubscribed = false;          ///< from everything
  std::vector<Segment> segments;      ///< by number
  std::vector<TopicStanding> topics;  ///< every topic, by number
};

/// How contacts are written to a file.
enum class ExportFormat { csv, ndjson };

class MAILROLL_EXPORT Contacts {
 public:
  /// Adds a contact, or changes the existing one: only what is given, and never permission. Refused with reason
  /// suppressed_erased for an erased address. `*created` (if given) says which it was.
  Contact add(const NewContact& wanted, bool* created = nullptr);
  /// not_found where there is none.
  [[nodiscard]] Contact get(const Who& who) const;
  [[nodiscard]] std::optional<Contact> find(const Who& who) const;
  [[nodiscard]] ContactDetails show(const Who& who) const;
  /// The next contacts after `after` (exclusive), ascending by id, at most `limit` (1 to 100,000); in one segment if given.
  [[nodiscard]] std::vector<Contact> list(const std::optional<ContactId>& after, std::size_t limit,
                                          const std::optional<SegmentRef>& segment = {}) const;
  Contact update(const Who& who, const ContactChange& change);
  /// Deletes profile, properties and memberships and records `removed`, which ends each opt-in. Opt-outs stay under the
  /// id. not_found where there is none.
  void remove(const Who& who);
  /// Forgets the person: profile, properties, memberships, evidence, written reasons, aliases and the address beside
  /// suppressions go, under this id and those it had before, in one transaction. What stays: the hashed ids, scopes, kinds
  /// and times, "(erased)" for each written reason of an override; and that the person was erased, so that no import brings them back. Works for an address without a profile.
  /// Idempotent. Answers the event. `reason` is kept: free words without an address (invalid, reason_holds_address).
  /// Afterwards the engine's own logs are emptied; `*logs_emptied` (if given) is false where somebody was still reading
  /// from them, and old pages go with the store's next checkpoint, and always on a server (docs/erasure.md). conflict (ambiguous_alias) where the
  /// id is one that several contacts had before.
  ConsentEvent erase(const Who& who, const std::string& reason = {}, bool* logs_emptied = nullptr);
  /// Everything held on the person, under this id and those it had before, as a JSON document (GDPR Art. 15 and 20).
  /// not_found where nothing is held.
  [[nodiscard]] std::string export_person(const Who& who) const;
  /// Gives a contact another address: the new contact has what the old one had, and the old id becomes an alias. What the
  /// person said goes along; bounces of the old address do not. Opt-outs stay under the old address too, and what was said
  /// under the new one counts as in merge(). Another spelling of the same address changes only the spelling. Conflict
  /// (address_taken) where the new address is a contact: merge them; refused (suppressed_erased) for an erased one.
  Contact change_address(const Who& who, std::string_view new_email);
  /// Makes one contact of two: `keep` gets the other's segments, aliases, missing names and properties, and the union of
  /// the events; a scope where either stood opted out ends opted out; nothing pending becomes confirmed (merged_events() in
  /// consent/merge.hpp has the rules). What holds afterwards does not depend on which is kept. The other's id becomes an
  /// alias, its profile goes. Soft bounces of both count; mail that is leased goes on, unless the two together have left it.
  /// Refused (suppressed_erased) where either was erased. Merging again takes over what was said under the other's address
  /// since.
  Contact merge(const Who& keep, const Who& other);
  /// Makes the links that were sent so far good for leaving only: a mail was forwarded, say. Answers the new epoch.
  std::int32_t revoke_links(const Who& who);

  /// Plans the import of a CSV or NDJSON file ("-": standard input). A file that is empty, lacks an email column or cannot
  /// be read to its end is an Error; a bad row is a verdict.
  [[nodiscard]] ImportPlan import_file(const std::string& path, const ImportOptions& options = {}) const;
  /// Writes all contacts, or those of a segment, ascending by id, in the columns that import reads: id, email, first_name,
  /// last_name, unsubscribed, created_at, updated_at, then the properties by key. `sink` is given text in pieces. Answers how
  /// many.
  std::uint64_t export_to(const std::function<void(std::string_view)>& sink, ExportFormat format,
                          const std::optional<SegmentRef>& segment = {}, const ProgressFunction& progress = {}) const;

 private:
  friend class Roll;
  explicit Contacts(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
