"""mailroll.copy()."""

import mailroll
import pytest


@pytest.fixture
def target(tmp_path):
    return f"sqlite:///{tmp_path / 'target.db'}"


def test_a_copy_holds_what_the_source_does_and_again_writes_nothing(sqlite_url, target):
    with mailroll.open(sqlite_url) as roll:
        news = roll.topics.create("News", default_subscription="opt_in")
        for name in ("ada", "bob", "eve"):
            roll.contacts.add(f"{name}@example.com")
        roll.unsubscribe("bob@example.com", topic=news)
        ada = roll.contacts.get("ada@example.com").id
    seen = []
    planned = mailroll.copy(sqlite_url, target, dry_run=True)
    done = mailroll.copy(source=sqlite_url, target=target, progress=lambda *call: seen.append(call))
    assert (done.target_was, done.written, done.dry_run, done.keys_outside) == ("empty", 3, False, 0)
    assert (done.counts["contacts"], done.counts["outbox"], done.counts["feed"]) == (3, 1, 0)
    assert (planned.counts, planned.digest, planned.written) == (done.counts, done.digest, 3)
    assert len(done.digest) == 64
    assert {phase for phase, _, _ in seen} == {"copy", "verify"}
    again = mailroll.copy(sqlite_url, target)
    assert (again.target_was, again.written, again.digest) == ("complete", 0, done.digest)
    with mailroll.open(target) as roll:
        assert roll.contacts.get("ada@example.com").id == ada
        assert roll.explain("bob@example.com", topic="News").reason == "topic_opted_out"
        assert roll.check().ok


def test_a_cancelled_copy_is_incomplete_until_it_is_completed(sqlite_url, target):
    with mailroll.open(sqlite_url) as roll:
        roll.contacts.add("ada@example.com")
    with pytest.raises(mailroll.Cancelled):
        mailroll.copy(sqlite_url, target, progress=lambda *_: False)
    with mailroll.open(target) as roll:
        assert [run.split(",")[0] for run in roll.check().unfinished_runs] == ["copy"]
    assert mailroll.copy(sqlite_url, target).target_was == "unfinished"
    with mailroll.open(target) as roll:
        assert roll.check().ok


def test_what_holds_something_else_is_not_written_over(sqlite_url, target):
    for url in (sqlite_url, target):
        with mailroll.open(url) as roll:
            roll.contacts.add("ada@example.com")
    with pytest.raises(mailroll.Conflict) as refused:
        mailroll.copy(sqlite_url, target)
    assert refused.value.details["reason"] == "target_not_empty"
    with pytest.raises(mailroll.NotFound):
        mailroll.copy("memory://", target)
