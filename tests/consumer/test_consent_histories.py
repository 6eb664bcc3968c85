"""The three worked histories of docs/consent.md print what their comments say."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HISTORIES = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/consent.md").read_text(encoding="utf-8"), re.M | re.S)


def said(code: str) -> list[str]:
    """Behind a print on its line, or on the lines below it."""
    found = []
    printing = False
    for line in code.splitlines():
        if match := re.match(r"\s*print\(.*\)  # (.+)$", line):
            found.append(match[1])
        printing = bool(re.match(r"\s*print\(.*\)$", line)) or (printing and line.startswith("# "))
        if printing and line.startswith("# "):
            found.append(line[2:])
    return found


def test_there_are_three() -> None:
    assert len(HISTORIES) == 3


@pytest.mark.parametrize("code", HISTORIES, ids=["sign-up", "override", "erasure"])
def test_a_history_prints_what_it_says(code: str, run: Callable[..., str], tmp_path: Path) -> None:
    assert run(sys.executable, "-c", code, cwd=tmp_path).splitlines() == said(code)
    assert said(code)
