"""What is typed wrongly: exit code 2, one line that helps, nothing on standard output."""

import json
from pathlib import Path
from typing import Any

import pytest

WRONG = [
    ([], "mailroll --help"),
    (["contcts"], "did you mean 'contacts'?"),
    (["contacts"], "add, show, list"),
    (["contacts", "lst"], "did you mean 'list'?"),
    (["contacts", "list", "--fromat", "json"], "did you mean '--format'?"),
    (["contacts", "list", "--format", "xml"], "--format is one of table, json, ndjson, csv"),
    (["contacts", "list", "--format"], "'--format' wants a value"),
    (["contacts", "list", "--quiet=yes"], "takes no value"),
    (["contacts", "list", "--limit", "0"], "--limit wants a whole number from 1 on"),
    (["contacts", "list", "--limit", "many"], "--limit wants a whole number"),
    (["contacts", "list", "--after", "x"], "--after wants the id"),
    (["contacts", "list", "a", "b"], "one word too many"),
    (["contacts", "list", "--team", "a", "--team", "b"], "--team is given twice"),
    (["contacts", "add"], "EMAIL is missing"),
    (["contacts", "import", "x.csv", "--map", "Mail"], "--map wants COLUMN=FIELD"),
    (["contacts", "import", "x.csv", "--on-conflict", "overwrite"], "--on-conflict is one of update, keep"),
    (["--segment", "A", "contacts", "list"], "after its verb"),
    (["segments", "add", "VIP"], "EMAIL is missing"),
    (["topics", "create", "x", "--default", "optin"], "did you mean 'opt_in'?"),
    (["topics", "update", "x"], "nothing to change"),
    (["topics", "choose", "a@example.com", "--topic", "x"], "--choice WORD is missing"),
    (["migrate"], "mailroll migrate has audiences"),
    (["migrate", "audiences"], "PATH is missing"),
    (["migrate", "audiences", ".", "--unsubscribed", "all"], "--unsubscribed is one of topics, everything"),
    (["migrate", "audiences", ".", "--show", "x"], "--show wants a whole number"),
    (["suppressions", "add", "a@example.com", "--reason", "spam"], "--reason is one of bounce, complaint, manual"),
    (["suppressions", "bounce", "a@example.com"], "one of --hard, --soft is missing"),
    (["suppressions", "rule", "--count", "0"], "--count wants a whole number from 1 on"),
    (["unsubscribe", "a@example.com", "--everything", "--at", "yesterday"], "--at wants a time, e.g. 2026-03-01"),
    (["explain", "a@example.com", "--no-topic", "--at", "2026-13-01"], "--at wants a time"),
    (
        ["unsubscribe", "a@example.com", "--everything", "--channel", "smoke"],
        "--channel is one of api, cli, one_click, page, mailto, form, phone",
    ),
    (["subscribe", "a@example.com", "--topic", "x", "--basis", "because"], "--basis is one of consent, contract"),
    (["subscribe", "a@example.com", "--topic", "x", "--valid-until", "soon"], "--valid-until wants a time"),
    (["resubscribe", "a@example.com", "--topic", "x", "--override", ""], "--override wants a reason"),
    (["expiring", "--within", "30"], "--within wants a length of time, e.g. 30d"),
    (["completion"], "SHELL is missing"),
    (["completion", "fish"], "SHELL is one of bash, zsh"),
    (["help", "contcts"], "no such command"),
]


@pytest.mark.parametrize(("words", "says"), WRONG, ids=[" ".join(w) or "nothing" for w, _ in WRONG])
def test_a_wrong_command_line_is_one_helpful_line_and_exit_code_2(
    cli: Any, tmp_path: Path, words: list[str], says: str
) -> None:
    answer = cli(*words, code=2)
    assert says in answer.err
    assert answer.err.startswith("mailroll: ")
    assert answer.err.count("\n") == 1
    assert answer.out == ""
    assert not list(tmp_path.iterdir()), "nothing is made by a wrong command line"


@pytest.mark.parametrize(
    "words",
    [
        ["api-keys", "list"],
        ["webhooks", "list"],
    ],
    ids=" ".join,
)
def test_what_is_not_there_yet_is_an_ordinary_usage_error(cli: Any, words: list[str]) -> None:
    assert cli(*words, code=2).err.startswith("mailroll: unknown ")


def test_a_usage_error_is_json_where_programs_read_along(cli: Any) -> None:
    answer = cli("contacts", "lst", "--format", "json", code=2)
    error = json.loads(answer.err)["error"]
    assert list(error) == ["kind", "message", "details"]
    assert error["kind"] == "usage"
    assert answer.out == ""


def test_an_error_of_the_roll_is_json_with_kind_message_and_details(cli: Any) -> None:
    error = json.loads(cli("segments", "show", "Nix", "--format", "json", code=3).err)["error"]
    assert list(error) == ["kind", "message", "details"]
    assert error["kind"] == "not_found"


def test_a_word_after_two_dashes_is_no_option(cli: Any) -> None:
    assert cli("segments", "create", "--format", "json", "--", "--VIP").json()["name"] == "--VIP"
