"""Audiences: who receives, streamed."""

import mailroll
import pytest

PEOPLE = 3000


@pytest.fixture
def crowd(roll, news, vip, csv_of):
    """3,000 people in a segment, of whom ten left the topic."""
    roll.contacts.import_file(csv_of(PEOPLE), segments=[vip]).apply()
    for number in range(10):
        roll.unsubscribe(f"person{number}@example.com", topic=news)
    return roll.audience(vip, topic=news)


def test_leaving_the_topic_out_is_a_type_error(roll, vip):
    with pytest.raises(TypeError):
        roll.audience(vip)
    with pytest.raises(TypeError):
        roll.audience(vip, topic=None)
    with pytest.raises(TypeError):
        roll.audience(vip, "News")  # by keyword only


def test_counts_by_reason_add_up(crowd):
    counts = crowd.count()
    assert (counts.members, counts.receives) == (PEOPLE, PEOPLE - 10)
    assert counts.by_reason == {"topic_default_opt_in": PEOPLE - 10, "topic_opted_out": 10}
    assert sum(counts.by_reason.values()) == counts.members
    assert counts.as_dict() == {"members": PEOPLE, "receives": PEOPLE - 10, "by_reason": dict(counts.by_reason)}
    assert not counts.incomplete


def test_iterating_gives_everybody_who_receives_once_ordered_by_id(crowd):
    people = list(crowd)
    assert len(people) == len({person.id for person in people}) == PEOPLE - 10
    assert [person.id for person in people] == sorted(person.id for person in people)
    assert list(crowd) == people  # an audience can be read again


def test_a_recipient_is_a_tuple_with_names(crowd):
    person = next(iter(crowd))
    contact_id, email, first_name, last_name = person
    assert (person.id, person.email, person.first_name, person.last_name) == (contact_id, email, first_name, last_name)
    assert email.endswith("@example.com")
    assert first_name.startswith("First")
    assert last_name.startswith("Last")
    with pytest.raises((AttributeError, TypeError)):
        person.email = "x"


def test_streaming_is_lazy(roll, crowd):
    stream = iter(crowd)
    first = next(stream)
    # Whoever leaves after the iteration began, and beyond the page that was read, is not in it any more.
    last = list(crowd)[-1]
    roll.unsubscribe(last, everything=True)
    rest = list(stream)
    assert first.id not in {person.id for person in rest}
    assert last.id not in {person.id for person in rest}
    assert len(rest) == PEOPLE - 10 - 2
    assert list(stream) == []  # an ended iterator stays ended


def test_contacts_are_listed_lazily_too(roll, crowd):
    stream = roll.contacts.list()
    next(stream)
    last = list(roll.contacts.list())[-1]
    roll.contacts.remove(last)
    assert last.id not in {contact.id for contact in stream}


def test_partitions_are_disjoint_and_together_everybody(crowd):
    parts = [[person.id for person in crowd.partition(index, 4)] for index in range(1, 5)]
    assert all(parts)
    assert [one for part in parts for one in part] == [person.id for person in crowd]
    with pytest.raises(mailroll.Invalid):
        crowd.partition(5, 4)


def test_a_partition_is_named_with_the_audience_too(roll, crowd, vip, news):
    parts = [list(roll.audience(vip, topic=news, partition=(index, 3))) for index in range(1, 4)]
    assert [person for part in parts for person in part] == list(crowd)
    with pytest.raises(mailroll.Invalid):
        roll.audience(vip, topic=news, partition=(0, 3))


def test_a_reader_of_a_part_who_dies_goes_on_after_the_last_id(roll, crowd, vip, news):
    whole = list(roll.audience(vip, topic=news, partition=(2, 3)))
    kept = []
    for person in roll.audience(vip, topic=news, partition=(2, 3)):
        if len(kept) == 100:
            break  # dead
        kept.append(person)
    while page := roll.audience(vip, topic=news, partition=(2, 3)).page(after=kept[-1].id, limit=150):
        kept += page
    assert kept == whole


def test_a_reader_of_a_dynamic_part_goes_on_after_the_last_id_too(roll, crowd, vip, news):
    dynamic = roll.segments.create("Dynamic", where=mailroll.in_segment(vip) & mailroll.field.email.like("%3@%"))
    meant = [person for person in crowd if "3@" in person.email]
    assert len(meant) > 50
    assert [one for index in (1, 2, 3) for one in roll.audience(dynamic, topic=news, partition=(index, 3))] == meant
    part = roll.audience(dynamic, topic=news, partition=(2, 3))
    kept = part.page(limit=5)  # and then it dies
    while page := roll.audience(dynamic, topic=news, partition=(2, 3)).page(after=kept[-1].id, limit=7):
        kept += page
    assert kept == list(part)
    assert part.count().receives == len(kept)  # one member of all has left, in some part


def test_pages_go_on_after_an_id_or_a_recipient(crowd):
    gathered, page = [], crowd.page(limit=700)
    while page:
        gathered += page
        page = crowd.page(after=page[-1], limit=700)
    assert gathered == list(crowd)
    assert crowd.page(after=gathered[0].id, limit=1) == gathered[1:2]
    with pytest.raises(mailroll.Invalid):
        crowd.page(after="not an id")


def test_an_audience_has_no_length_that_could_hide_a_count(crowd):
    with pytest.raises(TypeError):
        len(crowd)


def test_an_audience_says_what_it_is_about(roll, crowd, vip, news):
    assert (crowd.segment, crowd.topic) == (vip, news)
    without = roll.audience("VIP", topic=mailroll.NO_TOPIC)
    assert without.topic is None
    assert "NO_TOPIC" in repr(without)
    assert without.count().by_reason == {"subscribed": PEOPLE}


def test_segments_are_combined_by_operators_and_by_text(roll):
    one, two, three = (roll.segments.create(name) for name in ("One", "Two", "Three"))
    for email, segments in (("a@example.com", [one]), ("b@example.com", [one, two]), ("c@example.com", [two, three])):
        roll.contacts.add(email, segments=segments)

    def who(expression):
        return {person.email[0] for person in roll.audience(expression, topic=mailroll.NO_TOPIC)}

    assert who(one & two) == who("One & Two") == {"b"}
    assert who(one | two) == who("One | Two") == {"a", "b", "c"}
    assert who(two - three) == who(two - "Three") == {"b"}
    assert who((one | two) - three & two) == {"b"}
    assert roll.audience(one & two, topic=mailroll.NO_TOPIC).segment is None
    assert str(one & two) == f"{one.id} & {two.id}"
    with pytest.raises(TypeError):
        one & 5
    with pytest.raises(mailroll.NotFound):
        roll.audience(one & "Nobody's", topic=mailroll.NO_TOPIC)


def test_a_dynamic_segment_has_whom_its_filter_means(roll):
    roll.properties.create("plan", "string")
    ada = roll.contacts.add("ada@example.com", properties={"plan": "pro"})
    roll.contacts.add("bob@example.com")
    pro = roll.segments.create("Pro", where="plan = 'pro' and created_at >= '2026-01-01'")
    assert [person.id for person in roll.audience(pro, topic=mailroll.NO_TOPIC)] == [ada.id]
    assert roll.segments.where(pro) == "plan = 'pro' and created_at >= '2026-01-01T00:00:00.000000Z'"
    assert roll.segments.update(pro, where="plan is null").name == "Pro"
    assert roll.segments.count(pro) == 1
    with pytest.raises(mailroll.Refused):
        roll.segments.add(pro, ada)
    with pytest.raises(mailroll.Invalid) as caught:
        roll.segments.create("X", where="plan = ")
    assert caught.value.details["column"] == "8"
