"""Input files that are wrong: one clear line and the right exit code, or a rejected row and the rest done."""

import json
from pathlib import Path
from typing import Any

import pytest

WHOLE = {
    "empty.csv": b"",
    "only_a_bom.csv": b"\xef\xbb\xbf",
    "no_email.csv": b"name,plan\nAda,pro\n",
    "two_columns_of_one_name.csv": b"email,Email\na@example.com,b@example.com\n",
    "unclosed_quote.csv": b'email,first_name\na@example.com,"Ada\nb@example.com,Bob\n',
    "truncated.ndjson": b'{"email": "a@example.com"}\n{"email": "b@exam',
    "other_shape.ndjson": b"[1, 2, 3]\n",
}
MIGRATION_ONLY = {
    "truncated.json": b'{"object":"list","data":[{"id":"1","email":"a@example.com"},{"id":"2","em',
    "other_shape.json": b'{"contacts": 3}',
}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_file_that_cannot_be_read_as_a_whole_is_one_line_that_names_it(cli: Any, file: Any, name: str) -> None:
    answer = cli("contacts", "import", file(name, WHOLE[name]).name, code=None)
    assert answer.code in (1, 5), answer.err
    if answer.code == 1:
        assert answer.err.startswith("mailroll: ")
        assert answer.err.count("\n") == 1
        assert name in answer.err
        assert answer.out == ""
        assert cli.json("contacts", "list") == []
    assert "example.com" not in answer.err


@pytest.mark.parametrize("name", sorted({**WHOLE, **MIGRATION_ONLY}))
def test_a_migration_of_such_a_file_applies_nothing_of_it(cli: Any, file: Any, name: str) -> None:
    answer = cli("migrate", "audiences", file(name, {**WHOLE, **MIGRATION_ONLY}[name]).name, code=None)
    assert answer.code in (1, 5), answer.err
    if answer.code == 1:
        assert answer.err.startswith("mailroll: ")
        assert answer.err.count("\n") == 1
        assert cli.json("contacts", "list") == []
        assert cli.json("segments", "list") == []
    assert "example.com" not in answer.err


@pytest.mark.parametrize("name", ["empty.csv", "no_email.csv", "two_columns_of_one_name.csv", "unclosed_quote.csv"])
def test_these_are_errors_of_exit_code_1(cli: Any, file: Any, name: str) -> None:
    cli("contacts", "import", file(name, WHOLE[name]).name, code=1)
    error = json.loads(cli("contacts", "import", name, "--format", "json", code=1).err)["error"]
    assert error["kind"] == "invalid"
    assert error["details"]["file"].endswith(name)


@pytest.mark.parametrize("words", [["contacts", "import"], ["migrate", "audiences"]], ids=" ".join)
def test_a_file_that_is_not_there_is_exit_code_1(cli: Any, words: list[str]) -> None:
    answer = cli(*words, "nosuch.csv", code=1)
    assert "nosuch.csv" in answer.err
    assert answer.err.count("\n") == 1


def test_a_folder_is_no_file_to_import_and_an_empty_one_nothing_to_migrate(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "folder" in cli("contacts", "import", "folder", code=1).err
    assert "folder" in cli("migrate", "audiences", "folder", code=1).err


ROWS = {
    "wrong encoding": (b"email,first_name\nb@example.com,Zo\xeb\n", "encoding"),
    "too many fields": (b"email,first_name\nb@example.com,B,extra\n", "row_shape"),
    "too few fields": (b"email,first_name\nb@example.com\n", "row_shape"),
    "unknown word in unsubscribed": (b"email,unsubscribed\nb@example.com,perhaps\n", "value_type"),
    "unreadable time": (b"email,created_at\nb@example.com,yesterday\n", "value_type"),
    "no address": (b"email,first_name\n,B\n", "address_empty"),
}


@pytest.mark.parametrize("what", sorted(ROWS))
def test_a_bad_row_is_rejected_with_its_reason_and_the_rest_goes_on(
    cli: Any, file: Any, tmp_path: Path, what: str
) -> None:
    content, reason = ROWS[what]
    good = b"good@example.com,\n"
    counts = cli.json("contacts", "import", file("bad.csv", content + good), "--rejects", "r.ndjson", code=5)
    assert counts["rejected_by_reason"] == {reason: 1}
    assert [c["email"] for c in cli.json("contacts", "list")] == ["good@example.com"]
    [row] = [json.loads(line) for line in (tmp_path / "r.ndjson").read_text().splitlines()]
    assert (row["row"], row["line"], row["reason"]) == (1, 2, reason)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfemail,first_name\na@example.com,Ada\nb@example.com,Bob\n",
        b"email,first_name\r\na@example.com,Ada\r\nb@example.com,Bob\r\n",
        b"email,first_name\ra@example.com,Ada\rb@example.com,Bob\r",
        b'email,first_name\na@example.com,"A\nda"\nb@example.com,Bob',
    ],
    ids=["BOM", "CRLF", "CR", "quoted newline"],
)
def test_these_shapes_of_a_file_are_read_as_they_are_meant(cli: Any, file: Any, content: bytes) -> None:
    counts = cli.json("contacts", "import", file("shape.csv", content), code=None)
    assert counts["rows"] == 2
    assert cli.json("contacts", "show", "b@example.com")["first_name"] == "Bob"


def test_nul_bytes_and_a_field_of_ten_megabytes_stop_nobody_else(cli: Any, file: Any) -> None:
    content = (
        b"email,first_name\na\x00b@example.com,A\nlong@example.com," + b"x" * 10_000_000 + b"\ngood@example.com,Good\n"
    )
    cli("contacts", "import", file("wild.csv", content), code=None)
    answer = cli("contacts", "show", "good@example.com", "--format", "json")
    assert answer.json()["first_name"] == "Good"
