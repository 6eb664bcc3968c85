"""The installed tree, as somebody else's project meets it: find_package, headers, library, program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., str]


@pytest.fixture(scope="module")
def embed(run: Run, prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = tmp_path_factory.mktemp("embed")
    run("cmake", "-S", ROOT / "examples" / "embed", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    return build / "embed"


def test_the_embedding_example_builds_against_the_install_prefix_and_runs(
    run: Run, embed: Path, tmp_path: Path
) -> None:
    assert run(embed, cwd=tmp_path) == "Ada <ada@example.com>\nGrace: no, topic_opted_out\n"
    assert (tmp_path / "roll.db").exists()


def test_the_embedding_example_runs_in_memory_too(run: Run, embed: Path, tmp_path: Path) -> None:
    assert "Ada <ada@example.com>" in run(embed, "memory://", cwd=tmp_path)
    assert not list(tmp_path.iterdir())


def test_every_public_header_is_installed_and_no_private_one(prefix: Path) -> None:
    public = ROOT / "core" / "include"
    expected = {str(p.relative_to(public)) for p in public.rglob("*.hpp")}
    installed = {str(p.relative_to(prefix / "include")) for p in (prefix / "include").rglob("*") if p.is_file()}
    assert installed == expected


def test_the_backends_stand_beside_the_library_and_are_found_there(run: Run, prefix: Path) -> None:
    listed = json.loads(run(prefix / "bin" / "mailroll", "--format", "json", "backends"))
    origins = {backend["scheme"]: backend["origin"] for backend in listed}
    (library,) = {path.parent.resolve() for path in prefix.rglob("libmailroll.so.0")}
    assert origins["sqlite"] == str(library / "libmailroll_sqlite.so")


def test_a_project_that_wants_another_version_is_told_so(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES NONE)\nfind_package(mailroll 99 CONFIG REQUIRED)\n"
    )
    done = subprocess.run(
        ["cmake", "-S", tmp_path, "-B", tmp_path / "b", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "compatible with requested version" in done.stderr.replace("\n", " ")


def test_the_installed_program_runs_where_it_was_moved(run: Run, prefix: Path) -> None:
    assert "mailroll" in run(prefix / "bin" / "mailroll", "--help")
