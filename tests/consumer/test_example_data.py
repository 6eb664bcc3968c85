"""The example export: made by its program, and migrated to what its program says is true of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "examples" / "data"
PROGRAM = Path(sys.prefix) / "bin" / "mailroll"


def mailroll(db: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> Any:
    environment = {k: v for k, v in os.environ.items() if k != "MAILROLL_DB"}
    command = [str(PROGRAM), "--db", f"sqlite:///{db}", "--format", "json", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in codes, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def expected() -> Any:
    return json.loads((DATA / "audiences.expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Path]:
    folder = tmp_path_factory.mktemp("migrated")
    rejects = folder / "rejects.ndjson"
    summary = mailroll(
        folder / "roll.db", "migrate", "audiences", str(DATA / "audiences"), "--rejects", str(rejects), codes=(5,)
    )
    return folder / "roll.db", summary, rejects


def test_the_generator_makes_what_is_committed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DATA / "make_audiences.py", tmp_path], check=True)
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    for path, content in made.items():
        assert (DATA / path).read_bytes() == content, f"{path} is not what make_audiences.py makes"
    assert {p.name for p in (DATA / "audiences").iterdir()} == {p.name for p in made if p.parent.name == "audiences"}


def test_the_summary_says_what_is_true_of_the_data(migrated: tuple[Path, Any, Path], expected: Any) -> None:
    _, summary, _ = migrated
    assert {key: summary.get(key) for key in expected["summary"]} == expected["summary"]


def test_every_bad_row_is_rejected_for_its_reason(migrated: tuple[Path, Any, Path], expected: Any) -> None:
    _, _, rejects = migrated
    reasons: dict[str, int] = {}
    for line in rejects.read_text(encoding="utf-8").splitlines():
        reason = json.loads(line)["reason"]
        reasons[reason] = reasons.get(reason, 0) + 1
    assert reasons == expected["rejected_by_reason"]


def test_each_segment_reaches_whom_its_audience_reached(migrated: tuple[Path, Any, Path], expected: Any) -> None:
    db, _, _ = migrated
    for name, counts in expected["audiences"].items():
        found = mailroll(db, "audience", "count", "--segment", name, "--topic", name)
        assert {key: found[key] for key in counts} == counts, name


def test_migrating_it_again_changes_nothing(migrated: tuple[Path, Any, Path], expected: Any) -> None:
    db, _, _ = migrated
    again = mailroll(db, "migrate", "audiences", str(DATA / "audiences"), codes=(5,))
    assert again["contacts_created"] == 0
    assert again["contacts_updated"] == 0
    assert again["contacts_unchanged"] == expected["summary"]["contacts"]


def test_ada_left_one_audience_and_stayed_in_another(migrated: tuple[Path, Any, Path]) -> None:
    db, _, _ = migrated
    left = mailroll(db, "explain", "ada.lovelace@example.com", "--topic", "Webinars & Événements")
    assert (left["receives"], left["reason"]) == (False, "topic_opted_out")
    assert left["event"]["at"].startswith("2025-06-03T17:12:44")
    stayed = mailroll(db, "explain", "ada.lovelace@example.com", "--topic", "Product updates")
    assert (stayed["receives"], stayed["reason"]) == (True, "topic_opted_in")
