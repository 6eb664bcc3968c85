"""The nouns of a roll and their verbs."""

import mailroll
import pytest


def test_find_answers_none_where_get_raises(roll):
    for noun in (roll.contacts, roll.segments, roll.topics, roll.properties):
        name = "nobody@example.com" if isinstance(noun, mailroll.Contacts) else "nothing"
        assert noun.find(name) is None
        with pytest.raises(mailroll.NotFound):
            noun.get(name)


def test_find_answers_what_is_there(roll, news, vip):
    assert roll.contacts.find("ada@example.com") is None
    ada = roll.contacts.add("ada@example.com")
    assert roll.contacts.find("ada@example.com") == ada
    assert roll.topics.find(news.id) == news
    assert roll.segments.find("VIP") == vip
    defined = roll.properties.create("plan", "string", fallback="free")
    assert roll.properties.find("plan") == roll.properties.get("plan") == defined
    assert defined.fallback == "free"
    assert roll.properties.update("plan", fallback="none").type == "string"
    assert roll.properties.update("plan", fallback=None).fallback is None
    with pytest.raises(mailroll.NotFound):
        roll.properties.update("unknown", fallback="x")


def test_adding_an_existing_contact_changes_only_what_is_given_and_never_permission(roll):
    roll.contacts.add("ada@example.com", first_name="Ada", last_name="Lovelace")
    roll.unsubscribe("ada@example.com", everything=True)
    again = roll.contacts.add("ADA@example.com", first_name="Augusta")
    assert (again.first_name, again.last_name) == ("Augusta", "Lovelace")
    assert roll.contacts.show("ada@example.com").unsubscribed


def test_segments_take_one_contact_or_several(roll, vip):
    people = [roll.contacts.add(f"p{number}@example.com") for number in range(5)]
    assert roll.segments.add(vip, people[0]) == 1
    assert roll.segments.add("VIP", (person.id for person in people)) == 4
    assert roll.segments.count(vip) == 5
    assert roll.segments.take_out(vip, ["p1@example.com", people[2]]) == 2
    assert {person.id for person in roll.contacts.list(vip)} == {people[n].id for n in (0, 3, 4)}
    with pytest.raises(mailroll.NotFound) as caught:
        roll.segments.add(vip, [people[1], "stranger@example.com"])
    assert caught.value.details["index"] == "1"
    assert roll.segments.count(vip) == 3  # nobody was put in
    with pytest.raises(TypeError, match="contacts must be"):
        roll.segments.add(vip, 5)


def test_a_segment_can_be_renamed_and_removed_without_touching_people(roll, vip):
    roll.contacts.add("ada@example.com", segments="VIP")
    assert roll.segments.update(vip, name="Friends").name == "Friends"
    assert [segment.name for segment in roll.segments.list()] == ["Friends"]
    roll.segments.remove("Friends")
    assert roll.segments.list() == []
    assert roll.contacts.find("ada@example.com") is not None


def test_topics_are_updated_counted_and_removed(roll, news):
    roll.contacts.add("ada@example.com")
    roll.choose("ada@example.com", topic=news, choice="opt_out")
    roll.subscribe("bob@example.com", topic=news)
    counts = roll.topics.count(news)
    assert (counts.opt_ins, counts.opt_outs) == (1, 1)
    changed = roll.topics.update(news, description="Once a month", visibility="private")
    assert (changed.name, changed.description, changed.visibility) == ("Product news", "Once a month", "private")
    roll.topics.remove(news)
    assert roll.topics.list() == []


def test_show_has_segments_and_every_topic(roll, news, vip):
    other = roll.topics.create("Offers", default_subscription="opt_out")
    roll.contacts.add("ada@example.com", segments=[vip])
    roll.choose("ada@example.com", topic=other, choice="opt_in")
    details = roll.contacts.show("ada@example.com")
    assert details.segments == [vip]
    assert not details.unsubscribed
    assert [(t.topic.name, t.choice, t.receives, t.reason) for t in details.topics] == [
        ("Product news", None, True, "topic_default_opt_in"),
        ("Offers", "opt_in", True, "topic_opted_in"),
    ]


def test_removing_a_contact_keeps_the_opt_out(roll, news):
    roll.contacts.add("ada@example.com")
    roll.unsubscribe("ada@example.com", topic=news)
    roll.contacts.remove("ada@example.com")
    assert roll.contacts.find("ada@example.com") is None
    roll.contacts.add("ada@example.com")
    assert roll.explain("ada@example.com", topic=news).reason == "topic_opted_out"


def test_permission_needs_a_scope_and_only_one(roll, news):
    with pytest.raises(TypeError, match="either topic"):
        roll.unsubscribe("ada@example.com")
    with pytest.raises(TypeError, match="either topic"):
        roll.unsubscribe("ada@example.com", topic=news, everything=True)
    with pytest.raises(TypeError, match="no topic that can be chosen"):
        roll.unsubscribe("ada@example.com", topic=mailroll.NO_TOPIC)


def test_leaving_works_for_a_stranger_and_when_repeated(roll):
    for _ in range(2):
        event = roll.unsubscribe("stranger@example.com", everything=True)
        assert (event.action, event.everything, event.topic) == ("opt_out", True, None)
    assert roll.contacts.find("stranger@example.com") is None


def test_coming_back_answers_the_event_or_none_where_nothing_changed(roll, news):
    roll.contacts.add("ada@example.com")
    roll.unsubscribe("ada@example.com", topic=news)
    event = roll.resubscribe("ada@example.com", topic="Product news")
    assert (event.action, event.topic, event.actor, event.channel) == ("opt_in", news, "api", "api")
    assert roll.resubscribe("ada@example.com", topic=news) is None


def test_staff_may_override_with_a_reason_that_is_kept(sqlite_url):
    with mailroll.open(sqlite_url, actor="operator") as roll:
        news = roll.topics.create("News", default_subscription="opt_in")
        vip = roll.segments.create("VIP")
        roll.contacts.add("ada@example.com", segments=[vip])
        roll.unsubscribe("ada@example.com", topic=news, by="person", evidence={"note": "phoned", "locale": "de"})
        with pytest.raises(mailroll.Refused):
            roll.resubscribe("ada@example.com", topic=news)
        event = roll.resubscribe("ada@example.com", topic=news, override="asked for it in writing")
        assert (event.actor, event.reason) == ("operator", "asked for it in writing")
        assert roll.audience(vip, topic=news).count().by_override == 1
        lowered, raised = roll.events.list("ada@example.com")
        assert (lowered.actor, lowered.evidence) == ("person", {"note": "phoned", "locale": "de"})
        assert raised == event


def test_evidence_of_another_shape_is_a_type_error(roll):
    for evidence in ({"colour": "red"}, {"note": 5}, 5, ["phoned"]):
        with pytest.raises(TypeError, match="evidence must be"):
            roll.unsubscribe("ada@example.com", everything=True, by="person", evidence=evidence)


def test_events_are_listed_oldest_first_with_their_topics(roll, news):
    roll.contacts.add("ada@example.com")
    roll.unsubscribe("ada@example.com", topic=news)
    roll.unsubscribe("ada@example.com", everything=True)
    events = roll.events.list("ada@example.com")
    assert [(event.topic, event.everything) for event in events] == [(news, False), (None, True)]
    assert roll.events.list("nobody@example.com") == []
    roll.topics.remove(news)
    deleted = roll.events.list("ada@example.com")[0]
    assert (deleted.topic, deleted.everything) == (None, False)


def test_suppressions_stop_everything_until_they_are_lifted(roll, news):
    roll.contacts.add("ada@example.com")
    added = roll.suppressions.add("ada@example.com", "bounce")
    assert (added.reason, added.email) == ("bounce", "ada@example.com")
    assert list(roll.suppressions.list()) == [added]
    assert roll.explain("ada@example.com", transactional=True).reason == "suppressed_bounce"
    roll.suppressions.remove("ada@example.com", reason="bounce")
    assert list(roll.suppressions.list()) == []
    assert roll.explain("ada@example.com", transactional=True).receives


def test_explain_wants_to_know_which_mail(roll, news):
    for wrong in ({}, {"topic": news, "transactional": True}, {"transactional": True, "segment": "VIP"}):
        with pytest.raises(TypeError):
            roll.explain("ada@example.com", **wrong)
    assert roll.explain("ada@example.com", topic=news).reason == "not_found"
    roll.contacts.add("ada@example.com")
    assert roll.explain("ada@example.com", topic=mailroll.NO_TOPIC).reason == "subscribed"


def test_explain_can_ask_about_a_segment(roll, news, vip):
    roll.contacts.add("ada@example.com")
    verdict = roll.explain("ada@example.com", topic=news, segment=vip)
    assert (verdict.reason, verdict.segment, verdict.topic, verdict.event) == ("not_in_segment", vip, news, None)


def test_nothing_crosses_teams(sqlite_url):
    with mailroll.open(sqlite_url) as roll:
        roll.contacts.add("ada@example.com")
        roll.teams.create("Other")
        assert {team.name for team in roll.teams.list()} == {"default", "Other"}
        with mailroll.open(sqlite_url, team="Other") as other:
            assert other.team.name == "Other"
            assert other.contacts.find("ada@example.com") is None
        with pytest.raises(mailroll.NotFound):
            mailroll.open(sqlite_url, team="Nobody's")


def test_usage_and_check_answer_in_numbers(roll, vip):
    roll.contacts.add("ada@example.com", segments=[vip, roll.segments.create("B")])
    assert roll.usage().as_dict() == {"global": 1, "per_audience": 2}
    assert (roll.usage().global_, roll.usage().per_audience) == (1, 2)
    report = roll.check()
    assert report.ok
    assert (report.people, report.cache_differs, report.unfinished_runs) == (1, 0, [])


def test_backends_are_listed(roll):
    assert {"memory", "sqlite"} <= {backend.scheme for backend in mailroll.backends()}


def test_an_unknown_actor_or_scheme_is_invalid():
    with pytest.raises(mailroll.Invalid):
        mailroll.open("memory://", actor="person")
    with pytest.raises(mailroll.Invalid):
        mailroll.open("nosuch://")
