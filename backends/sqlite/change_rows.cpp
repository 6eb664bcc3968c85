#include "sqlite/change_rows.hpp"

#include <vector>

#include "sql/evidence.hpp"
#include "sql/statements/aliases_sql.hpp"
#include "sql/statements/choices_sql.hpp"
#include "sql/statements/consent_events_sql.hpp"
#include "sql/statements/contacts_sql.hpp"
#include "sql/statements/feed_sql.hpp"
#include "sql/statements/leases_sql.hpp"
#include "sql/statements/link_epochs_sql.hpp"
#include "sql/statements/memberships_sql.hpp"
#include "sql/statements/soft_bounces_sql.hpp"
#include "sql/statements/standings_sql.hpp"
#include "sql/statements/suppressions_sql.hpp"
#include "sqlite/person_rows.hpp"

namespace mailroll::detail {
namespace {

void bind_scope(Cursor& row, const ScopeState& state) {
  row.bind(static_cast<std::int32_t>(state.said)).bind(static_cast<std::int32_t>(state.objectors.bits));
  row.bind(state.valid_until).bind(std::int32_t{state.by_override}).bind_id_or_null(state.event);
}

void write_contacts(Native& native, std::int32_t team, const std::vector<Contact>& contacts, bool all_new) {
  if (contacts.empty()) return;
  Cursor row(native, all_new ? sql::insert_contact : sql::upsert_contact);
  row.bind(team);
  for (const Contact& contact : contacts) {
    row.bind(contact.id).bind(std::string_view(contact.email));
    row.bind_text_or_null(contact.first_name).bind_text_or_null(contact.last_name);
    row.bind_text_or_null(contact.properties.json()).bind(contact.created_at).bind(contact.updated_at);
    row.bind(contact.key_version).bind(contact.hash_key);
    row.run();
  }
}

void write_standings(Native& native, std::int32_t team, const std::vector<PersonStanding>& standings, bool all_new) {
  if (standings.empty()) return;
  Cursor row(native, all_new ? sql::insert_standing : sql::upsert_standing);
  row.bind(team);
  for (const auto& [contact, standing] : standings) {
    row.bind(contact);
    bind_scope(row, standing.everything);
    row.bind(std::int32_t{standing.erased}).bind(std::int32_t{standing.suppressions});
    row.bind_id_or_null(standing.blocked_by).bind(standing.last_event).bind(standing.removed_at);
    row.run();
  }
}

void write_choices(Native& native, std::int32_t team, const std::vector<PersonChoice>& choices, bool all_new) {
  if (choices.empty()) return;
  Cursor put(native, all_new ? sql::insert_choice : sql::upsert_choice);
  Cursor erase(native, sql::delete_choice);
  put.bind(team);
  erase.bind(team);
  for (const auto& [contact, choice] : choices) {
    if (choice.state == ScopeState{}) {
      erase.bind(contact).bind(number_of(choice.topic)).run();
      continue;
    }
    put.bind(contact).bind(number_of(choice.topic));
    bind_scope(put, choice.state);
    put.run();
  }
}

void write_events(Native& native, Sources& sources, std::int32_t team, const std::vector<ConsentEvent>& events,
                  bool all_new) {
  if (events.empty()) return;
  Cursor row(native, all_new ? sql::insert_event : sql::upsert_event);
  row.bind(team);
  // Neighbours mostly share their source and basis: compared, they need not be looked up.
  const std::string* source = nullptr;
  const std::string* basis = nullptr;
  std::int32_t source_number = 0;
  std::int32_t basis_number = 0;
  for (const ConsentEvent& event : events) {
    if (source == nullptr || *source != event.source) {
      source_number = sources.number_of(team, event.source);
      source = &event.source;
    }
    if (basis == nullptr || *basis != event.basis) {
      basis_number = sources.number_of(team, event.basis);
      basis = &event.basis;
    }
    const std::string evidence = evidence_json(event.evidence);
    row.bind(event.contact).bind(event.id).bind(number_of(event.topic)).bind(static_cast<std::int32_t>(event.action));
    row.bind(static_cast<std::int32_t>(event.actor)).bind(static_cast<std::int32_t>(event.channel));
    row.bind(event.at).bind(event.recorded_at).bind(event.valid_until);
    event.suppression ? row.bind(static_cast<std::int32_t>(*event.suppression)) : row.bind_null();
    row.bind(std::int32_t{event.clamped});
    source_number != 0 ? row.bind(source_number) : row.bind_null();
    row.bind_text_or_null(evidence).bind_text_or_null(event.reason);
    basis_number != 0 ? row.bind(basis_number) : row.bind_null();
    row.run();
  }
}

void redact_events(Native& native, Sources& sources, std::int32_t team, const std::vector<ConsentEvent>& events) {
  for (const ConsentEvent& event : events) {
    const std::string evidence = evidence_json(event.evidence);
    const std::int32_t source = sources.number_of(team, event.source);
    Cursor row(native, sql::redact_event);
    source != 0 ? row.bind(source) : row.bind_null();
    row.bind_text_or_null(evidence).bind_text_or_null(event.reason);
    row.bind(team).bind(event.contact).bind(event.id).run();
  }
}

void drop(Native& native, std::int32_t team, const ContactId& id) {
  for (const std::string_view statement :
       {sql::delete_contact, sql::drop_standing, sql::drop_choices, sql::drop_memberships, sql::drop_suppressions,
        sql::drop_events, sql::drop_aliases, sql::drop_soft_bounces, sql::drop_leases, sql::drop_link_epoch}) {
    Cursor(native, statement).bind(team).bind(id).run();
  }
}

void write_deliveries(Native& native, std::int32_t team, const ChangeSet& changes) {
  for (const ContactId& id : changes.cleared_soft_bounces) {
    Cursor(native, sql::drop_soft_bounces).bind(team).bind(id).run();
  }
  for (const SoftBounce& bounce : changes.soft_bounces) {
    Cursor(native, sql::upsert_soft_bounce).bind(team).bind(bounce.contact).bind(bounce.at).run();
  }
  for (const Lease& lease : changes.leases) {
    Cursor row(native, sql::upsert_lease);
    row.bind(team).bind(lease.contact).bind(number_of(lease.broadcast)).bind(static_cast<std::int32_t>(lease.state));
    row.bind(lease.lease).bind(std::string_view(lease.worker)).bind(lease.expires_at).bind(lease.changed_at).run();
  }
  for (const auto& [id, epoch] : changes.link_epochs) {
    Cursor(native, sql::upsert_link_epoch).bind(team).bind(id).bind(epoch).run();
  }
  if (changes.outbox.empty()) return;
  Cursor row(native, sql::upsert_outbox);
  row.bind(team);
  for (const OutboxEntry& entry : changes.outbox)
    row.bind(entry.contact).bind(entry.event).bind(entry.recorded_at).run();
}

}  // namespace

void write_changes(Native& native, Sources& sources, TeamNumber team, const ChangeSet& changes) {
  const HeldConnection held(native);
  const std::int32_t team_id = number_of(team);
  const bool all_new = changes.all_new;
  for (const ContactId& id : changes.dropped) drop(native, team_id, id);
  for (const ContactId& id : changes.removed_contacts) {
    Cursor(native, sql::delete_contact).bind(team_id).bind(id).run();
  }
  for (const Membership& left : changes.left) {
    Cursor(native, sql::delete_membership).bind(team_id).bind(left.contact).bind(number_of(left.segment)).run();
  }
  for (const auto& [id, reason] : changes.lifted_suppressions) {
    Cursor(native, sql::delete_suppression).bind(team_id).bind(id).bind(static_cast<std::int32_t>(reason)).run();
  }
  for (const Alias& alias : changes.removed_aliases) {
    Cursor(native, sql::delete_alias).bind(team_id).bind(alias.contact).bind(std::string_view(alias.text)).run();
  }

  write_contacts(native, team_id, changes.contacts, all_new);
  if (!changes.joined.empty()) {
    Cursor row(native, all_new ? sql::insert_membership : sql::upsert_membership);
    row.bind(team_id);
    for (const Membership& joined : changes.joined) row.bind(joined.contact).bind(number_of(joined.segment)).run();
  }
  write_events(native, sources, team_id, changes.events, all_new);
  redact_events(native, sources, team_id, changes.redacted_events);
  write_standings(native, team_id, changes.standings, all_new);
  write_choices(native, team_id, changes.choices, all_new);
  for (const Suppression& suppression : changes.suppressions) {
    Cursor row(native, all_new ? sql::insert_suppression : sql::upsert_suppression);
    row.bind(team_id).bind(suppression.contact).bind(static_cast<std::int32_t>(suppression.reason));
    row.bind_text_or_null(suppression.email).bind(suppression.at).run();
  }
  if (!changes.aliases.empty()) {
    Cursor row(native, all_new ? sql::insert_alias : sql::upsert_alias);
    row.bind(team_id);
    for (const Alias& alias : changes.aliases) row.bind(alias.contact).bind(std::string_view(alias.text)).run();
  }
  write_deliveries(native, team_id, changes);
}

std::size_t remove_members(Native& native, TeamNumber team, SegmentNumber segment, std::size_t limit) {
  std::vector<ContactId> contacts;
  {
    Cursor rows(native, sql::select_members);
    rows.bind(number_of(team)).bind(number_of(segment)).bind(row_limit(limit));
    while (rows.step()) rows.read_id(0, contacts.emplace_back());
  }
  Cursor row(native, sql::delete_membership);
  row.bind(number_of(team));
  for (const ContactId& contact : contacts) row.bind(contact).bind(number_of(segment)).run();
  return contacts.size();
}

}  // namespace mailroll::detail
