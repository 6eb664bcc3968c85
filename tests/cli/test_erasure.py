"""contacts erase, export-person, change-address, merge, revoke-links; retention."""

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest


def files_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("mailroll.db*")))


def test_erasing_leaves_no_trace_and_refuses_to_bring_the_person_back(news: Any) -> None:
    news("contacts", "update", "bob@example.com", "--last-name", "Quillfeather")
    news("unsubscribe", "bob@example.com", "--everything", "--by", "person", "--evidence", "phoned from Plughcafe")
    for word in (b"bob@", b"Quillfeather", b"Plughcafe"):
        assert word in files_of(news.folder)
    erased = news.json("contacts", "erase", "bob@example.com", "--reason", "asked by letter")
    assert list(erased) == ["erased", "id", "at", "logs_emptied"]
    assert erased["logs_emptied"] is True
    for word in (b"bob@", b"Quillfeather", b"Plughcafe"):
        assert word not in files_of(news.folder)
    refused = news("--format", "json", "contacts", "add", "Bob@example.com", code=4)
    assert json.loads(refused.err)["error"]["details"]["reason"] == "suppressed_erased"
    assert news.json("explain", "bob@example.com", "--topic", "News")["reason"] == "erased"
    assert news.json("check")["ok"] is True
    again = news.json("contacts", "erase", "bob@example.com")
    assert (again["id"], again["at"]) == (erased["id"], erased["at"])


def test_an_erased_row_of_an_import_is_rejected_without_its_address(news: Any, file: Any) -> None:
    news("contacts", "erase", "bob@example.com")
    people = file("people.csv", "email,first_name\nbob@example.com,Bob\nnew@example.com,New\n")
    summary = json.loads(
        news("--format", "json", "contacts", "import", people, "--rejects", "rejects.ndjson", code=5).out
    )
    assert summary["rejected_by_reason"] == {"suppressed_erased": 1}
    rejects = (news.folder / "rejects.ndjson").read_text()
    assert "suppressed_erased" in rejects
    assert "bob" not in rejects.lower()


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("yes\n", 0), ("n\n", 1), ("\n", 1)])
def test_on_a_terminal_it_asks_first(news: Any, typed: str, code: int) -> None:
    master, slave = pty.openpty()
    process = news.start("contacts", "erase", "bob@example.com", stdin=slave, stderr=subprocess.PIPE)
    os.close(slave)
    os.write(master, typed.encode())
    _, said = process.communicate(timeout=60)
    os.close(master)
    assert process.returncode == code
    assert b"[y/N]" in said
    assert b"bob" not in said
    news("contacts", "show", "bob@example.com", code=3 if code == 0 else 0)


def test_with_yes_nobody_is_asked(news: Any) -> None:
    master, slave = pty.openpty()
    process = news.start("contacts", "erase", "bob@example.com", "--yes", stdin=slave, stderr=subprocess.PIPE)
    os.close(slave)
    _, said = process.communicate(timeout=60)
    os.close(master)
    assert process.returncode == 0
    assert b"[y/N]" not in said


def test_a_reason_with_an_address_is_a_usage_error(news: Any) -> None:
    news("contacts", "erase", "bob@example.com", "--reason", "mail of bob@example.com", code=2)
    news("contacts", "show", "bob@example.com")


@pytest.mark.parametrize("form", ["table", "json", "ndjson"])
def test_everything_held_on_a_person_is_one_json_document(news: Any, form: str) -> None:
    answer = news("--format", form, "contacts", "export-person", "bob@example.com")
    document = answer.json()
    assert document["contact"]["email"] == "bob@example.com"
    assert [s["name"] for s in document["segments"]] == ["VIP"]
    assert document["topics"][0]["choice"] == "opt_out"
    assert [e["action"] for e in document["events"]] == ["opt_out"]
    assert len(answer.out.splitlines()) == 1 or form != "ndjson"


def test_a_person_of_whom_nothing_is_held_is_not_found(news: Any) -> None:
    news("contacts", "export-person", "nobody@example.com", code=3)
    news("--format", "csv", "contacts", "export-person", "bob@example.com", code=2)


def test_another_address_takes_everything_along(news: Any) -> None:
    before = news.json("contacts", "show", "bob@example.com")
    moved = news.json("contacts", "change-address", "bob@example.com", "bob@example.org")
    assert moved["email"] == "bob@example.org"
    after = news.json("contacts", "show", before["id"])
    assert after["email"] == "bob@example.org"
    assert after["segments"] == before["segments"]
    assert news.json("explain", "bob@example.org", "--topic", "News")["reason"] == "topic_opted_out"
    news("contacts", "change-address", "bob@example.org", "ada@example.com", code=1)
    news("contacts", "change-address", "nobody@example.com", "x@example.com", code=3)
    news("contacts", "change-address", "bob@example.org", "no address", code=2)


def test_merging_keeps_every_opt_out(news: Any) -> None:
    kept = news.json("contacts", "merge", "ada@example.com", "bob@example.com")
    assert kept["email"] == "ada@example.com"
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "topic_opted_out"
    assert news.json("usage")["global"] == 2
    assert news.json("contacts", "merge", "ada@example.com", "bob@example.com") == kept
    news("contacts", "merge", "ada@example.com", "nobody@example.com", code=3)
    news("contacts", "erase", "eve@example.com")
    news("contacts", "merge", "ada@example.com", "eve@example.com", code=4)


def test_revoking_links_counts_up(news: Any) -> None:
    assert news.json("contacts", "revoke-links", "ada@example.com") == {"epoch": 1}
    assert news.json("contacts", "revoke-links", "ada@example.com") == {"epoch": 2}
    news("contacts", "revoke-links", "nobody@example.com", code=3)


def test_retention_rules_are_set_listed_and_applied(news: Any) -> None:
    assert news.json("retention", "list") == []
    news("retention", "set", "--days", "3650")
    news("retention", "set", "--field", "ip", "--days", "365", "--action", "opt_in")
    assert news.json("retention", "list") == [
        {"field": None, "action": None, "days": 3650},
        {"field": "ip", "action": "opt_in", "days": 365},
    ]
    assert "any other" in news("retention", "list").out
    news("retention", "set", "--days", "0")
    assert len(news.json("retention", "list")) == 1
    assert news.json("retention", "apply", "--dry-run") == {"dry_run": True, "looked_at": 1, "redacted": 0}
    assert news.json("retention", "apply") == {"dry_run": False, "looked_at": 1, "redacted": 0}
    for wrong in (["--days", "36501"], ["--days", "x"], ["--field", "address", "--days", "1"], []):
        news("retention", "set", *wrong, code=2)
