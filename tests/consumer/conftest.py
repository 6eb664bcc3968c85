"""What the consumer tests share: an installed tree, and how commands are run against it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("MAILROLL_BUILD_DIR", ROOT / "build" / "dev"))
Run = Callable[..., str]


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a command that must succeed; answers what it printed."""

    def run_command(*command: str | Path, cwd: Path | None = None) -> str:
        # Nothing of the build tree may leak in: the binaries find each other by where they stand.
        hidden = ("LD_LIBRARY_PATH", "MAILROLL_DB", "MAILROLL_BACKEND_PATH", "CMAKE_PREFIX_PATH")
        environment = {k: v for k, v in os.environ.items() if k not in hidden}
        words = [str(word) for word in command]
        done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run_command


@pytest.fixture(scope="session")
def prefix(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An install prefix that was moved after the installation, so that nothing in it can know where it was made."""
    folder = tmp_path_factory.mktemp("install")
    run("cmake", "--install", BUILD, "--prefix", folder / "made")
    shutil.move(folder / "made", folder / "moved")
    return folder / "moved"
