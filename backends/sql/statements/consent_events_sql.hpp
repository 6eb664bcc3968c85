/// Statements on the table consent_events: every act that changed permission.
#pragma once

#include <string_view>

namespace mailroll::detail::sql {

// Session::person() and people().
inline constexpr std::string_view select_events =
    R"sql(SELECT contact_id, event_id, topic, action, actor, channel, at, recorded_at, valid_until, suppression, clamped,
            source, evidence, reason, basis
          FROM consent_events WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last
          ORDER BY contact_id, event_id)sql";

// Session::write(), for contacts that are known to be new.
inline constexpr std::string_view insert_event =
    R"sql(INSERT INTO consent_events (team_id, contact_id, event_id, topic, action, actor, channel, at, recorded_at,
            valid_until, suppression, clamped, source, evidence, reason, basis)
          VALUES (:team_id, :contact_id, :event_id, :topic, :action, :actor, :channel, :at, :recorded_at,
            :valid_until, :suppression, :clamped, :source, :evidence, :reason, :basis))sql";

// Session::write(): what is there already stays.
inline constexpr std::string_view upsert_event =
    R"sql(INSERT INTO consent_events (team_id, contact_id, event_id, topic, action, actor, channel, at, recorded_at,
            valid_until, suppression, clamped, source, evidence, reason, basis)
          VALUES (:team_id, :contact_id, :event_id, :topic, :action, :actor, :channel, :at, :recorded_at,
            :valid_until, :suppression, :clamped, :source, :evidence, :reason, :basis)
          ON CONFLICT (team_id, contact_id, event_id) DO NOTHING)sql";

// Session::write(), where every row of an id goes.
inline constexpr std::string_view drop_events =
    R"sql(DELETE FROM consent_events WHERE team_id = :team_id AND contact_id = :contact_id)sql";

// Session::write(): evidence that goes. Nothing else of an event ever changes.
inline constexpr std::string_view redact_event =
    R"sql(UPDATE consent_events SET source = :source, evidence = :evidence, reason = :reason
          WHERE team_id = :team_id AND contact_id = :contact_id AND event_id = :event_id)sql";

}  // namespace mailroll::detail::sql
