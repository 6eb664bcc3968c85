/// The log of what changed about people, on every engine: written with the change, published behind it. What an Engine offers is
/// told in sql/sql_session.hpp.
///
/// A change waits without a position, in the row of its thing, so that writers meet nowhere but at a contact that both change.
/// Positions are given later, by one at a time, to what is committed: whoever has read up to one has missed nothing before it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/candidate_rows.hpp"
#include "sql/logged_changes.hpp"
#include "sql/row_limit.hpp"
#include "sql/statements/changes_sql.hpp"

namespace mailroll::detail {

/// What Session::write() writes beside the changes themselves.
template <typename Engine>
void log_changes(Engine& engine, std::int32_t team, const ChangeSet& changes) {
  const LoggedChanges logged = logged_changes(changes);
  if (!logged.to_read_again.empty()) {
    typename Engine::Batch row(engine, sql::drop_changes);
    row.keep(team);
    using Kind = PersonChange::Kind;
    for (const ContactId& contact : logged.to_read_again) {
      for (const Kind kind : {Kind::profile, Kind::standing, Kind::choice, Kind::membership}) {
        row.bind(contact).bind(static_cast<std::int32_t>(kind));
        row.run();
      }
    }
    row.send();
  }
  if (logged.changes.empty()) return;
  typename Engine::Batch row(engine, sql::upsert_change);
  row.keep(team);
  for (const PersonChange& change : logged.changes) {
    const bool of_choice = change.kind == PersonChange::Kind::choice;
    const ScopeState& state = of_choice ? change.choice : change.standing.everything;
    row.bind(change.contact).bind(static_cast<std::int32_t>(change.kind)).bind(change.number);
    row.bind(std::int32_t{change.present}).bind_id_or_null(change.last);
    row.bind(static_cast<std::int32_t>(state.said)).bind(state.valid_until).bind(std::int32_t{state.by_override});
    row.bind(std::int32_t{change.standing.erased}).bind(std::int32_t{change.standing.suppressions});
    row.run();
  }
  row.send();
}

/// The row of a change as far as it says which one it is.
struct ChangeKey {
  ContactId contact;
  std::int32_t kind = 0;
  std::int32_t number = 0;
  std::int64_t position = 0;
};

template <typename Rows>
ChangeBounds read_change_bounds(Rows& rows) {
  ChangeBounds bounds;
  if (rows.step()) {
    bounds.forgotten = rows.large_number(0);
    bounds.newest = rows.large_number(1);
  }
  return bounds;
}

template <typename Engine>
void put_change_bounds(Engine& engine, std::int32_t team, const ChangeBounds& bounds) {
  typename Engine::Batch row(engine, sql::upsert_change_bounds);
  row.keep(team);
  row.bind(bounds.forgotten).bind(bounds.newest);
  row.run();
  row.send();
}

/// Session::change_bounds().
template <typename Engine>
ChangeBounds change_bounds(Engine& engine, std::int32_t team) {
  typename Engine::Rows rows(engine, sql::select_change_bounds);
  rows.bind(team);
  return read_change_bounds(rows);
}

/// Session::publish_changes(), inside the write transaction, where nobody else publishes or forgets for the team.
template <typename Engine>
std::size_t publish_changes(Engine& engine, std::int32_t team, std::size_t limit) {
  std::vector<ChangeKey> waiting;
  ChangeBounds bounds;
  {
    typename Engine::Rows known(engine, sql::select_change_bounds);
    known.bind(team);
    typename Engine::Rows rows(engine, sql::select_waiting_changes);
    rows.bind(team).bind(row_limit(limit));
    bounds = read_change_bounds(known);
    while (rows.step()) {
      ChangeKey& key = waiting.emplace_back();
      rows.read_id(0, key.contact);
      key.kind = rows.number(1);
      key.number = rows.number(2);
      key.position = ++bounds.newest;
    }
  }
  if (waiting.empty()) return 0;
  put_change_bounds(engine, team, bounds);
  typename Engine::Batch row(engine, sql::place_change);
  for (const ChangeKey& key : waiting) {
    row.bind(key.position).bind(team).bind(key.contact).bind(key.kind).bind(key.number);
    row.run();
  }
  row.send();
  return waiting.size();
}

/// Session::changes().
template <typename Engine>
void read_changes(Engine& engine, std::int32_t team, std::int64_t after, std::size_t limit,
                  std::vector<PersonChange>& out) {
  out.clear();
  typename Engine::Rows rows(engine, sql::select_changes);
  rows.bind(team).bind(after).bind(row_limit(limit));
  while (rows.step()) {
    PersonChange& change = out.emplace_back();
    change.position = rows.large_number(0);
    rows.read_id(1, change.contact);
    change.kind = static_cast<PersonChange::Kind>(rows.number(2));
    change.number = rows.number(3);
    change.present = rows.number(4) != 0;
    if (change.kind == PersonChange::Kind::read_again) rows.read_id(5, change.last);
    if (change.kind == PersonChange::Kind::choice) read_candidate_scope(rows, 6, change.choice);
    if (change.kind == PersonChange::Kind::standing) read_candidate_scope(rows, 6, change.standing.everything);
    change.standing.erased = rows.number(9) != 0;
    change.standing.suppressions = static_cast<std::uint8_t>(rows.number(10));
  }
}

/// Session::forget_changes(), inside the write transaction, where nobody else publishes or forgets for the team.
template <typename Engine>
std::size_t forget_changes(Engine& engine, std::int32_t team, std::int64_t up_to, std::size_t limit) {
  std::size_t count = 0;
  std::int64_t last = 0;
  ChangeBounds bounds;
  {
    typename Engine::Rows known(engine, sql::select_change_bounds);
    known.bind(team);
    typename Engine::Rows rows(engine, sql::select_oldest_positions);
    rows.bind(team).bind(up_to).bind(row_limit(limit));
    bounds = read_change_bounds(known);
    for (; rows.step(); ++count) last = rows.large_number(0);
  }
  if (count == 0) return 0;
  bounds.forgotten = std::max(bounds.forgotten, last);
  put_change_bounds(engine, team, bounds);
  typename Engine::Batch row(engine, sql::delete_oldest_changes);
  row.keep(team);
  row.bind(last);
  row.run();
  row.send();
  return count;
}

}  // namespace mailroll::detail
