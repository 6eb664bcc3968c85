"""The statements of backends/sql/statements, and the rules that let one set of them serve a file and a sharded cluster.

Read from the headers, parsed by sqlglot in the engine's own dialect; each rule is a function from a statement to what
is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import layers
import sqlglot
from sql_schema import DIALECTS, Table
from sqlglot import exp

FOLDER = "backends/sql/statements"
# Tables of the whole store: their team is 0.
STORE_WIDE = {
    "schema_version": "the schema is one for all teams",
    "schema_lock": "its row is what excludes others who migrate",
    "key_ring": "ids are made with the same keys for every team",
}
# Pages that are turned inside a contact.
SKIPS = "OFFSET skips no more than the rows of the page's first contact in one table, since the page before ended in it"
LOADS = "LOAD DATA or COPY in pieces: the table and columns are those of an INSERT, which is read itself"
# (statement, rule): why it may break it. An entry that is no longer needed fails too.
EXCEPTIONS = {
    ("select_teams", "team"): "the list of all teams is what it is asked for",
    ("delete_oldest_changes", "contact"): "the oldest of the log go, whoever they are about, in every shard",
    ("postgresql_page", "word"): SKIPS,
    ("mysql_page", "word"): SKIPS,
    ("mysql_load", "parse"): LOADS,
    ("mysql_loaded_bytes", "parse"): LOADS,
    ("postgresql_copy", "parse"): LOADS,
    ("postgresql_copied", "parse"): LOADS,
}
# Pieces, and what stands before them in some statement. The whole is read.
RANGE = (
    "SELECT contact_id FROM contacts WHERE team_id = :team_id AND contact_id >= :first AND contact_id <= :last "
    "ORDER BY contact_id"
)
PIECES = {
    "postgresql_page": RANGE,
    "mysql_page": RANGE,
    "of_range": "SELECT contact_id FROM contacts WHERE team_id = :team_id AND ",
    "of_contacts": "SELECT contact_id FROM contacts WHERE team_id = :team_id AND ",
}
# Engines that do not carry a bound from one side of a join to the other. The others need not: they find each joined row
# by its key, one at a time (tests/backends/statements_test.cpp looks at SQLite's plan; MariaDB 10.11 says eq_ref).
BOUNDS_IN_EVERY_TABLE = {"postgresql"}
CATALOGUES = {"pg_catalog", "information_schema", "sqlite_master"}
# What is said to an engine of no rows at all, only in <dialect>_sql.hpp: transactions, settings, having rows counted.
SESSION = re.compile(
    r"\s*(begin|start transaction|commit|rollback|set|pragma|analyze)\b(?!.*\b(select|insert|update|delete|merge)\b)",
    re.I,
)
FORBIDDEN = re.compile(
    r"\b(offset|returning|merge|lateral|recursive|ctid|xmax|xmin|listen|unlisten|notify|nextval|currval|setval|lastval|rowid|"
    r"last_insert_id|last_insert_rowid|pg_(?:try_)?advisory\w*|get_lock|now|current_(?:timestamp|date|time)|localtime\w*|"
    r"clock_timestamp|statement_timestamp|transaction_timestamp|sysdate|unix_timestamp|random|rand|gen_random_uuid|"
    r"call|do instead|create|drop|alter|truncate|lock tables?)\b",
    re.IGNORECASE,
)
FUNCTIONS = (exp.Connector, exp.Cast, exp.Count, exp.Max, exp.Unnest, exp.Case, exp.If)
COMPARISONS = {exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
TOKEN = re.compile(
    layers.COMMENT_OR_LITERAL.pattern + r"|inline constexpr (?:std::string_view|Statement) (?P<name>\w+)|"
    r"\.(?P<variant>\w+)\s*=|(?P<end>;)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Statement:
    name: str
    dialect: str  # ours
    text: str
    of_engine: bool = False  # of <dialect>_sql.hpp: about the engine itself


def constants(text: str) -> dict[str, dict[str, str]]:
    """The statements of a header: name to dialect to text; "all" is the common one."""
    found: dict[str, dict[str, str]] = {}
    texts: dict[str, str] | None = None
    variant = "all"
    for token in TOKEN.finditer(text):
        literal = token["raw"] if token["raw"] is not None else token["plain"]
        if token["name"]:
            texts, variant = found.setdefault(token["name"], {}), "all"
        elif token["variant"]:
            variant = token["variant"]
        elif token["end"]:
            texts = None
        elif literal is not None and texts is not None:
            texts[variant] = texts.get(variant, "") + literal
    return found


def read_by(path: str, text: str) -> list[Statement]:
    """What each engine reads of a header: the common text is SQLite's, and PostgreSQL's where it has no own."""
    engine = path.rsplit("/", 1)[-1].removesuffix("_sql.hpp")
    found: list[Statement] = []
    for name, texts in constants(text).items():
        if engine in DIALECTS:
            found.append(Statement(name, engine, texts["all"], of_engine=True))
            continue
        by_dialect = {"sqlite": texts["all"], "postgresql": texts["all"]} | texts
        del by_dialect["all"]
        found += [Statement(name, dialect, said) for dialect, said in by_dialect.items() if said]
    return found


def words_in(text: str) -> str:
    return re.sub(r"'[^']*'|--[^\n]*", "''", text)


def conjuncts(condition: exp.Expression | None) -> list[exp.Expression]:
    """What must hold, each by itself; an OR is one."""
    if condition is None:
        return []
    if isinstance(condition, exp.Where | exp.Paren):
        return conjuncts(condition.this)
    if isinstance(condition, exp.And):
        return conjuncts(condition.this) + conjuncts(condition.expression)
    return [condition]


def bare(node: exp.Expression) -> exp.Expression:
    while isinstance(node, exp.Cast | exp.Paren):
        node = node.this
    return node


class Scope:
    """The tables of a statement and what is said about their rows."""

    def __init__(self, tree: exp.Expression) -> None:
        self.tables: dict[str, exp.Table] = {}
        self.rows: set[str] = set()  # of the caller's: unnest(:ids) u
        self.where = conjuncts(tree.args.get("where"))
        self.on: dict[str, list[exp.Expression]] = {}
        root = [] if isinstance(tree, exp.Select) else [tree.this]
        begin = tree.args.get("from_")
        joins = list(tree.args.get("joins") or [])
        for source in [*root, *([begin.this] if begin else [])]:
            self._add(source)
            joins += source.args.get("joins") or []
        for join in joins:
            self._add(join.this)
            self.on[join.this.alias_or_name] = conjuncts(join.args.get("on"))

    def _add(self, source: exp.Expression) -> None:
        if isinstance(source, exp.Table):
            self.tables[source.alias_or_name] = source
        elif isinstance(source, exp.Unnest):
            self.rows.add(source.alias_or_name)

    @property
    def said(self) -> list[exp.Expression]:
        return self.where + [one for ons in self.on.values() for one in ons]

    def about(self, alias: str) -> list[exp.Expression]:
        """What holds of a table: said where it is joined, or, with no such place, behind WHERE."""
        return self.on.get(alias) or self.where

    def is_given(self, node: exp.Expression, *, zero: bool = False) -> bool:
        """A parameter, or a column of rows that are parameters."""
        node = bare(node)
        if isinstance(node, exp.Column):
            return node.table in self.rows
        return isinstance(node, exp.Placeholder) or (zero and isinstance(node, exp.Literal) and node.name == "0")

    def owner(self, node: exp.Expression, column: str) -> str:
        """The table whose `column` this is; "" where it is something else."""
        node = bare(node)
        if not isinstance(node, exp.Column) or node.name != column or node.table in self.rows:
            return ""
        return node.table or (next(iter(self.tables)) if len(self.tables) == 1 else "")

    def equal(self, said: list[exp.Expression], alias: str, column: str) -> list[exp.Expression]:
        """What `column` of a table is equal to."""
        found = []
        for one in said:
            if isinstance(one, exp.EQ):
                for side, other in ((one.this, one.expression), (one.expression, one.this)):
                    if self.owner(side, column) == alias:
                        found.append(other)
        return found

    def bounds(self, alias: str) -> set[str]:
        """>= :first and the like, said of a table's contact_id; those of a pair are said of its first column."""
        found = set()
        for one in self.on.get(alias, []) + self.where:
            sign = COMPARISONS.get(type(one))
            if sign is None:
                continue
            left, right = one.this, one.expression
            if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
                left, right, sign = left.expressions[0], right.expressions[0], sign[0] + "="
            if self.owner(left, "contact_id") == alias and self.is_given(right):
                found.add(f"{sign} {right.sql()}")
        return found


def team_violations(scope: Scope) -> Iterator[str]:
    given = set()
    for _ in scope.tables:  # as often as a chain of equal teams can be long
        for alias, table in scope.tables.items():
            for other in scope.equal(scope.said, alias, "team_id"):
                if scope.is_given(other, zero=table.name in STORE_WIDE) or scope.owner(other, "team_id") in given:
                    given.add(alias)
    for alias, table in scope.tables.items():
        if alias not in given:
            yield f"no team_id for {table.name}"
        elif alias in scope.on and not scope.equal(scope.about(alias), alias, "team_id"):
            yield f"{table.name} is joined without its team_id"


def contact_violations(tree: exp.Expression, scope: Scope, schema: dict[str, Table], dialect: str) -> Iterator[str]:
    keyed = [alias for alias, table in scope.tables.items() if schema[table.name].of_contacts]
    for at, alias in enumerate(keyed[1:], 1):
        others = {scope.owner(other, "contact_id") for other in scope.equal(scope.about(alias), alias, "contact_id")}
        if not others & set(keyed[:at]):
            yield f"{scope.tables[alias].name} is joined without its contact_id"
    if isinstance(tree, exp.Update | exp.Delete) and keyed and not says_whom(scope, keyed[0]):
        yield f"{scope.tables[keyed[0]].name} is changed without saying whose"
    if dialect in BOUNDS_IN_EVERY_TABLE:
        bounds = {alias: scope.bounds(alias) for alias in keyed}
        for alias in keyed:
            for missing in sorted(set().union(*bounds.values()) - bounds[alias]):
                yield f"bounds: {scope.tables[alias].name}.contact_id {missing} is not repeated"


def says_whom(scope: Scope, alias: str) -> bool:
    """contact_id = :id, = ANY (:ids), or (contact_id, ...) IN the caller's rows."""
    for one in scope.where:
        if isinstance(one, exp.In):
            columns = one.this.expressions if isinstance(one.this, exp.Tuple) else [one.this]
            if any(scope.owner(column, "contact_id") == alias for column in columns):
                return True
    for other in scope.equal(scope.where, alias, "contact_id"):
        if scope.is_given(other.this if isinstance(other, exp.Any) else other):
            return True
    return False


def insert_violations(tree: exp.Insert, schema: dict[str, Table]) -> Iterator[tuple[str, str]]:
    if tree.args.get("alternative") or tree.args.get("ignore"):
        yield "conflict", "a row that is there is met by ON CONFLICT (ON DUPLICATE KEY) alone"
    if not isinstance(tree.this, exp.Schema):
        yield "insert", "columns are not named"
        return
    name = tree.this.this.name
    table = schema[name]
    columns = [column.name for column in tree.this.expressions]
    rows = tree.expression.expressions if isinstance(tree.expression, exp.Values) else [tree.expression]
    scope = Scope(tree.expression) if isinstance(tree.expression, exp.Select) else None
    for row in rows:
        first = bare(row.expressions[0])
        of_store = name in STORE_WIDE and isinstance(first, exp.Literal) and first.name == "0"
        given = isinstance(first, exp.Placeholder) or (scope is not None and scope.is_given(first))
        if columns[:1] != ["team_id"] or not (of_store or given):
            yield "team", f"a row of {name} does not begin with its team_id"
    for missing in sorted(set(table.required + table.key) - set(columns)):
        yield "insert", f"{name}.{missing} is left to a default"
    conflict = tree.args.get("conflict")
    if conflict is None:
        return
    target = [key.name for key in conflict.args.get("conflict_keys") or []]
    if not conflict.args.get("duplicate") and target != table.key:
        yield "conflict", f"the conflict target of {name} is not its key ({', '.join(table.key)})"
    own = {"", "excluded", name, tree.args["alias"].name if tree.args.get("alias") else ""}
    for assignment in conflict.expressions:
        yield from (("set", found) for found in set_violations(assignment, own))


def set_violations(assignment: exp.Expression, own: set[str]) -> Iterator[str]:
    for node in assignment.expression.walk():
        if isinstance(node, exp.Column):
            if node.table not in own:
                yield f"SET takes {node.sql()}"
        elif isinstance(node, exp.Anonymous):
            if node.name.upper() != "VALUES":
                yield f"SET takes {node.sql()}"
        elif isinstance(node, exp.Query) or (isinstance(node, exp.Func) and not isinstance(node, FUNCTIONS)):
            yield f"SET takes {node.sql()}"


def part_violations(tree: exp.Expression) -> Iterator[tuple[str, str]]:
    """Functions and inner queries."""
    for node in tree.walk():
        values = isinstance(node, exp.Anonymous) and node.name.upper() == "VALUES"
        if isinstance(node, exp.Func) and not isinstance(node, FUNCTIONS) and not values:
            yield "function", f"calls {node.sql()}"
        inside = node is not tree and node is not tree.args.get("expression")
        if inside and (isinstance(node, exp.SetOperation) or (isinstance(node, exp.Select) and Scope(node).tables)):
            yield "query", "has a query inside; join the table"
    limit = tree.args.get("limit")
    if limit is not None and tree.args.get("order") is None:
        yield "order", "LIMIT without ORDER BY"


def violations(statement: Statement, schema: dict[str, Table]) -> list[tuple[str, str]]:
    """(rule, what is wrong)."""
    text = re.sub(r"\{\w+ (:\w+)\}", r"\1", PIECES.get(statement.name, "") + statement.text)
    found = [("word", f"says {word.group(0)}") for word in FORBIDDEN.finditer(words_in(text))]
    if statement.of_engine and all(SESSION.match(one) for one in words_in(text).split(";")):
        return found
    try:
        tree = sqlglot.parse_one(text, dialect=DIALECTS[statement.dialect])
    except sqlglot.errors.ParseError:
        return [*found, ("parse", "cannot be read; is it a piece of a statement?")]
    if not isinstance(tree, exp.Select | exp.Insert | exp.Update | exp.Delete):
        return [*found, ("kind", f"{type(tree).__name__} is no statement of ours")]
    named = [table for table in tree.find_all(exp.Table) if table.db or table.name not in schema]
    catalogued = [table for table in tree.find_all(exp.Table) if {table.db, table.name} & CATALOGUES]
    if statement.of_engine and len(catalogued) == len(list(tree.find_all(exp.Table))):
        return found  # its own catalogue and settings, which have no team
    if named or not tree.find(exp.Table):
        return [*found, ("kind", f"is about no table of a migration: {', '.join(table.sql() for table in named)}")]
    found += part_violations(tree)
    if isinstance(tree, exp.Insert):
        return found + list(insert_violations(tree, schema))
    scope = Scope(tree)
    if isinstance(tree, exp.Update):
        own = {"", *scope.tables, *scope.rows}
        found += [("set", one) for assignment in tree.expressions for one in set_violations(assignment, own)]
    found += [("team", one) for one in team_violations(scope)]
    found += [("contact", one) for one in contact_violations(tree, scope, schema, statement.dialect)]
    return found
