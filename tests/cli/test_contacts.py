"""contacts add, show, list, update, remove."""

import re
from typing import Any

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_a_contact_that_is_added_can_be_shown_by_address_and_by_id(cli: Any) -> None:
    added = cli.json("contacts", "add", "Ada@Example.com", "--first-name", "Ada", "--last-name", "Lovelace")
    assert added["created"] is True
    assert cli.json("contacts", "show", "ada@EXAMPLE.com") == cli.json("contacts", "show", added["id"])


def test_contacts_show_has_the_fields_that_scripts_rely_on(news: Any) -> None:
    shown = news.json("contacts", "show", "bob@example.com")
    assert list(shown) == [
        *("id", "email", "first_name", "last_name", "unsubscribed"),
        *("created_at", "updated_at", "properties", "segments", "topics"),
    ]
    assert shown["email"] == "bob@example.com"
    assert shown["first_name"] is None
    assert shown["unsubscribed"] is False
    assert TIME.fullmatch(shown["created_at"])
    assert [s["name"] for s in shown["segments"]] == ["VIP"]
    topic = shown["topics"][0]
    assert {k: topic[k] for k in ("name", "choice", "receives")} == {
        "name": "News",
        "choice": "opt_out",
        "receives": False,
    }


def test_a_topic_that_nobody_chose_is_shown_without_a_choice(news: Any) -> None:
    topic = news.json("contacts", "show", "ada@example.com")["topics"][0]
    assert topic["choice"] is None
    assert topic["receives"] is True


def test_adding_an_existing_contact_changes_only_what_is_given_and_never_permission(news: Any) -> None:
    news("unsubscribe", "ada@example.com", "--everything")
    again = news.json("contacts", "add", "ada@example.com", "--last-name", "Byron")
    assert (again["created"], again["first_name"], again["last_name"]) == (False, "Ada", "Byron")
    assert news.json("contacts", "show", "ada@example.com")["unsubscribed"] is True


def test_properties_are_read_as_they_are_defined(cli: Any) -> None:
    for key, kind in [("plan", "string"), ("age", "number"), ("vip", "boolean"), ("since", "datetime")]:
        cli("properties", "define", key, "--type", kind)
    added = cli.json(
        *("contacts", "add", "a@example.com", "--property", "plan=a=b", "--property", "age=3"),
        *("--property", "vip=yes", "--property", "since=2026-03-01"),
    )
    assert added["properties"] == {"age": 3, "plan": "a=b", "since": "2026-03-01T00:00:00.000000Z", "vip": True}


def test_an_unknown_property_is_a_usage_error_that_says_how_to_define_it(cli: Any) -> None:
    answer = cli("contacts", "add", "a@example.com", "--property", "plan=pro", code=2)
    assert "mailroll properties define plan --type" in answer.err
    assert cli.json("contacts", "list") == []


def test_a_value_of_another_type_is_a_usage_error_that_does_not_repeat_it(cli: Any) -> None:
    cli("properties", "define", "age", "--type", "number")
    answer = cli("contacts", "add", "a@example.com", "--property", "age=secret", code=2)
    assert "'age' wants a number" in answer.err
    assert "secret" not in answer.err


def test_several_segments_can_be_given_one_by_one_or_together(cli: Any) -> None:
    for name in "ABC":
        cli("segments", "create", name)
    cli("contacts", "add", "a@example.com", "--segment", "A", "--segment", "B")
    cli("contacts", "add", "--segment", "A", "B", "C", "b@example.com")
    cli("contacts", "add", "c@example.com", "--segment", "B", "C")
    members = {s["name"]: s["members"] for s in cli.json("segments", "list")}
    assert members == {"A": 2, "B": 3, "C": 2}


def test_update_changes_what_is_named_and_an_empty_value_clears(news: Any) -> None:
    news("properties", "define", "plan", "--type", "string")
    news("contacts", "update", "ada@example.com", "--last-name", "Byron", "--property", "plan=pro")
    updated = news.json("contacts", "update", "ada@example.com", "--first-name", "", "--property", "plan=")
    assert (updated["first_name"], updated["last_name"], updated["properties"]) == (None, "Byron", {})


def test_update_without_anything_to_change_is_a_usage_error(news: Any) -> None:
    assert "nothing to change" in news("contacts", "update", "ada@example.com", code=2).err


def test_list_is_ordered_by_id_and_pages_by_after_and_limit(cli: Any) -> None:
    for n in range(7):
        cli("contacts", "add", f"user{n}@example.com")
    everybody = cli.json("contacts", "list")
    assert len(everybody) == 7
    assert [c["id"] for c in everybody] == sorted(c["id"] for c in everybody)
    assert cli.json("contacts", "list", "--limit", "3") == everybody[:3]
    assert cli.json("contacts", "list", "--after", everybody[2]["id"], "--limit", "2") == everybody[3:5]
    assert cli.json("contacts", "list", "--after", everybody[-1]["id"]) == []


def test_list_of_a_segment_holds_only_its_members(news: Any) -> None:
    assert {c["email"] for c in news.json("contacts", "list", "--segment", "VIP")} == {
        "ada@example.com",
        "bob@example.com",
    }


def test_a_removed_contact_is_not_found_and_its_opt_out_holds_when_it_comes_back(news: Any) -> None:
    news("unsubscribe", "ada@example.com", "--everything")
    news("contacts", "remove", "ada@example.com")
    news("contacts", "show", "ada@example.com", code=3)
    news("contacts", "add", "ada@example.com")
    assert news.json("contacts", "show", "ada@example.com")["unsubscribed"] is True


def test_unknown_contacts_are_not_found(cli: Any) -> None:
    cli("contacts", "show", "nobody@example.com", code=3)
    cli("contacts", "update", "nobody@example.com", "--first-name", "N", code=3)
    cli("contacts", "remove", "nobody@example.com", code=3)
    cli("contacts", "show", "906726ca-e7df-8c0e-8d89-fa61454d330f", code=3)


def test_what_is_done_without_a_result_says_so_to_people_and_to_programs(news: Any) -> None:
    told = news("contacts", "remove", "ada@example.com")
    assert told.out == ""
    assert "removed" in told.err
    assert news("contacts", "remove", "bob@example.com", "--quiet").err == ""
    assert news.json("contacts", "remove", "eve@example.com") == {"removed": True}
