"""The program and the package on servers that are killed and spoiled. Which engines: those of MAILROLL_TEST_URLS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import engines


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" not in metafunc.fixturenames:
        return
    names = engines.engines_to_test()
    if "MAILROLL_TEST_URLS" in os.environ:
        assert names, "MAILROLL_TEST_URLS names no server that this tree has a backend of"
    else:
        reason = "no server: MAILROLL_TEST_URLS is not set (scripts/servers start, and its urls with blanks between)"
        names = [pytest.param("none", marks=pytest.mark.skip(reason=reason))]
    metafunc.parametrize("server", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    it = engines.Server(request.param, tmp_path_factory.mktemp("servers") / "clone")
    yield it
    it.run("stop")


@pytest.fixture
def store(server: Any) -> Any:
    return server.new_store()


@dataclass
class Answer:
    code: int
    out: str
    err: str


@dataclass
class Program:
    path: str
    folder: Path
    url: str

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAILROLL_")}
        environment |= {"MAILROLL_DB": self.url, "LC_ALL": "C.UTF-8"}
        return subprocess.Popen([self.path, *map(str, words)], cwd=self.folder, env=environment, text=True, **pipes)

    def end(self, process: subprocess.Popen[str]) -> Answer:
        out, err = process.communicate(timeout=120)
        return Answer(process.returncode, out, err)

    def __call__(self, *words: str | Path, code: int | None = 0) -> Answer:
        """`code` is the exit code it must have (None: any)."""
        answer = self.end(self.start(*words))
        assert code in (None, answer.code), f"exit code {answer.code} instead of {code}: {answer.err}{answer.out}"
        return answer

    def json(self, *words: str | Path, code: int = 0) -> Any:
        return json.loads(self("--format", "json", *words, code=code).out)


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """Makes the program for a store."""
    path = os.environ.get("MAILROLL_CLI") or shutil.which("mailroll") or engines.ROOT / "build/dev/cli/mailroll"
    return lambda store: Program(str(path), tmp_path, getattr(store, "url", store))
