"""Snapshots: what Python sees of them. That they answer as the store does is shown by the tests of the core."""

import datetime
import os
import threading
import time
import uuid
from pathlib import Path

import mailroll
import pytest

PEOPLE = 300


@pytest.fixture
def crowd(roll, news, vip, csv_of):
    """300 people in VIP, of whom ten left the topic and five are in Few too."""
    few = roll.segments.create("Few")
    roll.contacts.import_file(csv_of(PEOPLE), segments=[vip]).apply()
    roll.segments.add(few, [f"person{number}@example.com" for number in range(5)])
    for number in range(10):
        roll.unsubscribe(f"person{number}@example.com", topic=news)
    return roll


def test_counts_and_people_are_those_of_the_audience(crowd, news):
    snapshot = crowd.snapshot()
    for segment in ("VIP", "Few", "VIP - Few"):
        for topic in (news, mailroll.NO_TOPIC):
            audience = crowd.audience(segment, topic=topic)
            assert snapshot.count(segment, topic=topic) == audience.count()
            assert list(snapshot.people(segment, topic=topic)) == [person.id for person in audience]
    with pytest.raises(TypeError):
        snapshot.count("VIP")
    with pytest.raises(mailroll.NotFound):
        snapshot.count("No such", topic=news)


def test_ids_are_a_sequence_of_texts_over_a_buffer_of_octets(crowd):
    ids = crowd.snapshot().people("Few", topic=mailroll.NO_TOPIC)
    assert len(ids) == 5
    assert ids[-1] == ids[4] == list(ids)[4]
    with pytest.raises(IndexError):
        ids[5]
    view = memoryview(ids)
    assert (view.shape, view.readonly) == ((5, 16), True)
    assert [str(uuid.UUID(bytes=view.tobytes()[16 * n : 16 * n + 16])) for n in range(5)] == list(ids)
    assert ids == crowd.snapshot().people("Few", topic=mailroll.NO_TOPIC)


def test_tables_name_their_rows_and_columns(crowd, news):
    snapshot = crowd.snapshot()
    overlap = snapshot.overlap(["VIP", "Few", "VIP - Few"])
    assert overlap.segments == ["VIP", "Few", "VIP - Few"]
    assert overlap.rows == [[300, 5, 295], [5, 5, 0], [295, 0, 295]]
    matrix = snapshot.matrix()
    assert [segment.name for segment in matrix.segments] == ["VIP", "Few"]
    assert matrix.topics == [None, news]
    assert matrix.rows[0][1].by_reason == {"topic_default_opt_in": 290, "topic_opted_out": 10}
    assert matrix.rows[1][0] == snapshot.count("Few", topic=mailroll.NO_TOPIC)


def test_a_sample_is_seeded(crowd, news):
    snapshot = crowd.snapshot()
    sample = snapshot.sample("VIP", topic=news, size=20, seed=1)
    assert len(sample) == 20
    assert set(sample) <= set(snapshot.people("VIP", topic=news))
    assert sample == snapshot.sample("VIP", topic=news, size=20, seed=1)
    assert sample != snapshot.sample("VIP", topic=news, size=20, seed=2)


def test_a_difference_tells_who_gained_and_lost(crowd, news):
    older = crowd.snapshot()
    crowd.unsubscribe("person20@example.com", topic=news)
    crowd.contacts.remove("person21@example.com")
    crowd.contacts.add("new@example.com", segments=["VIP"])
    newer = crowd.snapshot()
    diff = newer.diff(older)
    assert (diff.added, diff.removed) == (1, 1)
    assert [(change.segment.name, change.joined, change.left) for change in diff.segments] == [
        ("VIP", 1, 1),
        ("Few", 0, 0),
    ]
    assert [(change.topic, change.gained, change.lost) for change in diff.topics] == [(None, 1, 1), (news, 1, 2)]
    people = newer.audience_diff(older, "VIP", topic=news)
    assert list(people.gained) == [crowd.contacts.get("new@example.com").id]
    assert len(people.lost) == 2


def test_it_says_how_old_it_is_and_outlives_the_roll(crowd):
    before = datetime.datetime.now(datetime.timezone.utc)
    snapshot = crowd.snapshot()
    crowd.close()
    assert before <= snapshot.as_of <= datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(0) <= snapshot.age < datetime.timedelta(minutes=5)
    assert snapshot.contacts == PEOPLE
    assert not snapshot.incomplete
    assert "300 contacts" in repr(snapshot)


def test_it_is_saved_and_mapped(crowd, news, tmp_path: Path):
    snapshot = crowd.snapshot()
    file = tmp_path / "team.snapshot"
    snapshot.save(file)
    mapped = mailroll.map_snapshot(file)
    assert mapped.matrix().rows == snapshot.matrix().rows
    assert mapped.people("VIP", topic=news) == snapshot.people("VIP", topic=news)
    file_of_others = tmp_path / "people.csv"
    with pytest.raises(mailroll.StorageError) as raised:
        mailroll.map_snapshot(file_of_others)
    assert raised.value.details["reason"] == "not_a_snapshot"


def test_loading_reports_progress_and_can_be_stopped(crowd):
    seen = []
    crowd.snapshot(progress=lambda phase, done, total: seen.append((done, phase)))
    assert seen[-1] == (PEOPLE, "load")

    def stop(phase, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crowd.snapshot(progress=stop)


def test_threads_share_one(crowd, news):
    snapshot = crowd.snapshot()
    expected = snapshot.count("VIP - Few", topic=news)
    wrong = []

    def ask():
        wrong.extend(1 for _ in range(200) if snapshot.count("VIP - Few", topic=news) != expected)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_is_refreshed_to_what_would_be_loaded(crowd, news, vip):
    older = crowd.snapshot()
    crowd.contacts.add("late@example.com", segments=[vip])
    crowd.unsubscribe("person20@example.com", topic=news)
    refreshed = crowd.refresh(older)
    newer = crowd.snapshot()
    assert refreshed.snapshot.matrix() == newer.matrix()
    assert refreshed.snapshot.people("VIP", topic=news) == newer.people("VIP", topic=news)
    assert refreshed.snapshot.contacts == older.contacts + 1
    assert refreshed.reloaded == (older.cursor is None)
    assert (refreshed.changes > 0) != refreshed.reloaded
    with mailroll.open("memory://") as other, pytest.raises(mailroll.Invalid) as raised:
        other.refresh(older)
    assert raised.value.details["reason"] == "other_team"


def wait_until(happens):
    end = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_follower_has_what_was_written_within_about_a_second(crowd, vip):
    with crowd.follow() as follower:
        before = follower.latest()
        crowd.contacts.add("late@example.com", segments=[vip])
        written = datetime.datetime.now(datetime.timezone.utc)
        wait_until(lambda: follower.latest().contacts == before.contacts + 1)
        assert follower.latest().as_of - written < datetime.timedelta(seconds=5)
        assert follower.error is None
        assert follower.age < datetime.timedelta(seconds=20)
        assert repr(follower).startswith("<mailroll.Follower of 301 contacts, ")
    last = follower.latest()
    crowd.contacts.add("later@example.com")
    time.sleep(1)
    assert follower.latest().as_of == last.as_of, "it was stopped"
    follower.stop()


def test_a_follower_begins_with_a_snapshot_that_it_is_given(crowd, tmp_path):
    crowd.snapshot().save(tmp_path / "team.snapshot")
    crowd.contacts.add("late@example.com")
    with crowd.follow(mailroll.map_snapshot(tmp_path / "team.snapshot")) as follower:
        assert follower.latest().contacts == PEOPLE + 1


def test_a_follower_that_is_dropped_ends(crowd):
    threads = len(os.listdir("/proc/self/task"))
    follower = crowd.follow()
    assert len(os.listdir("/proc/self/task")) == threads + 1
    del follower
    wait_until(lambda: len(os.listdir("/proc/self/task")) == threads)


def test_a_filter_means_people_who_are_counted_beside_segments(crowd, news):
    crowd.properties.create("plan", "string")
    for number in range(20):
        crowd.contacts.update(f"person{number}@example.com", properties={"plan": "pro"})
    snapshot = crowd.snapshot(columns=["plan", "email_domain"])
    pro = snapshot.where("plan = 'pro' and email_domain = 'example.com'")
    assert (len(pro), len(pro & snapshot.meant("Few")), len(pro - snapshot.meant("Few"))) == (20, 5, 15)
    assert len(pro | snapshot.meant("VIP")) == PEOPLE
    assert pro.said == "plan = 'pro' and email_domain = 'example.com'"
    assert snapshot.count(pro, topic=news).by_reason == {"topic_default_opt_in": 10, "topic_opted_out": 10}
    assert len(snapshot.people(pro, topic=news)) == 10
    assert len(snapshot.sample(pro, topic=news, size=3, seed=1)) == 3
    assert snapshot.overlap([pro, "Few"]).rows == [[20, 5], [5, 5]]
    with pytest.raises(ValueError, match="without this field") as refused:
        snapshot.where("first_name = 'Ada'")
    assert refused.value.details["reason"] == "not_loaded"
    with pytest.raises(ValueError, match="another snapshot"):
        crowd.snapshot().count(pro, topic=news)


@pytest.mark.parametrize("nobody", [5, None, b"VIP", ["VIP"]])
def test_what_can_mean_nobody_is_a_type_error(crowd, nobody):
    snapshot = crowd.snapshot(columns=[])
    for ask in (snapshot.count, snapshot.people):
        with pytest.raises(TypeError):
            ask(nobody, topic=mailroll.NO_TOPIC)
    with pytest.raises(TypeError):
        snapshot.sample(nobody, topic=mailroll.NO_TOPIC, size=1, seed=1)
    with pytest.raises(TypeError):
        snapshot.overlap([nobody])
