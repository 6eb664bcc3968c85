-- What is locked by whoever changes what is not about one contact (Session::lock_shared).
CREATE TABLE locks (
  team_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (team_id, number)
) {packed};

-- Views for people with a SQL prompt: times as MySQL's own, in UTC, words for numbers. mailroll itself never reads them.

CREATE VIEW contacts_view AS
SELECT c.team_id,
       insert(insert(insert(insert(lower(hex(c.contact_id)), 21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-') AS id,
       c.email, c.first_name, c.last_name, c.properties,
       CASE s.said WHEN 1 THEN 'opt_in' WHEN 2 THEN 'opt_out' WHEN 3 THEN 'pending' ELSE 'nothing' END AS said,
       coalesce(s.suppressions, 0) AS suppressions,
       timestamp('1970-01-01') + INTERVAL c.created_at MICROSECOND AS created_at,
       timestamp('1970-01-01') + INTERVAL c.updated_at MICROSECOND AS updated_at
  FROM contacts c LEFT JOIN standings s ON s.team_id = c.team_id AND s.contact_id = c.contact_id;

CREATE VIEW choices_view AS
SELECT h.team_id, lower(hex(h.contact_id)) AS contact_id, h.topic, t.name AS topic_name,
       CASE h.said WHEN 1 THEN 'opt_in' WHEN 2 THEN 'opt_out' WHEN 3 THEN 'pending' ELSE 'nothing' END AS said,
       timestamp('1970-01-01') + INTERVAL h.valid_until MICROSECOND AS valid_until
  FROM choices h LEFT JOIN topics t ON t.team_id = h.team_id AND t.number = h.topic;

CREATE VIEW consent_events_view AS
SELECT e.team_id, lower(hex(e.contact_id)) AS contact_id, lower(hex(e.event_id)) AS event_id, e.topic,
       CASE e.action WHEN 1 THEN 'pending' WHEN 2 THEN 'opt_in' WHEN 3 THEN 'unsuppressed' WHEN 4 THEN 'removed'
                     WHEN 5 THEN 'opt_out' WHEN 6 THEN 'suppressed' WHEN 7 THEN 'erased' END AS action,
       CASE e.actor WHEN 1 THEN 'person' WHEN 2 THEN 'provider' WHEN 3 THEN 'operator' WHEN 4 THEN 'api'
                    WHEN 5 THEN 'import' END AS actor,
       timestamp('1970-01-01') + INTERVAL e.at MICROSECOND AS at,
       timestamp('1970-01-01') + INTERVAL e.recorded_at MICROSECOND AS recorded_at,
       s.text AS source, e.reason, e.evidence
  FROM consent_events e LEFT JOIN sources s ON s.team_id = e.team_id AND s.number = e.source;

CREATE VIEW suppressions_view AS
SELECT team_id, lower(hex(contact_id)) AS contact_id,
       CASE reason WHEN 1 THEN 'complaint' WHEN 2 THEN 'bounce' WHEN 3 THEN 'manual' END AS reason,
       email, timestamp('1970-01-01') + INTERVAL at MICROSECOND AS at
  FROM suppressions;
