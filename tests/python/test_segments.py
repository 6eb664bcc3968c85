"""Dynamic segments whose members are materialised."""

import mailroll
import pytest


def test_materialised_members_and_their_events(roll):
    roll.properties.create("plan", "string")
    roll.contacts.add("ada@example.com", properties={"plan": "pro"})
    bob = roll.contacts.add("bob@example.org", properties={"plan": "free"})
    roll.segments.create("Pro", where="plan = 'pro'")
    first = roll.segments.materialise("Pro")
    assert (first.entered, first.left) == (1, 0)
    assert roll.segments.get("Pro").members_as_of == first.as_of
    events = roll.segments.events("Pro")
    assert [event.entered for event in events.items] == [True]
    roll.contacts.update("bob@example.org", properties={"plan": "pro"})
    calls = []
    assert roll.segments.refresh("Pro", progress=lambda *words: calls.append(words)).entered == 1
    assert calls
    assert [event.contact for event in roll.segments.events("Pro", events.next).items] == [bob.id]
    roll.segments.stop_materialising("Pro")
    assert roll.segments.get("Pro").members_as_of is None
    with pytest.raises(mailroll.Refused):
        roll.segments.refresh("Pro")
