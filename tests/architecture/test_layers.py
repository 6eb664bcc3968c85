"""The architecture as a test: every rule is run over the tree, and shown to see what it is there to see."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import layers

CPP = layers.sources("core", "backends", "cli", "bindings")
PYTHON = layers.sources("python", suffixes=(".py", ".pyi"))
EVERYTHING = sorted(
    {
        *CPP,
        *PYTHON,
        *layers.sources("tests", "benchmarks", "examples", suffixes=(".hpp", ".cpp", ".py")),
        *layers.sources("scripts", suffixes=(".py", ".bash")),
    }
)
LONGEST = 400
# Longer, and why. An entry that is no longer needed fails too.
LONGER: dict[str, str] = {
    "python/mailroll/_core.pyi": "one stub for one module",
}


def check(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


def test_there_is_a_tree_to_check() -> None:
    assert any(p.startswith("core/include/") for p in CPP)
    assert any(p.startswith("backends/memory/") for p in CPP)


def test_every_part_includes_only_what_it_may() -> None:
    check([v for p in CPP for v in layers.include_violations(p, layers.read(p))])


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("core/src/consent/fold.cpp", '#include "mailroll/store/store.hpp"'),
        ("core/include/mailroll/people/contact.hpp", '#include "mailroll/consent/decide.hpp"'),
        ("core/src/address/x.cpp", "#include <soci/soci.h>"),
        ("core/src/consent/x.cpp", "#include <nlohmann/json.hpp>"),
        ("core/src/roll/x.cpp", "#include <sqlite3.h>"),
        ("core/src/roll/x.cpp", "#include <boost/program_options.hpp>"),
        ("core/src/store/registry.cpp", '#include "memory/memory_store.hpp"'),
        ("core/src/error.cpp", '#include "mailroll/error.hpp"\n#include <pybind11/pybind11.h>'),
        ("core/src/error.cpp", '#include "mailroll/people/topic.hpp"'),
        ("backends/sql/x.cpp", '#include "sqlite/x.hpp"'),
        ("backends/sqlite/x.cpp", '#include "memory/x.hpp"'),
        ("backends/sqlite/x.cpp", '#include "mailroll/roll.hpp"'),
        ("backends/memory/x.cpp", "#include <soci/soci.h>"),
        ("backends/linked.cpp", '#include "sqlite/sqlite_store.hpp"'),
        ("cli/main.cpp", "#include <soci/soci.h>"),
        ("cli/main.cpp", "#include <pybind11/pybind11.h>"),
        ("bindings/python/module.cpp", "#include <sqlite3.h>"),
        ("bindings/python/module.cpp", '#include "roll/roll_state.hpp"'),
    ],
)
def test_a_wrong_include_is_seen(path: str, line: str) -> None:
    assert layers.include_violations(path, line + "\n")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("core/src/consent/fold.cpp", '#include "mailroll/ids.hpp"\n#include <vector>'),
        ("core/src/address/x.cpp", "#include <unicode/uidna.h>\n#include <sodium.h>"),
        ("core/src/audience/audience.cpp", '#include "roll/roll_state.hpp"'),
        ("backends/sqlite/x.cpp", '#include <sqlite3.h>\n#include <soci/soci.h>\n#include "sql/session.hpp"'),
        ("cli/main.cpp", "#include <boost/program_options.hpp>\n#include <mailroll/mailroll.hpp>"),
    ],
)
def test_a_right_include_passes(path: str, line: str) -> None:
    assert not layers.include_violations(path, line + "\n")


def test_rules_are_pure() -> None:
    check([v for p in CPP for v in layers.purity_violations(p, layers.read(p))])
    assert layers.purity_violations("core/src/consent/decide.cpp", "auto t = std::chrono::system_clock::now();")


def test_sql_text_stands_in_backends_sql_alone() -> None:
    check([v for p in CPP for v in layers.sql_violations(p, layers.read(p))])


@pytest.mark.parametrize(
    "text",
    [
        'sql << "select id from contacts";',
        'exec(R"(\n  INSERT OR IGNORE INTO contacts values (?))");',
        'auto s = "select id, email " /* joined */ "from contacts";',
        'run("update contacts set email = ?");',
        'run("create unique index i on c (a)");',
    ],
)
def test_sql_text_elsewhere_is_seen(text: str) -> None:
    assert layers.sql_violations("core/src/roll/x.cpp", text)
    assert layers.sql_violations("backends/sqlite/bulk.cpp", text)
    assert not layers.sql_violations("backends/sql/statements/contacts_sql.hpp", text)


def test_words_that_only_look_like_sql_pass() -> None:
    assert not layers.sql_violations("cli/x.cpp", '// select id from contacts\nf("Update a topic"); g("insert a row");')


def test_no_error_says_whom_it_is_about() -> None:
    check([v for p in CPP for v in layers.privacy_violations(p, layers.read(p))])


@pytest.mark.parametrize(
    "text",
    [
        'throw Error(ErrorKind::refused, "ada@example.com left");',
        'throw Error(ErrorKind::refused, "no contact " + contact.email);',
        'throw Error(ErrorKind::invalid, "bad: " + std::string(address.delivery()), {{"reason", "x"}});',
    ],
)
def test_an_error_that_says_it_is_seen(text: str) -> None:
    assert layers.privacy_violations("core/src/roll/x.cpp", text)


def test_an_error_that_names_a_column_passes() -> None:
    text = 'throw Error(ErrorKind::invalid, "row " + number + ": (no email", {{"column", "email"}}); email;'
    assert not layers.privacy_violations("core/src/roll/x.cpp", text)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {p: layers.read(p).count("\n") for p in EVERYTHING}
    check([f"{p}: {n} lines; split it by task" for p, n in lengths.items() if n > LONGEST and p not in LONGER])


def test_names_say_what_a_file_does() -> None:
    check([v for p in EVERYTHING for v in layers.name_violations(p)])
    assert layers.name_violations("core/src/string_utils.cpp")
    assert not layers.name_violations("core/src/import.cpp")


def test_every_public_header_is_guarded_and_says_what_it_is() -> None:
    for path in layers.sources("core/include"):
        lines = layers.read(path).splitlines()
        assert lines[0].startswith("/// "), f"{path}: the first line says what the file is"
        assert "#pragma once" in lines, f"{path}: no #pragma once"


def test_python_imports_of_heavy_libraries_stand_inside_functions() -> None:
    """`import mailroll` must not need pandas, nor wait for it."""
    heavy = {"pandas", "polars", "pyarrow", "matplotlib", "IPython", "numpy", "tqdm", "starlette", "jinja2"}
    for path in PYTHON:
        names = set()
        for node in ast.parse(layers.read(path)).body:
            if isinstance(node, ast.Import):
                names |= {a.name.split(".")[0] for a in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add((node.module or "").split(".")[0])
        assert not names & heavy, f"{path}: {names & heavy} imported at the top"


def test_the_readme_of_a_part_stands_where_a_reader_looks() -> None:
    for part in ("core", "backends", "tests", "examples", "scripts", "benchmarks", "docs/decisions"):
        assert (layers.ROOT / part / "README.md").exists(), f"{part}/README.md"


def test_links_between_our_pages_lead_somewhere() -> None:
    broken = []
    for page in layers.ROOT.rglob("*.md"):
        if {"build", ".venv", ".git"} & set(page.relative_to(layers.ROOT).parts):
            continue
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(layers.ROOT)} -> {target}")
    check(broken)
