"""Erasing, exporting, moving and merging people; how long evidence is kept."""

import mailroll
import pytest


def reason_of(error: pytest.ExceptionInfo[mailroll.Error]) -> str:
    return error.value.details["reason"]


def test_whoever_is_erased_leaves_no_trace_and_is_left_alone(sqlite_url, tmp_path):
    def stored() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    with mailroll.open(sqlite_url, actor="operator") as roll:
        news = roll.topics.create("News", default_subscription="opt_in")
        roll.contacts.add("zenobia@example.com", first_name="Quillfeather")
        roll.unsubscribe("zenobia@example.com", topic=news, by="person", evidence="met at the Plughcafe")
        roll.suppressions.add("zenobia@example.com", "manual")
        words = [b"zenobia", b"Quillfeather", b"Plughcafe"]
        assert all(word in stored() for word in words)
        event = roll.contacts.erase("zenobia@example.com", reason="asked by letter")
        assert (event.action, event.actor, event.reason) == ("erased", "operator", "asked by letter")
        assert not any(word in stored() for word in words)
        assert roll.contacts.erase("Zenobia@example.com") == event
        assert roll.explain("zenobia@example.com", topic=news).reason == "erased"
        with pytest.raises(mailroll.Refused) as refused:
            roll.contacts.add("zenobia@example.com")
        assert reason_of(refused) == "suppressed_erased"
        assert roll.check().ok


def test_a_reason_of_an_erasure_holds_no_address(roll):
    with pytest.raises(mailroll.Invalid) as invalid:
        roll.contacts.erase("ada@example.com", reason="letter of ada@example.com")
    assert reason_of(invalid) == "reason_holds_address"
    assert "ada" not in str(invalid.value)


def test_everything_held_on_a_person_is_plain_data(roll, news, vip):
    roll.properties.create("plan", "string")
    ada = roll.contacts.add("ada@example.com", first_name="Ada", properties={"plan": "pro"}, segments=vip)
    roll.unsubscribe("ada@example.com", topic=news, evidence={"ip": "203.0.113.7"})
    held = roll.contacts.export_person("ada@example.com")
    assert held["contact"]["id"] == str(ada.id)
    assert held["contact"]["properties"] == {"plan": "pro"}
    assert [segment["name"] for segment in held["segments"]] == ["VIP"]
    assert held["topics"][0]["reason"] == "topic_opted_out"
    assert held["events"][0]["evidence"] == {"ip": "203.0.113.7"}
    with pytest.raises(mailroll.NotFound):
        roll.contacts.export_person("nobody@example.com")


def test_another_address_is_another_id_that_the_old_one_leads_to(roll, news):
    ada = roll.contacts.add("ada@example.com", first_name="Ada")
    roll.unsubscribe(ada, topic=news)
    moved = roll.contacts.change_address(ada, "ada@example.org")
    assert (moved.email, moved.first_name) == ("ada@example.org", "Ada")
    assert roll.contacts.get(ada.id) == moved
    assert roll.explain("ada@example.org", topic=news).reason == "topic_opted_out"
    roll.contacts.add("ada@example.com")
    assert roll.explain("ada@example.com", topic=news).reason == "topic_opted_out"
    with pytest.raises(mailroll.Conflict) as conflict:
        roll.contacts.change_address(moved, "ada@example.com")
    assert reason_of(conflict) == "address_taken"


def test_merging_two_raises_nobody(roll, news):
    ada = roll.contacts.add("ada@example.com")
    roll.contacts.add("ada@work.example", last_name="Lovelace")
    roll.unsubscribe("ada@work.example", topic=news)
    kept = roll.contacts.merge(ada, "ada@work.example")
    assert (kept.id, kept.last_name) == (ada.id, "Lovelace")
    assert roll.usage().global_ == 1
    assert roll.explain(ada, topic=news).reason == "topic_opted_out"
    assert roll.events.list(ada)[-1].channel == "merge"
    assert roll.contacts.merge(ada, "ada@work.example") == kept


def test_links_are_revoked_by_counting_up(roll):
    roll.contacts.add("ada@example.com")
    assert roll.contacts.revoke_links("ada@example.com") == 1
    assert roll.contacts.revoke_links("ada@example.com") == 2


def test_retention_rules_are_values_and_are_applied(roll, news):
    assert roll.retention() == []
    roll.set_retention(365, field="ip", action="opt_in")
    roll.set_retention(3650)
    general, specific = roll.retention()
    assert (general.field, general.action, general.days) == (None, None, 3650)
    assert (specific.field, specific.action, specific.days) == ("ip", "opt_in", 365)
    roll.subscribe("ada@example.com", topic=news, evidence={"ip": "203.0.113.7"})
    report = roll.apply_retention(dry_run=True)
    assert (report.looked_at, report.redacted) == (1, 0)
    assert roll.apply_retention().redacted == 0
    roll.set_retention(0)
    assert roll.retention() == [specific]
    for wrong in ({"days": -1}, {"days": 1, "field": "address"}, {"days": 1, "action": "left"}):
        with pytest.raises(mailroll.Invalid):
            roll.set_retention(**wrong)
