"""Filters made by operators: the text they are, what they refuse, and the people they mean."""

import datetime
import json
from datetime import timedelta

import mailroll
import pytest
from mailroll import field, in_segment, now, opted_in, opted_out, parse_filter, prop, receives, unsubscribed

NEW_YEAR = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)

SAID = [
    (prop.plan == "pro", "plan = 'pro'"),
    (prop.plan == "pro", "plan = 'pro'"),
    (prop.plan != "it's", "plan != 'it''s'"),
    (prop["odd name"] > 3, '"odd name" > 3'),
    (prop["not"] >= 2.5, '"not" >= 2.5'),
    (prop.visits < 7, "visits < 7"),
    (prop.visits <= -1, "visits <= -1"),
    (prop.beta == True, "beta = true"),  # noqa: E712
    (~prop.beta, "not beta"),
    (prop.beta & unsubscribed, "beta and unsubscribed"),
    (field.email_domain == "example.com", "email_domain = 'example.com'"),
    (field.first_name == field.last_name, "first_name = last_name"),
    (field.last_name.is_null(), "last_name is null"),
    (~field.last_name.is_null(), "last_name is not null"),
    (prop.plan.in_(["pro", "free"]), "plan in ('pro', 'free')"),
    (~prop.plan.in_({"pro": 1}), "plan not in ('pro')"),
    (prop.visits.between(1, 2), "visits between 1 and 2"),
    (field.email.like("%@x.org"), "email like '%@x.org'"),
    (prop.plan.starts_with("Ö"), "plan starts with 'Ö'"),
    (field.created_at > now() - timedelta(days=30), "created_at > now() - 30 days"),
    (field.updated_at + timedelta(seconds=90) < now(), "updated_at + 90 seconds < now()"),
    (field.created_at >= NEW_YEAR, "created_at >= '2026-01-01T00:00:00.000000Z'"),
    (
        field.created_at.between(NEW_YEAR, now()),
        "created_at between '2026-01-01T00:00:00.000000Z' and now()",
    ),
    (in_segment("VIP") | opted_in("A") & opted_out("B"), "in_segment('VIP') or opted_in('A') and opted_out('B')"),
    ((in_segment("VIP") | receives("A")) & ~unsubscribed, "(in_segment('VIP') or receives('A')) and not unsubscribed"),
    (~(prop.a & prop.b), "not (a and b)"),
    ((prop.a & prop.b) & (prop.c & prop.d), "a and b and c and d"),
]


@pytest.mark.parametrize(("said", "text"), SAID)
def test_a_filter_is_its_text_and_is_read_from_it_and_from_its_json(said, text):
    assert str(said) == text
    assert parse_filter(text) == said
    assert hash(parse_filter(text)) == hash(said)
    assert parse_filter(said.to_json()) == said
    assert json.loads(said.to_json()) == json.loads(parse_filter(said.to_json()).to_json())
    assert repr(said) == f"<mailroll.Filter {text}>"


def test_filters_stand_wherever_a_text_does(roll, vip, news):
    roll.properties.create("plan", "string")
    roll.properties.create("beta", "boolean")
    ada = roll.contacts.add("ada@example.com", properties={"plan": "pro", "beta": True}, segments=[vip])
    roll.contacts.add("bob@example.com", properties={"plan": "free"}, segments=[vip])
    pro = roll.segments.create("Pro", where=(prop.plan == "pro") & in_segment(vip) & receives(news))
    assert [person.id for person in roll.audience(pro, topic=news)] == [ada.id]
    assert roll.segments.where(pro) == "plan = 'pro' and in_segment('VIP') and receives('Product news')"
    assert roll.segments.filter(pro) == (prop.plan == "pro") & in_segment("VIP") & receives("Product news")
    assert roll.segments.filter(vip) is None
    again = roll.segments.create("Again", where=str(roll.segments.filter(pro)))
    assert again.filter == pro.filter
    roll.segments.update(pro, where=~(prop.plan == "pro"))
    assert roll.segments.count(pro) == 1
    assert roll.segments.count(roll.segments.create("Beta", where=prop.beta)) == 1
    assert roll.segments.count(roll.segments.create("Json", where=(prop.plan == "free").to_json())) == 1
    with pytest.raises(mailroll.Invalid) as caught:
        roll.segments.create("X", where=prop.beta & (prop.plann == "pro"))
    assert caught.value.details == {"reason": "filter", "path": "/and/1/eq/0"}
    assert "did you mean 'plan'?" in str(caught.value)


def test_a_filter_has_no_truth_of_its_own():
    with pytest.raises(TypeError, match="combine by"):
        bool(prop.plan == "pro")
    with pytest.raises(TypeError, match="brackets"):
        assert 1 < prop.visits < 3
    with pytest.raises(TypeError, match="not true or false"):
        assert prop.beta or unsubscribed
    with pytest.raises(TypeError):
        assert "pro" in prop.plan
    with pytest.raises(TypeError, match="unhashable"):
        hash(prop.plan)


def test_what_cannot_be_compared_is_a_type_error():
    with pytest.raises(TypeError, match="is_null"):
        assert prop.plan == None  # noqa: E711
    with pytest.raises(TypeError, match="compares with"):
        assert prop.plan == ["pro"]
    with pytest.raises(TypeError, match="not one text"):
        prop.plan.in_("pro")
    with pytest.raises(TypeError):
        assert unsubscribed & "plan = 'pro'"
    with pytest.raises(TypeError):
        assert now() - 30
    with pytest.raises(TypeError, match="NO_TOPIC"):
        receives(mailroll.NO_TOPIC)
    with pytest.raises(ValueError, match="at least one"):
        prop.plan.in_([])
    with pytest.raises(mailroll.Invalid):
        assert field.created_at > datetime.datetime(2026, 1, 1)
    with pytest.raises(mailroll.Invalid):
        assert prop.visits > float("inf")
    with pytest.raises(mailroll.Invalid):
        (prop.plan == "\ud800").to_json()
    with pytest.raises(AttributeError):
        assert field.phone
    with pytest.raises(mailroll.Invalid) as caught:
        parse_filter("plan =")
    assert caught.value.details["column"] == "7"


def test_a_loop_builds_no_deep_filter(roll):
    roll.properties.create("plan", "string")
    condition = prop.plan == "p0"
    for number in range(1, 200):
        condition = condition | (prop.plan == f"p{number}")
    roll.contacts.add("ada@example.com", properties={"plan": "p150"})
    assert roll.segments.count(roll.segments.create("Many", where=condition)) == 1
