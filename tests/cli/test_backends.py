"""Plugins: found, given, refused, listed. Those of tests/plugins are right, or wrong in one way each."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

BUILD = Path(os.environ.get("MAILROLL_BUILD_DIR", Path(__file__).resolve().parents[2] / "build" / "dev"))
PLUGINS = BUILD / "tests" / "plugins"


def plugin(scheme: str) -> Path:
    return PLUGINS / f"libmailroll_{scheme}.so"


def by_scheme(listed: list[Any]) -> dict[str, Any]:
    return {backend["scheme"]: backend for backend in listed}


def test_backends_says_what_is_linked_in_and_what_was_found_where(cli: Any) -> None:
    listed = by_scheme(cli.json("backends"))
    assert listed["memory"]["origin"] == "linked in"
    assert listed["memory"]["problem"] is None
    assert Path(listed["sqlite"]["origin"]).name == "libmailroll_sqlite.so"
    assert Path(listed["sqlite"]["origin"]).is_file()
    assert "SQLite 3." in listed["sqlite"]["description"]


@pytest.mark.parametrize("path", [PLUGINS, plugin("other")], ids=["folder", "file"])
def test_a_backend_is_given_by_its_folder_or_its_file(cli: Any, path: Path) -> None:
    given = ["--backend-path", path, "--db", "other://here"]
    cli(*given, "contacts", "add", "ada@example.com")
    cli("usage", *given)
    assert by_scheme(cli.json("--backend-path", path, "backends"))["other"]["origin"] == str(plugin("other"))


def test_the_environment_names_folders(cli: Any) -> None:
    assert cli("usage", "--db", "other://here", MAILROLL_BACKEND_PATH=f"/nowhere:{PLUGINS}").code == 0


def test_several_are_given_by_repeating_the_option(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    given = ["--backend-path", tmp_path / "empty", f"--backend-path={plugin('other')}"]
    assert cli(*given, "usage", "--db", "other://here").code == 0


def test_words_behind_the_option_are_the_commands(cli: Any) -> None:
    extra = cli("usage", "--backend-path", PLUGINS, "extra", code=2)
    assert "one word too many" in extra.err


def test_backends_lists_what_cannot_be_loaded_with_the_reason_and_is_done(cli: Any) -> None:
    listed = by_scheme(cli.json("--backend-path", PLUGINS, "backends"))
    assert "ABI" in listed["newer"]["problem"]
    assert "entry point" in listed["nothing"]["problem"]
    assert "libmailroll_test_client.so" in listed["client"]["problem"]
    assert listed["newer"]["origin"] == str(plugin("newer"))
    table = cli("--backend-path", PLUGINS, "backends").out
    assert "CANNOT BE LOADED" in table


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_backend_that_cannot_be_loaded_is_exit_code_6_and_says_why(cli: Any, form: str) -> None:
    for words in (
        ["--backend-path", plugin("newer"), "usage"],
        ["--backend-path", "nowhere", "usage"],
        ["--backend-path", PLUGINS, "--db", "newer://me:s3cret@host/db", "usage"],
    ):
        answer = cli("--format", form, *words, code=6)
        assert answer.err.count("\n") == 1
        assert "s3cret" not in answer.err
        assert str(words[1]) in answer.err


def test_an_unknown_kind_of_store_says_where_it_was_looked_for(cli: Any) -> None:
    answer = cli("--backend-path", PLUGINS, "--db", "nosuch://me:s3cret@h/db", "usage", code=2)
    assert "libmailroll_nosuch.so" in answer.err
    assert str(PLUGINS) in answer.err
    assert "sqlite://" in answer.err
    assert "s3cret" not in answer.err


def test_a_machine_without_one_engine_has_the_others(cli: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    shutil.copy(plugin("client"), broken / "libmailroll_postgresql.so")
    assert cli("usage", "--backend-path", broken).code == 0  # sqlite
    cli("usage", "--backend-path", broken, "--db", "memory://")
