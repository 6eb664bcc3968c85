"""suppressions: reports of bounces, files, the rule, lifting with words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_a_hard_bounce_suppresses_at_once_as_the_providers_report(news: Any) -> None:
    done = news.json("suppressions", "bounce", "Ada@example.com", "--hard")
    assert (done["suppressed"], done["suppression"]["reason"]) == (True, "bounce")
    event = news.json("explain", "ada@example.com", "--transactional")["event"]
    assert (event["actor"], event["channel"], event["suppression"]) == ("provider", "bounce", "bounce")


def test_soft_bounces_suppress_when_the_rule_says_so(news: Any) -> None:
    assert news.json("suppressions", "rule") == {"count": 3, "days": 30}
    assert news.json("suppressions", "rule", "--count", "2", "--days", "7") == {"count": 2, "days": 7}
    assert news.json("suppressions", "rule", "--days", "10") == {"count": 2, "days": 10}, "what is not named stays"
    first = ["suppressions", "bounce", "ada@example.com", "--soft", "--at", "2026-01-01"]
    assert news.json(*first) == {"suppressed": False, "suppression": None}
    assert news.json(*first)["suppressed"] is False, "the same report again"
    assert news.json("suppressions", "bounce", "ada@example.com", "--soft", "--at", "2026-01-11")["suppressed"] is True


def test_a_rule_outside_its_bounds_is_refused(cli: Any) -> None:
    assert "within 1 to 365 days" in cli("suppressions", "rule", "--days", "366", code=2).err
    assert "from 1 to 100" in cli("suppressions", "rule", "--count", "99999999999", code=2).err
    assert cli.json("suppressions", "rule") == {"count": 3, "days": 30}


def test_a_complaint_is_lifted_only_with_words_and_brings_no_mail_back(news: Any) -> None:
    news("suppressions", "add", "ada@example.com", "--reason", "complaint")
    assert "write down why" in news("suppressions", "remove", "ada@example.com", code=2).err
    news("suppressions", "remove", "ada@example.com", "--because", "their filter reports everything")
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "unsubscribed"
    lifted = news.json("history", "ada@example.com")[-1]
    assert (lifted["action"], lifted["evidence"]) == ("unsuppressed", {"note": "their filter reports everything"})


def test_a_file_is_done_but_for_its_bad_rows_which_are_listed(
    news: Any, file: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = file("list.csv", "email,reason,note\nada@example.com,,\nghost@example.com,complaint,twice\nnonsense,,\n")
    done = news.json("suppressions", "import", path, "--reason", "bounce", "--rejects", "rejects.ndjson", code=5)
    assert done == {"rows": 3, "added": 2, "unchanged": 0, "rejected": 1}
    reject = json.loads((tmp_path / "rejects.ndjson").read_text())
    assert (reject["row"], reject["line"], reject["column"], reject["reason"]) == (3, 4, "email", "address_syntax")
    listed = {(s["email"], s["reason"]) for s in news.json("suppressions", "list")}
    assert listed == {("ada@example.com", "bounce"), ("ghost@example.com", "complaint")}
    assert news.json("suppressions", "import", path, code=5)["unchanged"] == 1, "ada stands already; by hand is new"
    assert news.json("suppressions", "import", path, "--reason", "bounce", code=5)["added"] == 0


def test_a_file_can_come_from_standard_input(cli: Any) -> None:
    answer = cli("suppressions", "import", "-", "--format", "json", stdin='{"email": "ada@example.com"}\n')
    assert answer.json() == {"rows": 1, "added": 1, "unchanged": 0, "rejected": 0}
    assert cli.json("suppressions", "list")[0]["reason"] == "manual"


def test_a_missing_file_is_an_error_that_names_it(cli: Any) -> None:
    assert "none.csv" in cli("suppressions", "import", "none.csv", code=1).err
