-- The first schema. Every primary key begins with team_id, and with contact_id behind it where the row is about one
-- contact. Times are microseconds since 1970 UTC; ids are 16 bytes. {id} is the dialect's column type for an id,
-- {packed} what makes the table one tree ordered by its key (docs/decisions/0004-one-schema.md).

CREATE TABLE schema_version (
  team_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  applied_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, version)
) {packed};

CREATE TABLE teams (
  team_id INTEGER NOT NULL,
  id {id} NOT NULL,
  name {text 400} NOT NULL,
  next_number INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (team_id)
) {packed};

CREATE TABLE hash_keys (
  team_id INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  fingerprint {text 16} NOT NULL,
  secret {blob},
  created_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, key_id)
) {packed};

CREATE TABLE runs (
  team_id INTEGER NOT NULL,
  run_id {id} NOT NULL,
  kind {text 40} NOT NULL,
  source {text 400} NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (team_id, run_id)
) {packed};

CREATE TABLE segments (
  team_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  id {id} NOT NULL,
  name {text 800} NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, number)
) {packed};

CREATE TABLE topics (
  team_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  id {id} NOT NULL,
  name {text 200} NOT NULL,
  description {text 800} NOT NULL,
  default_subscription SMALLINT NOT NULL,
  visibility SMALLINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, number)
) {packed};

CREATE TABLE properties (
  team_id INTEGER NOT NULL,
  property_key {text 50} NOT NULL,
  type {text 10} NOT NULL,
  fallback {text},
  created_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, property_key)
) {packed};

CREATE TABLE audience_aliases (
  team_id INTEGER NOT NULL,
  alias {key 1000} NOT NULL,
  segment INTEGER NOT NULL,
  topic INTEGER NOT NULL,
  PRIMARY KEY (team_id, alias)
) {packed};

-- Texts that many events share, once each; events name the number.
CREATE TABLE sources (
  team_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  text {text} NOT NULL,
  PRIMARY KEY (team_id, number)
) {packed};

-- An empty name and an empty set of properties are NULL.
CREATE TABLE contacts (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  email {text 512} NOT NULL,
  first_name {text},
  last_name {text},
  properties {text},
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  key_version INTEGER NOT NULL,
  hash_key INTEGER NOT NULL,
  PRIMARY KEY (team_id, contact_id)
) {packed};

-- event_id and blocked_by: NULL where there is no such event.
CREATE TABLE standings (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  said SMALLINT NOT NULL,
  objectors SMALLINT NOT NULL,
  valid_until BIGINT,
  by_override SMALLINT NOT NULL,
  event_id {id},
  erased SMALLINT NOT NULL,
  suppressions SMALLINT NOT NULL,
  blocked_by {id},
  last_event BIGINT,
  removed_at BIGINT,
  PRIMARY KEY (team_id, contact_id)
) {packed};

-- Asked in both directions. Contact first or segment first made no difference, neither inserting 1,500,000 rows nor
-- listing 500,000 members of 1,000,000 contacts: the index below holds the same columns as the table.
CREATE TABLE memberships (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  segment INTEGER NOT NULL,
  PRIMARY KEY (team_id, contact_id, segment)
) {packed};

CREATE TABLE choices (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  topic INTEGER NOT NULL,
  said SMALLINT NOT NULL,
  objectors SMALLINT NOT NULL,
  valid_until BIGINT,
  by_override SMALLINT NOT NULL,
  event_id {id},
  PRIMARY KEY (team_id, contact_id, topic)
) {packed};

CREATE TABLE suppressions (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  reason SMALLINT NOT NULL,
  email {text 512},
  at BIGINT NOT NULL,
  PRIMARY KEY (team_id, contact_id, reason)
) {packed};

-- source and basis are numbers of sources; evidence is a JSON object; NULL where there is none.
CREATE TABLE consent_events (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  event_id {id} NOT NULL,
  topic INTEGER NOT NULL,
  action SMALLINT NOT NULL,
  actor SMALLINT NOT NULL,
  channel SMALLINT NOT NULL,
  at BIGINT,
  recorded_at BIGINT NOT NULL,
  valid_until BIGINT,
  suppression SMALLINT,
  clamped SMALLINT NOT NULL,
  source INTEGER,
  evidence {text},
  reason {text},
  basis INTEGER,
  PRIMARY KEY (team_id, contact_id, event_id)
) {packed};

CREATE TABLE aliases (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  alias {text 128} NOT NULL,
  PRIMARY KEY (team_id, contact_id, alias)
) {packed};

CREATE INDEX memberships_by_segment ON memberships (team_id, segment, contact_id);

CREATE INDEX aliases_by_text ON aliases (team_id, alias, contact_id);
