"""Long work: progress, interruption, the GIL, threads, fork and closing."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mailroll
import pytest


def test_progress_tells_phase_done_and_total(roll, csv_of):
    calls = []
    plan = roll.contacts.import_file(csv_of(5000), progress=lambda *call: calls.append(call))
    assert calls
    planned = len(calls)
    plan.apply(progress=lambda *call: calls.append(call))
    assert len(calls) > planned
    for phase, done, total in calls:
        assert isinstance(phase, str)
        assert phase
        assert done >= 0
        assert total == 0 or done <= total


def test_answering_false_cancels_and_leaves_nothing_half_done(roll, csv_of):
    path = csv_of(5000)
    plan = roll.contacts.import_file(path)
    with pytest.raises(mailroll.Cancelled) as caught:
        plan.apply(progress=lambda *_: False)
    assert caught.value.kind == "cancelled"
    roll.contacts.import_file(path).apply()  # the same input again completes it
    assert sum(1 for _ in roll.contacts.list()) == 5000
    assert roll.check().ok


def test_an_exception_of_the_progress_function_is_what_is_raised(roll, csv_of):
    class Mine(Exception):  # noqa: N818
        pass

    def progress(phase, done, total):
        raise Mine

    with pytest.raises(Mine):
        roll.contacts.import_file(csv_of(5000), progress=progress)
    plan = roll.contacts.import_file(csv_of(5000))
    with pytest.raises(Mine):
        plan.apply(progress=progress)


def test_what_is_no_function_is_no_progress(roll, csv_of):
    with pytest.raises(TypeError, match="progress must be"):
        roll.contacts.import_file(csv_of(1), progress="yes")


def test_progress_true_draws_to_standard_error_and_never_to_standard_output(roll, csv_of, capsys):
    roll.contacts.import_file(csv_of(5000), progress=True).apply(progress=True)
    drawn = capsys.readouterr()
    assert drawn.err
    assert not drawn.out


def test_progress_true_needs_no_tqdm(roll, csv_of, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    roll.contacts.import_file(csv_of(5000)).apply(progress=True)
    assert "5,000" in capsys.readouterr().err


def ticks_while(work) -> int:
    """How often another thread of Python got its turn during `work`, at a millisecond's rest each."""
    ended = threading.Event()
    ticks = 0

    def tick():
        nonlocal ticks
        while not ended.is_set():
            ticks += 1
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    before = ticks
    try:
        work()
        return ticks - before
    finally:
        ended.set()
        thread.join()


def test_other_threads_run_during_an_import_and_a_count(roll, vip, csv_of):
    path = csv_of(40_000)
    plans = []
    assert ticks_while(lambda: plans.append(roll.contacts.import_file(path, segments=[vip]))) >= 5
    assert ticks_while(plans[0].apply) >= 5

    def count():
        for _ in range(20):
            roll.audience(vip, topic=mailroll.NO_TOPIC).count()

    assert ticks_while(count) >= 5


def test_one_roll_serves_many_threads(roll, news, vip):
    def work(number: int) -> str:
        email = f"p{number}@example.com"
        roll.contacts.add(email, first_name=str(number), segments=[vip])
        if number % 3 == 0:
            roll.unsubscribe(email, topic=news)
        roll.audience(vip, topic=news).count()
        return roll.explain(email, topic=news).reason

    with ThreadPoolExecutor(8) as pool:
        reasons = list(pool.map(work, range(120)))
    assert reasons == ["topic_opted_out" if n % 3 == 0 else "topic_default_opt_in" for n in range(120)]
    counts = roll.audience(vip, topic=news).count()
    assert (counts.members, counts.receives) == (120, 80)
    assert roll.check().ok


def test_partitions_can_be_read_by_parallel_threads(roll, vip, csv_of):
    roll.contacts.import_file(csv_of(2000), segments=[vip]).apply()
    audience = roll.audience(vip, topic=mailroll.NO_TOPIC)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda index: list(audience.partition(index, 4)), range(1, 5)))
    assert sum(len(part) for part in parts) == len({person for part in parts for person in part}) == 2000


def test_a_closed_roll_says_so_and_so_does_all_that_came_from_it(sqlite_url, csv_of):
    with mailroll.open(sqlite_url) as roll:
        vip = roll.segments.create("VIP")
        contacts = roll.contacts
        audience = roll.audience(vip, topic=mailroll.NO_TOPIC)
        plan = roll.contacts.import_file(csv_of(3))
        stream = roll.contacts.list()
    uses = [
        lambda: roll.usage(),
        lambda: roll.contacts.list(),
        lambda: contacts.get("ada@example.com"),
        lambda: audience.count(),
        lambda: next(iter(audience)),
        lambda: audience.page(),
        lambda: plan.apply(),
        lambda: next(stream),
    ]
    for use in uses:
        with pytest.raises(mailroll.Invalid, match="closed") as caught:
            use()
        assert caught.value.details["reason"] == "closed"
    roll.close()  # again: nothing
    assert "sqlite" in repr(roll)


def test_closing_lets_go_of_the_files(sqlite_url, tmp_path):
    def open_files() -> set[str]:
        links = [os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
        return {os.readlink(link) for link in links if os.path.lexists(link)}

    with mailroll.open(sqlite_url) as roll:
        roll.contacts.add("ada@example.com")
        assert any(str(tmp_path) in name for name in open_files())
    assert not any(str(tmp_path) in name for name in open_files())
    with mailroll.open(sqlite_url) as roll:
        assert roll.contacts.get("ada@example.com").email == "ada@example.com"


def test_a_roll_does_not_cross_a_fork_and_the_parent_goes_on(sqlite_url):
    script = textwrap.dedent(
        f"""
        import os, mailroll
        roll = mailroll.open({sqlite_url!r})
        roll.contacts.add("ada@example.com")
        child = os.fork()
        if child == 0:
            try:
                roll.usage()
            except mailroll.Invalid as error:
                own = mailroll.open({sqlite_url!r})
                good = error.details["reason"] == "forked" and own.usage().global_ == 1
                roll.close()
                del roll
                os._exit(0 if good else 1)
            os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        roll.contacts.add("bob@example.com")
        assert roll.usage().global_ == 2
        """
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True, timeout=60)


def test_ctrl_c_stops_an_import_and_running_it_again_completes_it(sqlite_url, csv_of):
    path = csv_of(400_000)
    script = textwrap.dedent(
        f"""
        import signal, mailroll
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs inherit that it is ignored
        roll = mailroll.open({sqlite_url!r})
        plan = roll.contacts.import_file({str(path)!r})
        print("applying", flush=True)
        try:
            plan.apply()
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        else:
            print("ended", flush=True)
        print(roll.check().cache_differs, flush=True)
        """
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "applying\n"
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    sent = time.monotonic()
    answer, _ = child.communicate(timeout=120)
    assert answer.split() == ["interrupted", "0"]
    assert child.returncode == 0
    assert time.monotonic() - sent < 60
    with mailroll.open(sqlite_url) as roll:
        roll.contacts.import_file(path).apply()
        assert roll.usage().global_ == 400_000
        assert roll.check().unfinished_runs == []
