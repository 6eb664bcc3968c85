"""keys and rekey."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def secret(digit: str) -> str:
    return digit * 64


def test_keys_are_listed_without_their_secrets(news: Any) -> None:
    keys = news.json("keys", "list")
    assert [(key["kind"], key["id"], key["state"], key["in_store"]) for key in keys] == [
        ("hash", 1, "signing", True),
        ("link", 1, "signing", True),
    ]
    assert [key["people"] for key in keys] == [3, None]
    assert set(keys[0]) == {
        *("kind", "id", "state", "fingerprint", "in_store", "given", "people", "created_at", "changed_at"),
    }
    assert keys[0]["fingerprint"] in news("keys", "list").out


def test_a_new_key_signs_and_rekey_moves_everybody_to_it(news: Any) -> None:
    before = news.json("contacts", "show", "ada@example.com")["id"]
    assert news.json("keys", "add", "hash")["id"] == 2
    assert news.json("contacts", "show", "ada@example.com")["id"] == before
    assert news.json("check")["to_rekey"] == 3
    assert news.json("rekey") == {
        "looked_at": 3,
        "moved": 3,
        "collisions": 0,
        "unreadable": 0,
        "collided": [],
        "without_address": 0,
    }
    after = news.json("contacts", "show", "ada@example.com")["id"]
    assert after != before
    assert news.json("contacts", "show", before)["id"] == after
    assert [key["people"] for key in news.json("keys", "list")] == [0, 3, None]
    assert "moved to a new id" in news("rekey").out


def test_the_only_key_that_signs_is_neither_retired_nor_revoked(cli: Any) -> None:
    for words in (["retire", "hash", "1"], ["retire", "link", "1"], ["revoke", "link", "1"], ["revoke", "hash", "1"]):
        refused = cli("keys", *words, code=4)
        assert refused.err.startswith("mailroll: ")
    cli("keys", "add", "link")
    assert cli.json("keys", "revoke", "link", "1")["state"] == "revoked"
    cli("keys", "retire", "link", "9", code=3)


@pytest.mark.parametrize(
    "words", [["retire", "hash", "one"], ["retire", "lock", "1"], ["add"], ["retire", "hash", "0"]]
)
def test_a_key_is_named_by_kind_and_number(cli: Any, words: list[str]) -> None:
    assert cli("keys", *words, code=2).err.startswith("mailroll: ")


def test_keys_that_are_moved_out_open_the_store_from_their_file_alone(news: Any, tmp_path: Path) -> None:
    assert news.json("keys", "move-out", "keyring") == {"moved": 2, "file": "keyring"}
    assert stat.S_IMODE((tmp_path / "keyring").stat().st_mode) == 0o600
    lost = news("usage", code=6)
    assert "(id 1)" in lost.err
    assert "--key-file" in lost.err
    assert news.json("--key-file", "keyring", "usage")["global"] == 3
    assert news("usage", MAILROLL_KEYS=(tmp_path / "keyring").read_text()).code == 0
    assert [key["in_store"] for key in news.json("--key-file", "keyring", "keys", "list")] == [False, False]
    news("--key-file", "keyring", "keys", "move-out", "keyring")  # nothing left to move: nothing is written


def test_moved_keys_leave_no_trace_in_the_stores_files(news: Any, tmp_path: Path) -> None:
    news("keys", "add", "hash")
    news("keys", "move-out", "keyring")
    secrets = [line.split()[2] for line in (tmp_path / "keyring").read_text().splitlines() if line[0] != "#"]
    assert len(secrets) == 3
    files = list(tmp_path.glob("*.db*"))
    assert files
    for held in files:
        for each in secrets:
            assert bytes.fromhex(each) not in held.read_bytes(), held.name


def test_move_out_never_writes_over_a_file(news: Any, file: Callable[[str, str | bytes], Path]) -> None:
    there = file("keyring", "mine")
    news("keys", "move-out", there, code=1)
    assert there.read_text() == "mine"
    assert news.json("keys", "list")[0]["in_store"] is True


def test_a_key_kept_outside_is_first_given_there(cli: Any, file: Callable[[str, str | bytes], Path]) -> None:
    ring = file("keyring", f"hash 1 {secret('a')}\n")
    cli("--key-file", ring, "contacts", "add", "ada@example.com")
    missing = cli("--key-file", ring, "keys", "add", "hash", code=2)
    assert "hash 2 HEX" in missing.err
    file("keyring", f"hash 1 {secret('a')}\nhash 2 {secret('b')}\n")
    assert cli.json("--key-file", ring, "keys", "add", "hash")["in_store"] is False
    assert cli.json("--key-file", ring, "rekey")["moved"] == 1


def test_a_link_key_that_nobody_gives_is_warned_of(cli: Any, file: Callable[[str, str | bytes], Path]) -> None:
    ring = file("keyring", f"link 1 {secret('a')}\nlink 2 {secret('b')}\n")
    first = file("first", f"link 1 {secret('a')}\n")
    cli("--key-file", first, "init")
    assert cli.json("--key-file", ring, "keys", "add", "link")["id"] == 2
    second = file("second", f"link 2 {secret('b')}\n")
    listed = cli("--key-file", second, "keys", "list")
    assert "link key 1" in listed.err
