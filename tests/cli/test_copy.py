"""copy: from one store to another."""

from pathlib import Path
from typing import Any

import pytest

PARTS = [
    *("teams", "keys", "settings", "unfinished_runs", "segments", "topics", "properties", "audience_aliases"),
    *("broadcasts", "people", "contacts", "standings", "choices", "memberships", "events", "suppressions", "aliases"),
    *("soft_bounces", "leases", "link_epochs", "feed", "outbox"),
]


@pytest.fixture
def stores(news: Any, tmp_path: Path) -> tuple[str, str]:
    """The addresses of a store with people, and of one that is not there yet."""
    return f"sqlite:///{news.folder}/mailroll.db", f"sqlite:///{tmp_path}/target.db"


def test_a_copy_says_what_it_copied_and_again_that_there_is_nothing_to_do(news: Any, stores: tuple[str, str]) -> None:
    source, target = stores
    planned = news.json("copy", "--from", source, "--to", target, "--dry-run")
    done = news.json("copy", "--from", source, "--to", target)
    assert list(done) == [
        *("dry_run", "source", "target", "target_was", "written", "counts", "keys_outside", "digest"),
    ]
    assert (done["source"], done["target"], done["target_was"], done["written"]) == (source, target, "empty", 3)
    assert list(done["counts"]) == PARTS
    wanted = {"teams": 1, "keys": 2, "contacts": 3, "segments": 1, "topics": 1, "outbox": 1}
    assert {part: done["counts"][part] for part in wanted} == wanted
    assert planned == {**done, "dry_run": True}
    again = news.json("copy", "--from", source, "--to", target)
    assert again == {**done, "target_was": "complete", "written": 0}
    assert "Nothing was written" in news("copy", "--from", source, "--to", target).out
    for store in stores:
        assert news.json("--db", store, "check")["ok"] is True
        assert news.json("--db", store, "explain", "bob@example.com", "--topic", "News")["reason"] == "topic_opted_out"
        assert news.json("--db", store, "contacts", "show", "ada@example.com")["first_name"] == "Ada"


def test_what_holds_something_is_not_written_over(news: Any, stores: tuple[str, str]) -> None:
    source, target = stores
    news("--db", target, "contacts", "add", "mine@example.com")
    refused = news("--format", "json", "copy", "--from", source, "--to", target, code=1)
    assert '"target_not_empty"' in refused.err
    assert refused.out == ""
    assert news.json("--db", target, "usage")["global"] == 1
    assert news("copy", "--from", source, "--to", source, code=1).err.startswith("mailroll: the target holds something")


def test_mistakes_have_the_exit_codes_of_every_command(news: Any, stores: tuple[str, str], tmp_path: Path) -> None:
    source, target = stores
    assert "--to" in news("copy", "--from", source, code=2).err
    assert "--team" in news("copy", "--from", source, "--to", target, "--team", "default", code=2).err
    news("copy", "--from", "nothing://here", "--to", target, code=2)
    news("copy", "--from", f"sqlite:///{tmp_path}/no/such/folder.db", "--to", target, code=6)
    assert "is its address right" in news("copy", "--from", f"sqlite:///{tmp_path}/new.db", "--to", target, code=3).err
    assert not (tmp_path / "target.db").exists()


def test_an_interrupted_copy_says_that_it_is_unfinished_and_is_completed_by_the_same_command(
    cli: Any, file: Any, tmp_path: Path
) -> None:
    cli("contacts", "import", file("many.csv", "email\n" + "".join(f"user{n}@example.com\n" for n in range(100_000))))
    words = ["copy", "--from", "sqlite:///mailroll.db", "--to", f"sqlite:///{tmp_path}/target.db"]
    stopped = 0
    for after in (0, 0.1, 0.3):
        code, err = cli.interrupt(*words, after=after)
        if code == 0:
            continue
        stopped += 1
        assert (code, err.count("\n")) == (1, 1)
        assert err.startswith("mailroll: stopped: what was copied so far stays")
    assert stopped > 0, "this machine is too fast for the test: make the file longer"
    check = cli("--db", words[-1], "--format", "json", "check", code=None).json()
    assert [run.split(",")[0] for run in check["unfinished_runs"]] in ([], ["copy"])
    done = cli.json(*words)
    assert done["counts"]["contacts"] == 100_000
    assert cli.json("--db", words[-1], "check")["ok"] is True
