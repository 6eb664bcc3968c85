"""migrate audiences."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

FIELDS = [
    *("dry_run", "policy", "rows", "rejected", "duplicates", "audiences", "contacts", "contacts_created"),
    *("contacts_updated", "contacts_unchanged", "memberships", "segments", "topics", "opt_ins", "opt_outs"),
    *("unsubscribed", "kept_opted_out", "kept_removed", "name_conflicts", "address_spellings", "usage"),
]


@pytest.fixture
def export(file: Any, tmp_path: Path) -> Path:
    """Two audiences, three people: bob left News, eve left both."""
    file(
        "export/News.csv",
        "email,first_name,unsubscribed\nada@example.com,Ada,false\nbob@example.com,Bob,true\nEve@Example.com,Eve,yes\n",
    )
    file(
        "export/Shop.csv",
        "email,first_name,unsubscribed\nada@example.com,Augusta,\neve@example.com,Eve,true\nnobody,,\n",
    )
    return tmp_path / "export"


def test_the_summary_has_the_fields_that_scripts_rely_on(cli: Any, export: Path) -> None:
    summary = cli.json("migrate", "audiences", export, code=5)
    assert list(summary)[: len(FIELDS)] == FIELDS
    assert (summary["dry_run"], summary["policy"]) == (False, "topics")
    numbers = ("rows", "rejected", "audiences", "contacts", "contacts_created", "memberships", "segments", "topics")
    assert [summary[n] for n in numbers] == [6, 1, 2, 3, 3, 5, 2, 2]
    assert (summary["opt_ins"], summary["opt_outs"]) == (2, 3)
    assert (summary["name_conflicts"], summary["address_spellings"]) == (1, 1)
    assert summary["usage"] == {"per_audience": 5, "global": 3}
    assert summary["rejected_by_reason"] == {"address_syntax": 1}


def test_mail_to_an_audience_reaches_exactly_whom_it_reached(cli: Any, export: Path) -> None:
    cli("migrate", "audiences", export, code=5)
    for name, reached in {"News": {"ada@example.com"}, "Shop": {"ada@example.com"}}.items():
        people = cli.json("audience", "list", "--segment", name, "--topic", name)
        assert {p["email"] for p in people} == reached
    assert cli.json("usage") == {"global": 3, "per_audience": 5}


def test_a_dry_run_writes_nothing_and_says_what_each_policy_would_do(cli: Any, export: Path) -> None:
    planned = cli.json("migrate", "audiences", export, "--dry-run", code=5)
    assert planned["dry_run"] is True
    assert cli.json("contacts", "list") == []
    assert set(planned["effects"]) == {"topics", "everything"}
    assert (planned["effects_count"]["topics"], planned["effects_people"]["topics"]) == (0, 0)
    assert planned["conflicts_count"] == len(planned["conflicts"]) == 2
    news = planned["audiences_detail"][0]
    assert (news["name"], news["members"], news["received_before"], news["receives_after"]) == ("News", 3, 1, 1)


def test_people_read_a_summary_by_audience_with_what_to_do_next(cli: Any, export: Path) -> None:
    text = cli("migrate", "audiences", export, "--dry-run", code=5).out
    assert "Who loses mail under the policy topics: nobody" in text
    assert "Who loses mail under the policy everything (--unsubscribed everything): " in text
    assert "add --complete" in text
    assert "add --rejects FILE" in text
    assert "leave out --dry-run" in text
    assert re.search(r"ada@example\.com +name +Ada +Augusta\n", text)
    [line] = [line for line in text.splitlines() if line.startswith("News ")]
    assert line.split()[:5] == ["News", "3", "1", "1", "0"]


def test_show_says_how_many_are_listed(cli: Any, export: Path) -> None:
    none = cli("migrate", "audiences", export, "--dry-run", "--show", "0", code=5).out
    assert "ada@example.com" not in none
    assert "ada@example.com" in cli("migrate", "audiences", export, "--dry-run", code=5).out
    one = cli.json("migrate", "audiences", export, "--dry-run", "--show", "1", code=5)
    assert (len(one["conflicts"]), one["conflicts_count"]) == (1, 2)


def test_complete_input_unsubscribes_whoever_left_every_audience(cli: Any, export: Path) -> None:
    left = cli.json("migrate", "audiences", export, "--dry-run", code=5)
    assert (left["unsubscribed"], left["left_to_topics"]) == (0, 2)
    summary = cli.json("migrate", "audiences", export, "--complete", code=5)
    assert (summary["complete"], summary["unsubscribed"], summary["left_to_topics"]) == (True, 2, 0)
    assert cli.json("contacts", "show", "eve@example.com")["unsubscribed"] is True


def test_the_strict_policy_makes_no_topics(cli: Any, export: Path) -> None:
    summary = cli.json("migrate", "audiences", export, "--unsubscribed", "everything", code=5)
    assert (summary["policy"], summary["topics"], summary["unsubscribed"]) == ("everything", 0, 2)
    assert cli.json("topics", "list") == []


def test_again_changes_nothing_and_an_opt_out_since_then_stays(cli: Any, export: Path) -> None:
    cli("migrate", "audiences", export, code=5)
    cli("unsubscribe", "ada@example.com", "--topic", "News")
    again = cli.json("migrate", "audiences", export, code=5)
    assert (again["contacts_created"], again["contacts_unchanged"], again["kept_opted_out"]) == (0, 3, 1)
    planned = cli.json("migrate", "audiences", export, "--dry-run", code=5)
    [effect] = planned["effects"]["topics"]
    assert (effect["email"], effect["audience"], effect["reason"]) == ("ada@example.com", "News", "topic_opted_out")


def test_rejected_rows_are_listed_by_file_and_line(cli: Any, export: Path, tmp_path: Path) -> None:
    answer = cli("migrate", "audiences", export, "--rejects", "bad.ndjson", code=5)
    assert "listed in bad.ndjson" in answer.out
    [row] = [json.loads(line) for line in (tmp_path / "bad.ndjson").read_text().splitlines()]
    assert (Path(row["file"]).name, row["row"], row["line"], row["reason"]) == ("Shop.csv", 3, 4, "address_syntax")


def test_files_without_a_bad_row_end_with_0(cli: Any, export: Path) -> None:
    assert cli.json("migrate", "audiences", export / "News.csv")["rejected"] == 0
