-- What is locked by whoever makes the schema or changes it: made before everything else, by itself, and never changed or
-- distributed, since others wait for its row.
CREATE TABLE IF NOT EXISTS schema_lock (
  team_id INTEGER NOT NULL,
  PRIMARY KEY (team_id)
);
