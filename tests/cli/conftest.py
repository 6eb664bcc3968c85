"""The program as people run it: a process with a store of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def find_program() -> str:
    built = ROOT / "build" / "dev" / "cli" / "mailroll"
    return os.environ.get("MAILROLL_CLI") or shutil.which("mailroll") or str(built)


@dataclass
class Answer:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def records(self) -> list[Any]:
        """Of NDJSON."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Program:
    path: str
    folder: Path
    environment: dict[str, str]

    def __call__(
        self, *words: str | Path, stdin: str | bytes = b"", code: int | None = 0, **environment: str
    ) -> Answer:
        """Runs the program; `code` is the exit code it must have (None: any)."""
        done = subprocess.run(
            [self.path, *map(str, words)],
            cwd=self.folder,
            env={**self.environment, **environment},
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        answer = Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert code in (None, answer.code), f"exit code {answer.code} instead of {code}: {answer.err}{answer.out}"
        return answer

    def json(self, *words: str | Path, code: int = 0) -> Any:
        return self("--format", "json", *words, code=code).json()

    def start(self, *words: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        command = [self.path, *map(str, words)]
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, **options)

    def interrupt(self, *words: str | Path, after: float) -> tuple[int, str]:
        """Ctrl-C, so many seconds after the program has begun to listen to it; its exit code and standard error."""
        process = self.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while process.poll() is None and not catches(process.pid, signal.SIGINT):
            time.sleep(0.001)
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
        return process.returncode, err.decode()


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler for a signal."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@pytest.fixture
def cli(tmp_path: Path) -> Program:
    leaks = ("MAILROLL_DB", "MAILROLL_KEYS", "MAILROLL_BACKEND_PATH", "NO_COLOR")
    environment = {k: v for k, v in os.environ.items() if k not in leaks}
    environment |= {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
    return Program(find_program(), tmp_path, environment)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Makes a file below the folder that the program runs in."""

    def make(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def news(cli: Program) -> Program:
    """A store with ada and bob in VIP, bob opted out of News (default opt_in), eve in no segment."""
    cli("segments", "create", "VIP")
    cli("topics", "create", "News", "--default", "opt_in")
    cli("contacts", "add", "ada@example.com", "--first-name", "Ada", "--segment", "VIP")
    cli("contacts", "add", "bob@example.com", "--segment", "VIP")
    cli("contacts", "add", "eve@example.com")
    cli("unsubscribe", "bob@example.com", "--topic", "News")
    return cli
