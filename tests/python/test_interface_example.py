"""The worked example of the interface, as people would type it."""

import mailroll


def test_the_example_of_the_interface_runs(roll, old_export):
    plan = roll.migrate_audiences(old_export, unsubscribed="topics")
    assert plan.summary.dry_run
    assert plan.summary.contacts == 3
    assert list(roll.contacts.list()) == []  # a plan has done nothing yet
    assert [effect.name for effect in plan.audiences] == ["News", "Offers"]
    assert list(plan.effects()) == []  # into an empty store exactly the same people
    assert [conflict.what for conflict in plan.conflicts()] == ["spelling"]
    done = plan.apply()
    assert not done.dry_run
    assert done.contacts_created == 3

    news = roll.topics.create("Product news", default_subscription="opt_in", visibility="public")
    vip = roll.segments.create("VIP")
    roll.properties.create("plan", "string")
    ada = roll.contacts.add("ada@example.com", first_name="Ada", properties={"plan": "pro"}, segments=[vip])
    assert ada.properties == {"plan": "pro"}

    audience = roll.audience(vip, topic=news)
    assert [person.email for person in audience] == ["ada@example.com"]
    roll.unsubscribe("ada@example.com", topic=news)
    assert audience.count().members == 1
    assert audience.count().receives == 0
    assert audience.count().by_reason == {"topic_opted_out": 1}
    assert list(audience) == []
    assert [person.id for person in roll.audience("VIP", topic=mailroll.NO_TOPIC)] == [ada.id]

    verdict = roll.explain("ada@example.com", topic=news)
    assert not verdict.receives
    assert verdict.reason == "topic_opted_out"
    assert verdict.event.actor == "api"
    assert verdict.event.topic == news


def test_a_migration_keeps_each_audience_and_each_opt_out(roll, old_export):
    roll.migrate_audiences([old_export / "News.csv", str(old_export / "Offers.csv")]).apply()
    assert {p.first_name for p in roll.audience("News", topic="News")} == {"Ada", "Bob"}
    assert {p.first_name for p in roll.audience("Offers", topic="Offers")} == {"Cleo"}
    again = roll.migrate_audiences(old_export).apply()
    assert (again.contacts_created, again.contacts_updated, again.contacts_unchanged) == (0, 0, 3)


def test_a_plan_tells_who_would_lose_mail_under_the_stricter_policy(roll, old_export):
    plan = roll.migrate_audiences(old_export)
    (effect,) = plan.effects("everything")
    assert (effect.email, effect.audience, effect.received_before, effect.receives_after, effect.reason) == (
        "ada@example.com",
        "News",
        True,
        False,
        "unsubscribed",
    )


def test_a_summary_as_a_dict_is_the_json_of_the_program(roll, old_export):
    summary = roll.migrate_audiences(old_export).summary
    as_dict = summary.as_dict()
    contract = [
        "dry_run",
        "policy",
        "rows",
        "rejected",
        "duplicates",
        "audiences",
        "contacts",
        "contacts_created",
        "contacts_updated",
        "contacts_unchanged",
        "memberships",
        "segments",
        "topics",
        "opt_ins",
        "opt_outs",
        "unsubscribed",
        "kept_opted_out",
        "kept_removed",
        "name_conflicts",
        "address_spellings",
        "usage",
    ]
    assert set(contract) <= set(as_dict)
    for name in contract[:-1]:
        assert as_dict[name] == getattr(summary, name)
    assert as_dict["usage"] == {"per_audience": 4, "global": 3}
    assert (summary.rows, summary.rejected, summary.rejected_by_reason) == (5, 1, {"address_syntax": 1})


def test_rejected_rows_are_listed_without_their_addresses(roll, old_export, tmp_path):
    rejects = tmp_path / "rejects.ndjson"
    roll.migrate_audiences(old_export, rejects=rejects).apply()
    (line,) = rejects.read_text().splitlines()
    assert '"address_syntax"' in line
    assert "nonsense" not in line


def test_an_import_counts_each_row_under_one_verdict(roll, csv_of):
    segment = roll.segments.create("Imported")
    plan = roll.contacts.import_file(csv_of(50), segments=segment, columns={"last_name": None})
    assert plan.summary.by_verdict == {"created": 50}
    plan.apply()
    people = list(roll.contacts.list("Imported"))
    assert len(people) == 50
    assert {person.last_name for person in people} == {""}
    again = roll.contacts.import_file(csv_of(50), columns={"last_name": None})
    assert again.apply().as_dict()["unchanged"] == 50


def test_an_export_is_what_an_import_reads(roll, tmp_path, csv_of):
    roll.contacts.import_file(csv_of(30)).apply()
    path = tmp_path / "out.csv"
    assert roll.contacts.export(path) == 30
    with mailroll.open("memory://") as other:
        other.contacts.import_file(path).apply()
        assert [p.email for p in other.contacts.list()] != []
        assert {p.email for p in other.contacts.list()} == {p.email for p in roll.contacts.list()}


def test_an_export_goes_into_text_and_binary_files_alike(roll, tmp_path):
    roll.contacts.add("ada@example.com", first_name="Ädä")
    with (tmp_path / "a").open("wb") as binary, (tmp_path / "b").open("w", encoding="utf-8", newline="") as text:
        roll.contacts.export(binary, format="ndjson")
        roll.contacts.export(text, format="ndjson")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert "Ädä" in (tmp_path / "a").read_text(encoding="utf-8")
