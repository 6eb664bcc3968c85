/// Reading people in columns, on every engine: one table after the other, each walked along the contacts' ids.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "mailroll/store/people_columns.hpp"
#include "sql/candidate_rows.hpp"
#include "sql/person_rows.hpp"

namespace mailroll::detail {

/// Calls take(row, index of the contact) for every row of the range whose contact is one of `contacts`.
template <typename Engine, typename Take>
void read_column(Engine& engine, const Statement& statement, TeamNumber team, const IdRange& range,
                 const std::vector<ContactId>& contacts, Take&& take) {
  Walk<Engine> walk(engine, statement, number_of(team), range, contacts.size());
  std::uint32_t contact = 0;
  for (walk.advance(); walk.there(); walk.advance()) {
    while (contact < contacts.size() && contacts[contact] < walk.at()) ++contact;
    if (contact == contacts.size()) return;
    if (contacts[contact] == walk.at()) take(walk.row(), contact);  // else there is no profile (any more)
  }
}

/// Session::people_columns(), inside a transaction.
template <typename Engine>
void read_people_columns(Engine& engine, TeamNumber team, const IdRange& range, std::size_t limit, PeopleColumns& out) {
  const typename Engine::Held held(engine);
  out.clear();
  {
    Walk<Engine> walk(engine, sql::select_contact_ids, number_of(team), range, limit);
    while (out.contacts.size() < limit) {
      walk.advance();
      if (!walk.there()) break;
      out.contacts.push_back(walk.at());
    }
  }
  if (out.contacts.empty()) return;
  const IdRange found{out.contacts.front(), out.contacts.back()};
  read_column(engine, sql::select_standings_to_decide, team, found, out.contacts, [&](const auto& row, auto contact) {
    Standing& standing = out.standings.emplace_back(PeopleColumns::Stands{.contact = contact, .standing = {}}).standing;
    read_candidate_scope(row, 1, standing.everything);
    standing.erased = row.number(4) != 0;
    standing.suppressions = static_cast<std::uint8_t>(row.number(5));
    if (standing == Standing{}) out.standings.pop_back();
  });
  read_column(engine, sql::select_choices_to_decide, team, found, out.contacts, [&](const auto& row, auto contact) {
    auto& chose = out.choices.emplace_back();
    chose.contact = contact;
    chose.topic = TopicNumber{row.number(1)};
    read_candidate_scope(row, 2, chose.state);
  });
  read_column(engine, sql::select_memberships, team, found, out.contacts, [&](const auto& row, auto contact) {
    out.memberships.push_back({contact, SegmentNumber{row.number(1)}});
  });
}

}  // namespace mailroll::detail
