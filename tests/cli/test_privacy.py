"""No address, name or password in what goes to standard error."""

from typing import Any

import pytest

SECRET = "ada.lovelace"


@pytest.mark.parametrize(
    "words",
    [
        ["contacts", "add", f"{SECRET} @example.com"],
        ["contacts", "add", f"{SECRET}@localhost"],
        ["contacts", "show", f"{SECRET}@example.com"],
        ["contacts", "show", SECRET],
        ["contacts", "add", f"{SECRET}@example.com", f"{SECRET}@example.org"],
        ["contacts", f"{SECRET}@example.com"],
        [f"{SECRET}@example.com"],
        ["contacts", "add", f"--{SECRET}@example.com"],
        ["contacts", "list", "--format", f"{SECRET}@example.com"],
        ["contacts", "list", f"--quiet={SECRET}@example.com"],
        ["contacts", "list", "--after", f"{SECRET}@example.com"],
        ["segments", "add", "VIP", f"{SECRET}@example.com"],
        ["segments", "add", "VIP", f"{SECRET}@localhost"],
        ["suppressions", "remove", f"{SECRET}@example.com"],
        ["unsubscribe", f"{SECRET}@", "--everything"],
        ["explain", f"{SECRET}@@example.com", "--no-topic"],
        ["contacts", "add", "a@example.com", "--property", f"{SECRET}@example.com"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_an_error_never_repeats_an_address(news: Any, words: list[str], form: str) -> None:
    answer = news("--format", form, *words, code=None)
    assert answer.code in (2, 3)
    assert SECRET not in answer.err
    assert SECRET not in answer.out


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize(
    "url", ["postgresql://me:s3cret@host/db", "sqlite://me:s3cret@host/db", "nosuch://me:s3cret@host:1/db?x=y"]
)
def test_a_password_is_never_echoed(cli: Any, url: str, form: str) -> None:
    for words in (["usage"], ["init"], ["contacts", "lst"]):
        answer = cli("--db", url, "--format", form, *words, code=None)
        assert answer.code != 0
        assert "s3cret" not in answer.err + answer.out
    answer = cli("usage", "--format", form, code=None, MAILROLL_DB=url)
    assert "s3cret" not in answer.err + answer.out


def test_notes_of_what_was_done_name_nobody(news: Any) -> None:
    for words in (["contacts", "remove", "ada@example.com"], ["unsubscribe", "bob@example.com", "--everything"]):
        assert "example.com" not in news(*words).err
