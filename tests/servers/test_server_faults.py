"""Servers, connections and clients that are ended in the middle: nothing that was acknowledged is lost, and what was
cut off is completed by the same command."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import engines

PEOPLE = 40_000  # more than are committed at once, so that there is a middle
NOTHING_PERSONAL = ("person", "example.com", "First", "throw-away")
SEGMENTS = ("Left", "Right")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("people") / "people.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("email,first_name,unsubscribed\n")
        for n in range(PEOPLE):
            out.write(f"person{n}@example.com,First{n},{n % 10 == 0}\n")
    return file


@pytest.fixture(scope="module")
def audiences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half of the people are in both, and every seventh of them left one."""
    folder = tmp_path_factory.mktemp("audiences")
    for name, first in (("Left", 0), ("Right", PEOPLE // 3)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8") as out:
            out.write("email,first_name,unsubscribed\n")
            for n in range(first, first + PEOPLE * 2 // 3):
                out.write(f"person{n}@example.com,First{n},{name == 'Left' and n % 7 == 0}\n")
    return folder


def picture(cli: Any) -> Any:
    """What the store answers, and that it is in order."""
    check = cli.json("check")
    assert (check["ok"], check["unfinished_runs"]) == (True, [])
    names = sorted(segment["name"] for segment in cli.json("segments", "list"))
    counts = [cli.json("audience", "count", "--segment", name, "--topic", name) for name in names if name in SEGMENTS]
    counts += [cli.json("audience", "count", "--segment", name, "--no-topic") for name in names]
    return check["people"], cli.json("usage"), names, counts


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """Pictures of stores in which nothing was cut off, taken when they are asked for first."""
    return {}


def uninterrupted(program: Any, server: Any, whole: dict[str, Any], words: list[Any]) -> Any:
    key = f"{server.name} {words[0]}"
    if key not in whole:
        cli = program(server.new_store())
        cli(*words)
        whole[key] = picture(cli)
    return whole[key]


def import_words(people: Path) -> list[Any]:
    return ["contacts", "import", people, "--segment", "All"]


def migrate_words(audiences: Path) -> list[Any]:
    return ["migrate", "audiences", audiences]


def is_clear(answer: Any) -> None:
    """An error as people want it: what failed, what stays, what to do."""
    assert answer.code == 6, answer.err
    assert answer.out == ""
    for words in ("stay", "run the same command again to complete"):
        assert words in answer.err
    assert not [each for each in NOTHING_PERSONAL if each in answer.err]


def stop_in_the_middle(store: Any, session: Any) -> None:
    """The run is finished with the last part of the people: where it is locked, that one's commit has to wait."""
    session.lock_rows("runs", "exists (select 1 from contacts)")
    engines.wait_until(store.waiting, "it waits")
    # A commit that is waited for makes those before it durable.
    store.admin("create table waited_for (n integer)")
    store.admin("drop table waited_for")


def test_what_a_killed_server_cut_off_is_completed_by_the_same_command(
    server: Any, program: Any, people: Path, audiences: Path, whole: dict[str, Any]
) -> None:
    stores = [server.new_store(), server.new_store()]
    first, second = [program(store) for store in stores]
    for cli in (first, second):
        cli("init")
    with stores[0].session() as one, stores[1].session() as other:
        # Both at once: each waits for the server to come back, and that takes its time.
        importing = first.start("--format", "json", *import_words(people))
        migrating = second.start(*migrate_words(audiences))
        stop_in_the_middle(stores[0], one)
        stop_in_the_middle(stores[1], other)
        server.kill()
        try:
            answers = first.end(importing), second.end(migrating)
        finally:
            server.start()
    for answer in answers:
        is_clear(answer)
    assert answers[1].err.startswith("mailroll: the store ")
    assert answers[1].err.count("\n") == 1
    error = json.loads(answers[0].err)["error"]
    assert error["kind"] == "storage"
    assert error["details"]["reason"] in ("unreachable", "disconnected")

    for store, cli, words in (
        (stores[0], first, import_words(people)),
        (stores[1], second, migrate_words(audiences)),
    ):
        assert 0 < store.number("select count(*) from contacts") < PEOPLE, "it was cut in the middle, and that stays"
        assert len(json.loads(cli("--format", "json", "check", code=None).out)["unfinished_runs"]) == 1
        cli(*words)
        assert picture(cli) == uninterrupted(program, server, whole, words)


@pytest.mark.parametrize("kind", ["import", "migration"])
def test_a_connection_that_the_server_ends_in_the_middle_costs_nothing(
    server: Any, store: Any, program: Any, people: Path, audiences: Path, whole: dict[str, Any], kind: str
) -> None:
    cli = program(store)
    cli("init")
    words = import_words(people) if kind == "import" else migrate_words(audiences)
    with store.session() as session:
        process = cli.start(*words)
        stop_in_the_middle(store, session)
        assert store.end_connections() > 0
    answer = cli.end(process)
    if answer.code != 0:
        is_clear(answer)
        cli(*words)
    assert picture(cli) == uninterrupted(program, server, whole, words)


def test_an_act_whose_connection_the_server_ends_is_done_once_or_says_so(store: Any, program: Any) -> None:
    cli = program(store)
    cli("topics", "create", "News", "--default", "opt_in")
    cli("contacts", "add", "ada@example.com")
    cli("unsubscribe", "ada@example.com", "--topic", "News")
    with store.session() as session:
        session.lock_rows("standings")
        process = cli.start("unsubscribe", "ada@example.com", "--everything")
        engines.wait_until(store.waiting, "the act waits")
        assert store.end_connections() > 0
    answer = cli.end(process)
    if answer.code != 0:
        assert answer.code == 6
        assert answer.err.count("\n") == 1
        assert "ada" not in answer.err
        cli("unsubscribe", "ada@example.com", "--everything")
    assert cli.json("explain", "ada@example.com", "--no-topic")["receives"] is False
    left = [event for event in cli.json("history", "ada@example.com") if event["topic"] is None]
    assert [event["action"] for event in left] == ["opt_out"]
    assert cli.json("check")["ok"] is True


@pytest.mark.parametrize("kind", ["import", "migration"])
def test_a_client_that_was_killed_in_the_middle_is_completed_by_the_same_command(
    server: Any, store: Any, program: Any, people: Path, audiences: Path, whole: dict[str, Any], kind: str
) -> None:
    cli = program(store)
    cli("init")
    words = import_words(people) if kind == "import" else migrate_words(audiences)
    with store.session() as session:
        process = cli.start(*words)
        stop_in_the_middle(store, session)
        process.kill()
        assert cli.end(process).code == -9
        assert 0 < store.number("select count(*) from contacts") < PEOPLE
        store.end_connections()  # what the dead client sent last is not done: the server did not know yet
    cli(*words)
    assert picture(cli) == uninterrupted(program, server, whole, words)


def test_who_was_told_that_they_left_has_left_also_when_the_server_is_killed_right_then(
    server: Any, store: Any, program: Any
) -> None:
    cli = program(store)
    cli("topics", "create", "News", "--default", "opt_in")
    acknowledged: list[str] = []
    enough = threading.Event()
    running = []

    def leave(worker: int) -> None:
        for n in range(1000):
            address = f"person{worker}.{n}@example.com"
            process = cli.start("unsubscribe", address, *(["--everything"] if n % 2 else ["--topic", "News"]))
            running.append(process)
            if cli.end(process).code != 0:
                return
            acknowledged.append(address)
            if len(acknowledged) >= 8:
                enough.set()

    workers = [threading.Thread(target=leave, args=(worker,)) for worker in range(2)]
    for worker in workers:
        worker.start()
    assert enough.wait(60)
    server.kill()
    for process in running:
        process.kill()  # they would wait for the server, and go on
    for worker in workers:
        worker.join()
    server.start()
    assert len(acknowledged) >= 8
    for address in acknowledged:
        assert cli.json("explain", address, "--topic", "News")["receives"] is False
        assert len(cli.json("history", address)) == 1
    assert cli.json("check")["ok"] is True
