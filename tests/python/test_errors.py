"""Errors are classes, few, and carry data instead of addresses."""

import mailroll
import pytest

SECRET = "secret.person@example.com"


def test_not_found_is_also_a_lookup_error(roll):
    with pytest.raises(LookupError) as caught:
        roll.contacts.get(SECRET)
    assert type(caught.value) is mailroll.NotFound
    assert caught.value.kind == "not_found"


def test_invalid_is_also_a_value_error_with_a_reason(roll):
    with pytest.raises(ValueError, match="address") as caught:
        roll.contacts.add("no-address")
    assert type(caught.value) is mailroll.Invalid
    assert caught.value.kind == "invalid"
    assert caught.value.details["reason"] == "address_syntax"


def test_raising_against_the_person_is_refused(roll, news):
    roll.contacts.add("ada@example.com")
    roll.unsubscribe("ada@example.com", topic=news, by="person", evidence="phoned on Monday")
    with pytest.raises(mailroll.Refused) as caught:
        roll.resubscribe("ada@example.com", topic=news)
    assert caught.value.kind == "refused"
    assert caught.value.details["reason"] == "person_opted_out"


def test_a_name_that_two_segments_bear_is_a_conflict_that_lists_them(roll):
    ids = {roll.segments.create("VIP").id, roll.segments.create("VIP").id}
    with pytest.raises(mailroll.Conflict) as caught:
        roll.segments.get("VIP")
    assert all(one in caught.value.details["ids"] for one in ids)


def test_what_is_no_database_is_a_storage_error(tmp_path):
    path = tmp_path / "not.db"
    path.write_text("these are not the pages of a database\n" * 400, encoding="utf-8")
    with pytest.raises(mailroll.StorageError) as caught:
        mailroll.open(f"sqlite:///{path}")
    assert caught.value.kind == "storage"
    assert caught.value.details["reason"] == "not_a_database"


def test_every_error_is_a_mailroll_error():
    for kind in ("NotFound", "Invalid", "Refused", "Conflict", "StorageError", "Cancelled"):
        assert issubclass(getattr(mailroll, kind), mailroll.Error)


def test_details_cannot_be_changed(roll):
    with pytest.raises(mailroll.NotFound) as caught:
        roll.topics.get("nobody's")
    with pytest.raises(TypeError):
        caught.value.details["reason"] = "mine"  # type: ignore[index]


@pytest.mark.parametrize(
    "call",
    [
        lambda roll: roll.contacts.get(SECRET),
        lambda roll: roll.contacts.get(SECRET, SECRET),
        lambda roll: roll.contacts.add(SECRET, frist_name="x"),
        lambda roll: roll.contacts.add(SECRET, first_name=5),
        lambda roll: roll.contacts.add(SECRET + " x"),
        lambda roll: roll.contacts.add(SECRET, properties={"plan": "x"}),
        lambda roll: roll.unsubscribe(SECRET),
        lambda roll: roll.unsubscribe(SECRET, topic=5),
        lambda roll: roll.suppressions.add(SECRET, "because"),
        lambda roll: roll.suppressions.remove(SECRET),
        lambda roll: roll.audience(SECRET, topic=SECRET),
        lambda roll: roll.segments.add(SECRET, [SECRET]),
        lambda roll: mailroll.EmailAddress(SECRET, SECRET),
        lambda roll: mailroll.EmailAddress("@" + SECRET),
    ],
)
def test_no_error_repeats_an_address_not_even_of_a_call_that_does_not_fit(roll, call):
    with pytest.raises((mailroll.Error, TypeError)) as caught:
        call(roll)
    said = f"{caught.value} {caught.value.args} {getattr(caught.value, 'details', '')}"
    assert "secret" not in said.lower()
    assert str(caught.value)


def test_a_call_that_does_not_fit_shows_the_signature(roll):
    with pytest.raises(TypeError, match=r"audience\(\)[\s\S]*topic: str"):
        roll.audience("VIP")


def test_an_unknown_word_names_the_words_there_are(roll):
    with pytest.raises(mailroll.Invalid, match="'opt_in' and 'opt_out'"):
        roll.topics.create("News", default_subscription="maybe")


def test_values_are_given_by_a_roll_and_not_made():
    with pytest.raises(TypeError, match="not made by hand"):
        mailroll.Contact("x")


def test_a_recipient_of_something_else_is_nobody(roll):
    with pytest.raises(TypeError, match="who: str"):
        roll.contacts.get(mailroll.Recipient((1, 2, 3, 4)))
