"""docs/segments.md says what is so: its examples are run, and the verbs of dynamic segments with them."""

import json
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
IN_JSON = [row[0].strip("`") for row in table("| the same in JSON |")]


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
    assert len(IN_JSON) == 20
    assert len(PEOPLE) == 4


def test_each_example_means_whom_the_guide_says(people: Any) -> None:
    for number, (where, names) in enumerate(EXAMPLES):
        people("segments", "create", f"s{number}", "--where", where)
        listed = people("contacts", "list", "--segment", f"s{number}", "--format", "ndjson").records()
        assert sorted(person["email"].split("@")[0] for person in listed) == names, where


def test_each_example_is_said_in_json_too(people: Any) -> None:
    for number, ((where, names), written) in enumerate(zip(EXAMPLES, IN_JSON, strict=True)):
        of_text = people.json("segments", "create", f"s{number}", "--where", where)
        of_json = people.json("segments", "create", f"j{number}", "--where", written)
        assert (of_json["where"], of_json["filter"]) == (of_text["where"], of_text["filter"]), where
        listed = people("contacts", "list", "--segment", f"j{number}", "--format", "ndjson").records()
        assert sorted(person["email"].split("@")[0] for person in listed) == names, where


def test_a_filter_in_json_is_wrong_at_a_path(people: Any) -> None:
    where = '{"not":{"eq":[{"prop":"plann"},"pro"]}}'
    answer = people("segments", "create", "X", "--where", where, "--format", "json", code=None)
    error = json.loads(answer.err)["error"]
    assert error["details"] == {"reason": "filter", "path": "/not/eq/0"}
    assert "did you mean 'plan'?" in error["message"]
    assert people.json("segments", "show", "VIP")["filter"] is None


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


def test_materialised_members_are_refreshed_and_say_who_came_and_went(people: Any) -> None:
    people("segments", "create", "Pro", "--where", "plan = 'pro'")
    assert people.json("segments", "show", "Pro")["members_as_of"] is None
    assert people.json("segments", "materialise", "Pro")["entered"] == 2
    assert people.json("segments", "show", "Pro")["members_as_of"]
    first = people.json("segments", "events", "Pro")
    assert [event["event"] for event in first["items"]] == ["entered", "entered"]
    people("contacts", "update", "ada@example.com", "--property", "plan=free")
    refreshed = people.json("segments", "refresh", "Pro")
    assert (refreshed["entered"], refreshed["left"], refreshed["everybody"]) == (0, 1, False)
    later = people.json("segments", "events", "Pro", "--after", str(first["next"]))
    ada = people.json("contacts", "show", "ada@example.com")["id"]
    assert [(event["event"], event["contact"]) for event in later["items"]] == [("left", ada)]
    people("segments", "materialise", "Pro", "--stop")
    assert people("segments", "refresh", "Pro", code=4).err
