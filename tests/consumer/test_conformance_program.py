"""The program that holds a store to its promises, as somebody meets it who has only what is installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SQLITE_SKIPS = ROOT / "tests" / "conformance" / "skips" / "sqlite"


@pytest.fixture(scope="module")
def program(prefix: Path) -> Path:
    return prefix / "bin" / "mailroll-conformance"


def answer(program: Path, *words: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [str(program), *(str(word) for word in words)], cwd=cwd, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_store_is_tried_once_and_left_alone_when_it_is_not_empty(program: Path, tmp_path: Path) -> None:
    code, out, err = answer(program, "--db", "sqlite:///roll.db", "--rounds", "1", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert " passed, 0 failed, " in out.splitlines()[-1]
    before = (tmp_path / "roll.db").read_bytes()
    code, out, err = answer(program, "--db", "sqlite:///roll.db", cwd=tmp_path)
    assert (code, out) == (2, "")
    assert "not empty" in err
    assert (tmp_path / "roll.db").read_bytes() == before


def test_every_case_is_listed_and_can_be_asked_for(program: Path) -> None:
    code, out, _ = answer(program, "--list")
    assert code == 0
    name = "writers_of_different_contacts_do_not_wait_for_each_other"
    assert f"{name}: needs several_sessions, parallel_writers" in out.splitlines()
    code, out, _ = answer(program, "--db", "memory://", "--only", "writers_of_different*")
    assert code == 0
    assert f"{name}: skipped, without parallel_writers" in out
    assert out.endswith("\n0 passed, 0 failed, 1 skipped\n")


def test_a_skip_that_is_not_on_the_list_fails_and_so_does_a_list_that_is_too_long(
    program: Path, tmp_path: Path
) -> None:
    only = ("--only", "is_kept_when_the_store_is_closed")
    assert answer(program, "--db", "memory://", *only)[0] == 0
    for allowed in ("none", SQLITE_SKIPS):
        code, out, _ = answer(program, "--db", "memory://", *only, "--allow-skips", allowed)
        assert code == 1
        assert "not allowed: the store is without survives_reopening" in out
    too_long = tmp_path / "skips"
    too_long.write_text("parallel_writers\nsurvives_reopening  # it does\n")
    code, out, _ = answer(
        program, "--db", "sqlite:///x.db", *only, "--allow-skips", too_long, "--rounds", "1", cwd=tmp_path
    )
    assert code == 1
    assert "the store has survives_reopening; take it out of the list" in out


def test_a_seed_is_printed_and_draws_the_same_again(program: Path) -> None:
    _, out, _ = answer(program, "--db", "memory://", "--only", "numbers_are_given_once", "--seed", "7", "--rounds", "2")
    assert "seed: 7 (--seed), rounds: 2" in out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--db",),
        ("--db", "memory://", "--only", "no such case"),
        ("--db", "memory://", "--rounds", "0"),
        ("--db", "memory://", "--allow-skips", "/no/such/file"),
        ("--no-such-option",),
        ("--db", "nosuch://user:secret-password@host/base"),
        ("--db", "sqlite:////no/such/folder/roll.db"),
    ],
)
def test_what_is_typed_wrongly_tries_nothing_and_is_not_repeated(program: Path, words: tuple[str, ...]) -> None:
    code, out, err = answer(program, *words)
    assert (code, out) == (2, "")
    assert err.startswith("mailroll-conformance: ")
    assert err.count("\n") == 1
    assert "secret-password" not in err


def test_help_says_what_it_needs_and_how_it_ends(program: Path) -> None:
    code, out, _ = answer(program, "--help")
    assert code == 0
    for words in ("--db URL", "--allow-skips FILE", "--seed N", "must be empty", "exit codes:", "survives_reopening"):
        assert words in out
    assert "--worker" not in out
    assert all(len(line) <= 120 for line in out.splitlines())
