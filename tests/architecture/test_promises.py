"""docs/promises.md names a test for each of the 24 failures, and each of those tests is there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import layers

ROW = re.compile(r"^\| (\d+) \|.*\| ([^|]+) \|$", re.MULTILINE)


def test_every_failure_has_a_test_that_exists() -> None:
    rows = {
        int(number): re.findall(r"`(\w+)`", tests) for number, tests in ROW.findall(layers.read("docs/promises.md"))
    }
    assert sorted(rows) == list(range(1, 25))
    written = set()
    for path in layers.sources("tests", suffixes=(".cpp",)):
        written |= set(re.findall(r"TEST(?:_P|_F)?\(\s*\w+,\s*(\w+)\)", layers.read(path)))
    missing = {number: [test for test in tests if test not in written] for number, tests in rows.items()}
    assert all(rows.values())
    assert not any(missing.values()), missing
