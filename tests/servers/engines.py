"""Servers to be killed and spoiled, which nobody else uses: stores on them, and the engine's own shell beside them."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "throw-away"  # scripts/servers
PATIENCE = 60  # seconds, until the machine has done what it surely does


def engines_to_test() -> list[str]:
    """Those that MAILROLL_TEST_URLS names; none where it is not set."""
    named = {urlsplit(url).scheme for url in os.environ.get("MAILROLL_TEST_URLS", "").split()}
    return sorted(named & {"postgresql", "mysql"})


def wait_until(holds: Callable[[], object], what: str) -> None:
    last = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < last, f"waited {PATIENCE} s in vain: {what}"
        time.sleep(0.02)


class Server:
    """One server in a folder of its own, by scripts/servers: nobody else meets it."""

    def __init__(self, name: str, clone: Path) -> None:
        self.name = name
        self.script = clone / "scripts" / "servers"
        self.script.parent.mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "servers", self.script)
        self.numbers = itertools.count(1)
        self.start()
        self.url = self.run("urls").strip()
        self.admin_url = self.run("urls", "--admin").strip().replace("/postgres?", "/mailroll?")

    def run(self, *words: str) -> str:
        command = [self.script, *words, self.name]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        self.run("start", "--tls")

    def kill(self) -> None:
        """As by kill -9."""
        self.run("kill")

    def restart_without_tls(self) -> None:
        """On the socket alone, until it is started anew."""
        self.run("restart")

    def restart(self) -> None:
        self.run("restart", "--tls")

    def tls_url(self) -> str:
        """Its port is another one after every start."""
        return self.run("urls", "--tls").strip()

    def socket(self) -> str:
        options = parse_qs(urlsplit(self.url).query)
        return f"{options['host'][0]}/.s.PGSQL.5432" if self.name == "postgresql" else options["unix_socket"][0]

    def new_store(self) -> Store:
        return Store(self, f"store_{next(self.numbers)}")


class Store:
    """An empty store on a server; what is said to `admin` is said by one who may do everything."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        if server.name == "postgresql":
            make = f"create schema {name} authorization mailroll"
        else:
            grant = f"grant all on {name}.* to mailroll"
            make = f"create database {name}; {grant}@localhost; {grant}@127.0.0.1"
        self.url = self.at(server.url)
        subprocess.run([*self.shell(""), make], check=True, stdout=subprocess.DEVNULL)

    def at(self, url: str) -> str:
        """The store by another address of its server's."""
        if self.server.name == "postgresql":
            return f"{url}&application_name={self.name}&options=-csearch_path%3D{self.name}"
        return url.replace("/mailroll?", f"/{self.name}?")

    def url_with(self, setting: str) -> str:
        """PostgreSQL's alone: the address with a setting of the server's for these connections."""
        return f"{self.url}%20-c{setting}"

    def shell(self, name: str | None = None) -> list[str]:
        """The engine's shell as admin, with the statement still to come."""
        name = self.name if name is None else name
        if self.server.name == "postgresql":
            url = self.server.admin_url + (f"&options=-csearch_path%3D{name}" if name else "")
            return ["psql", url, "-XqtA", "-v", "ON_ERROR_STOP=1", "-c"]
        socket = parse_qs(urlsplit(self.server.admin_url).query)["unix_socket"][0]
        return ["mariadb", "--no-defaults", "-u", "admin", "-S", socket, "-N", *([name] if name else ["mysql"]), "-e"]

    def admin(self, statement: str) -> str:
        done = subprocess.run([*self.shell(), statement], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def number(self, statement: str) -> int:
        return int(self.admin(statement))

    @contextmanager
    def session(self) -> Iterator[Session]:
        it = Session(self.shell()[:-1], self.server.name)
        try:
            yield it
        finally:
            it.end()

    def waiting(self) -> int:
        """How many of the store's connections wait for somebody's lock."""
        if self.server.name == "postgresql":
            mine = f"application_name = '{self.name}' and wait_event_type = 'Lock'"
            return self.number(f"select count(*) from pg_stat_activity where {mine}")
        time.sleep(0.15)  # InnoDB looks anew only where nobody has asked for 100 ms
        mine = f"join information_schema.processlist p on p.id = t.trx_mysql_thread_id and p.db = '{self.name}'"
        return self.number(
            f"select count(*) from information_schema.innodb_trx t {mine} where t.trx_state = 'LOCK WAIT'"
        )

    def end_connections(self) -> int:
        """From the server's side; how many there were."""
        if self.server.name == "postgresql":
            ending = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            return self.number(f"{ending} where application_name = '{self.name}'")
        mine = f"user = 'mailroll' and db = '{self.name}'"
        ids = self.admin(f"select id from information_schema.processlist where {mine}").split()
        for each in ids:
            self.admin(f"kill {each}")
        return len(ids)


class Session:
    """A transaction that stays open beside the store, by a shell that goes on reading."""

    def __init__(self, command: list[str], engine: str) -> None:
        command = [word for word in command if word != "-e"]
        if engine == "mysql":
            command += ["--unbuffered"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if engine == "mysql":  # as PostgreSQL's: locks nothing but the rows that are there
            self.ask("set transaction isolation level read committed")
        self.ask("begin")

    def ask(self, statement: str) -> list[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{statement};\nselect 'that is all';\n")
        self.process.stdin.flush()
        lines = [line.strip() for line in iter(self.process.stdout.readline, "that is all\n")]
        return [line for line in lines if line]

    def lock_rows(self, table: str, when: str = "1 = 1") -> None:
        """Waits until there are some, and the condition holds, and locks all of them."""
        wait_until(lambda: self.ask(f"select team_id from {table} where {when} for update"), f"rows of {table}")

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
