-- The log of what changed about people (Session::changes).

-- The last change of each thing; position is NULL until it is published. last_contact is NULL but for kind 1 (read again), and
-- the states say nothing where the kind has none.
CREATE TABLE changes (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  kind SMALLINT NOT NULL,
  number INTEGER NOT NULL,
  position BIGINT,
  present SMALLINT NOT NULL,
  last_contact {id},
  said SMALLINT NOT NULL,
  valid_until BIGINT,
  by_override SMALLINT NOT NULL,
  erased SMALLINT NOT NULL,
  suppressions SMALLINT NOT NULL,
  PRIMARY KEY (team_id, contact_id, kind, number)
) {packed};

-- Which positions were given: a change that is written again gives its own back, so that those in the table do not tell.
CREATE TABLE change_bounds (
  team_id INTEGER NOT NULL,
  forgotten BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  PRIMARY KEY (team_id)
) {packed};

CREATE INDEX changes_by_position ON changes (team_id, position, contact_id, kind, number);
