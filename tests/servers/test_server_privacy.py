"""Engines repeat data in their errors ("Key (email)=(...) already exists"); nobody's address or name, and no password,
comes out of mailroll for that: not in an error, its details, the log, or what a client library prints by itself."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mailroll
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import engines

SECRET = "ada.lovelace"
NAME = "Augustaada"
ADDRESS = f"{SECRET}@example.com"
PERSONAL = (SECRET, "lovelace", "Augusta", "augusta", engines.PASSWORD)


def mysql_triggers(what: str) -> str:
    """`said` holds what the row holds."""
    said = "declare said varchar(128) default concat('saw ', new.email, ' of ', ifnull(new.first_name, ''));"
    made = "\n".join(
        f"create trigger spoil_{when} before {when} on contacts for each row begin {said} {what}; end //"
        for when in ("insert", "update")
    )
    return f"delimiter //\n{made}"


TRIGGER = """create function spoil() returns trigger language plpgsql as $$ begin {} end $$;
create trigger spoil before insert or update on contacts for each row execute function spoil()"""
NOTE = "signal sqlstate '01000' set message_text = said; "
SAY = "signal sqlstate '45000' set message_text = said"
NO_VIEWS = "drop view contacts_view, choices_view, consent_events_view, suppressions_view; "
# What is done to the store: by engine, or the same for each.
FAULTS: dict[str, dict[str, str]] = {
    "a column has another name": {"*": "alter table contacts rename column email to mail"},
    "a table is gone": {"postgresql": "drop table standings cascade", "mysql": "drop table standings"},
    "a check forbids the address": {"*": "alter table contacts add check (email not like '%lovelace%')"},
    "a check forbids the name": {
        "*": "update contacts set first_name = null; alter table contacts add check (first_name <> 'Augustaada')"
    },
    "a name is a number": {
        "postgresql": NO_VIEWS + "alter table contacts alter first_name type integer using null",
        "mysql": "update contacts set first_name = null; alter table contacts modify first_name integer",
    },
    "a name is short": {
        "postgresql": NO_VIEWS + "alter table contacts alter first_name type varchar(3) using null",
        "mysql": "update contacts set first_name = null; alter table contacts modify first_name varchar(3)",
    },
    "another key is unique": {"postgresql": "create unique index one_of_a_name on contacts (first_name)"},
    "the user may only read": {
        "postgresql": "revoke insert, update, delete on all tables in schema {store} from mailroll",
        "mysql": "revoke insert, update, delete on {store}.* from mailroll@localhost",
    },
    "the user may nothing": {
        "postgresql": "revoke all on all tables in schema {store} from mailroll",
        "mysql": "revoke all on {store}.* from mailroll@localhost",
    },
    "a trigger says the data": {
        "mysql": mysql_triggers(SAY),
        "postgresql": TRIGGER.format("raise exception 'not % of %', new.email, new.first_name;"),
    },
    "a trigger notes the data": {
        "mysql": mysql_triggers(NOTE + SAY),
        "postgresql": TRIGGER.format("raise warning 'saw % of %', new.email, new.first_name; raise exception 'no';"),
    },
    "the disk is full": {
        "mysql": mysql_triggers(SAY + ", mysql_errno = 1021"),
        "postgresql": TRIGGER.format("raise exception using errcode = '53100', message = 'no room for ' || new.email;"),
    },
    "the table is damaged": {
        "mysql": mysql_triggers(SAY + ", mysql_errno = 1034"),
        "postgresql": TRIGGER.format("raise exception using errcode = 'XX001', message = 'lost ' || new.email;"),
    },
}
# What people are told by a word of its own.
REASONS = {
    "the disk is full": "full",
    "the table is damaged": "corrupt",
    "another key is unique": "contended",
    "the user may only read": "denied",
    "the user may nothing": "denied",
}
NOT_APPLICABLE = {
    ("another key is unique", "mysql"): '"on duplicate key" means any key there, so nothing fails',
    ("lock_timeout", "mysql"): "no address shortens the half a minute",
}
# So that the store is not opened at all, and why.
NOT_OPENED = {
    ("a table is gone", "postgresql"): "not_a_database",
    ("a table is gone", "mysql"): "not_a_database",
    ("the user may nothing", "mysql"): "unreachable",
}


def skip_where_not_applicable(case: str, engine: str) -> None:
    if (case, engine) in NOT_APPLICABLE:
        pytest.skip(NOT_APPLICABLE[case, engine])


def says_nothing_personal(*texts: str) -> None:
    for text in texts:
        assert not [each for each in PERSONAL if each in text]


@pytest.fixture
def prepared(store: Any, program: Any, tmp_path: Path) -> Any:
    """A store with somebody of that name, and files of somebody else's."""
    cli = program(store)
    cli("topics", "create", "News", "--default", "opt_in")
    cli("contacts", "add", "first@example.org", "--first-name", NAME)
    (tmp_path / "people.csv").write_text(f"email,first_name,last_name\n{ADDRESS},{NAME},{NAME}\n", encoding="utf-8")
    return cli


def commands() -> list[list[str]]:
    return [
        ["contacts", "add", ADDRESS, "--first-name", NAME],
        ["contacts", "update", "first@example.org", "--first-name", f"{NAME} {SECRET}"],
        ["contacts", "import", "people.csv"],
        ["migrate", "audiences", "people.csv"],
        ["unsubscribe", ADDRESS, "--everything", "--by", "person", "--evidence", f"told by {ADDRESS}"],
        ["explain", ADDRESS, "--topic", "News"],
    ]


def calls(roll: Any, folder: Path) -> list[Callable[[], Any]]:
    return [
        lambda: roll.contacts.add(ADDRESS, first_name=NAME, last_name=NAME),
        lambda: roll.contacts.update("first@example.org", first_name=f"{NAME} {SECRET}"),
        lambda: roll.contacts.import_file(str(folder / "people.csv")).apply(),
        lambda: roll.migrate_audiences(str(folder / "people.csv")).apply(),
        lambda: roll.unsubscribe(ADDRESS, everything=True, by="person", evidence=f"told by {ADDRESS}"),
        lambda: roll.contacts.find(ADDRESS),
    ]


def look_at_program(cli: Any, words: list[list[str]]) -> list[dict[str, Any]]:
    """Runs the commands; the errors of those that failed."""
    errors = []
    for number, command in enumerate(words):
        form = ("table", "json")[number % 2]
        answer = cli("--format", form, *command, code=None)
        if answer.code == 0:
            continue
        assert answer.code in (1, 6), answer.err
        assert answer.out == ""
        says_nothing_personal(answer.err)
        if form == "table":
            assert answer.err.startswith("mailroll: the store ")
            assert answer.err.count("\n") == 1
            errors.append({"code": answer.code})
            continue
        error = json.loads(answer.err)["error"]
        assert error["kind"] == "storage"
        assert error["message"]
        errors.append({"code": answer.code, "reason": error["details"]["reason"]})
    return errors


@contextmanager
def quiet(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing personal is logged or printed meanwhile."""
    with caplog.at_level(logging.DEBUG):
        yield
    says_nothing_personal(caplog.text, *capfd.readouterr())


def look_at_package(url: str, folder: Path, which: slice) -> list[str]:
    """Makes the calls; the reasons of those that failed."""
    reasons = []
    try:
        roll = mailroll.open(url)
    except mailroll.StorageError as error:
        says_nothing_personal(str(error), repr(error), repr(error.details))
        return [error.details["reason"]]
    for call in calls(roll, folder)[which]:
        try:
            call()
        except mailroll.StorageError as error:
            lines = [line for line in traceback.format_exception(error) if "lambda" not in line]
            says_nothing_personal(str(error), repr(error), repr(error.args), repr(dict(error.details)), *lines)
            says_nothing_personal(repr(error.__cause__), repr(error.__context__))
            reasons.append(error.details["reason"])
    return reasons


@pytest.mark.parametrize("fault", FAULTS)
def test_what_an_engine_says_of_the_data_comes_out_nowhere(
    prepared: Any,
    store: Any,
    tmp_path: Path,
    fault: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    engine = store.server.name
    skip_where_not_applicable(fault, engine)
    statement = FAULTS[fault].get(engine) or FAULTS[fault]["*"]
    store.admin(statement.replace("{store}", store.name))
    words, which = commands(), slice(None)
    if fault == "another key is unique":  # tried again for seconds each: few are enough
        words, which = [words[2], words[0]], slice(0, 1)
    errors = look_at_program(prepared, words)
    assert errors, "nothing failed: this run has shown nothing"
    with quiet(caplog, capfd):
        reasons = look_at_package(store.url, tmp_path, which)
    assert reasons
    why = NOT_OPENED.get((fault, engine)) or REASONS.get(fault)
    if why:
        assert set(reasons) == {why}
        assert {error["reason"] for error in errors if "reason" in error} <= {why}
    assert {error["code"] for error in errors} == {6 if (fault, engine) in NOT_OPENED else 1}


@pytest.mark.parametrize(("limit", "reason"), [("lock_timeout", "busy"), ("statement_timeout", "timeout")])
def test_who_waits_for_a_lock_too_long_is_told_so(
    prepared: Any,
    store: Any,
    program: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    limit: str,
    reason: str,
) -> None:
    engine = store.server.name
    skip_where_not_applicable(limit, engine)
    prepared("unsubscribe", ADDRESS, "--topic", "News")
    with store.session() as session:
        session.lock_rows("standings")
        if engine == "mysql":
            url = store.url
            store.admin("set global max_statement_time = 0.2")
        else:
            url = store.url_with(f"{limit}%3D200")
        try:
            answer = program(url)("--format", "json", "unsubscribe", ADDRESS, "--everything", code=6)
            with quiet(caplog, capfd), mailroll.open(url) as roll, pytest.raises(mailroll.StorageError) as caught:
                roll.unsubscribe(ADDRESS, everything=True)
        finally:
            if engine == "mysql":
                store.admin("set global max_statement_time = 0")
    assert json.loads(answer.err)["error"]["details"]["reason"] == reason
    says_nothing_personal(answer.err, answer.out)
    assert caught.value.details["reason"] == reason
    says_nothing_personal(str(caught.value), repr(dict(caught.value.details)))
    assert len(prepared.json("history", ADDRESS)) == 1, "nothing was half-done"


@pytest.mark.parametrize("wrong", ["password", "user", "database", "socket"])
def test_who_is_not_let_in_is_told_so_without_the_password(
    store: Any, program: Any, wrong: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    url = {
        "password": store.url.replace(engines.PASSWORD, f"{SECRET}.{engines.PASSWORD}"),
        "user": store.url.replace("//mailroll:", "//somebody:"),
        "database": store.server.url.replace("/mailroll?", "/elsewhere?"),
        "socket": store.server.url.replace("mailroll-", "nowhere-"),
    }[wrong]
    for form in ("table", "json"):
        answer = program(url)("--format", form, "contacts", "add", ADDRESS, "--first-name", NAME, code=6)
        says_nothing_personal(answer.err, answer.out)
        assert answer.err.count("\n") == 1 or json.loads(answer.err)["error"]["details"]["reason"] == "unreachable"
    with quiet(caplog, capfd), pytest.raises(mailroll.StorageError) as caught:
        mailroll.open(url)
    assert caught.value.details["reason"] == "unreachable"
    says_nothing_personal(str(caught.value), repr(caught.value), repr(dict(caught.value.details)))


def test_who_finds_no_connection_left_is_told_so(server: Any, store: Any, program: Any) -> None:
    program(store)("init")
    limit, back = {
        "postgresql": ("alter role mailroll connection limit 1", "alter role mailroll connection limit -1"),
        "mysql": (
            "alter user mailroll@localhost with max_user_connections 1",
            "alter user mailroll@localhost with max_user_connections 0",
        ),
    }[server.name]
    store.admin(limit)  # first: MariaDB counts only the connections that are made under a limit
    try:
        with mailroll.open(store.url) as roll:
            roll.contacts.find(ADDRESS)
            answer = program(store)("--format", "json", "contacts", "show", ADDRESS, code=6)
    finally:
        store.admin(back)
    error = json.loads(answer.err)["error"]
    assert error["details"]["reason"] == "busy"
    assert "max_connections" in error["message"]
    says_nothing_personal(answer.err)
