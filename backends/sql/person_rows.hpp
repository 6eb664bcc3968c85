/// Reading people, on every engine: the tables asked for, walked side by side in the order of contact ids. What an Engine
/// offers is told in sql/sql_session.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mailroll/store/person.hpp"
#include "sql/evidence.hpp"
#include "sql/sources.hpp"
#include "sql/statement.hpp"
#include "sql/statements/aliases_sql.hpp"
#include "sql/statements/choices_sql.hpp"
#include "sql/statements/consent_events_sql.hpp"
#include "sql/statements/contacts_sql.hpp"
#include "sql/statements/leases_sql.hpp"
#include "sql/statements/link_epochs_sql.hpp"
#include "sql/statements/memberships_sql.hpp"
#include "sql/statements/soft_bounces_sql.hpp"
#include "sql/statements/standings_sql.hpp"
#include "sql/statements/suppressions_sql.hpp"

namespace mailroll::detail {

/// The rows of one table, of a range or of some contacts, in the order of their contact ids, which are column 0.
template <typename Engine>
class Walk {
 public:
  /// `whose`: as RangeRows takes it.
  template <typename... Whose>
  Walk(Engine& engine, const Statement& statement, std::int32_t team, const Whose&... whose)
      : rows_(engine, statement, team, whose...) {}
  void advance() {
    there_ = rows_.step();
    if (there_) rows_.read_id(0, at_);
  }
  [[nodiscard]] bool there() const { return there_; }
  [[nodiscard]] bool there(const ContactId& id) const { return there_ && at_ == id; }
  [[nodiscard]] const ContactId& at() const { return at_; }
  [[nodiscard]] const typename Engine::RangeRows& row() const { return rows_; }

 private:
  typename Engine::RangeRows rows_;
  ContactId at_;
  bool there_ = false;
};

template <typename Row>
void read_contact(const Row& row, const ContactId& id, Contact& out) {
  out.id = id;
  out.email.assign(row.text(1));
  out.first_name.assign(row.text(2));
  out.last_name.assign(row.text(3));
  out.properties = row.is_null(4) ? Properties() : Properties::from_json(std::string(row.text(4)));
  out.created_at = row.time(5);
  out.updated_at = row.time(6);
  out.key_version = row.number(7);
  out.hash_key = row.number(8);
}

/// said, objectors, valid_until, by_override, event_id, from `column` on.
template <typename Row>
void read_scope(const Row& row, int column, ScopeState& out) {
  out.said = static_cast<Said>(row.number(column));
  out.objectors.bits = static_cast<std::uint8_t>(row.number(column + 1));
  out.valid_until = row.optional_time(column + 2);
  out.by_override = row.number(column + 3) != 0;
  row.read_id(column + 4, out.event);
}

template <typename Row>
void read_standing(const Row& row, Standing& out) {
  read_scope(row, 1, out.everything);
  out.erased = row.number(6) != 0;
  out.suppressions = static_cast<std::uint8_t>(row.number(7));
  row.read_id(8, out.blocked_by);
  out.last_event = row.optional_time(9);
  out.removed_at = row.optional_time(10);
}

template <typename Row, typename Engine>
void read_event(const Row& row, Sources<Engine>& sources, std::int32_t team, const ContactId& id, ConsentEvent& out) {
  out.contact = id;
  row.read_id(1, out.id);
  out.topic = TopicNumber{row.number(2)};
  out.action = static_cast<Action>(row.number(3));
  out.actor = static_cast<Actor>(row.number(4));
  out.channel = static_cast<Channel>(row.number(5));
  out.at = row.optional_time(6);
  out.recorded_at = row.time(7);
  out.valid_until = row.optional_time(8);
  if (!row.is_null(9)) out.suppression = static_cast<SuppressionReason>(row.number(9));
  out.clamped = row.number(10) != 0;
  out.source = sources.text_of(team, row.number(11));
  out.evidence = evidence_of(row.text(12));
  out.reason.assign(row.text(13));
  out.basis = sources.text_of(team, row.number(14));
}

template <typename Row>
void read_lease(const Row& row, const ContactId& id, Lease& out) {
  out.contact = id;
  out.broadcast = BroadcastNumber{row.number(1)};
  out.state = static_cast<LeaseState>(row.number(2));
  row.read_id(3, out.lease);
  out.worker.assign(row.text(4));
  out.expires_at = row.time(5);
  out.changed_at = row.time(6);
}

/// contact_id, reason, email, at.
template <typename Row>
void read_suppression(const Row& row, Suppression& out) {
  row.read_id(0, out.contact);
  out.reason = static_cast<SuppressionReason>(row.number(1));
  out.email.assign(row.text(2));
  out.at = row.time(3);
}

/// Session::people() and people_of(), inside a transaction. `whose`: as RangeRows takes it, a range and a limit or ids.
template <typename Engine, typename... Whose>
void read_people(Engine& engine, Sources<Engine>& sources, TeamNumber team, const Parts& parts, std::size_t limit,
                 std::vector<Person>& out, const Whose&... whose) {
  const typename Engine::Held held(engine);
  const std::int32_t team_id = number_of(team);
  std::vector<Walk<Engine>*> walks;
  const auto open = [&](std::optional<Walk<Engine>>& walk, bool wanted, const Statement& statement) {
    if (wanted) walks.push_back(&walk.emplace(engine, statement, team_id, whose...));
  };
  std::optional<Walk<Engine>> contacts, standings, choices, memberships, events, suppressions, aliases, soft_bounces,
      leases, epochs;
  open(contacts, parts.contact, sql::select_contacts);
  open(standings, parts.permission, sql::select_standings);
  open(choices, parts.permission, sql::select_choices);
  open(memberships, parts.segments, sql::select_memberships);
  open(events, parts.events, sql::select_events);
  open(suppressions, parts.suppressions, sql::select_suppressions);
  open(aliases, parts.aliases, sql::select_aliases);
  open(soft_bounces, parts.soft_bounces, sql::select_soft_bounces);
  open(leases, parts.leases, sql::select_leases);
  open(epochs, parts.link_epoch, sql::select_link_epochs);

  for (Walk<Engine>* walk : walks) walk->advance();  // when all are asked for: a network is crossed once

  std::size_t count = 0;
  for (; count < limit; ++count) {
    const Walk<Engine>* least = nullptr;
    for (const Walk<Engine>* walk : walks) {
      if (walk->there() && (least == nullptr || walk->at() < least->at())) least = walk;
    }
    if (least == nullptr) break;
    const ContactId id = least->at();

    if (out.size() == count) out.emplace_back();
    Person& person = out[count];  // its strings and vectors keep their memory from page to page
    person.id = id;
    if (contacts && contacts->there(id)) {
      if (!person.contact) person.contact.emplace();
      read_contact(contacts->row(), id, *person.contact);
      contacts->advance();
    } else {
      person.contact.reset();
    }
    person.permission.standing = Standing{};
    if (standings && standings->there(id)) {
      read_standing(standings->row(), person.permission.standing);
      standings->advance();
    }
    person.permission.choices.clear();
    for (; choices && choices->there(id); choices->advance()) {
      Choice& choice = person.permission.choices.emplace_back();
      choice.topic = TopicNumber{choices->row().number(1)};
      read_scope(choices->row(), 2, choice.state);
    }
    person.segments.clear();
    for (; memberships && memberships->there(id); memberships->advance()) {
      person.segments.push_back(SegmentNumber{memberships->row().number(1)});
    }
    person.events.clear();
    for (; events && events->there(id); events->advance()) {
      read_event(events->row(), sources, team_id, id, person.events.emplace_back());
    }
    person.suppressions.clear();
    for (; suppressions && suppressions->there(id); suppressions->advance()) {
      read_suppression(suppressions->row(), person.suppressions.emplace_back());
    }
    person.aliases.clear();
    for (; aliases && aliases->there(id); aliases->advance()) {
      person.aliases.emplace_back(aliases->row().text(1));
    }
    person.soft_bounces.clear();
    for (; soft_bounces && soft_bounces->there(id); soft_bounces->advance()) {
      person.soft_bounces.push_back(soft_bounces->row().time(1));
    }
    person.leases.clear();
    for (; leases && leases->there(id); leases->advance()) {
      read_lease(leases->row(), id, person.leases.emplace_back());
    }
    person.link_epoch = 0;
    if (epochs && epochs->there(id)) {
      person.link_epoch = epochs->row().number(1);
      epochs->advance();
    }
  }
  out.resize(count);
}

}  // namespace mailroll::detail
