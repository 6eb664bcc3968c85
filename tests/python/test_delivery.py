"""roll.handoff(), roll.broadcasts() and roll.opt_outs()."""

import datetime
import threading

import mailroll
import pytest


@pytest.fixture
def roll():
    with mailroll.open("memory://") as opened:
        opened.topics.create("News", default_subscription="opt_in")
        opened.segments.create("All")
        for name in ("ada", "bob", "cy"):
            opened.contacts.add(f"{name}@example.com", first_name=name.title(), segments=["All"])
        yield opened


def hand_off(roll, worker="w1", **more):
    return roll.handoff("All", topic="News", worker=worker, **more)


def test_a_batch_has_recipients_and_says_how_far_it_is(roll):
    roll.unsubscribe("bob@example.com", topic="News")
    before = datetime.datetime.now(datetime.timezone.utc)
    batch = hand_off(roll, lease_for=datetime.timedelta(hours=2)).lease(10)
    assert {person.email for person in batch.people} == {"ada@example.com", "cy@example.com"}
    assert all(isinstance(person, mailroll.Recipient) for person in batch.people)
    assert batch.expires_at - before >= datetime.timedelta(hours=2)
    assert (batch.done, batch.outstanding, batch.incomplete) == (False, 2, False)
    last = hand_off(roll).lease(10)
    assert (last.people, last.lease, last.expires_at, last.done) == ([], None, None, True)


def test_an_expression_of_segments_is_one_mailing(roll):
    churned = roll.segments.create("Churned")
    roll.segments.add(churned, "bob@example.com")
    handoff = roll.handoff(roll.segments.get("All") - churned, topic="News", worker="w1")
    batch = handoff.lease(10)
    assert {person.email for person in batch.people} == {"ada@example.com", "cy@example.com"}
    assert roll.handoff("All - Churned", topic="News", worker="w2").status().broadcast == batch.broadcast
    roll.segments.remove(churned)
    with pytest.raises(mailroll.NotFound):
        handoff.lease(10)


def test_confirm_and_release_take_batches_ids_and_recipients(roll):
    handoff = hand_off(roll)
    batch = handoff.lease(3)
    first, second, third = batch.people
    assert handoff.confirm(batch, [first]).done == 1
    assert handoff.confirm(batch.lease, first.id).repeated == 1
    assert handoff.release(batch, [second.id]).done == 1
    roll.unsubscribe(third, everything=True)
    report = handoff.confirm(batch)
    assert (report.done, report.repeated, report.withdrawn, report.kept, report.lost) == (0, 1, 1, 1, 0)
    assert handoff.release(batch, [first]).kept == 1
    again = roll.handoff_of(batch.lease).lease(5)
    assert [person.id for person in again.people] == [second.id]
    assert handoff.confirm(batch, [second]).lost == 1
    status = handoff.status()
    assert (status.leased, status.confirmed, status.released, status.withdrawn) == (1, 1, 0, 1)
    assert roll.broadcasts() == [status]


def test_an_empty_list_is_nobody_and_none_is_everybody(roll):
    handoff = hand_off(roll)
    batch = handoff.lease(3)
    assert handoff.confirm(batch, []).done == 0
    assert handoff.release(batch, iter(())).done == 0
    assert handoff.status().leased == 3
    assert handoff.confirm(batch, None).done == 3


def test_a_name_makes_a_broadcast_of_its_own(roll):
    hand_off(roll).lease(3)
    assert len(hand_off(roll, broadcast="March").lease(3).people) == 3
    with pytest.raises(mailroll.Conflict) as caught:
        roll.handoff("All", topic=mailroll.NO_TOPIC, worker="w", broadcast="March")
    assert caught.value.details["reason"] == "broadcast_differs"
    assert [status.broadcast for status in roll.broadcasts()][1] == "March"


def test_errors(roll):
    handoff = hand_off(roll)
    with pytest.raises(TypeError):
        roll.handoff("All", worker="w")  # a topic, or that there is none, must be said
    with pytest.raises(mailroll.Invalid):
        handoff.lease(0)
    with pytest.raises(mailroll.Invalid):
        hand_off(roll, lease_for=datetime.timedelta(milliseconds=900))
    with pytest.raises(TypeError):
        hand_off(roll, lease_for=900)
    with pytest.raises(mailroll.Invalid):
        handoff.confirm(handoff.lease(1), ["ada@example.com"])
    with pytest.raises(TypeError):
        handoff.confirm("ada@example.com")
    with pytest.raises(mailroll.NotFound):
        roll.handoff_of("0190a0c0-0000-7000-8000-000000000000")
    roll.close()
    with pytest.raises(mailroll.Invalid):
        handoff.lease(1)


def test_threads_share_a_handoff_and_nobody_is_leased_twice(roll):
    for number in range(200):
        roll.contacts.add(f"p{number}@example.com", segments=["All"])
    handoff = hand_off(roll)
    seen = []

    def work():
        while not (batch := handoff.lease(3)).done:
            handoff.confirm(batch)
            seen.extend(person.id for person in batch.people)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(seen) == len(set(seen)) == 203


def test_the_feed_tells_what_lowered_permission_behind_a_cursor(roll):
    assert roll.opt_outs().items == []
    roll.unsubscribe("ada@example.com", topic="News")
    roll.suppressions.add("bob@example.com", "bounce")
    page = roll.opt_outs()
    assert [(item.position, item.event.action, item.email) for item in page.items] == [
        (1, "opt_out", "ada@example.com"),
        (2, "suppressed", "bob@example.com"),
    ]
    assert page.items[0].event.topic.name == "News"
    assert page.next == 2
    assert roll.opt_outs(page.next).items == []
    assert [item.position for item in roll.opt_outs(1, limit=1).items] == [2]
    with pytest.raises(mailroll.Invalid):
        roll.opt_outs(-1)
