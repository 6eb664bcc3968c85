"""What comes with an act: its time, channel, end and basis; what held at a time; what runs out; reports of bounces."""

import json
from datetime import datetime, timedelta, timezone

import mailroll
import pytest

UTC = timezone.utc


def reason_of(error: pytest.ExceptionInfo[mailroll.Error]) -> str:
    return error.value.details["reason"]


@pytest.fixture
def offers(roll: mailroll.Roll) -> mailroll.Topic:
    """A topic that nobody receives who did not opt in."""
    return roll.topics.create("Offers", default_subscription="opt_out", basis="implied_consent")


def test_an_act_keeps_its_time_and_the_way_it_came_in(roll, news):
    at = datetime(2026, 3, 1, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    event = roll.unsubscribe("ada@example.com", topic=news, channel="form", at=at)
    assert (event.at, event.channel, event.clamped) == (at, "form", False)
    assert event.recorded_at > at
    chosen = roll.choose("bob@example.com", topic=news, choice="opt_out", channel="phone", at=at)
    assert (chosen.at, chosen.channel) == (at, "phone")


def test_a_time_in_the_future_is_now_and_flagged(roll, news):
    event = roll.unsubscribe("ada@example.com", topic=news, at=datetime(2999, 1, 1, tzinfo=UTC))
    assert event.clamped
    assert event.at == event.recorded_at


@pytest.mark.parametrize("channel", ["smoke", "", "Form", "confirm", "migration"])
def test_a_channel_that_nobody_may_give_is_invalid_and_changes_nothing(roll, news, channel):
    with pytest.raises(mailroll.Invalid) as invalid:
        roll.unsubscribe("ada@example.com", topic=news, channel=channel)
    assert reason_of(invalid) in {"unknown_word", "channel"}
    assert roll.events.list("ada@example.com") == []


def test_an_actor_that_does_not_exist_is_invalid(roll, news):
    with pytest.raises(mailroll.Invalid) as invalid:
        roll.unsubscribe("ada@example.com", topic=news, by="smoke", evidence="phoned")
    assert reason_of(invalid) == "unknown_word"


def test_a_reason_of_ten_megabytes_is_invalid_and_not_repeated(sqlite_url):
    with mailroll.open(sqlite_url, actor="operator") as roll:
        news = roll.topics.create("News", default_subscription="opt_in")
        roll.unsubscribe("ada@example.com", topic=news, by="person", evidence="phoned")
        with pytest.raises(mailroll.Invalid) as invalid:
            roll.resubscribe("ada@example.com", topic=news, override="x" * 10_000_000)
        assert len(str(invalid.value)) < 300
        assert len(roll.events.list("ada@example.com")) == 1


def test_times_without_a_zone_are_invalid(roll, news):
    with pytest.raises(mailroll.Invalid):
        roll.unsubscribe("ada@example.com", topic=news, at=datetime(2026, 1, 1))
    with pytest.raises(TypeError):
        roll.unsubscribe("ada@example.com", topic=news, at="2026-01-01")


def test_consent_runs_out_and_is_listed_before(roll, offers):
    now = datetime.now(UTC)
    soon, later, latest = (now + timedelta(days=days) for days in (2, 20, 40))
    for person, until in (("eve", later), ("ada", soon), ("bob", latest)):
        roll.subscribe(f"{person}@example.com", topic=offers, valid_until=until)
    listed = roll.expiring()
    assert [(each.email, each.topic, each.valid_until, each.basis) for each in listed] == [
        ("ada@example.com", offers, soon, "implied_consent"),
        ("eve@example.com", offers, later, "implied_consent"),
    ]
    assert roll.expiring(timedelta(days=1)) == []
    assert len(roll.expiring(within=timedelta(weeks=6))) == 3
    assert [each.email for each in roll.expiring(timedelta(weeks=6), limit=1)] == ["ada@example.com"]


def test_consent_that_has_run_out_cannot_be_given(roll, offers):
    with pytest.raises(mailroll.Invalid) as invalid:
        roll.subscribe("ada@example.com", topic=offers, valid_until=datetime(2026, 1, 1, tzinfo=UTC))
    assert reason_of(invalid) == "valid_until"


def test_a_basis_goes_from_the_topic_into_its_events(roll, offers):
    assert offers.basis == "implied_consent"
    assert roll.subscribe("ada@example.com", topic=offers).basis == "implied_consent"
    assert roll.subscribe("bob@example.com", topic=offers, basis="contract").basis == "contract"
    assert roll.topics.update(offers, basis="consent").basis == "consent"
    assert roll.topics.update(offers, description="Only now").basis == "consent"
    assert roll.topics.update(offers, basis="").basis == ""
    with pytest.raises(mailroll.Invalid):
        roll.subscribe("cleo@example.com", topic=offers, basis="smoke")


def test_a_sign_up_that_is_confirmed_carries_what_it_was_asked_with(roll, offers):
    until = datetime.now(UTC) + timedelta(days=90)
    asked = roll.subscribe("ada@example.com", topic=offers, confirm=True, valid_until=until, basis="consent")
    assert (asked.pending.action, asked.pending.channel) == ("pending", "form")
    done = roll.act(asked.token, {"action": "confirm"}, evidence={"ip": "203.0.113.7"})
    (event,) = done.events
    assert (event.action, event.valid_until, event.basis) == ("opt_in", until, "consent")


def test_what_held_at_a_time_is_told_as_the_events_recorded_by_then_had_it(roll, news):
    roll.contacts.add("ada@example.com")
    before = datetime.now(UTC)
    event = roll.unsubscribe("ada@example.com", topic=news)
    then = roll.explain("ada@example.com", topic=news, at=before)
    assert (then.receives, then.reason, then.event, then.as_of) == (True, "topic_default_opt_in", None, before)
    now = roll.explain("ada@example.com", topic=news)
    assert (now.receives, now.event, now.as_of) == (False, event, None)
    at_once = roll.explain("ada@example.com", topic=news, at=event.recorded_at)
    assert at_once.reason == "topic_opted_out"
    assert roll.explain("ada@example.com", transactional=True, at=before).reason == "transactional"


def test_an_audience_says_how_many_receive_by_override(sqlite_url):
    with mailroll.open(sqlite_url, actor="operator") as roll:
        news = roll.topics.create("News", default_subscription="opt_in")
        vip = roll.segments.create("VIP")
        for person in ("ada", "bob"):
            roll.contacts.add(f"{person}@example.com", segments=[vip])
        roll.unsubscribe("ada@example.com", topic=news, by="person", evidence="phoned on Monday")
        raised = roll.resubscribe("ada@example.com", topic=news, override="signed again at the fair")
        assert raised.reason == "signed again at the fair"
        counts = roll.audience(vip, topic=news).count()
        assert (counts.members, counts.receives, counts.by_override) == (2, 2, 1)


def test_a_hard_bounce_suppresses_at_once(roll):
    stands = roll.suppressions.record_bounce("ada@example.com", "hard")
    assert (stands.reason, stands.email) == ("bounce", "ada@example.com")
    (event,) = roll.events.list("ada@example.com")
    assert (event.actor, event.channel, event.suppression) == ("provider", "bounce", "bounce")


def test_soft_bounces_suppress_when_the_rule_says_so(roll):
    rule = roll.suppressions.bounce_rule()
    assert (rule.count, rule.days) == (3, 30)
    assert roll.suppressions.set_bounce_rule(count=2).days == 30, "what is not named stays"
    first = datetime(2026, 1, 1, tzinfo=UTC)
    assert roll.suppressions.record_bounce("ada@example.com", "soft", at=first) is None
    assert roll.suppressions.record_bounce("ada@example.com", "soft", at=first) is None, "the same report again"
    assert roll.suppressions.record_bounce("ada@example.com", "soft", at=first + timedelta(days=9)).reason == "bounce"
    with pytest.raises(mailroll.Invalid):
        roll.suppressions.set_bounce_rule(days=366)
    with pytest.raises(mailroll.Invalid):
        roll.suppressions.record_bounce("ada@example.com", "smoke")


def test_a_complaint_is_lifted_only_with_words_and_brings_no_mail_back(roll, news):
    roll.contacts.add("ada@example.com")
    roll.suppressions.add("ada@example.com", "complaint")
    with pytest.raises(mailroll.Invalid) as invalid:
        roll.suppressions.remove("ada@example.com")
    assert reason_of(invalid) == "note_missing"
    roll.suppressions.remove("ada@example.com", note="their filter reports everything")
    assert roll.explain("ada@example.com", topic=news).reason == "unsubscribed"


def test_a_file_of_suppressions_is_done_but_for_its_bad_rows(roll, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("email,reason,note\nada@example.com,,\nghost@example.com,complaint,twice\nnonsense,,\n")
    seen = []
    done = roll.suppressions.import_file(
        path, reason="bounce", rejects=tmp_path / "rejects.ndjson", progress=lambda *step: seen.append(step)
    )
    assert (done.rows, done.added, done.unchanged, done.rejected) == (3, 2, 0, 1)
    assert seen
    (reject,) = [json.loads(line) for line in (tmp_path / "rejects.ndjson").read_text().splitlines()]
    assert (reject["row"], reject["column"], reject["reason"]) == (3, "email", "address_syntax")
    assert {(each.email, each.reason) for each in roll.suppressions.list()} == {
        ("ada@example.com", "bounce"),
        ("ghost@example.com", "complaint"),
    }
    assert roll.suppressions.import_file(path, reason="bounce").unchanged == 2
