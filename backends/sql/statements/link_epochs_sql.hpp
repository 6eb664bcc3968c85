/// Statements on the table link_epochs: which of a contact's links may still do more than leave.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_link_epochs =
    R"sql(SELECT contact_id, epoch FROM link_epochs
          WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id)sql";

// Session::write(), both.
inline constexpr Statement upsert_link_epoch(
    R"sql(INSERT INTO link_epochs (team_id, contact_id, epoch) VALUES (:team_id, :contact_id, :epoch)
          ON CONFLICT (team_id, contact_id) DO UPDATE SET epoch = excluded.epoch)sql",
    {.postgresql = R"sql(INSERT INTO link_epochs (team_id, contact_id, epoch)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :epoch::int[]) u
          ON CONFLICT (team_id, contact_id) DO UPDATE SET epoch = excluded.epoch)sql"});
inline constexpr Statement drop_link_epoch(
    R"sql(DELETE FROM link_epochs WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM link_epochs WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

}  // namespace mailroll::detail::sql
