/// The statements behind an audience: members of a segment with what decide() needs. PostgreSQL does not carry the bounds from
/// one side of a join to the other by itself, and would read the other tables from their beginning.
#pragma once

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::candidates() with a topic. The walk is along memberships_by_segment; each joined row is found by its key.
inline constexpr Statement select_candidates_with_topic(
    R"sql(SELECT m.contact_id, c.email, c.first_name, c.last_name,
            s.said, s.valid_until, s.by_override, s.erased, s.suppressions, h.said, h.valid_until, h.by_override
          FROM memberships m
          JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id
          LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id
          LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id AND h.topic = :topic
          WHERE m.team_id = :team_id AND m.segment = :segment AND m.contact_id >= :first AND m.contact_id <= :last
          ORDER BY m.contact_id LIMIT :limit)sql",
    {.postgresql = R"sql(SELECT m.contact_id, c.email, c.first_name, c.last_name,
            s.said, s.valid_until, s.by_override, s.erased, s.suppressions, h.said, h.valid_until, h.by_override
          FROM memberships m
          JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id
            AND c.contact_id >= :first AND c.contact_id <= :last
          LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id
            AND s.contact_id >= :first AND s.contact_id <= :last
          LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id
            AND h.contact_id >= :first AND h.contact_id <= :last AND h.topic = :topic
          WHERE m.team_id = :team_id AND m.segment = :segment AND m.contact_id >= :first AND m.contact_id <= :last
          ORDER BY m.contact_id LIMIT :limit)sql"});

// Session::candidates() without one.
inline constexpr Statement select_candidates(
    R"sql(SELECT m.contact_id, c.email, c.first_name, c.last_name,
            s.said, s.valid_until, s.by_override, s.erased, s.suppressions
          FROM memberships m
          JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id
          LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id
          WHERE m.team_id = :team_id AND m.segment = :segment AND m.contact_id >= :first AND m.contact_id <= :last
          ORDER BY m.contact_id LIMIT :limit)sql",
    {.postgresql = R"sql(SELECT m.contact_id, c.email, c.first_name, c.last_name,
            s.said, s.valid_until, s.by_override, s.erased, s.suppressions
          FROM memberships m
          JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id
            AND c.contact_id >= :first AND c.contact_id <= :last
          LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id
            AND s.contact_id >= :first AND s.contact_id <= :last
          WHERE m.team_id = :team_id AND m.segment = :segment AND m.contact_id >= :first AND m.contact_id <= :last
          ORDER BY m.contact_id LIMIT :limit)sql"});

}  // namespace mailroll::detail::sql
