"""What comes with an act: its time, channel, end, lawful basis; overrides; explain as of a time; expiring."""

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest


def ago(**length: float) -> str:
    return (datetime.now(timezone.utc) - timedelta(**length)).isoformat()


def ahead(**length: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(**length)).isoformat()


def test_an_act_of_the_past_stands_where_it_happened(news: Any) -> None:
    news("subscribe", "ada@example.com", "--topic", "News")
    left = ["unsubscribe", "ada@example.com", "--topic", "News", "--by", "person", "--evidence", "a letter"]
    event = news.json(*left, "--at", "2026-01-02T03:04:05Z", "--channel", "mailto")["event"]
    assert (event["at"], event["channel"]) == ("2026-01-02T03:04:05.000000Z", "mailto")
    assert event["recorded_at"] > event["at"]
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "topic_opted_out"
    back = ["resubscribe", "ada@example.com", "--topic", "News"]
    refused = news(*back, "--at", "2026-01-01", "--format", "json", code=4)
    assert '"reason":"person_opted_out"' in refused.err


def test_a_time_in_the_future_is_now_and_flagged(news: Any) -> None:
    event = news.json("unsubscribe", "ada@example.com", "--everything", "--at", "2999-01-01")["event"]
    assert event["clamped"] is True
    assert event["at"] == event["recorded_at"] < "2999"


def test_an_override_needs_a_reason_which_history_and_counts_show(news: Any) -> None:
    news("unsubscribe", "ada@example.com", "--topic", "News", "--by", "person", "--evidence", "phoned")
    back = ["resubscribe", "ada@example.com", "--topic", "News"]
    news(*back, code=4)
    assert "blank" in news(*back, "--override", "  ", code=2).err
    news(*back, "--override", "signed again at the fair")
    assert news.json("history", "ada@example.com")[-1]["reason"] == "signed again at the fair"
    assert "signed again at the fair" in news("history", "ada@example.com").out
    counts = news.json("audience", "count", "--segment", "VIP", "--topic", "News")
    assert (counts["receives"], counts["by_override"]) == (1, 1)
    assert "1 of those were opted in by staff" in news("audience", "count", "--segment", "VIP", "--topic", "News").out
    assert "because: signed again at the fair" in news("explain", "ada@example.com", "--topic", "News").out


def test_a_reason_far_too_long_is_invalid_and_not_repeated(news: Any) -> None:
    # No more fits into one word of a command line.
    answer = news("resubscribe", "bob@example.com", "--topic", "News", "--override", "x" * 100_000, code=2)
    assert "longer than 2000 characters" in answer.err
    assert len(answer.err) < 300


def test_consent_runs_out_and_is_listed_before(news: Any) -> None:
    news("topics", "create", "Offers", "--default", "opt_out", "--basis", "implied_consent")
    for person, length in (("eve", {"days": 20}), ("ada", {"days": 2}), ("bob", {"days": 40})):
        until = ahead(**length)
        news("subscribe", f"{person}@example.com", "--topic", "Offers", "--valid-until", until)
    listed = news.json("expiring")
    assert [(e["email"], e["topic"], e["basis"]) for e in listed] == [
        ("ada@example.com", "Offers", "implied_consent"),
        ("eve@example.com", "Offers", "implied_consent"),
    ]
    assert list(listed[0]) == ["email", "topic", "valid_until", "expired", "basis", "topic_id", "id"]
    assert [e["email"] for e in news.json("expiring", "--within", "1d")] == []
    assert len(news.json("expiring", "--within", "6w")) == 3
    answer = news("expiring", "--within", "6w", "--limit", "2")
    assert "there may be more" in answer.err
    verdict = news.json("explain", "ada@example.com", "--topic", "Offers", "--at", ahead(days=3))
    assert (verdict["reason"], verdict["receives"]) == ("consent_expired", False)


def test_consent_that_has_run_out_cannot_be_given(news: Any) -> None:
    until = ["subscribe", "ada@example.com", "--topic", "News", "--valid-until"]
    assert "run out already" in news(*until, "2026-01-01", code=2).err
    everything = ["resubscribe", "ada@example.com", "--everything", "--valid-until", "2999-01-01"]
    assert "name a topic" in news(*everything, code=2).err


def test_a_basis_goes_from_the_topic_into_its_events(cli: Any) -> None:
    made = cli.json("topics", "create", "News", "--default", "opt_out", "--basis", "consent")
    assert made["basis"] == "consent"
    assert cli.json("subscribe", "a@example.com", "--topic", "News")["event"]["basis"] == "consent"
    other = cli.json("subscribe", "b@example.com", "--topic", "News", "--basis", "contract")
    assert other["event"]["basis"] == "contract"
    assert cli.json("topics", "update", "News", "--basis", "soft_opt_in")["basis"] == "soft_opt_in"
    assert cli.json("topics", "update", "News", "--basis", "none")["basis"] is None
    assert cli.json("history", "a@example.com")[0]["basis"] == "consent"


@pytest.mark.parametrize(("default", "lines"), [("opt_in", 1), ("opt_out", 0)])
def test_a_topic_that_everybody_receives_comes_with_one_line_of_warning(cli: Any, default: str, lines: int) -> None:
    answer = cli("topics", "create", "News", "--default", default, "--format", "json")
    assert answer.json()["name"] == "News"
    assert answer.err.count("\n") == lines
    assert ("GDPR" in answer.err) == bool(lines)


def test_explain_as_of_a_time_says_what_held_then_and_that_the_profile_is_todays(news: Any) -> None:
    time.sleep(0.01)
    before = datetime.now(timezone.utc).isoformat()
    time.sleep(0.01)
    news("unsubscribe", "ada@example.com", "--topic", "News")
    verdict = news.json("explain", "ada@example.com", "--topic", "News", "--at", before)
    assert (verdict["receives"], verdict["reason"], verdict["event"]) == (True, "topic_default_opt_in", None)
    assert datetime.fromisoformat(verdict["as_of"]) == datetime.fromisoformat(before)
    assert news.json("explain", "ada@example.com", "--topic", "News")["as_of"] is None
    text = news("explain", "ada@example.com", "--topic", "News", "--at", before).out
    assert "contact, topic and segment are as they are today" in text
    assert news.json("explain", "ada@example.com", "--transactional", "--at", before)["reason"] == "transactional"
