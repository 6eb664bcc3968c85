"""link, headers, subscribe --confirm."""

import re
from typing import Any

BASE = ("--base-url", "https://mail.example.com")
TOKEN = r"v1\.[A-Za-z0-9_-]{88,110}"


def test_a_link_is_printed_alone(news: Any) -> None:
    printed = news("link", "ada@example.com", "--topic", "News", *BASE)
    assert re.fullmatch(rf"https://mail\.example\.com/u/{TOKEN}\n", printed.out)
    assert re.fullmatch(
        rf"https://mail\.example\.com/u/{TOKEN}", news.json("link", "ada@example.com", "--everything", *BASE)["url"]
    )
    news("link", "ada@example.com", "--everything", "--purpose", "export", *BASE)


def test_the_headers_can_go_into_a_mail_as_they_are(news: Any) -> None:
    printed = news("headers", "ada@example.com", "--topic", "News", *BASE, "--mailto", "leave@example.com")
    assert re.fullmatch(
        rf"List-Unsubscribe: <https://mail\.example\.com/u/({TOKEN})>, <mailto:leave@example\.com\?subject=\1>\n"
        r"List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
        printed.out,
    )
    record = news.json("headers", "ada@example.com", "--everything", *BASE)
    assert list(record) == ["List-Unsubscribe", "List-Unsubscribe-Post"]


def test_a_link_that_cannot_work_is_refused(news: Any) -> None:
    bad = news("link", "ada@example.com", "--topic", "News", "--base-url", "http://mail.example.com", code=2)
    assert "https" in bad.err
    news("link", "ada@example.com", "--topic", "News", code=2)
    news("link", "ada@example.com", *BASE, code=2)
    news("link", "ada@example.com", "--topic", "News", "--purpose", "confirm", *BASE, code=2)
    news("link", "ada@example.com", "--topic", "News", "--purpose", "export", *BASE, code=2)
    news("link", "ada@example.com", "--topic", "Nothing", *BASE, code=3)


def test_a_sign_up_waits_and_prints_its_token(cli: Any) -> None:
    cli("topics", "create", "Beta", "--default", "opt_out")
    printed = cli("subscribe", "new@example.com", "--topic", "Beta", "--confirm")
    assert re.fullmatch(TOKEN + "\n", printed.out)
    assert "new@example.com" not in printed.out + printed.err
    assert cli.json("explain", "new@example.com", "--topic", "Beta")["reason"] == "unconfirmed"
    cli("subscribe", "new@example.com", "--topic", "Beta", code=4)
    record = cli.json("subscribe", "other@example.com", "--everything", "--confirm", "--valid-for", "12h")
    assert re.fullmatch(TOKEN, record["token"])
    assert record["event"]["action"] == "pending"
    assert cli.json("explain", "other@example.com", "--no-topic")["reason"] == "unconfirmed"


def test_who_gets_it_already_has_nothing_to_confirm(news: Any) -> None:
    record = news.json("subscribe", "ada@example.com", "--topic", "News", "--confirm")
    assert record["token"] is None
    assert "already" in news("subscribe", "ada@example.com", "--topic", "News", "--confirm").err


def test_what_goes_only_with_confirm_is_a_usage_error_without(cli: Any) -> None:
    cli("topics", "create", "Beta", "--default", "opt_out")
    cli("subscribe", "new@example.com", "--everything", code=2)
    cli("subscribe", "new@example.com", code=2)
    cli("subscribe", "new@example.com", "--topic", "Beta", "--valid-for", "7d", code=2)
    cli("subscribe", "new@example.com", "--topic", "Beta", "--confirm", "--valid-for", "soon", code=2)
    cli("subscribe", "new@example.com", "--topic", "Beta", "--confirm", "--valid-for", "31d", code=2)
