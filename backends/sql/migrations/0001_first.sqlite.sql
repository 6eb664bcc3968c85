CREATE INDEX sources_by_text ON sources (team_id, text);

-- Views for people with a SQL prompt: ids and times as text. mailroll itself never reads them.

CREATE VIEW contacts_view AS
SELECT c.team_id,
       lower(substr(hex(c.contact_id), 1, 8) || '-' || substr(hex(c.contact_id), 9, 4) || '-' ||
             substr(hex(c.contact_id), 13, 4) || '-' || substr(hex(c.contact_id), 17, 4) || '-' ||
             substr(hex(c.contact_id), 21)) AS id,
       c.email, c.first_name, c.last_name, c.properties,
       CASE s.said WHEN 1 THEN 'opt_in' WHEN 2 THEN 'opt_out' WHEN 3 THEN 'pending' ELSE 'nothing' END AS said,
       coalesce(s.suppressions, 0) AS suppressions,
       datetime(c.created_at / 1000000, 'unixepoch') AS created_at,
       datetime(c.updated_at / 1000000, 'unixepoch') AS updated_at
  FROM contacts c LEFT JOIN standings s ON s.team_id = c.team_id AND s.contact_id = c.contact_id;

CREATE VIEW choices_view AS
SELECT h.team_id, lower(hex(h.contact_id)) AS contact_id, h.topic, t.name AS topic_name,
       CASE h.said WHEN 1 THEN 'opt_in' WHEN 2 THEN 'opt_out' WHEN 3 THEN 'pending' ELSE 'nothing' END AS said,
       datetime(h.valid_until / 1000000, 'unixepoch') AS valid_until
  FROM choices h LEFT JOIN topics t ON t.team_id = h.team_id AND t.number = h.topic;

CREATE VIEW consent_events_view AS
SELECT e.team_id, lower(hex(e.contact_id)) AS contact_id, lower(hex(e.event_id)) AS event_id, e.topic,
       CASE e.action WHEN 1 THEN 'pending' WHEN 2 THEN 'opt_in' WHEN 3 THEN 'unsuppressed' WHEN 4 THEN 'removed'
                     WHEN 5 THEN 'opt_out' WHEN 6 THEN 'suppressed' WHEN 7 THEN 'erased' END AS action,
       CASE e.actor WHEN 1 THEN 'person' WHEN 2 THEN 'provider' WHEN 3 THEN 'operator' WHEN 4 THEN 'api'
                    WHEN 5 THEN 'import' END AS actor,
       datetime(e.at / 1000000, 'unixepoch') AS at,
       datetime(e.recorded_at / 1000000, 'unixepoch') AS recorded_at,
       s.text AS source, e.reason, e.evidence
  FROM consent_events e LEFT JOIN sources s ON s.team_id = e.team_id AND s.number = e.source;

CREATE VIEW suppressions_view AS
SELECT team_id, lower(hex(contact_id)) AS contact_id,
       CASE reason WHEN 1 THEN 'complaint' WHEN 2 THEN 'bounce' WHEN 3 THEN 'manual' END AS reason,
       email, datetime(at / 1000000, 'unixepoch') AS at
  FROM suppressions;
