"""segments, topics, properties, teams, suppressions."""

from typing import Any


def test_a_segment_lives_from_create_to_delete(cli: Any) -> None:
    made = cli.json("segments", "create", "VIP")
    assert list(made)[:2] == ["id", "name"]
    assert cli.json("segments", "rename", "VIP", "Gold")["id"] == made["id"]
    assert cli.json("segments", "show", made["id"])["name"] == "Gold"
    assert cli.json("segments", "delete", "Gold") == {"deleted": True}
    assert cli.json("segments", "list") == []


def test_contacts_go_in_and_out_of_a_segment_and_are_counted_once(news: Any) -> None:
    assert news.json("segments", "add", "VIP", "ada@example.com", "EVE@example.com") == {"added": 1}
    assert news.json("segments", "show", "VIP")["members"] == 3
    assert news.json("segments", "remove", "VIP", "eve@example.com", "ada@example.com") == {"removed": 2}
    assert news.json("segments", "show", "VIP")["members"] == 1


def test_putting_an_unknown_contact_into_a_segment_puts_nobody_in(news: Any) -> None:
    news("segments", "add", "VIP", "eve@example.com", "nobody@example.com", code=3)
    assert news.json("segments", "show", "VIP")["members"] == 2


def test_a_name_that_several_segments_bear_is_an_error_that_lists_their_ids(cli: Any) -> None:
    ids = [cli.json("segments", "create", "Twins")["id"] for _ in range(2)]
    answer = cli("segments", "show", "Twins", code=2)
    assert all(i in answer.err for i in ids)
    error = cli("segments", "show", "Twins", "--format", "json", code=2)
    assert error.err.count("conflict") == 1
    assert cli.json("segments", "show", ids[1])["id"] == ids[1]


def test_a_name_that_several_topics_bear_is_an_error_that_lists_their_ids(news: Any) -> None:
    ids = [news.json("topics", "create", "Twins", "--default", "opt_in")["id"] for _ in range(2)]
    answer = news("explain", "ada@example.com", "--topic", "Twins", code=2)
    assert all(i in answer.err for i in ids)
    assert news.json("explain", "ada@example.com", "--topic", ids[0])["receives"] is True


def test_unknown_segments_and_topics_are_not_found(news: Any) -> None:
    news("segments", "show", "Nix", code=3)
    news("segments", "delete", "Nix", code=3)
    news("topics", "show", "Nix", code=3)
    news("audience", "count", "--segment", "VIP", "--topic", "Nix", code=3)
    news("contacts", "list", "--segment", "Nix", code=3)


def test_a_topic_lives_from_create_to_delete(cli: Any) -> None:
    made = cli.json(
        "topics", "create", "News", "--default", "opt_out", "--visibility", "public", "--description", "Weekly"
    )
    assert (made["default_subscription"], made["visibility"], made["description"]) == ("opt_out", "public", "Weekly")
    changed = cli.json("topics", "update", "News", "--name", "Letter", "--visibility", "private", "--description", "")
    assert (changed["id"], changed["name"], changed["visibility"]) == (made["id"], "Letter", "private")
    assert changed["description"] is None
    assert changed["default_subscription"] == "opt_out"
    cli("subscribe", "ada@example.com", "--topic", "Letter")
    shown = cli.json("topics", "show", made["id"])
    assert (shown["opt_ins"], shown["opt_outs"]) == (1, 0)
    assert cli.json("topics", "delete", "Letter") == {"deleted": True}
    assert cli.json("topics", "list") == []


def test_a_topic_is_private_unless_said_otherwise_and_its_default_must_be_said(cli: Any) -> None:
    assert cli.json("topics", "create", "News", "--default", "opt_in")["visibility"] == "private"
    assert "--default" in cli("topics", "create", "Other", code=2).err


def test_names_that_are_too_long_or_empty_are_usage_errors(cli: Any) -> None:
    cli("topics", "create", "x" * 51, "--default", "opt_in", code=2)
    cli("segments", "create", "", code=2)
    cli("segments", "create", "a\nb", code=2)


def test_a_property_lives_from_define_to_remove(cli: Any) -> None:
    made = cli.json("properties", "define", "age", "--type", "number", "--fallback", "-1.5")
    assert (made["key"], made["type"], made["fallback"]) == ("age", "number", -1.5)
    cli("contacts", "add", "a@example.com", "--property", "age=7")
    assert [p["key"] for p in cli.json("properties", "list")] == ["age"]
    cli("properties", "remove", "age")
    assert cli.json("properties", "list") == []
    assert cli.json("contacts", "show", "a@example.com")["properties"] == {}
    cli("properties", "remove", "age", code=3)


def test_a_property_defined_with_another_type_is_a_conflict(cli: Any) -> None:
    cli("properties", "define", "age", "--type", "number")
    cli("properties", "define", "age", "--type", "string", code=1)
    cli("properties", "define", "a b", "--type", "string", code=2)
    assert (
        "--fallback wants a number"
        in cli("properties", "define", "n", "--type", "number", "--fallback", "x", code=2).err
    )


def test_nothing_crosses_teams(news: Any) -> None:
    news("teams", "create", "Other")
    assert [t["name"] for t in news.json("teams", "list")] == ["default", "Other"]
    assert news.json("contacts", "list", "--team", "Other") == []
    assert len(news.json("contacts", "list", "--team", "default")) == 3
    news("contacts", "show", "ada@example.com", "--team", "Other", code=3)
    news("usage", "--team", "Nix", code=3)
    news("teams", "create", "Other", code=1)


def test_a_suppressed_address_gets_nothing_until_it_is_lifted(news: Any) -> None:
    added = news.json("suppressions", "add", "Ada@Example.com", "--reason", "bounce")
    assert (added["email"], added["reason"]) == ("Ada@example.com", "bounce")
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "suppressed_bounce"
    assert news.json("explain", "ada@example.com", "--transactional")["receives"] is False
    assert len(news.json("suppressions", "list")) == 1
    news("suppressions", "remove", "ada@example.com", "--reason", "bounce")
    assert news.json("suppressions", "list") == []
    assert news.json("explain", "ada@example.com", "--topic", "News")["receives"] is True
    news("suppressions", "remove", "ada@example.com", code=3)


def test_a_complaint_also_opts_the_person_out_for_good(news: Any) -> None:
    news("suppressions", "add", "ada@example.com", "--reason", "complaint")
    news("suppressions", "remove", "ada@example.com", "--because", "a mistake of theirs")
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "unsubscribed"
    news("resubscribe", "ada@example.com", "--everything", code=4)
