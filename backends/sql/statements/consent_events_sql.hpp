/// Statements on the table consent_events: every act that changed permission.
#pragma once

#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_events =
    R"sql(SELECT contact_id, event_id, topic, action, actor, channel, at, recorded_at, valid_until, suppression, clamped,
            source, evidence, reason, basis
          FROM consent_events WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, event_id)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr Statement insert_event(
    R"sql(INSERT INTO consent_events (team_id, contact_id, event_id, topic, action, actor, channel, at, recorded_at,
            valid_until, suppression, clamped, source, evidence, reason, basis)
          VALUES (:team_id, :contact_id, :event_id, :topic, :action, :actor, :channel, :at, :recorded_at,
            :valid_until, :suppression, :clamped, :source, :evidence, :reason, :basis))sql",
    {.postgresql =
         R"sql(INSERT INTO consent_events (team_id, contact_id, event_id, topic, action, actor, channel, at, recorded_at,
            valid_until, suppression, clamped, source, evidence, reason, basis)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :event_id::uuid[], :topic::int[],
            :action::smallint[], :actor::smallint[], :channel::smallint[], :at::bigint[], :recorded_at::bigint[],
            :valid_until::bigint[], :suppression::smallint[], :clamped::smallint[], :source::int[], :evidence::text[],
            :reason::text[], :basis::int[]) u)sql"});

// Session::write(): what is there already stays.
inline constexpr Statement upsert_event(
    R"sql(INSERT INTO consent_events (team_id, contact_id, event_id, topic, action, actor, channel, at, recorded_at,
            valid_until, suppression, clamped, source, evidence, reason, basis)
          VALUES (:team_id, :contact_id, :event_id, :topic, :action, :actor, :channel, :at, :recorded_at,
            :valid_until, :suppression, :clamped, :source, :evidence, :reason, :basis)
          ON CONFLICT (team_id, contact_id, event_id) DO NOTHING)sql",
    {.postgresql =
         R"sql(INSERT INTO consent_events (team_id, contact_id, event_id, topic, action, actor, channel, at, recorded_at,
            valid_until, suppression, clamped, source, evidence, reason, basis)
          SELECT :team_id::int, u.* FROM unnest(:contact_id::uuid[], :event_id::uuid[], :topic::int[],
            :action::smallint[], :actor::smallint[], :channel::smallint[], :at::bigint[], :recorded_at::bigint[],
            :valid_until::bigint[], :suppression::smallint[], :clamped::smallint[], :source::int[], :evidence::text[],
            :reason::text[], :basis::int[]) u
          ON CONFLICT (team_id, contact_id, event_id) DO NOTHING)sql"});

// Session::write(), where every row of an id goes.
inline constexpr Statement drop_events(
    R"sql(DELETE FROM consent_events WHERE team_id = :team_id AND contact_id = :contact_id)sql",
    {.postgresql =
         R"sql(DELETE FROM consent_events WHERE team_id = :team_id AND contact_id = ANY (:contact_id::uuid[]))sql"});

// Session::write(): evidence that goes. Nothing else of an event ever changes.
inline constexpr Statement redact_event(
    R"sql(UPDATE consent_events SET source = :source, evidence = :evidence, reason = :reason
          WHERE team_id = :team_id AND contact_id = :contact_id AND event_id = :event_id)sql",
    {.postgresql = R"sql(UPDATE consent_events e SET source = u.source, evidence = u.evidence, reason = u.reason
          FROM unnest(:source::int[], :evidence::text[], :reason::text[], :team_id::int[], :contact_id::uuid[],
            :event_id::uuid[]) u (source, evidence, reason, team_id, contact_id, event_id)
          WHERE e.team_id = u.team_id AND e.contact_id = u.contact_id AND e.event_id = u.event_id)sql"});

}  // namespace mailroll::detail::sql
