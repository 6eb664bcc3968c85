"""Who may include what, and what may stand where: the rules as data, and the reading of sources that they need.

Pure functions of (path, text), so that the rules themselves can be tested on made-up files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The core's rooms, lowest first: each uses only those before it. "" is the small words everything speaks.
ROOMS = ["", "address", "people", "consent", "store", "audience", "transfer", "roll"]
# Files that stand in one room and belong to a lower one.
BELONGS_TO = {
    "roll/keyring.hpp": "store",  # the keys of an open store
    "roll/roll_state.hpp": "store",  # the open store that audiences and transfers work on
    "roll/retries.hpp": "store",  # how an open store begins a transaction anew
    "roll/reference.hpp": "store",  # how callers name a person, a segment, a topic
    "transfer/row.hpp": "people",  # a row of input: values only
}
# The folders of backends/: what all SQL engines share, the reference that is linked in, and one plugin each.
BACKENDS = {p.name for p in (ROOT / "backends").iterdir() if p.is_dir()}
# Which libraries a part may include. The standard library and POSIX's own headers are not listed.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "core": ("sodium.h",),  # ids and keys
    "core/address": ("unicode/", "sodium.h", "simdjson.h"),  # simdjson validates UTF-8
    "core/people": ("unicode/", "nlohmann/"),  # the canonical JSON of properties
    "core/consent": ("sodium.h",),
    # UTF-8 of filters and expressions; the JSON of filters; a snapshot's file
    "core/audience": ("unicode/", "nlohmann/", "roaring/", "sodium.h"),
    "core/transfer": ("unicode/", "csv.h", "simdjson.h", "nlohmann/", "sodium.h"),
    "core/roll": ("unicode/", "nlohmann/", "sodium.h"),
    "backends/sql": ("soci/", "nlohmann/"),  # the JSON of evidence
    "backends/sqlite": ("soci/", "sqlite3.h"),
    "backends/postgresql": ("soci/", "libpq-fe.h"),
    "backends/mysql": ("soci/", "mysql.h", "mysqld_error.h", "errmsg.h"),
    "cli": ("boost/program_options", "nlohmann/", "unicode/"),  # the JSON it prints; how wide letters are
    "bindings": ("pybind11/",),
}
STANDARD = re.compile(r"[a-z_0-9]+(\.h)?|sys/[a-z_]+\.h")
# ... which a library's header without a folder looks like too.
NOT_STANDARD = {"sodium.h", "csv.h", "simdjson.h", "sqlite3.h", "sqlite3ext.h", "mysql.h", "mysqld_error.h", "errmsg.h"}
# Rules know neither the time of day nor files: they are given both.
PURE_ROOMS = ("address", "people", "consent")
IMPURE = re.compile(
    r"#include <(fstream|filesystem|iostream|thread|mutex|ctime|unistd\.h|fcntl\.h|sys/.*)>|"
    r"(system_clock|steady_clock)::now|clock_gettime|gettimeofday|getenv|\bsystem_now\(\)"
)
SQL = re.compile(
    r"\b(select\b.*\bfrom\b|insert\s+(or\s+\w+\s+)?into\b|update\s+\w+\s+set\b|delete\s+from\b|"
    r"(create|drop|alter)\s+(unique\s+|temp\w*\s+)?(table|index|view|trigger)\b|attach\s+database\b)",
    re.IGNORECASE | re.DOTALL,
)
COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\((?P<raw>.*?)\)(?P=d)"|"(?P<plain>(?:[^"\\\n]|\\.)*)"|\'(?:[^\'\\\n]|\\.)\'',
    re.DOTALL,
)
FORBIDDEN_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "impl", "common"}
# Who is meant by these words must never be said in an error.
PERSONAL = re.compile(r"\b(email|address|delivery|display|spelling|token|first_name|last_name)\b")


def sources(*folders: str, suffixes: tuple[str, ...] = (".hpp", ".cpp")) -> list[str]:
    """Paths from the root, in order."""
    found: list[Path] = []
    for folder in folders:
        found += [p for p in (ROOT / folder).rglob("*") if p.suffix in suffixes and "__pycache__" not in p.parts]
    return sorted(str(p.relative_to(ROOT)) for p in found)


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def literals(text: str) -> Iterator[str]:
    """String literals of C++; neighbours that the compiler joins are joined, also over comments."""
    joined: str | None = None
    end = 0
    for match in COMMENT_OR_LITERAL.finditer(text):
        content = match["raw"] if match["raw"] is not None else match["plain"]
        between = text[end : match.start()].strip()
        if content is None:
            if joined is None or between:
                continue
            end = match.end()
            continue
        if joined is not None and not between:
            joined += content
        else:
            if joined is not None:
                yield joined
            joined = content
        end = match.end()
    if joined is not None:
        yield joined


def without_literals(text: str) -> str:
    return COMMENT_OR_LITERAL.sub('""', text)


def room_of(inside: str) -> str:
    """The room of a path below core/include/mailroll or core/src; mailroll.hpp and roll.hpp are the top one."""
    if inside in BELONGS_TO:
        return BELONGS_TO[inside]
    if inside in ("mailroll.hpp", "roll.hpp", "roll.cpp"):
        return "roll"
    folder = inside.split("/")[0]
    return folder if "/" in inside and folder in ROOMS else ""


def part_of(path: str) -> str:
    """E.g. "core/consent", "core", "backends/sqlite", "cli"."""
    for prefix in ("core/include/mailroll/", "core/src/"):
        if path.startswith(prefix):
            room = room_of(path.removeprefix(prefix))
            return f"core/{room}" if room else "core"
    pieces = path.split("/")
    return "/".join(pieces[:2]) if pieces[0] == "backends" and len(pieces) > 2 else pieces[0]


def includes_of(text: str) -> list[tuple[bool, str]]:
    """(whether it is one of ours, name)"""
    found = re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', text, re.MULTILINE)
    return [(opening == '"' or name.startswith("mailroll/"), name) for opening, name in found]


def include_violations(path: str, text: str) -> list[str]:
    """What this file includes and must not."""
    part = part_of(path)
    wrong = []
    for ours, name in includes_of(text):
        if not ours:
            standard = name not in NOT_STANDARD and STANDARD.fullmatch(name)
            if not standard and not name.startswith(LIBRARIES.get(part, ())):
                wrong.append(f"{path}: <{name}> is not for {part}")
        elif part.startswith("core"):
            wrong += core_violation(path, part, name)
        elif part.startswith("backends"):
            wrong += backend_violation(path, part, name)
        elif name == "roll/roll_state.hpp" or name.split("/")[0] in BACKENDS:
            wrong.append(f"{path}: {part} uses public headers only, not {name}")
    return wrong


def core_violation(path: str, part: str, name: str) -> list[str]:
    if name.split("/")[0] in (*BACKENDS, "backends"):
        return [f"{path}: the core knows no concrete backend ({name})"]
    target = room_of(name.removeprefix("mailroll/"))
    if ROOMS.index(target) > ROOMS.index(part.partition("/")[2]):
        return [f"{path}: {part} stands below {target} ({name})"]
    return []


def backend_violation(path: str, part: str, name: str) -> list[str]:
    if name.startswith("mailroll/"):
        above = ROOMS.index(room_of(name.removeprefix("mailroll/"))) > ROOMS.index("store")
        return [f"{path}: a backend stores and finds; {name} stands above the port"] if above else []
    mine, other = part.partition("/")[2], name.split("/")[0]
    # A plugin is alone with what SQL engines share; linked.cpp knows what is linked in.
    known = {"memory": {"memory"}, "sql": {"sql"}, "": {"memory"}}
    others = BACKENDS - known.get(mine, {mine, "sql"})
    return [f"{path}: {part} must not know backends/{other}"] if other in others else []


def sql_violations(path: str, text: str) -> list[str]:
    """SQL text outside backends/sql."""
    if path.startswith("backends/sql/"):
        return []
    found = [s for s in literals(text) if SQL.search(s)]
    return [f"{path}: SQL text stands in backends/sql: {' '.join(s.split())[:60]!r}" for s in found]


def purity_violations(path: str, text: str) -> list[str]:
    if part_of(path) not in {f"core/{room}" for room in PURE_ROOMS}:
        return []
    return [f"{path}: rules are given times and texts, they do not fetch them: {m[0]}" for m in IMPURE.finditer(text)]


def error_calls(text: str) -> Iterator[str]:
    """What stands between the brackets of every call that begins with an ErrorKind."""
    for match in re.finditer(r"\b\w+\((?=\s*ErrorKind::)", text):
        depth, i = 1, match.end()
        while depth and i < len(text):
            if literal := COMMENT_OR_LITERAL.match(text, i):
                i = literal.end()
                continue
            depth += {"(": 1, ")": -1}.get(text[i], 0)
            i += 1
        yield text[match.end() : i - 1]


def privacy_violations(path: str, text: str) -> list[str]:
    """An error that says an address, a token or a name, as far as reading can tell."""
    wrong = []
    for call in error_calls(text):
        if any(re.search(r"[^\s@]@[^\s@]", s) for s in literals(call)):
            wrong.append(f"{path}: an address in an error: {' '.join(call.split())[:80]}")
        if said := PERSONAL.search(without_literals(call)):
            wrong.append(f"{path}: `{said[0]}` in an error: {' '.join(call.split())[:80]}")
    return wrong


def name_violations(path: str) -> list[str]:
    words = {w for piece in Path(path).with_suffix("").parts for w in re.split(r"[_\-.]", piece.lower())}
    return [f"{path}: say what it does instead of '{w}'" for w in sorted(words & FORBIDDEN_WORDS)]
