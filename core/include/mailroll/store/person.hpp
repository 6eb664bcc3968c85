/// What a store holds about one contact id, and what is to change about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/consent/standing.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/contact.hpp"
#include "mailroll/people/suppression.hpp"
#include "mailroll/store/delivery.hpp"

namespace mailroll {

/// Which parts of a person to read; what is not asked for stays empty and costs nothing.
struct Parts {
  bool contact = false;
  bool permission = false;  ///< standing and choices
  bool segments = false;
  bool events = false;
  bool suppressions = false;
  bool aliases = false;
  bool soft_bounces = false;
  bool leases = false;
  bool link_epoch = false;

  /// Everything that a store holds under an id.
  static constexpr Parts all() { return {true, true, true, true, true, true, true, true, true}; }
};

struct Person {
  ContactId id;
  std::optional<Contact> contact;         ///< nothing: there is no profile under this id (any more)
  Permission permission;                  ///< the cache of fold(events)
  std::vector<SegmentNumber> segments;    ///< ordered
  std::vector<ConsentEvent> events;       ///< ordered by id
  std::vector<Suppression> suppressions;  ///< ordered by reason
  std::vector<std::string> aliases;       ///< ordered as bytes
  std::vector<Time> soft_bounces;         ///< ordered
  std::vector<Lease> leases;              ///< ordered by broadcast
  std::int32_t link_epoch = 0;            ///< tokens of an earlier epoch may only leave

  bool operator==(const Person&) const = default;
};

struct Membership {
  ContactId contact;
  SegmentNumber segment{};
  auto operator<=>(const Membership&) const = default;
};

struct PersonStanding {
  ContactId contact;
  Standing standing;
};

struct PersonChoice {
  ContactId contact;
  Choice choice;  ///< ScopeState{} as its state: the choice is deleted
};

/// Another id of a contact, e.g. the one it had before the migration. A text claimed by two contacts stays with both.
struct Alias {
  std::string text;  ///< 1 to 128 bytes
  ContactId contact;
  auto operator<=>(const Alias&) const = default;
};

/// Changes to the data of people, applied by Session::write in the transaction that is open. Any order; sorted by
/// contact id is fastest. No key twice in one vector.
struct ChangeSet {
  std::vector<Contact> contacts;            ///< inserted, or replaced as a whole
  std::vector<ContactId> removed_contacts;  ///< profiles deleted; no error if there is none
  std::vector<Membership> joined;           ///< no error if it is there already
  std::vector<Membership> left;             ///< no error if it is not there
  std::vector<ConsentEvent> events;         ///< appended; an id that is there already keeps what it has
  std::vector<PersonStanding> standings;    ///< inserted or replaced
  std::vector<PersonChoice> choices;        ///< inserted, replaced, or deleted
  std::vector<Suppression> suppressions;    ///< inserted or replaced, by contact and reason
  std::vector<std::pair<ContactId, SuppressionReason>> lifted_suppressions;  ///< deleted; no error if not there
  std::vector<Alias> aliases;                                                ///< no error if it is there already
  std::vector<Alias> removed_aliases;                                        ///< no error if it is not there

  /// Events that are there already, with less evidence, reason or source than before: replaced as a whole.
  std::vector<ConsentEvent> redacted_events;
  std::vector<OutboxEntry> outbox;              ///< no error if it is there already
  std::vector<Lease> leases;                    ///< inserted or replaced, by contact and broadcast
  std::vector<SoftBounce> soft_bounces;         ///< no error if it is there already
  std::vector<ContactId> cleared_soft_bounces;  ///< all of theirs deleted, before any is added
  std::vector<std::pair<ContactId, std::int32_t>> link_epochs;
  /// Every row under these ids goes (all of Parts), before anything is written. What waits in the outbox stays.
  std::vector<ContactId> dropped;

  /// True: the caller has looked, in this transaction, and none of these contacts had any row in the store. A store may
  /// then insert without asking. (On engines where others can commit meanwhile it must still survive a clash.)
  bool all_new = false;

  MAILROLL_EXPORT void clear();
  [[nodiscard]] MAILROLL_EXPORT bool empty() const;
};

}  // namespace mailroll
