"""Where the store is, usage, check, backends, init, version."""

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest


def test_the_store_is_db_else_the_environments_else_a_file_beside(cli: Any, tmp_path: Path) -> None:
    cli("init")
    assert (tmp_path / "mailroll.db").exists()
    cli("init", MAILROLL_DB="sqlite:///from_environment.db")
    assert (tmp_path / "from_environment.db").exists()
    cli("init", "--db", f"sqlite:///{tmp_path}/said.db", MAILROLL_DB="sqlite:///other.db")
    assert (tmp_path / "said.db").exists()
    assert not (tmp_path / "other.db").exists()


def test_global_options_stand_before_or_after_the_command(cli: Any) -> None:
    before = cli("--db", "sqlite:///a.db", "--format", "json", "usage")
    between = cli("--db=sqlite:///a.db", "segments", "--format=json", "list")
    after = cli("usage", "--format", "json", "--db", "sqlite:///a.db")
    assert before.out == after.out
    assert between.json() == []


def test_init_says_the_schemas_version(cli: Any) -> None:
    made = cli.json("init")
    assert made["schema_version"] >= 1
    assert made["team"] == "default"
    assert cli.json("init") == made


def test_usage_counts_each_contact_once_beside_what_per_audience_counting_gives(news: Any) -> None:
    news("segments", "create", "Second")
    news("segments", "add", "Second", "ada@example.com")
    assert news("usage", "--format", "json").json() == {"global": 3, "per_audience": 3}
    assert list(news.json("usage")) == ["global", "per_audience"]


def test_check_says_that_a_store_is_in_order(news: Any) -> None:
    found = news.json("check")
    assert found["ok"] is True
    assert (found["cache_differs"], found["orphans"], found["unfinished_runs"]) == (0, 0, [])
    assert "in order" in news("check").out
    assert news.json("check", "--repair")["repaired"] == 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE standings SET said = 1, objectors = 0",  # brings back who left everything
        "DELETE FROM standings",
        "UPDATE choices SET said = 1, objectors = 0",  # opts in who opted out
        "DELETE FROM choices",
        "INSERT INTO choices SELECT team_id, contact_id, 99, 1, 0, NULL, 0, NULL FROM contacts",  # nobody said that
    ],
)
def test_check_finds_permission_that_the_events_do_not_say_and_puts_it_right(
    cli: Any, tmp_path: Path, damage: str
) -> None:
    cli("topics", "create", "News", "--default", "opt_in")
    for name in ("ada", "bob", "eve"):
        cli("contacts", "add", f"{name}@example.com")
    cli("unsubscribe", "ada@example.com", "--everything")
    cli("unsubscribe", "bob@example.com", "--topic", "News")
    reasons = {"ada": "unsubscribed", "bob": "topic_opted_out", "eve": "topic_default_opt_in"}
    with contextlib.closing(sqlite3.connect(tmp_path / "mailroll.db")) as store, store:
        assert store.execute(damage).rowcount > 0

    found = cli.json("check", code=1)
    assert found["ok"] is False
    assert found["cache_differs"] > 0
    assert cli.json("check", "--repair")["repaired"] == found["cache_differs"]
    assert cli.json("check")["cache_differs"] == 0
    for name, reason in reasons.items():
        assert cli.json("explain", f"{name}@example.com", "--topic", "News")["reason"] == reason


def test_backends_lists_sqlite_and_memory(cli: Any) -> None:
    assert {"sqlite", "memory"} <= {b["scheme"] for b in cli.json("backends")}


def test_the_version_is_said_by_command_and_option(cli: Any) -> None:
    assert re.fullmatch(r"mailroll \d+\.\d+\.\d+\n", cli("--version").out)
    assert cli("version").out == cli("--version").out
    assert cli.json("version")["version"] in cli("version").out


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/x.db", "sqlite:///folder"])
def test_a_store_that_cannot_be_opened_is_exit_code_6(cli: Any, tmp_path: Path, url: str) -> None:
    (tmp_path / "folder").mkdir()
    answer = cli("usage", "--db", url, code=6)
    assert answer.err.startswith("mailroll: ")
    assert answer.err.count("\n") == 1
    assert answer.out == ""


def test_a_file_that_is_no_sqlite_database_is_left_as_it_is(cli: Any, file: Any) -> None:
    path = file("notes.txt", "these are not rows\n" * 100)
    cli("usage", "--db", "sqlite:///notes.txt", code=6)
    assert path.read_text() == "these are not rows\n" * 100


def test_an_unknown_kind_of_store_is_a_usage_error_that_names_those_there_are(cli: Any) -> None:
    answer = cli("usage", "--db", "redis://h/0", code=2)
    assert "sqlite://" in answer.err


def test_a_lost_hash_key_is_exit_code_6(cli: Any, file: Any) -> None:
    file("keys", "hash 1 " + "ab" * 32 + "\n").chmod(0o600)
    cli("contacts", "add", "ada@example.com", "--key-file", "keys")
    assert len(cli.json("contacts", "list", "--key-file", "keys")) == 1
    assert "key" in cli("contacts", "list", code=6).err


def test_a_database_of_a_newer_schema_is_exit_code_6(cli: Any, tmp_path: Path) -> None:
    import sqlite3

    cli("init")
    with sqlite3.connect(tmp_path / "mailroll.db") as db:
        names = [row[0] for row in db.execute("select name from sqlite_master where type = 'table'")]
        version = db.execute("pragma user_version").fetchone()[0]
        if version > 0:
            db.execute(f"pragma user_version = {version + 1000}")
        else:
            [table] = [n for n in names if "schema" in n]
            db.execute(f"update {table} set version = version + 1000")
    db.close()
    error = cli("usage", "--format", "json", code=6).err
    assert '"reason":"newer_schema"' in error


def test_a_dry_run_of_init_says_what_it_would_do_and_makes_no_file(cli: Any, tmp_path: Path) -> None:
    plan = cli.json("init", "--dry-run")
    assert not list(tmp_path.iterdir())
    assert (plan["dry_run"], plan["from_version"], plan["distribution"]) == (True, 0, None)
    phases = [step["phase"] for step in plan["steps"]]
    assert phases == sorted(phases, key=["tables", "indexes", "views"].index)
    assert "CREATE TABLE contacts (" in cli("init", "--dry-run").out
    made = cli.json("init")
    assert made["schema_version"] == plan["to_version"]
    before = (tmp_path / "mailroll.db").read_bytes()
    assert cli.json("init", "--dry-run")["steps"] == []
    assert (tmp_path / "mailroll.db").read_bytes() == before


@pytest.mark.parametrize("words", [["--distribute", "by-team"], ["--distribute", "by-contact"], ["--foreign-keys"]])
def test_what_a_file_cannot_be_given_is_a_usage_error_and_makes_none(
    cli: Any, tmp_path: Path, words: list[str]
) -> None:
    answer = cli("init", *words, code=2)
    assert answer.err.count("\n") == 1
    assert "leave the option out" in answer.err
    assert not list(tmp_path.iterdir())
