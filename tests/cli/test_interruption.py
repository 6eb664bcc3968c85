"""Ctrl-C during long work."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def many(file: Any) -> Path:
    return file("many.csv", "email\n" + "".join(f"user{n}.of.many@example.com\n" for n in range(400_000)))


def test_an_interrupted_import_says_what_stays_and_is_completed_by_the_same_command(cli: Any, many: Path) -> None:
    stopped = 0
    for after in (0, 0.2, 0.6):
        code, err = cli.interrupt("contacts", "import", many, after=after)
        if code == 0:
            continue
        stopped += 1
        assert code == 1
        assert err.startswith("mailroll: stopped: ")
        assert err.count("\n") == 1
    assert stopped > 0, "this machine is too fast for the test: make the file longer"
    assert cli.json("contacts", "import", many)["rows"] == 400_000
    assert cli.json("usage")["global"] == 400_000
    assert cli.json("check")["ok"] is True


def test_interrupted_planning_leaves_nothing(cli: Any, many: Path) -> None:
    code, err = cli.interrupt("contacts", "import", many, "--dry-run", after=0.1)
    if code != 0:
        assert (code, "nothing was written" in err) == (1, True)
    assert cli.json("usage")["global"] == 0
