"""A backend that somebody else wrote: examples/backend_plugin, built outside the tree against the installed one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUDIENCES = ROOT / "examples" / "data" / "audiences"
Run = Callable[..., str]


@pytest.fixture(scope="module")
def plugin(run: Run, prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("outside") / "backend_plugin"
    shutil.copytree(ROOT / "examples" / "backend_plugin", source)
    build = source / "build"
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", build)
    return build / "libmailroll_jsonl.so"


def test_its_only_way_in_are_the_two_entry_points(run: Run, plugin: Path) -> None:
    shown = run("nm", "-D", "--defined-only", plugin).splitlines()
    names = {line.split()[-1] for line in shown if line.split()[1] == "T"}
    assert {"mailroll_backend", "mailroll_backend_abi"} == {name for name in names if not name.startswith("_")}


def test_the_program_migrates_into_it_as_into_sqlite(run: Run, prefix: Path, plugin: Path, tmp_path: Path) -> None:
    program = prefix / "bin" / "mailroll"

    def migrated(url: str) -> list[object]:
        given = [program, "--backend-path", plugin.parent, "--db", url, "--format", "json"]
        found: list[object] = []
        for words in (["migrate", "audiences", AUDIENCES], ["migrate", "audiences", AUDIENCES]):
            done = subprocess.run([*given, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 5, done.stderr  # the data has bad rows
            found.append(json.loads(done.stdout))
        found.append(json.loads(run(*given, "usage", cwd=tmp_path)))
        found.append(json.loads(run(*given, "check", cwd=tmp_path))["ok"])
        for segment in json.loads(run(*given, "segments", "list", cwd=tmp_path)):
            words = ["audience", "count", "--segment", segment["name"], "--topic", segment["name"]]
            found.append(json.loads(run(*given, *words, cwd=tmp_path)))
        return found

    assert migrated("jsonl:///roll.jsonl") == migrated("sqlite:///roll.db")
    first = json.loads((tmp_path / "roll.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first["mailroll"] == "jsonl"


def test_python_opens_it(run: Run, plugin: Path, tmp_path: Path) -> None:
    code = (
        "import mailroll\n"
        f"mailroll.load_backend({str(plugin)!r})\n"
        "with mailroll.open('jsonl:///roll.jsonl') as roll:\n"
        "    roll.contacts.add('ada@example.com')\n"
        "with mailroll.open('jsonl:///roll.jsonl') as roll:\n"
        "    print(roll.contacts.get('ada@example.com').email)\n"
    )
    assert run(sys.executable, "-c", code, cwd=tmp_path) == "ada@example.com\n"


def test_a_cpp_program_opens_it(run: Run, prefix: Path, plugin: Path, tmp_path: Path) -> None:
    (tmp_path / "main.cpp").write_text(
        "#include <iostream>\n#include <mailroll/mailroll.hpp>\n"
        "int main(int, char** words) {\n"
        "  mailroll::load_backend(words[1]);\n"
        '  auto roll = mailroll::open("jsonl:///roll.jsonl");\n'
        '  roll.contacts().add({.email = "ada@example.com"});\n'
        "  try {\n"
        '    mailroll::open("jsonl:///nowhere/at/all.jsonl");\n'
        "  } catch (const mailroll::Error& error) {\n"
        '    std::cout << roll.usage().global << " " << error.reason() << "\\n";\n'
        "  }\n"
        "}\n"
    )
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(host LANGUAGES CXX)\nfind_package(mailroll CONFIG REQUIRED)\n"
        "add_executable(host main.cpp)\ntarget_link_libraries(host PRIVATE mailroll::mailroll)\n"
    )
    run("cmake", "-S", tmp_path, "-B", tmp_path / "build", "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path / "build")
    assert run(tmp_path / "build" / "host", plugin, cwd=tmp_path) == "1 unreachable\n"


def test_writers_in_many_processes_lose_nothing(run: Run, prefix: Path, plugin: Path, tmp_path: Path) -> None:
    given = [prefix / "bin" / "mailroll", "--backend-path", plugin, "--db", "jsonl:///roll.jsonl", "--format", "json"]
    run(*given, "init", cwd=tmp_path)
    writers = [
        subprocess.Popen([*given, "contacts", "add", f"{name}@example.com"], cwd=tmp_path, stdout=subprocess.DEVNULL)
        for name in range(20)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * 20
    assert json.loads(run(*given, "usage", cwd=tmp_path))["global"] == 20
    assert json.loads(run(*given, "check", cwd=tmp_path))["ok"] is True


def test_a_file_that_is_another_ones_is_left_as_it_is(prefix: Path, plugin: Path, tmp_path: Path) -> None:
    (tmp_path / "roll.jsonl").write_text('{"address": "ada@example.com"}\n')
    given = [prefix / "bin" / "mailroll", "--backend-path", plugin, "--db", "jsonl:///roll.jsonl"]
    done = subprocess.run([*given, "usage"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 6
    assert "ada" not in done.stderr
    assert (tmp_path / "roll.jsonl").read_text() == '{"address": "ada@example.com"}\n'


def test_it_answers_every_question_as_the_reference_does(run: Run, prefix: Path, plugin: Path, tmp_path: Path) -> None:
    # In memory where there is such a disk, since thousands of commits are durable.
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=place if os.access(place, os.W_OK) else tmp_path) as folder:
        allowed = tmp_path / "allowed"
        allowed.write_text("parallel_writers\n")
        program = prefix / "bin" / "mailroll-conformance"
        given = ["--backend-path", plugin, "--db", f"jsonl:///{folder}/roll.jsonl", "--allow-skips", allowed]
        assert " 0 failed" in run(program, *given, "--rounds", "1", cwd=tmp_path)
