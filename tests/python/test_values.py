"""Values: exact times, plain words, equality, and nothing that can be changed."""

import datetime as dt
import uuid

import mailroll
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

UTC = dt.timezone.utc


def roundtrip(roll: mailroll.Roll, value: object) -> object:
    roll.contacts.add("ada@example.com", properties={"when": value})
    return roll.contacts.get("ada@example.com").properties["when"]


@pytest.mark.parametrize(
    "time",
    [
        dt.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        dt.datetime(1970, 1, 1, tzinfo=UTC),
        dt.datetime(1, 1, 1, tzinfo=UTC),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        dt.datetime(2024, 2, 29, 12, 0, 0, 1, tzinfo=UTC),
        dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=45))),
    ],
)
def test_a_time_comes_back_exact_to_the_microsecond(roll, time):
    roll.properties.create("when", "datetime")
    back = roundtrip(roll, time)
    assert back == time
    assert back.utcoffset() == dt.timedelta(0)


@settings(max_examples=300, deadline=None)
@given(st.datetimes(timezones=st.timezones(), min_value=dt.datetime(2, 1, 1), max_value=dt.datetime(9998, 12, 31)))
def test_any_time_in_any_zone_comes_back_as_the_same_moment(time):
    with mailroll.open("memory://") as roll:
        roll.properties.create("when", "datetime")
        assert roundtrip(roll, time) == time.astimezone(UTC)


def test_a_time_without_a_zone_is_invalid(roll):
    roll.properties.create("when", "datetime")
    with pytest.raises(mailroll.Invalid, match="zone"):
        roundtrip(roll, dt.datetime(2026, 1, 1))


def test_a_time_that_its_zone_moves_out_of_the_years_is_invalid(roll):
    roll.properties.create("when", "datetime")
    early = dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    with pytest.raises(mailroll.Invalid, match="years"):
        roundtrip(roll, early)


def test_created_at_is_now_in_utc(roll):
    before = dt.datetime.now(UTC)
    contact = roll.contacts.add("ada@example.com")
    assert before <= contact.created_at <= dt.datetime.now(UTC)


@pytest.mark.parametrize("value", ["text", "", "Zoë 🎈", 3.5, -7, 2**53, True, False])
def test_properties_keep_their_type(roll, value):
    kind = {str: "string", bool: "boolean", int: "number", float: "number"}[type(value)]
    roll.properties.create("p", kind)
    contact = roll.contacts.add("ada@example.com", properties={"p": value})
    assert contact.properties == {"p": value}
    assert isinstance(contact.properties["p"], float if kind == "number" else type(value))


@pytest.mark.parametrize("value", [2**53 + 1, 10**400, float("inf"), float("nan")])
def test_a_number_that_cannot_be_kept_exactly_is_invalid(roll, value):
    roll.properties.create("p", "number")
    with pytest.raises(mailroll.Invalid):
        roll.contacts.add("ada@example.com", properties={"p": value})


def test_update_changes_only_what_is_given_and_clears_on_request(roll):
    roll.properties.create("plan", "string")
    roll.properties.create("seats", "number")
    roll.contacts.add("ada@example.com", first_name="Ada", last_name="L", properties={"plan": "pro", "seats": 3})
    changed = roll.contacts.update("ada@example.com", first_name="", properties={"plan": None})
    assert (changed.first_name, changed.last_name, changed.properties) == ("", "L", {"seats": 3})


def test_values_cannot_be_changed(roll):
    contact = roll.contacts.add("ada@example.com")
    with pytest.raises(AttributeError):
        contact.email = "bob@example.com"
    with pytest.raises(AttributeError):
        contact.extra = 1
    with pytest.raises(TypeError):
        contact.properties["plan"] = "pro"


def test_equal_values_are_equal_and_hash_alike(roll):
    added = roll.contacts.add("ada@example.com", first_name="Ada")
    read = roll.contacts.get("ada@example.com")
    assert added is not read
    assert added == read
    assert len({added, read}) == 1
    changed = roll.contacts.update(added, first_name="Bea")
    assert changed != added
    assert added != "ada@example.com"


def test_a_repr_names_the_fields(roll, news):
    contact = roll.contacts.add("ada@example.com", first_name="Ada")
    assert repr(contact).startswith(f"Contact(id='{contact.id}', email='ada@example.com', first_name='Ada'")
    assert "topic=<Topic 'Product news'>" in repr(roll.explain(contact, topic=news))
    assert "secret" not in repr(mailroll.open("memory://"))


def test_values_can_be_taken_apart_by_match(roll, news):
    match news:
        case mailroll.Topic(name=name, default_subscription="opt_in"):
            assert name == "Product news"
        case _:
            pytest.fail("no match")


def test_an_address_is_its_key():
    address = mailroll.EmailAddress("Ada.Lovelace@EXAMPLE.com")
    assert (address.key, address.delivery) == ("ada.lovelace@example.com", "Ada.Lovelace@example.com")
    assert not address.smtputf8
    assert address == mailroll.EmailAddress("ada.lovelace@example.COM")
    assert len({address, mailroll.EmailAddress("ada.lovelace@example.COM")}) == 1
    assert address != address.key
    assert str(address) == address.delivery
    assert mailroll.EmailAddress("zoë@bücher.example").display == "zoë@bücher.example"
    assert mailroll.EmailAddress("zoë@bücher.example").smtputf8


@pytest.mark.parametrize("text", [b"\xff@example.com", "\ud800@example.com"])
def test_what_is_no_utf8_is_invalid_for_its_encoding(text):
    with pytest.raises(mailroll.Invalid) as caught:
        mailroll.EmailAddress(text)
    assert caught.value.details["reason"] == "encoding"


def test_a_person_may_be_named_in_every_way(roll, news, vip):
    ada = roll.contacts.add("Ada@example.com", segments=[vip])
    (recipient,) = roll.audience(vip, topic=news)
    for who in (
        ada,
        ada.id,
        uuid.UUID(ada.id),
        "ada@EXAMPLE.com",
        mailroll.EmailAddress("ada@example.com"),
        recipient,
        roll.contacts.show(ada),
    ):
        assert roll.contacts.get(who) == ada


def test_a_segment_and_a_topic_may_be_named_in_every_way(roll, news, vip):
    for segment in (vip, vip.id, uuid.UUID(vip.id), "VIP"):
        assert roll.segments.get(segment) == vip
    for topic in (news, news.id, uuid.UUID(news.id), "Product news"):
        assert roll.topics.get(topic) == news
