"""scripts/servers, as a clone of its own has it: the servers that other tests use stay as they are."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "servers"
NAMES = ("postgresql", "mysql")


class Servers:
    def __init__(self, clone: Path) -> None:
        self.script = clone / "scripts" / "servers"
        self.script.parent.mkdir(parents=True)
        shutil.copy(SCRIPT, self.script)

    def __call__(self, *words: str, code: int = 0) -> str:
        done = subprocess.run([self.script, *words], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def urls(self, *words: str) -> list[str]:
        return self("urls", *words).splitlines()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    # So deep that a socket in the clone could not be reached.
    it = Servers(tmp_path / "_".join(["a_long_name"] * 10))
    yield it
    it("stop")


def ask(url: str, statement: str) -> subprocess.CompletedProcess[str]:
    """The engine's own shell."""
    parts = urlsplit(url)
    if parts.scheme == "postgresql":
        command = ["psql", url, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", statement]
    else:
        socket = parse_qs(parts.query)["unix_socket"][0]
        command = ["mariadb", "--no-defaults", f"--user={parts.username}", f"--socket={socket}", "--skip-column-names"]
        command += [f"--password={parts.password}"] * bool(parts.password)
        command += [parts.path[1:], f"--execute={statement}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answer(url: str, statement: str) -> str:
    done = ask(url, statement)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refuses(url: str, statement: str) -> bool:
    return ask(url, statement).returncode != 0


def test_servers_start_survive_what_tests_do_to_them_and_leave_nothing(servers: Servers) -> None:
    servers("urls", code=1)
    # Two at once, as test programs do.
    with ThreadPoolExecutor() as pool:
        list(pool.map(servers, ["start", "start"]))
    urls = servers.urls()
    assert [urlsplit(url).scheme for url in urls] == list(NAMES)
    assert servers.urls(*NAMES) == urls
    for url in urls:
        answer(url, "create table kept (number integer)")
        answer(url, "insert into kept values (7)")

    servers("kill")
    assert all(refuses(url, "select 1") for url in urls)
    servers("start")
    servers("restart")
    assert [answer(url, "select number from kept") for url in urls] == ["7", "7"]

    admins = servers.urls("--admin")
    for url, admin in zip(urls, admins, strict=True):
        answer(admin, "create database another")
        elsewhere = url.replace("/mailroll?", "/another?")
        assert refuses(elsewhere, "select 1"), "one's own database only"
        assert refuses(url, "create database third"), "one's own database only"
    assert refuses(urls[0].replace("throw-away", "guessed"), "select 1")
    assert refuses(urls[1].replace("throw-away", "guessed"), "select 1")

    # What the stores must not lean on, and what they need.
    assert answer(urls[0], "select 'a' < 'B', 'B' < 'a'") == "t|f"
    assert answer(urls[0], "show fsync") == "on"
    assert answer(urls[0], "show listen_addresses") == ""
    assert answer(urls[1], "select 'a' < 'B', 'a' = 'A'") == "1\t1"
    assert answer(urls[1], "select @@innodb_flush_log_at_trx_commit, @@local_infile, @@skip_networking") == "1\t1\t1"
    assert "STRICT_TRANS_TABLES" in answer(urls[1], "select @@sql_mode")

    folder = Path(parse_qs(urlsplit(urls[0]).query)["host"][0])
    assert len(str(folder)) < 90
    assert folder.stat().st_mode & 0o777 == 0o700
    servers("stop")
    assert not folder.exists()
    assert not list(servers.script.parents[1].glob("build/**/*.log"))
    servers("stop")


def test_servers_that_listen_do_so_on_this_machine_and_over_tls_alone(servers: Servers) -> None:
    servers("start", "--no-fsync", "--tls")
    plain, secured = servers.urls(), servers.urls("--tls")
    for url in plain:  # the addresses of the sockets are what they always are
        assert urlsplit(url).port is None
        answer(url, "select 1")
    assert answer(secured[0], "select ssl from pg_stat_ssl where pid = pg_backend_pid()") == "t"
    assert refuses(secured[0].replace("verify-full", "disable"), "select 1")
    assert refuses(secured[0].replace("127.0.0.1", "127.0.0.2"), "select 1")

    parts = urlsplit(secured[1])
    command = ["mariadb", "--no-defaults", f"--user={parts.username}", f"--password={parts.password}", "--protocol=tcp"]
    command += [f"--port={parts.port}", "--skip-column-names", "--execute=show status like 'ssl_cipher'", "mailroll"]
    proved = ["--ssl-verify-server-cert", f"--ssl-ca={parse_qs(parts.query)['ssl_ca'][0]}"]
    for host, options, lets_in in (
        ("127.0.0.1", proved, True),
        ("127.0.0.1", ["--skip-ssl"], False),
        ("127.0.0.2", proved, False),
    ):
        done = subprocess.run([*command, f"--host={host}", *options], capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == lets_in, done.stderr
        assert not lets_in or len(done.stdout.split()) == 2, "the cipher has a name"

    folder = Path(parse_qs(urlsplit(secured[0]).query)["sslrootcert"][0]).parent
    assert sorted(each.name for each in folder.iterdir()) == ["ca.crt", "server.crt", "server.key"]
    servers("kill", "postgresql")
    servers("start", "--no-fsync", "postgresql")
    servers("urls", "--tls", "postgresql", code=1)
    answer(plain[0], "select 1")
    servers("stop")
    assert not folder.exists()


def test_one_server_alone_and_without_syncs(servers: Servers) -> None:
    servers("start", "--no-fsync", "postgresql")
    (url,) = servers.urls("postgresql")
    assert answer(url, "show fsync") == "off"
    servers("urls", "mysql", code=1)
    servers("kill", "mysql", code=1)
    servers("stop", "postgresql")
    servers("urls", "postgresql", code=1)


@pytest.mark.parametrize(
    "words",
    [(), ("begin",), ("start", "oracle"), ("stop", "--no-fsync"), ("start", "--admin"), ("urls", "--admin", "--tls")],
)
def test_a_wrong_call_is_told_the_right_ones(servers: Servers, words: tuple[str, ...]) -> None:
    done = subprocess.run([servers.script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "scripts/servers start" in done.stderr
