"""One schema and one set of statements serve a file and a sharded cluster: every statement and every migration keeps to
the rules that make this possible, and each rule is shown to see what it is there to see.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import layers
import sql_schema
import sql_statements
from sql_statements import EXCEPTIONS, STORE_WIDE, Statement

HEADERS = layers.sources(sql_statements.FOLDER)
SCHEMA = sql_schema.tables()
STATEMENTS = [statement for path in HEADERS for statement in sql_statements.read_by(path, layers.read(path))]


def rules_broken(text: str, dialect: str = "sqlite", *, of_engine: bool = False) -> set[str]:
    statement = Statement("made_up", dialect, text, of_engine)
    return {rule for rule, _ in sql_statements.violations(statement, SCHEMA)}


def test_no_statement_is_overlooked() -> None:
    for path in HEADERS:
        text = layers.read(path)
        read = sql_statements.constants(text)
        assert len(read) == text.count("inline constexpr "), path
        assert sum(len(texts) for texts in read.values()) >= text.count('R"sql('), path
    assert {statement.dialect for statement in STATEMENTS} >= {"sqlite", "postgresql"}
    assert len(STATEMENTS) > 150


def test_every_statement_can_be_spread_over_machines() -> None:
    found = [
        f"{one.name} ({one.dialect}): {what}"
        for one in STATEMENTS
        for rule, what in sql_statements.violations(one, SCHEMA)
        if (one.name, rule) not in EXCEPTIONS
    ]
    assert not found, "\n" + "\n".join(found)


def test_what_filters_are_said_as_keeps_to_the_rules_but_for_functions() -> None:
    texts = layers.read("tests/data/filter_statements.txt").split("-- ")[1:]
    assert len(texts) > 20
    found = []
    for head, _, text in (one.partition("\n") for one in texts):
        dialect, _, name = head.partition(": ")
        broken = sql_statements.violations(Statement("of_a_filter", dialect, text.strip()), SCHEMA)
        found += [f"{dialect}, {name}: {what}" for rule, what in broken if rule != "function"]
    assert not found


def test_every_exception_is_needed() -> None:
    broken = {(one.name, rule) for one in STATEMENTS for rule, _ in sql_statements.violations(one, SCHEMA)}
    assert set(EXCEPTIONS) <= broken
    assert set(sql_statements.PIECES) <= {one.name for one in STATEMENTS}
    assert set(STORE_WIDE) | set(sql_schema.KEYED_OTHERWISE) <= set(SCHEMA)


def test_every_statement_is_said_somewhere() -> None:
    said = {p: set(re.findall(r"\w+", layers.read(p))) for p in layers.sources("backends")}
    for path in HEADERS:
        elsewhere = set().union(*(words for p, words in said.items() if p != path))
        assert not set(sql_statements.constants(layers.read(path))) - elsewhere, path


def test_a_variant_of_any_engine_is_read_in_its_own_dialect() -> None:
    header = """
inline constexpr Statement upsert_epoch(  // "not this"
    R"sql(INSERT INTO link_epochs (team_id, contact_id, epoch) VALUES (:team_id, {id :contact_id}, :epoch)
          ON CONFLICT (team_id, contact_id) DO UPDATE SET epoch = excluded.epoch)sql",
    {.mysql = "INSERT INTO link_epochs (team_id, contact_id, epoch) VALUES (:team_id, :contact_id, :epoch) "
              "ON DUPLICATE KEY UPDATE epoch = VALUES(epoch)"});
inline constexpr Statement only_one("",
    {.postgresql = R"sql(DELETE FROM settings WHERE team_id = :team_id AND name = '; //')sql"});
"""
    read = sql_statements.read_by("statements/link_epochs_sql.hpp", header)
    assert [(one.name, one.dialect) for one in read] == [
        ("upsert_epoch", "sqlite"),
        ("upsert_epoch", "postgresql"),
        ("upsert_epoch", "mysql"),
        ("only_one", "postgresql"),
    ]
    assert read[2].text.endswith("UPDATE epoch = VALUES(epoch)")
    assert not [found for one in read for found in sql_statements.violations(one, SCHEMA)]


BOUNDED = "AND m.contact_id >= :first AND m.contact_id <= :last"


@pytest.mark.parametrize(
    ("rule", "dialect", "text"),
    [
        # every statement says team_id = :t
        ("team", "sqlite", "SELECT name FROM segments"),
        ("team", "sqlite", "SELECT name FROM segments WHERE number = :number OR team_id = :team_id"),
        ("team", "sqlite", "SELECT name FROM segments WHERE team_id > :team_id"),
        ("team", "sqlite", "SELECT name FROM segments WHERE team_id = 0"),
        ("team", "sqlite", "SELECT name FROM segments WHERE team_id = number"),
        ("team", "sqlite", "UPDATE segments SET name = :name WHERE number = :number"),
        ("team", "mysql", "DELETE FROM segments WHERE number = :number"),
        ("team", "sqlite", "INSERT INTO locks (number, team_id) VALUES (:number, :team_id)"),
        ("team", "sqlite", "INSERT INTO locks (team_id, number) VALUES (0, :number)"),
        ("team", "postgresql", "INSERT INTO locks (team_id, number) SELECT 1, u.* FROM unnest(:number::int[]) u"),
        (
            "team",
            "sqlite",
            "SELECT t.name FROM choices h JOIN topics t ON t.number = h.topic "
            "WHERE h.team_id = :team_id AND t.team_id = :team_id",
        ),
        (
            "team",
            "sqlite",
            "SELECT t.id FROM choices h JOIN topics t ON t.number = h.topic WHERE h.team_id = :team_id",
        ),
        ("team", "sqlite", "SELECT t.name FROM choices h, topics t WHERE t.number = h.topic AND h.team_id = :team_id"),
        (
            "team",
            "postgresql",
            "UPDATE choices h SET said = u.said FROM unnest(:said::int[], :contact_id::uuid[]) u (said, contact_id) "
            "WHERE h.contact_id = u.contact_id",
        ),
        # what is about a contact is found, joined and changed by both
        (
            "contact",
            "sqlite",
            "SELECT c.email FROM memberships m JOIN contacts c ON c.team_id = m.team_id WHERE m.team_id = :team_id",
        ),
        (
            "contact",
            "sqlite",
            "SELECT c.email FROM memberships m LEFT JOIN contacts c ON c.team_id = m.team_id "
            "AND c.contact_id = m.segment "
            "WHERE m.team_id = :team_id",
        ),
        ("contact", "sqlite", "UPDATE contacts SET email = :email WHERE team_id = :team_id AND hash_key = :hash_key"),
        ("contact", "postgresql", "DELETE FROM choices WHERE team_id = :team_id AND topic = :topic"),
        # the bound on every joined table
        (
            "contact",
            "postgresql",
            "SELECT c.email FROM memberships m JOIN contacts c ON c.team_id = m.team_id "
            "AND c.contact_id = m.contact_id "
            f"AND c.contact_id >= :first WHERE m.team_id = :team_id {BOUNDED}",
        ),
        (
            "contact",
            "postgresql",
            "SELECT c.email FROM memberships m LEFT JOIN contacts c ON c.team_id = m.team_id "
            "AND c.contact_id = m.contact_id "
            "AND c.contact_id > :first AND c.contact_id <= :last "
            f"WHERE m.team_id = :team_id {BOUNDED}",
        ),
        ("order", "sqlite", "SELECT contact_id FROM contacts WHERE team_id = :team_id LIMIT :limit"),
        # upserts
        ("conflict", "sqlite", "INSERT INTO locks (team_id, number) VALUES (:team_id, :number) ON CONFLICT DO NOTHING"),
        ("conflict", "sqlite", "INSERT OR IGNORE INTO locks (team_id, number) VALUES (:team_id, :number)"),
        ("conflict", "mysql", "INSERT IGNORE INTO locks (team_id, number) VALUES (:team_id, :number)"),
        ("kind", "mysql", "REPLACE INTO locks (team_id, number) VALUES (:team_id, :number)"),
        (
            "conflict",
            "postgresql",
            "INSERT INTO locks (team_id, number) VALUES (:team_id, :number) ON CONFLICT (number) DO NOTHING",
        ),
        (
            "conflict",
            "postgresql",
            "INSERT INTO locks (team_id, number) VALUES (:team_id, :number) ON CONFLICT ON CONSTRAINT one DO NOTHING",
        ),
        (
            "set",
            "postgresql",
            "INSERT INTO locks (team_id, number) VALUES (:team_id, :number) ON CONFLICT (team_id, number) DO UPDATE "
            "SET number = lower(excluded.number)",
        ),
        (
            "set",
            "mysql",
            "INSERT INTO locks (team_id, number) VALUES (:team_id, :number) ON DUPLICATE KEY UPDATE number = abs(1)",
        ),
        (
            "set",
            "postgresql",
            "INSERT INTO settings (team_id, name, value) VALUES (:team_id, :name, :value) ON CONFLICT (team_id, name) "
            "DO UPDATE SET value = (SELECT max(o.value) FROM settings o)",
        ),
        ("set", "sqlite", "UPDATE settings SET value = upper(:value) WHERE team_id = :team_id AND name = :name"),
        ("insert", "sqlite", "INSERT INTO locks VALUES (:team_id, :number)"),
        ("insert", "sqlite", "INSERT INTO settings (team_id, name) VALUES (:team_id, :name)"),
        # no query inside another but over the caller's rows
        (
            "query",
            "sqlite",
            "SELECT name, (SELECT count(*) FROM memberships m WHERE m.segment = s.number) FROM segments s "
            "WHERE s.team_id = :team_id",
        ),
        ("query", "postgresql", "DELETE FROM runs WHERE team_id = :team_id AND run_id IN (SELECT run_id FROM runs)"),
        ("query", "sqlite", "WITH a AS (SELECT 1 FROM runs) SELECT name FROM segments WHERE team_id = :team_id"),
        ("kind", "sqlite", "SELECT name FROM settings UNION SELECT name FROM segments"),
        ("kind", "sqlite", "SELECT name FROM somewhere WHERE team_id = :team_id"),
        ("kind", "sqlite", "PRAGMA journal_mode = WAL"),
        ("function", "postgresql", "SELECT string_agg(name, ',') FROM segments WHERE team_id = :team_id"),
        ("kind", "sqlite", " LIMIT :limit"),
        ("parse", "sqlite", "SELECT FROM WHERE team_id"),
    ],
)
def test_a_statement_that_breaks_a_rule_is_seen(rule: str, dialect: str, text: str) -> None:
    assert rule in rules_broken(text, dialect)


@pytest.mark.parametrize(
    "words",
    [
        "SELECT name FROM segments WHERE team_id = :team_id ORDER BY name LIMIT 9 OFFSET 9",
        "INSERT INTO locks (team_id, number) VALUES (:team_id, :number) RETURNING number",
        "MERGE INTO locks l USING sources s ON l.number = s.number WHEN MATCHED THEN DELETE",
        "SELECT s.name FROM segments s, LATERAL (SELECT 1) x WHERE s.team_id = :team_id",
        "WITH RECURSIVE r AS (SELECT 1) SELECT name FROM segments WHERE team_id = :team_id",
        "SELECT ctid FROM segments WHERE team_id = :team_id",
        "SELECT xmax FROM segments WHERE team_id = :team_id",
        "SELECT nextval('numbers')",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT get_lock('roll', 30)",
        "LISTEN changes",
        "NOTIFY changes",
        "UPDATE segments SET updated_at = now() WHERE team_id = :team_id",
        "UPDATE segments SET updated_at = CURRENT_TIMESTAMP WHERE team_id = :team_id",
        "CREATE TRIGGER t AFTER INSERT ON locks BEGIN SELECT 1; END",
        "CALL something()",
    ],
)
def test_what_does_not_work_on_every_engine_is_seen_also_in_what_is_said_to_one_alone(words: str) -> None:
    for dialect in sql_schema.DIALECTS:
        assert "word" in rules_broken(words, dialect)
        assert "word" in rules_broken(words, dialect, of_engine=True)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("postgresql", "SELECT relname FROM pg_catalog.pg_class WHERE relname <> 'now()'"),
        ("mysql", "SELECT table_name FROM information_schema.tables WHERE table_schema = database()"),
        ("mysql", "SET TRANSACTION READ ONLY; START TRANSACTION WITH CONSISTENT SNAPSHOT"),
        ("mysql", "SELECT @@local_infile"),
        ("sqlite", "PRAGMA journal_mode = WAL"),
    ],
)
def test_an_engine_is_asked_about_itself_in_its_own_header_alone(dialect: str, text: str) -> None:
    assert not rules_broken(text, dialect, of_engine=True)
    assert rules_broken(text, dialect)


def test_rows_are_not_touched_behind_a_setting() -> None:
    assert rules_broken("SET a = 1; DELETE FROM settings", "mysql", of_engine=True)
    assert rules_broken("SELECT name FROM segments", "mysql", of_engine=True) == {"team"}


def test_every_migration_can_be_spread_over_machines() -> None:
    found = [one for path in sql_schema.migrations() for one in sql_schema.violations(path, layers.read(path))]
    assert not found, "\n" + "\n".join(found)
    assert sum(table.of_contacts for table in SCHEMA.values()) >= 10


def test_every_unique_key_holds_the_column_by_which_its_table_is_distributed() -> None:
    """Citus: "Unique constraints and primary keys must include the distribution column". Reference tables need not."""
    assert not sql_schema.unique_keys_that_lack("team_id", SCHEMA)
    of_contacts = {name: table for name, table in SCHEMA.items() if table.of_contacts}
    assert not sql_schema.unique_keys_that_lack("contact_id", of_contacts)
    whole = {name for name, table in SCHEMA.items() if "contact_id" in table.columns} - set(of_contacts)
    assert whole == {"feed"}, "by contact, a reference table"
    seen = sql_schema.unique_keys_that_lack("contact_id", {"feed": SCHEMA["feed"]})
    assert seen == ["feed"], "the rule sees one that lacks it"


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE contacts ADD CONSTRAINT a FOREIGN KEY (team_id) REFERENCES teams (team_id) ON DELETE SET NULL;",
        "ALTER TABLE contacts ADD CONSTRAINT a FOREIGN KEY (team_id) REFERENCES teams (team_id) ON DELETE CASCADE;",
        "ALTER TABLE memberships ADD CONSTRAINT a FOREIGN KEY (contact_id) REFERENCES contacts (contact_id);",
        "ALTER TABLE choices ADD CONSTRAINT a FOREIGN KEY (topic, team_id) REFERENCES topics (number, team_id);",
        "ALTER TABLE feed ADD CONSTRAINT a FOREIGN KEY (team_id, contact_id) "
        "REFERENCES standings (team_id, contact_id);",
        "CREATE INDEX a ON contacts (team_id);",
    ],
)
def test_a_foreign_key_that_cannot_be_spread_is_seen(text: str) -> None:
    assert sql_schema.violations("0009_made_up.foreign_keys.sql", text)


KEYED = "PRIMARY KEY (team_id, contact_id)"


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE a (number INTEGER NOT NULL, team_id INTEGER NOT NULL, PRIMARY KEY (number, team_id)) {packed};",
        "CREATE TABLE a (team_id INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (number)) {packed};",
        "CREATE TABLE a (team_id INTEGER, number INTEGER NOT NULL, PRIMARY KEY (team_id, number)) {packed};",
        "CREATE TABLE a (team_id INTEGER NOT NULL, contact_id {id} NOT NULL, PRIMARY KEY (team_id));",
        "CREATE TABLE a (team_id INTEGER NOT NULL, n INTEGER NOT NULL, contact_id {id} NOT NULL, "
        "PRIMARY KEY (team_id, n, contact_id));",
        f"CREATE TABLE a (team_id INTEGER NOT NULL, contact_id {{id}} NOT NULL, said SMALLINT DEFAULT 0, {KEYED});",
        f"CREATE TABLE a (team_id INTEGER NOT NULL, contact_id {{id}} NOT NULL, n BIGSERIAL, {KEYED});",
        f"CREATE TABLE a (team_id INTEGER NOT NULL, contact_id {{id}} NOT NULL, e {{text 512}} UNIQUE, {KEYED});",
        f"CREATE TABLE a (team_id INTEGER NOT NULL, contact_id {{id}} NOT NULL, {KEYED}, "
        "FOREIGN KEY (team_id) REFERENCES teams (team_id));",
        "ALTER TABLE topics ADD COLUMN position INTEGER NOT NULL DEFAULT 0;",
        "CREATE INDEX a ON contacts (email);",
        "CREATE UNIQUE INDEX a ON contacts (team_id, email);",
        "CREATE SEQUENCE numbers;",
        "CREATE TRIGGER a AFTER INSERT ON contacts BEGIN SELECT 1; END;",
        "CREATE VIEW a AS SELECT c.email FROM contacts c JOIN standings s ON s.contact_id = c.contact_id;",
        "INSERT INTO locks (team_id, number) SELECT 1, number FROM segments;",
        "DELETE FROM contacts;",
    ],
)
def test_a_migration_that_breaks_a_rule_is_seen(text: str) -> None:
    assert sql_schema.violations("0009_made_up.sql", text)


def test_a_migration_that_keeps_to_them_passes() -> None:
    text = f"CREATE TABLE a (team_id INTEGER NOT NULL, contact_id {{id}} NOT NULL, {KEYED}) {{packed}};"
    assert not sql_schema.violations("0009_made_up.postgresql.sql", "-- By default unique.\n" + text)
