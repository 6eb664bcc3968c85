"""TLS as an address asks for it, or nothing; and servers that do not answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import engines
from relay import Relay

FILE = {"postgresql": "sslrootcert", "mysql": "ssl_ca"}
ENCRYPTED_TO_WHOMEVER = {"postgresql": "sslmode=require", "mysql": "ssl_mode=required"}
PROVED = {"postgresql": "sslmode=verify-full", "mysql": "ssl_mode=verify_identity"}
PLAIN = {"postgresql": "sslmode=disable", "mysql": "ssl_mode=disabled"}


def authority(url: str) -> str:
    return parse_qs(urlsplit(url).query)[FILE[urlsplit(url).scheme]][0]


def with_mode(url: str, option: str) -> str:
    """The same address, and another `option` in place of what proves the server."""
    parts = urlsplit(url)
    query = parts.query.replace(PROVED[parts.scheme], option)
    if option == ENCRYPTED_TO_WHOMEVER[parts.scheme] or option == PLAIN[parts.scheme]:
        file = FILE[parts.scheme]
        query = "&".join(each for each in query.split("&") if not each.startswith(file + "="))
    return parts._replace(query=query).geturl()


def at_address(url: str, address: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.username}:{parts.password}@{address}").geturl()


def is_refused(program: Any, url: str, *, by_tls: bool = True) -> None:
    """In one clear line, as table and as JSON."""
    answer = program(url)("check", code=6)
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("mailroll: the store ")
    assert engines.PASSWORD not in answer.err
    assert ("cannot be reached over TLS as its address asks" in answer.err) == by_tls
    error = json.loads(program(url)("--format", "json", "check", code=6).err)["error"]
    assert (error["kind"], error["details"]["reason"]) == ("storage", "unreachable")


def test_a_store_is_opened_over_tls_where_the_server_proves_who_it_is(store: Any, program: Any) -> None:
    url = store.at(store.server.tls_url())
    cli = program(url)
    cli("topics", "create", "News", "--default", "opt_in")
    cli("contacts", "add", "ada@example.com")
    cli("unsubscribe", "ada@example.com", "--topic", "News")
    assert cli.json("check")["ok"] is True
    # The same without TLS: the server lets nobody in, so what was done was done over TLS.
    is_refused(program, with_mode(url, PLAIN[store.server.name]), by_tls=False)

    with store.session() as session:
        session.lock_rows("standings")
        process = cli.start("unsubscribe", "ada@example.com", "--everything")
        engines.wait_until(store.waiting, "the act waits")
        if store.server.name == "postgresql":
            mine = f"from pg_stat_ssl join pg_stat_activity using (pid) where application_name = '{store.name}'"
            encrypted = store.admin(f"select bool_and(ssl), count(*) > 0 {mine}")
            assert encrypted == "t|t", "the server's own word"
    assert cli.end(process).code == 0


def test_another_authority_proves_nothing(store: Any, program: Any, tmp_path: Path) -> None:
    url = store.at(store.server.tls_url())
    program(url)("init")
    other = tmp_path / "other.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/CN=throw-away"]
    subprocess.run([*command, "-keyout", tmp_path / "other.key", "-out", other], check=True, capture_output=True)
    is_refused(program, url.replace(authority(url), str(other)))
    is_refused(program, url.replace(authority(url), str(tmp_path / "missing.crt")))


def test_a_certificate_of_another_host_proves_nothing(store: Any, program: Any) -> None:
    url = store.at(store.server.tls_url())
    program(url)("init")
    port = urlsplit(url).port
    # Another name of the same machine, which the certificate does not have.
    with Relay(("127.0.0.1", port), host="127.0.0.2") as relay:
        elsewhere = at_address(url, relay.address)
        assert program(with_mode(elsewhere, ENCRYPTED_TO_WHOMEVER[store.server.name])).json("check")["ok"] is True
        assert b"mailroll" not in relay.said, "nothing in the clear"
        is_refused(program, elsewhere)
        assert b"mailroll" not in relay.said


@pytest.mark.parametrize("mode", ["encrypted to whomever", "proved"])
def test_a_server_without_tls_is_not_talked_to_in_the_clear(server: Any, store: Any, program: Any, mode: str) -> None:
    option = (PROVED if mode == "proved" else ENCRYPTED_TO_WHOMEVER)[server.name]
    # Where nobody has to be proved, libmariadb logs in before it is known that the answer is in the clear.
    unsaid = b"sql_mode" if option == ENCRYPTED_TO_WHOMEVER["mysql"] else b"mailroll"
    url = store.at(server.tls_url())
    if server.name == "mysql":
        server.restart_without_tls()
    try:
        # On its socket PostgreSQL never offers any.
        with Relay(server.socket()) as relay:
            url = at_address(url, relay.address)
            assert program(with_mode(url, PLAIN[server.name])).json("check")["ok"] is True, "it would serve"
            assert unsaid in relay.said
            relay.said.clear()
            before = relay.connections
            is_refused(program, with_mode(url, option))
            assert relay.connections > before
            assert unsaid not in relay.said
    finally:
        if server.name == "mysql":
            server.restart()


def ends_first(program: Any, patient: str, hasty: str) -> Any:
    """The answer to the hasty one, which does not wait as the patient one still does."""
    waiting = program(patient).start("check")
    try:
        answer = program(hasty)("--format", "json", "check", code=6)
        assert waiting.poll() is None, "the other one waits for longer"
    finally:
        waiting.kill()
        program(patient).end(waiting)
    return json.loads(answer.err)["error"]


def test_a_server_that_never_answers_is_unreachable_after_connect_timeout(store: Any, program: Any) -> None:
    with Relay(None) as relay:
        url = at_address(with_mode(store.at(store.server.tls_url()), PLAIN[store.server.name]), relay.address)
        error = ends_first(program, f"{url}&connect_timeout=100", f"{url}&connect_timeout=2")
        assert relay.connections >= 2
    assert (error["kind"], error["details"]["reason"]) == ("storage", "unreachable")


def test_a_server_that_falls_silent_is_waited_for_as_long_as_read_timeout_says(store: Any, program: Any) -> None:
    if store.server.name != "mysql":
        pytest.skip("PostgreSQL's client has no such option: tcp_user_timeout and keepalives are the kernel's")
    with Relay(store.server.socket(), last_words=b"sql_mode") as relay:
        url = at_address(with_mode(store.at(store.server.tls_url()), PLAIN["mysql"]), relay.address)
        error = ends_first(program, f"{url}&read_timeout=100", f"{url}&read_timeout=1")
    assert (error["kind"], error["details"]["reason"]) == ("storage", "disconnected")
