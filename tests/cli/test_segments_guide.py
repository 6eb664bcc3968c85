"""docs/segments.md says what is so: its examples are run, and the verbs of dynamic segments with them."""

from pathlib import Path
from typing import Any

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "segments.md"


def table(header: str) -> list[list[str]]:
    text = GUIDE.read_text(encoding="utf-8")
    rows = text[text.index(header) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


PEOPLE = table("| email | first_name |")
EXAMPLES = [(row[0].strip("`"), row[1].split(", ")) for row in table("| filter | who |")]


@pytest.fixture
def people(cli: Any) -> Any:
    for key, kind in (("plan", "string"), ("visits", "number"), ("beta", "boolean"), ("seen", "datetime")):
        cli("properties", "define", key, "--type", kind)
    cli("topics", "create", "News", "--default", "opt_in")
    cli("segments", "create", "VIP")
    for email, first, last, *values in PEOPLE:
        words = ["contacts", "add", email]
        words += ["--first-name", first] if first else []
        words += ["--last-name", last] if last else []
        for key, value in zip(("plan", "visits", "beta", "seen"), values, strict=True):
            words += ["--property", f"{key}={value}"] if value else []
        cli(*words)
    cli("segments", "add", "VIP", "ada@example.com", "bob@example.org")
    cli("unsubscribe", "bob@example.org", "--topic", "News")
    cli("unsubscribe", "dee@example.com", "--everything")
    return cli


def test_the_guide_has_twenty_examples() -> None:
    assert len(EXAMPLES) == 20
    assert len(PEOPLE) == 4


def test_each_example_means_whom_the_guide_says(people: Any) -> None:
    for number, (where, names) in enumerate(EXAMPLES):
        people("segments", "create", f"s{number}", "--where", where)
        listed = people("contacts", "list", "--segment", f"s{number}", "--format", "ndjson").records()
        assert sorted(person["email"].split("@")[0] for person in listed) == names, where


def test_a_dynamic_segment_shows_its_filter_with_names_and_takes_another(people: Any) -> None:
    made = people.json("segments", "create", "Reached", "--where", "receives('News') and in_segment('VIP')")
    assert made["where"] == "receives('News') and in_segment('VIP')"
    assert people.json("segments", "show", "Reached")["members"] == 1
    assert {s["name"]: s["where"] for s in people.json("segments", "list")} == {"VIP": None, "Reached": made["where"]}
    changed = people.json("segments", "update", "Reached", "--where", "not in_segment('VIP')")
    assert (changed["where"], changed["members"]) == ("not in_segment('VIP')", 2)
    answer = people("segments", "delete", "VIP", code=4)
    assert "'Reached'" in answer.err
    assert people("segments", "add", "Reached", "ada@example.com", code=4).err
    answer = people("segments", "create", "X", "--where", "plann = 'pro'", code=None)
    assert "column 1" in answer.err
    assert "did you mean 'plan'?" in answer.err
