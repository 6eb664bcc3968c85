"""Links in mail, the pages behind them and double opt-in, as a program in Python meets them."""

from __future__ import annotations

import datetime
import hashlib
import logging
import sys
import urllib.parse
import uuid
from pathlib import Path

import mailroll
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import token_oracle as oracle

BASE = "https://mail.example.com"
ADA = "ada@example.com"


def token_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


@pytest.fixture
def beta(roll: mailroll.Roll) -> mailroll.Topic:
    return roll.topics.create("Beta", default_subscription="opt_out", visibility="public")


def gets(roll: mailroll.Roll, topic: mailroll.Topic) -> bool:
    return roll.explain(ADA, topic=topic).receives


def test_a_person_leaves_and_undoes_it(roll: mailroll.Roll, news: mailroll.Topic, beta: mailroll.Topic) -> None:
    roll.contacts.add(ADA)
    url = roll.link(ADA, topic=news, base_url=BASE)
    assert url.startswith(BASE + "/u/v1.")
    page = roll.preferences(token_of(url))
    assert (page.purpose, page.masked_email, page.topic, page.may_raise) == ("leave", "a••••@e••••.com", news, True)
    assert [(shown.topic.name, shown.receives) for shown in page.topics] == [("Product news", True), ("Beta", False)]
    result = roll.act(token_of(url), b"List-Unsubscribe=One-Click", evidence={"ip": "192.0.2.1"})
    assert (result.outcome, result.body_ok, result.kept_everything) == ("left", True, False)
    [event] = result.events
    assert (event.topic, event.actor, event.channel, dict(event.evidence)) == (
        news,
        "person",
        "one_click",
        {"ip": "192.0.2.1"},
    )
    assert not gets(roll, news)
    assert result.preferences.undo is not None
    assert roll.act(token_of(url), {"action": "undo", "undo": result.preferences.undo}).outcome == "undone"
    assert gets(roll, news)


def test_a_body_is_octets_text_a_mapping_or_pairs(
    roll: mailroll.Roll, news: mailroll.Topic, beta: mailroll.Topic
) -> None:
    roll.contacts.add(ADA)
    token = token_of(roll.link(ADA, everything=True, base_url=BASE))
    fields = [("action", "save"), ("shown", news.id), ("shown", beta.id), ("on", beta.id)]
    encoded = urllib.parse.urlencode(fields)
    bodies = [
        encoded,
        encoded.encode(),
        fields,
        iter(fields),
        urllib.parse.parse_qs(encoded),
        {"action": "save", "shown": f"{news.id},{beta.id}", "on": beta.id},
    ]
    for body in bodies:
        result = roll.act(token, body)
        assert result.outcome == "saved"
        assert result.preferences.undo is None or len(result.events) == 2
        assert (gets(roll, news), gets(roll, beta)) == (False, True)
        if result.preferences.undo:
            roll.act(token, {"action": "undo", "undo": result.preferences.undo})
            assert (gets(roll, news), gets(roll, beta)) == (True, False)
    for wrong in (5, [1], [("a",)], {"action": 1}, {1: "save"}, ["ab"]):
        with pytest.raises(TypeError):
            roll.act(token, wrong)  # type: ignore[arg-type]
    assert roll.act(token).outcome == "left_all"
    assert not roll.act(token).body_ok


def test_the_header_fields_come_as_a_pair(roll: mailroll.Roll, news: mailroll.Topic) -> None:
    headers = roll.list_unsubscribe_headers(ADA, topic=news, base_url=BASE, mailto="leave@example.com")
    assert list(headers) == ["List-Unsubscribe", "List-Unsubscribe-Post"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith(f"<{BASE}/u/v1.")
    assert ">, <mailto:leave@example.com?subject=v1." in headers["List-Unsubscribe"]
    with pytest.raises(mailroll.Invalid):
        roll.list_unsubscribe_headers(ADA, topic=news, base_url="http://mail.example.com")
    with pytest.raises(TypeError):
        roll.link(ADA, base_url=BASE)
    with pytest.raises(TypeError):
        roll.link(ADA, everything=True, base_url=BASE, message="no id")


def test_double_opt_in(roll: mailroll.Roll, beta: mailroll.Topic) -> None:
    text = "Yes, send me Beta."
    waiting = roll.subscribe(
        ADA, topic=beta, confirm=True, valid_for=datetime.timedelta(days=1), evidence={"text": text}
    )
    assert waiting.pending is not None
    assert waiting.pending.action == "pending"
    assert waiting.pending.topic == beta
    assert (
        waiting.pending.evidence["text_hash"] == mailroll.text_hash(text) == hashlib.sha256(text.encode()).hexdigest()
    )
    assert waiting.expires_at == waiting.pending.at + datetime.timedelta(days=1)
    assert waiting.token not in repr(waiting)
    assert roll.explain(ADA, topic=beta).reason == "unconfirmed"
    assert roll.preferences(waiting.token).waiting
    with pytest.raises(mailroll.Refused):
        roll.subscribe(ADA, topic=beta)
    assert roll.act(waiting.token, {"action": "confirm"}).outcome == "confirmed"
    assert gets(roll, beta)
    nothing = roll.subscribe(ADA, topic=beta, confirm=True)
    assert (nothing.pending, nothing.expires_at, nothing.token) == (None, None, "")


def test_what_does_not_go_together_is_a_type_error(roll: mailroll.Roll, beta: mailroll.Topic) -> None:
    for arguments in (
        {},
        {"everything": True},
        {"topic": beta, "everything": True, "confirm": True},
        {"topic": beta, "valid_for": datetime.timedelta(days=1)},
        {"topic": beta, "confirm": True, "valid_for": 7},
    ):
        with pytest.raises(TypeError):
            roll.subscribe(ADA, **arguments)  # type: ignore[call-overload]


def test_why_a_link_is_not_believed_is_for_the_log_alone(
    roll: mailroll.Roll, news: mailroll.Topic, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of(roll.link(ADA, topic=news, base_url=BASE))
    exporting = token_of(roll.link(ADA, everything=True, purpose="export", base_url=BASE))
    told = set()
    for wrong, why in (("", "malformed"), (token[:-4] + "AAAA", "wrong_mac"), (exporting, "wrong_purpose")):
        caplog.clear()
        with caplog.at_level(logging.INFO, "mailroll"), pytest.raises(mailroll.Refused) as refused:
            roll.act(wrong)
        told.add((str(refused.value), tuple(refused.value.details.items())))
        assert [record.name for record in caplog.records] == ["mailroll"]
        assert why in caplog.text
        assert token[10:30] not in caplog.text
        assert ADA not in caplog.text
    assert len(told) == 1
    assert roll.preferences(exporting).purpose == "export"


def test_no_repr_shows_a_token_or_an_address(roll: mailroll.Roll, news: mailroll.Topic) -> None:
    roll.contacts.add(ADA)
    token = token_of(roll.link(ADA, topic=news, base_url=BASE))
    result = roll.act(token)
    assert result.preferences.undo is not None
    shown = repr(result) + repr(result.preferences)
    assert "v1." not in shown
    assert ADA not in shown


def test_library_and_oracle_read_each_others_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way, with a key that both know."""
    secret = bytes(range(7, 39))
    monkeypatch.setenv("MAILROLL_KEYS", f"hash 1 {'ab' * 32}\nlink 1 {secret.hex()}")
    with mailroll.open(f"sqlite:///{tmp_path / 'roll.db'}") as roll:
        news = roll.topics.create("News", default_subscription="opt_in", visibility="public")
        ada = roll.contacts.add(ADA)
        key = oracle.team_secret(secret, uuid.UUID(roll.team.id))
        message = uuid.uuid4()
        made = oracle.Keys({1: key}).read(token_of(roll.link(ADA, topic=news, base_url=BASE, message=message)))
        assert made == oracle.Token(
            key=1,
            purpose=1,
            team=1,
            contact=uuid.UUID(ada.id),
            topic=uuid.UUID(news.id),
            address_tag=oracle.address_tag(key, mailroll.EmailAddress(ADA).key),
            epoch=0,
            issued=datetime.datetime.now(datetime.timezone.utc).date(),
            reference=message,
        )
        assert not isinstance(made, str)
        foreign = oracle.sign(key, oracle.replace(made, topic=None, reference=None).payload())
        assert roll.preferences(foreign).may_raise
        assert roll.act(foreign).outcome == "left_all"
        other_team = oracle.sign(oracle.team_secret(secret, uuid.uuid4()), made.payload())
        renumbered = oracle.sign(key, oracle.replace(made, team=2).payload())
        for wrong in (other_team, renumbered):
            with pytest.raises(mailroll.Refused, match="not valid"):
                roll.act(wrong)
