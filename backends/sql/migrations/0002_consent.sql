-- Keys of two kinds, settings, lawful bases, mail on its way (broadcasts, leases), the feed of opt-outs, soft bounces, and
-- the epoch of a contact's links.

CREATE TABLE key_ring (
  team_id INTEGER NOT NULL,
  kind SMALLINT NOT NULL,
  key_id INTEGER NOT NULL,
  state SMALLINT NOT NULL,
  fingerprint {text 16} NOT NULL,
  secret {blob},
  created_at BIGINT NOT NULL,
  changed_at BIGINT,
  PRIMARY KEY (team_id, kind, key_id)
) {packed};

INSERT INTO key_ring (team_id, kind, key_id, state, fingerprint, secret, created_at)
SELECT team_id, 1, key_id, 1, fingerprint, secret, created_at FROM hash_keys;

DROP TABLE hash_keys;

CREATE TABLE settings (
  team_id INTEGER NOT NULL,
  name {text 100} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (team_id, name)
) {packed};

-- NULL where nobody said.
ALTER TABLE topics ADD COLUMN basis {text 40};

CREATE TABLE broadcasts (
  team_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  name {text 800} NOT NULL,
  segment INTEGER NOT NULL,
  topic INTEGER NOT NULL,
  position {id},
  found SMALLINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, number)
) {packed};

CREATE TABLE leases (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  broadcast INTEGER NOT NULL,
  state SMALLINT NOT NULL,
  lease_id {id} NOT NULL,
  worker {text 400} NOT NULL,
  expires_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, contact_id, broadcast)
) {packed};

-- What lowered permission and is not published yet: written with the event, taken by whoever publishes.
CREATE TABLE outbox (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  event_id {id} NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, contact_id, event_id)
) {packed};

CREATE TABLE feed (
  team_id INTEGER NOT NULL,
  position BIGINT NOT NULL,
  contact_id {id} NOT NULL,
  event_id {id} NOT NULL,
  PRIMARY KEY (team_id, position)
) {packed};

CREATE TABLE soft_bounces (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (team_id, contact_id, at)
) {packed};

CREATE TABLE link_epochs (
  team_id INTEGER NOT NULL,
  contact_id {id} NOT NULL,
  epoch INTEGER NOT NULL,
  PRIMARY KEY (team_id, contact_id)
) {packed};

CREATE INDEX leases_by_broadcast ON leases (team_id, broadcast, state, contact_id, expires_at);

CREATE INDEX leases_by_lease ON leases (team_id, lease_id, contact_id, broadcast);

CREATE INDEX outbox_by_time ON outbox (team_id, recorded_at, contact_id, event_id);
