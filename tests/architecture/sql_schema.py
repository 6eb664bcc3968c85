"""The tables as the migrations make them, and what every migration must keep to (docs/decisions/0004-one-schema.md).

Read by sqlglot, after the words of our dialects ({id}, {text 40}, {packed}) are replaced by types that it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import layers
import sqlglot
from sqlglot import exp

FOLDER = "backends/sql/migrations"
# Ours, and what sqlglot calls them.
DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres", "mysql": "mysql"}
# A migration for all engines is read as SQLite's: it has no dialect's words left.
COMMON = "sqlite"
# The optional last step, for every engine that can add foreign keys to a table.
FOREIGN_KEYS = "foreign_keys"
FOREIGN_KEY = re.compile(
    r"ALTER TABLE (\w+) ADD CONSTRAINT \w+ FOREIGN KEY \(([\w, ]+)\) REFERENCES (\w+) \(([\w, ]+)\)"
)
# Tables with a contact in a row whose key does not say whose it is, and why.
KEYED_OTHERWISE = {
    "feed": "a cursor is a position: rows are found by it alone, and one relay at a time gives positions"
}
# What a schema that can be spread over machines does without.
FORBIDDEN = re.compile(
    r"\b(default|unique|references|foreign\s+key|serial|bigserial|auto_?increment|identity|generated|sequence|trigger|"
    r"function|procedure|rule|extension|check|without\s+time\s+zone)\b",
    re.IGNORECASE,
)


@dataclass
class Table:
    columns: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)  # NOT NULL
    key: list[str] = field(default_factory=list)

    @property
    def of_contacts(self) -> bool:
        """Whether its rows are found by whom they are about."""
        return "contact_id" in self.key


def dialect_of(path: str) -> str:
    """0001_first.sql is for all engines, 0001_first.sqlite.sql for one."""
    words = path.rsplit("/", 1)[-1].split(".")
    return words[1] if len(words) == 3 and words[1] != FOREIGN_KEYS else COMMON


def plain(text: str) -> str:
    """Types in place of our dialects' words."""
    text = re.sub(r"\{packed\}", "", text)
    text = re.sub(r"\{(?:id|blob)\}", "BLOB", text)
    return re.sub(r"\{\w+(?: \d+)?\}", "TEXT", text)


def parsed(path: str, text: str) -> list[exp.Expression]:
    return [tree for tree in sqlglot.parse(plain(text), dialect=DIALECTS[dialect_of(path)]) if tree is not None]


def migrations() -> list[str]:
    """Their paths in the order in which they are applied."""
    return sorted(layers.sources(FOLDER, suffixes=(".sql",)), key=lambda p: (p.rsplit("/", 1)[-1][:4], len(p)))


def table_of(tree: exp.Create) -> Table:
    table = Table()
    for part in tree.this.expressions:
        if isinstance(part, exp.ColumnDef):
            table.columns.append(part.name)
            kinds = {type(constraint.kind) for constraint in part.args.get("constraints") or []}
            if exp.NotNullColumnConstraint in kinds:
                table.required.append(part.name)
            if exp.PrimaryKeyColumnConstraint in kinds:
                table.key.append(part.name)
        elif isinstance(part, exp.PrimaryKey):
            table.key = [column.name for column in part.expressions]
    return table


def tables() -> dict[str, Table]:
    """What all migrations of all engines make."""
    found: dict[str, Table] = {}
    for path in migrations():
        for tree in parsed(path, layers.read(path)):
            if isinstance(tree, exp.Create) and tree.kind == "TABLE":
                found[tree.this.this.name] = table_of(tree)
            elif isinstance(tree, exp.Alter):
                added = [action for action in tree.args["actions"] if isinstance(action, exp.ColumnDef)]
                found[tree.this.name].columns += [column.name for column in added]
            elif isinstance(tree, exp.Drop) and tree.kind == "TABLE":
                # Still known: an older migration fills the tables behind it from them.
                found[tree.find(exp.Table).name].required = []
    return found


def table_violations(name: str, table: Table) -> Iterator[str]:
    if table.key[:1] != ["team_id"]:
        yield f"the key of {name} does not begin with team_id"
    if "contact_id" in table.columns and name not in KEYED_OTHERWISE and table.key[1:2] != ["contact_id"]:
        yield f"the key of {name} does not go on with contact_id"
    for column in table.key:
        if column not in table.required:
            yield f"{name}.{column} is in the key and may be NULL"


def view_violations(tree: exp.Create) -> Iterator[str]:
    """A view names no team, but never joins two."""
    for join in tree.find_all(exp.Join):
        on = join.args.get("on")
        sides = {(c.table, c.name) for c in on.find_all(exp.Column)} if on else set()
        if (join.this.alias_or_name, "team_id") not in sides:
            yield f"{tree.this.name} joins {join.this.name} without its team_id"


def unique_keys_that_lack(column: str, made: dict[str, Table]) -> list[str]:
    """Of tables that are distributed by this column, those that a sharding engine refuses: every unique key, and here
    that is the primary key alone (UNIQUE is forbidden), must hold it."""
    return [name for name, table in made.items() if column not in table.key]


def foreign_key_violations(text: str, made: dict[str, Table]) -> Iterator[str]:
    """Each binds by the team first, to the whole key of the other table, and neither cascades nor sets NULL."""
    for statement in filter(None, (one.strip() for one in re.sub(r"--[^\n]*", "", text).split(";"))):
        said = FOREIGN_KEY.fullmatch(statement)
        if not said:
            yield f"is no plain foreign key: {statement[:60]}"
            continue
        table, own, other, key = said[1], said[2].split(", "), said[3], said[4].split(", ")
        if key != made[other].key or own[:1] != ["team_id"] or not set(own) <= set(made[table].columns):
            yield f"{table} is bound to {other} by something else than its key"
        if made[table].of_contacts and made[other].of_contacts and own[:2] != ["team_id", "contact_id"]:
            yield f"{table} is bound to {other} over machines"
        if not made[table].of_contacts and made[other].of_contacts:
            yield f"{table} would be whole on every machine and is bound to {other}, which is not"


def violations(path: str, text: str) -> list[str]:
    """What one migration says that none may say."""
    if path.endswith(f".{FOREIGN_KEYS}.sql"):
        return [f"{path}: {violation}" for violation in foreign_key_violations(text, tables())]
    found = [f"says {m.group(0).upper()}" for m in FORBIDDEN.finditer(re.sub(r"--[^\n]*|'[^']*'", "", text))]
    for tree in parsed(path, text):
        kind = tree.kind if isinstance(tree, exp.Create | exp.Drop) else type(tree).__name__.upper()
        if isinstance(tree, exp.Create) and kind == "TABLE":
            found += table_violations(tree.this.this.name, table_of(tree))
        elif isinstance(tree, exp.Create) and kind == "VIEW":
            found += view_violations(tree)
        elif isinstance(tree, exp.Create) and kind == "INDEX":
            columns = [column.this.name for column in tree.this.args["params"].args["columns"]]
            if columns[:1] != ["team_id"]:
                found.append(f"the index {tree.this.name} does not begin with team_id")
        elif isinstance(tree, exp.Insert):
            given = [column.name for column in tree.this.expressions]
            taken = [column.name for column in tree.expression.expressions]
            if given[:1] != ["team_id"] or taken[:1] != ["team_id"]:
                found.append(f"rows of {tree.this.this.name} do not keep their team_id")
        elif not (isinstance(tree, exp.Drop) and kind in {"TABLE", "INDEX"}) and kind != "ALTER":
            found.append(f"{kind} is nothing that a migration does")
    return [f"{path}: {violation}" for violation in found]
