"""A disk that is full: one line that says so, nothing half-applied, and the same command again once there is room."""

from __future__ import annotations

import resource
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "examples" / "data" / "audiences"


def no_more_than(octets: int) -> Any:
    """For a child: files end at so many octets, and writing behind that fails, as it does on a full disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))

    return limit


def picture(cli: Any) -> Any:
    """What the store says, without ids of segments and times of writing."""
    names = [segment["name"] for segment in cli.json("segments", "list")]
    counts = [cli.json("audience", "count", "--segment", name, "--topic", name) for name in names]
    people = cli.json("contacts", "list")
    return names, counts, sorted(person["email"] for person in people)


# One that fails while the schema is made, and some that fail in the middle of the people.
@pytest.mark.parametrize("octets", [8_192, 300_000, 1_000_000, 2_000_000])
def test_a_migration_that_met_a_full_disk_ends_as_if_it_had_not_when_it_is_run_again(
    cli: Any, tmp_path: Path, octets: int
) -> None:
    whole = ("--db", f"sqlite:///{tmp_path}/whole.db")
    cli(*whole, "migrate", "audiences", DATA, code=5)
    child = cli.start(
        "migrate", "audiences", DATA, preexec_fn=no_more_than(octets), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = child.communicate(timeout=120)
    assert child.returncode in (1, 6), err
    assert out == b""
    assert err.count(b"\n") == 1
    assert b"no room left on its disk" in err
    assert b"example" not in err.replace(str(DATA).encode(), b"")

    again = cli.json("migrate", "audiences", DATA, code=5)
    assert again["contacts"] == 2850
    assert cli.json("check")["unfinished_runs"] == []
    through_disk = picture(cli)
    cli.environment["MAILROLL_DB"] = whole[1]
    assert through_disk == picture(cli)
