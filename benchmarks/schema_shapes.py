#!/usr/bin/env python3
"""Shapes of the wide tables, measured: docs/decisions/0004-one-schema.md has the figures and what follows.

    python3 benchmarks/schema_shapes.py [contacts, default 1000000] [rounds, default 3]

Inserts contacts in the order of their ids, and 1.5 memberships for each, into tables of several shapes; then lists half
of the contacts by segment, and walks all of them by contact. SQLite does all the work; medians of the rounds.
"""

import os
import sqlite3
import statistics
import sys
import tempfile
import time

CONTACTS = "team_id INTEGER NOT NULL, contact_id BLOB NOT NULL, email TEXT NOT NULL, first_name TEXT, last_name TEXT"
MEMBERS = "team_id INTEGER NOT NULL, contact_id BLOB NOT NULL, segment INTEGER NOT NULL"
SHAPES = {
    "packed, contact first": (
        f"CREATE TABLE contacts ({CONTACTS}, PRIMARY KEY (team_id, contact_id)) WITHOUT ROWID;"
        f"CREATE TABLE memberships ({MEMBERS}, PRIMARY KEY (team_id, contact_id, segment)) WITHOUT ROWID;"
        "CREATE INDEX other_way ON memberships (team_id, segment, contact_id);"
    ),
    "packed, segment first": (
        f"CREATE TABLE contacts ({CONTACTS}, PRIMARY KEY (team_id, contact_id)) WITHOUT ROWID;"
        f"CREATE TABLE memberships ({MEMBERS}, PRIMARY KEY (team_id, segment, contact_id)) WITHOUT ROWID;"
        "CREATE INDEX other_way ON memberships (team_id, contact_id, segment);"
    ),
    "rowid, contact first": (
        f"CREATE TABLE contacts ({CONTACTS}, PRIMARY KEY (team_id, contact_id));"
        f"CREATE TABLE memberships ({MEMBERS}, PRIMARY KEY (team_id, contact_id, segment));"
        "CREATE INDEX other_way ON memberships (team_id, segment, contact_id);"
    ),
}
INSERTS = {
    "contacts": "INSERT INTO contacts SELECT 1, id, email, 'Ann', 'Example' FROM input.people ORDER BY place",
    "memberships": "INSERT INTO memberships SELECT 1, id, segment FROM input.members ORDER BY place, segment",
}
LIST = (
    "SELECT count(*), sum(length(c.email)) FROM memberships m"
    " JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id"
    " WHERE m.team_id = 1 AND m.segment = 1"
)
WALK = "SELECT count(*), sum(segment) FROM (SELECT segment FROM memberships WHERE team_id = 1 ORDER BY contact_id, segment)"  # noqa: E501


def timed(database, *statements):
    start = time.perf_counter()
    for statement in statements:
        database.execute(statement).fetchall()
    return time.perf_counter() - start


def measure(shape, count, folder):
    path = os.path.join(folder, "shape.db")
    for name in (path, path + "-wal", path + "-shm"):
        if os.path.exists(name):
            os.remove(name)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;")
    database.execute("ATTACH ? AS input", (os.path.join(folder, "input.db"),))
    database.executescript(SHAPES[shape])
    figures = {}
    for table, insert in INSERTS.items():
        figures["insert " + table] = timed(database, "BEGIN", insert, "COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    figures["MB"] = os.path.getsize(path) / 1e6
    figures["list half"] = timed(database, LIST)
    figures["walk all"] = timed(database, WALK)
    database.close()
    return figures


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        data = sqlite3.connect(os.path.join(folder, "input.db"))
        data.execute("CREATE TABLE people (place INTEGER PRIMARY KEY, id BLOB, email TEXT)")
        data.execute(
            "CREATE TABLE members (place INTEGER, segment INTEGER, id BLOB, PRIMARY KEY (place, segment)) WITHOUT ROWID"
        )
        ids = sorted(os.urandom(16) for _ in range(count))
        data.executemany(
            "INSERT INTO people VALUES (?, ?, ?)",
            ((place, id_, f"person{place}.{id_.hex()[:6]}@example.org") for place, id_ in enumerate(ids)),
        )
        # Every second one in segment 1, and every one in one of segments 2 to 5.
        data.executemany("INSERT INTO members VALUES (?, 1, ?)", ((p, id_) for p, id_ in enumerate(ids) if p % 2 == 0))
        data.executemany("INSERT INTO members VALUES (?, ?, ?)", ((p, 2 + p % 4, id_) for p, id_ in enumerate(ids)))
        data.commit()
        data.close()
        seen = {shape: [] for shape in SHAPES}
        for _ in range(rounds):
            for shape in SHAPES:
                seen[shape].append(measure(shape, count, folder))
    print(f"SQLite {sqlite3.sqlite_version}, {count} contacts, median of {rounds} rounds; seconds, MB")
    columns = list(seen[next(iter(SHAPES))][0])
    print("| shape | " + " | ".join(columns) + " |")
    for shape, figures in seen.items():
        cells = (f"{statistics.median(figure[column] for figure in figures):.2f}" for column in columns)
        print(f"| {shape} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
