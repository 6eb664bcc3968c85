/// Writing people, on every engine: a set of changes, each table after the other. What an Engine offers is told in
/// sql/sql_session.hpp.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/store/person.hpp"
#include "sql/change_log.hpp"
#include "sql/evidence.hpp"
#include "sql/row_limit.hpp"
#include "sql/sources.hpp"
#include "sql/statement.hpp"
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

namespace mailroll::detail {

/// One Session::write(), inside the write transaction.
template <typename Engine>
class Changes {
 public:
  Changes(Engine& engine, Sources<Engine>& sources, TeamNumber team, const ChangeSet& changes)
      : engine_(engine), sources_(sources), team_(number_of(team)), changes_(changes) {}

  /// What is removed goes before what is added.
  void write() {
    const typename Engine::Held held(engine_);
    drop();
    remove();
    add_contacts();
    for_each(changes_.all_new ? Statement(sql::insert_membership) : Statement(sql::upsert_membership), changes_.joined,
             [](Batch& row, const Membership& joined) { row.bind(joined.contact).bind(number_of(joined.segment)); });
    add_events();
    redact_events();
    add_standings();
    add_choices();
    for_each(changes_.all_new ? Statement(sql::insert_suppression) : Statement(sql::upsert_suppression),
             changes_.suppressions, [](Batch& row, const Suppression& suppression) {
               row.bind(suppression.contact).bind(static_cast<std::int32_t>(suppression.reason));
               row.bind_text_or_null(suppression.email).bind(suppression.at);
             });
    for_each(changes_.all_new ? Statement(sql::insert_alias) : Statement(sql::upsert_alias), changes_.aliases,
             [](Batch& row, const Alias& alias) { row.bind(alias.contact).bind(std::string_view(alias.text)); });
    add_deliveries();
    log_changes(engine_, team_, changes_);
  }

 private:
  using Batch = typename Engine::Batch;

  /// Runs the statement for each of `nouns`, whose columns `bind` binds; the team is bound before.
  template <typename Noun, typename Bind>
  void for_each(const Statement& statement, const std::vector<Noun>& nouns, Bind bind) {
    if (nouns.empty()) return;
    Batch row(engine_, statement);
    row.keep(team_);
    for (const Noun& noun : nouns) {
      bind(row, noun);
      row.run();
    }
    row.send();
  }

  void drop() {
    for (const Statement& statement :
         {Statement(sql::drop_memberships), Statement(sql::delete_contact), Statement(sql::drop_standing),
          Statement(sql::drop_choices), Statement(sql::drop_suppressions), Statement(sql::drop_events),
          Statement(sql::drop_aliases), Statement(sql::drop_soft_bounces), Statement(sql::drop_leases),
          Statement(sql::drop_link_epoch)}) {
      for_each(statement, changes_.dropped, bind_id);
    }
  }

  void remove() {
    for_each(sql::delete_membership, changes_.left,
             [](Batch& row, const Membership& left) { row.bind(left.contact).bind(number_of(left.segment)); });
    for_each(sql::delete_contact, changes_.removed_contacts, bind_id);
    for_each(sql::delete_suppression, changes_.lifted_suppressions, [](Batch& row, const auto& lifted) {
      row.bind(lifted.first).bind(static_cast<std::int32_t>(lifted.second));
    });
    for_each(sql::delete_alias, changes_.removed_aliases,
             [](Batch& row, const Alias& alias) { row.bind(alias.contact).bind(std::string_view(alias.text)); });
    for_each(sql::drop_soft_bounces, changes_.cleared_soft_bounces, bind_id);
  }

  void add_contacts() {
    for_each(changes_.all_new ? Statement(sql::insert_contact) : Statement(sql::upsert_contact), changes_.contacts,
             [](Batch& row, const Contact& contact) {
               row.bind(contact.id).bind(std::string_view(contact.email));
               row.bind_text_or_null(contact.first_name).bind_text_or_null(contact.last_name);
               row.bind_text_or_null(contact.properties.json()).bind(contact.created_at).bind(contact.updated_at);
               row.bind(contact.key_version).bind(contact.hash_key);
             });
  }

  void add_events() {
    if (changes_.events.empty()) return;
    Batch row(engine_, changes_.all_new ? Statement(sql::insert_event) : Statement(sql::upsert_event));
    row.keep(team_);
    // Neighbours mostly share their source and basis: compared, they need not be looked up.
    const std::string* source = nullptr;
    const std::string* basis = nullptr;
    std::int32_t source_number = 0;
    std::int32_t basis_number = 0;
    for (const ConsentEvent& event : changes_.events) {
      if (source == nullptr || *source != event.source) {
        source_number = sources_.number_of(team_, event.source);
        source = &event.source;
      }
      if (basis == nullptr || *basis != event.basis) {
        basis_number = sources_.number_of(team_, event.basis);
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
    row.send();
  }

  void redact_events() {
    if (changes_.redacted_events.empty()) return;
    Batch row(engine_, sql::redact_event);
    for (const ConsentEvent& event : changes_.redacted_events) {
      const std::string evidence = evidence_json(event.evidence);
      const std::int32_t source = sources_.number_of(team_, event.source);
      source != 0 ? row.bind(source) : row.bind_null();
      row.bind_text_or_null(evidence).bind_text_or_null(event.reason);
      row.bind(team_).bind(event.contact).bind(event.id);
      row.run();
    }
    row.send();
  }

  void add_standings() {
    for_each(changes_.all_new ? Statement(sql::insert_standing) : Statement(sql::upsert_standing), changes_.standings,
             [](Batch& row, const PersonStanding& person) {
               const Standing& standing = person.standing;
               row.bind(person.contact);
               bind_scope(row, standing.everything);
               row.bind(std::int32_t{standing.erased}).bind(std::int32_t{standing.suppressions});
               row.bind_id_or_null(standing.blocked_by).bind(standing.last_event).bind(standing.removed_at);
             });
    if constexpr (Engine::locks_contacts) {
      if (!changes_.all_new) return;
      // Who has no standing gets the row that a lock makes, so that whoever wrote about them meanwhile is met.
      std::vector<ContactId> with;
      with.reserve(changes_.standings.size());
      for (const PersonStanding& person : changes_.standings) with.push_back(person.contact);
      std::ranges::sort(with);
      std::vector<ContactId> without;
      without.reserve(changes_.contacts.size());
      for (const Contact& contact : changes_.contacts) {
        if (!std::ranges::binary_search(with, contact.id)) without.push_back(contact.id);
      }
      for_each(sql::insert_standing, without, [](Batch& row, const ContactId& id) {
        row.bind(id);
        bind_scope(row, {}, said_by_lock);
        row.bind(std::int32_t{0}).bind(std::int32_t{0}).bind_null().bind_null().bind_null();
      });
    }
  }

  void add_choices() {
    const auto ended = [](const PersonChoice& person) { return person.choice.state == ScopeState{}; };
    if (changes_.choices.empty()) return;
    Batch put(engine_, changes_.all_new ? Statement(sql::insert_choice) : Statement(sql::upsert_choice));
    Batch erase(engine_, sql::delete_choice);
    put.keep(team_);
    erase.keep(team_);
    for (const PersonChoice& person : changes_.choices) {
      Batch& row = ended(person) ? erase : put;
      row.bind(person.contact).bind(number_of(person.choice.topic));
      if (!ended(person)) bind_scope(row, person.choice.state);
      row.run();
    }
    erase.send();
    put.send();
  }

  void add_deliveries() {
    for_each(sql::upsert_soft_bounce, changes_.soft_bounces,
             [](Batch& row, const SoftBounce& bounce) { row.bind(bounce.contact).bind(bounce.at); });
    for_each(sql::upsert_lease, changes_.leases, [](Batch& row, const Lease& lease) {
      row.bind(lease.contact).bind(number_of(lease.broadcast)).bind(static_cast<std::int32_t>(lease.state));
      row.bind(lease.lease).bind(std::string_view(lease.worker)).bind(lease.expires_at).bind(lease.changed_at);
    });
    for_each(sql::upsert_link_epoch, changes_.link_epochs,
             [](Batch& row, const auto& epoch) { row.bind(epoch.first).bind(epoch.second); });
    for_each(sql::upsert_outbox, changes_.outbox, [](Batch& row, const OutboxEntry& entry) {
      row.bind(entry.contact).bind(entry.event).bind(entry.recorded_at);
    });
  }

  static void bind_id(Batch& row, const ContactId& id) { row.bind(id); }

  static constexpr std::int32_t said_by_lock = -1;  // statements/standings_sql.hpp

  static void bind_scope(Batch& row, const ScopeState& state) {
    bind_scope(row, state, static_cast<std::int32_t>(state.said));
  }
  static void bind_scope(Batch& row, const ScopeState& state, std::int32_t said) {
    row.bind(said).bind(static_cast<std::int32_t>(state.objectors.bits));
    row.bind(state.valid_until).bind(std::int32_t{state.by_override}).bind_id_or_null(state.event);
  }

  Engine& engine_;
  Sources<Engine>& sources_;
  std::int32_t team_;
  const ChangeSet& changes_;
};

/// Session::remove_members(), inside the write transaction.
template <typename Engine>
std::size_t remove_members(Engine& engine, TeamNumber team, SegmentNumber segment, std::size_t limit) {
  ChangeSet changes;
  {
    typename Engine::Rows rows(engine, sql::select_members);
    rows.bind(number_of(team)).bind(number_of(segment)).bind(row_limit(limit));
    while (rows.step()) rows.read_id(0, changes.left.emplace_back(Membership{{}, segment}).contact);
  }
  typename Engine::Batch row(engine, sql::delete_membership);
  row.keep(number_of(team));
  for (const Membership& left : changes.left) {
    row.bind(left.contact).bind(number_of(left.segment));
    row.run();
  }
  row.send();
  log_changes(engine, number_of(team), changes);
  return changes.left.size();
}

/// Session::publish(), inside the write transaction, where nobody else publishes for the team.
template <typename Engine>
std::size_t publish(Engine& engine, TeamNumber team, std::size_t limit) {
  struct Waiting {
    ContactId contact;
    EventId event;
  };
  std::vector<Waiting> waiting;
  std::int64_t position = 0;
  {
    typename Engine::Rows last(engine, sql::select_last_position);
    last.bind(number_of(team));
    typename Engine::Rows rows(engine, sql::select_outbox);
    rows.bind(number_of(team)).bind(row_limit(limit));
    if (last.step()) position = last.large_number(0);
    while (rows.step()) {
      rows.read_id(0, waiting.emplace_back().contact);
      rows.read_id(1, waiting.back().event);
    }
  }
  typename Engine::Batch put(engine, sql::insert_feed);
  typename Engine::Batch take(engine, sql::delete_outbox);
  put.keep(number_of(team));
  take.keep(number_of(team));
  for (const Waiting& one : waiting) {
    put.bind(++position).bind(one.contact).bind(one.event);
    put.run();
    take.bind(one.contact).bind(one.event);
    take.run();
  }
  put.send();
  take.send();
  return waiting.size();
}

}  // namespace mailroll::detail
