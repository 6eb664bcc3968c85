"""Everything the README shows is compiled and run, as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., str]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder where the README's paths are right."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "data").symlink_to(ROOT / "examples" / "data")
    return tmp_path


def test_the_python_block_runs_and_says_what_its_comments_say(run: Run, folder: Path) -> None:
    (code,) = blocks("python")
    printed = run(sys.executable, "-c", code, cwd=folder)
    assert re.search(r"^\d+ people out of \d+ list entries$", printed, re.M)
    assert re.search(r"^Counts\(members=\d+, receives=\d+, by_reason=\{.*\}", printed, re.M)
    assert printed.rstrip().endswith("topic_opted_out")


def test_the_cpp_block_builds_against_the_install_prefix_and_runs(run: Run, prefix: Path, folder: Path) -> None:
    (code,) = blocks("cpp")
    (folder / "main.cpp").write_text(code, encoding="utf-8")
    (folder / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(readme LANGUAGES CXX)\n"
        "find_package(mailroll CONFIG REQUIRED)\nadd_executable(readme main.cpp)\n"
        "target_link_libraries(readme PRIVATE mailroll::mailroll)\n"
    )
    run("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", folder / "build")
    lines = run(folder / "build" / "readme", cwd=folder).splitlines()
    assert re.fullmatch(r"\d+ people", lines[0])
    receives = int(lines[1].split()[0])
    # The person who leaves before the list is read is the one who is missing from it.
    assert len(lines) - 2 == receives - 1


def test_the_shell_lines_run(run: Run, prefix: Path, folder: Path) -> None:
    shell = blocks("sh")[0]
    program = prefix / "bin" / "mailroll"
    shutil.copytree(ROOT / "examples" / "data" / "audiences", folder / "copy")
    run("sh", "-c", f"{shlex.quote(str(program))} migrate audiences copy --rejects rejects || test $? = 5", cwd=folder)
    for line in shell.splitlines():
        words = shlex.split(line, comments=True)
        assert words[0] == "mailroll"
        allowed = "|| test $? = 5" if "migrate" in words else ""
        printed = run("sh", "-c", f"{shlex.join([str(program), *words[1:]])} {allowed}", cwd=folder)
        assert printed.strip()
