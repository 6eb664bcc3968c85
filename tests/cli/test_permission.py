"""unsubscribe, resubscribe, subscribe, topics choose, explain, history."""

import re
from typing import Any

import pytest


def test_leaving_a_topic_leaves_the_rest_alone(news: Any) -> None:
    done = news.json("unsubscribe", "ada@example.com", "--topic", "News")
    assert done["changed"] is True
    assert (done["event"]["action"], done["event"]["actor"], done["event"]["channel"]) == ("opt_out", "operator", "cli")
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "topic_opted_out"
    assert news.json("explain", "ada@example.com", "--no-topic")["receives"] is True


def test_leaving_everything_and_coming_back_restores_the_choices(news: Any) -> None:
    news("unsubscribe", "bob@example.com", "--everything")
    assert news.json("explain", "bob@example.com", "--no-topic")["reason"] == "unsubscribed"
    assert news.json("resubscribe", "bob@example.com", "--everything")["changed"] is True
    assert news.json("explain", "bob@example.com", "--no-topic")["receives"] is True
    assert news.json("explain", "bob@example.com", "--topic", "News")["reason"] == "topic_opted_out"


def test_somebody_who_is_no_contact_can_leave(cli: Any) -> None:
    cli("unsubscribe", "nobody@example.com", "--everything")
    cli("contacts", "add", "nobody@example.com")
    assert cli.json("contacts", "show", "nobody@example.com")["unsubscribed"] is True


def test_a_persons_own_opt_out_is_only_raised_with_a_written_reason(news: Any) -> None:
    news("unsubscribe", "ada@example.com", "--everything", "--by", "person", "--evidence", "phoned on Monday")
    refused = news("resubscribe", "ada@example.com", "--everything", "--format", "json", code=4)
    assert '"reason":"person_opted_out"' in refused.err
    done = news.json("resubscribe", "ada@example.com", "--everything", "--override", "wrote to us")
    assert done["event"]["reason"] == "wrote to us"
    events = news.json("history", "ada@example.com")
    assert [e["action"] for e in events] == ["opt_out", "opt_in"]
    assert events[0]["evidence"] == {"note": "phoned on Monday"}


def test_by_person_needs_evidence(news: Any) -> None:
    assert "--evidence" in news("unsubscribe", "ada@example.com", "--everything", "--by", "person", code=2).err
    news("unsubscribe", "ada@example.com", "--everything", "--evidence", "phoned", code=2)
    assert news.json("history", "ada@example.com") == []


def test_choosing_sets_the_choice_and_again_changes_nothing(news: Any) -> None:
    assert news.json("topics", "choose", "ada@example.com", "--topic", "News", "--choice", "opt_in")["changed"] is True
    assert news.json("topics", "choose", "ada@example.com", "--topic", "News", "--choice", "opt_in")["changed"] is False
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "topic_opted_in"
    news("topics", "choose", "ada@example.com", "--topic", "News", "--choice", "opt_out")
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "topic_opted_out"


def test_subscribing_makes_the_contact(cli: Any) -> None:
    cli("topics", "create", "News", "--default", "opt_out")
    cli("subscribe", "new@example.com", "--topic", "News")
    assert cli.json("explain", "new@example.com", "--topic", "News")["reason"] == "topic_opted_in"


@pytest.mark.parametrize("verb", ["unsubscribe", "resubscribe"])
def test_a_scope_must_be_said_and_only_one(news: Any, verb: str) -> None:
    assert "--everything, --topic" in news(verb, "ada@example.com", code=2).err
    news(verb, "ada@example.com", "--everything", "--topic", "News", code=2)


def test_explain_has_the_fields_that_scripts_rely_on(news: Any) -> None:
    verdict = news.json("explain", "Bob@Example.com", "--topic", "News", "--segment", "VIP")
    assert list(verdict)[:5] == ["email", "receives", "reason", "topic", "event"]
    assert list(verdict["event"])[:4] == ["at", "actor", "channel", "action"]
    assert verdict["email"] == "bob@example.com"
    assert (verdict["receives"], verdict["reason"], verdict["topic"]) == (False, "topic_opted_out", "News")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", verdict["event"]["at"])


def test_explain_says_it_in_a_sentence_to_people(news: Any) -> None:
    first, second = news("explain", "bob@example.com", "--topic", "News").out.splitlines()
    assert first == "bob@example.com does not receive this mail: opted out of the topic (topic_opted_out)."
    assert second.startswith("The event behind it: opt_out by operator (cli), 20")


def test_an_unknown_person_is_an_answer_and_no_error(news: Any) -> None:
    verdict = news.json("explain", "nobody@example.com", "--topic", "News")
    assert (verdict["email"], verdict["receives"], verdict["reason"]) == ("nobody@example.com", False, "not_found")
    assert verdict["event"] is None


def test_explain_knows_the_segment_and_transactional_mail(news: Any) -> None:
    outside = news.json("explain", "eve@example.com", "--topic", "News", "--segment", "VIP")
    assert (outside["reason"], outside["segment"]) == ("not_in_segment", "VIP")
    news("unsubscribe", "eve@example.com", "--everything")
    assert news.json("explain", "eve@example.com", "--transactional")["reason"] == "transactional"


def test_what_mail_is_meant_must_be_said(news: Any) -> None:
    assert "--topic, --no-topic, --transactional" in news("explain", "ada@example.com", code=2).err
    news("explain", "ada@example.com", "--no-topic", "--transactional", code=2)


def test_history_is_oldest_first_and_empty_where_nothing_was_said(news: Any) -> None:
    news("unsubscribe", "bob@example.com", "--everything")
    events = news.json("history", "bob@example.com")
    assert [(e["action"], e["scope"], e["topic"]) for e in events] == [
        ("opt_out", "topic", "News"),
        ("opt_out", "everything", None),
    ]
    assert [e["at"] for e in events] == sorted(e["at"] for e in events)
    assert news.json("history", "ada@example.com") == []


def test_the_history_of_a_deleted_topic_stays(news: Any) -> None:
    news("topics", "delete", "News")
    assert [(e["action"], e["topic"]) for e in news.json("history", "bob@example.com")] == [("opt_out", None)]
