"""Claim: listing 500,000 of 1,000,000 people in Python (`for person in audience`) runs at 0.3 times the rate of a bare
C loop over the SQL that a person would write for it, or faster. The loop is list.cpp's, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import mailroll


def seconds_in_python(audience: Iterable[mailroll.Recipient]) -> tuple[float, int]:
    people = size = 0
    started = time.perf_counter()
    for person in audience:
        people += 1
        size += len(person.email) + len(person.first_name) + len(person.last_name)
    return time.perf_counter() - started, people


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pairs", type=int, default=7)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path, default=Path("build/benchmarks"))
    options.add_argument("--json", type=Path)
    options.add_argument("--program", type=Path, default=Path("build/release/benchmarks/benchmark_list"))
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    database = given.folder.resolve() / "list-python.db"
    program = str(given.program)
    subprocess.run(
        [program, "--rows", str(given.rows), "--folder", str(given.folder), "prepare", str(database)], check=True
    )
    pipe = subprocess.PIPE
    floor = subprocess.Popen([program, "floor", str(database)], stdin=pipe, stdout=pipe, text=True)
    assert floor.stdin
    assert floor.stdout

    def seconds_bare() -> float:
        print(file=floor.stdin, flush=True)
        return float(floor.stdout.readline())

    expected = given.rows // 2
    ours: list[float] = []
    bare: list[float] = []
    with mailroll.open(f"sqlite:///{database}") as roll:
        audience = roll.audience("Half", topic="News")
        assert seconds_in_python(audience)[1] == expected
        for pair in range(given.pairs):
            if pair % 2:
                bare.append(expected / seconds_bare())
            seconds, people = seconds_in_python(audience)
            assert people == expected
            ours.append(expected / seconds)
            if not pair % 2:
                bare.append(expected / seconds_bare())
            print(f"  pair {pair + 1}: {ours[-1]:.4g} beside {bare[-1]:.4g}", file=sys.stderr)
    floor.stdin.close()
    floor.wait()
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)

    values = [a / b for a, b in zip(ours, bare, strict=True)]
    median = statistics.median(values)
    print(
        f"audience list, Python: median {median:.3g} x ({min(values):.3g} to {max(values):.3g}, {len(values)}), "
        f"bar at least 0.3: {'met' if median >= 0.3 else 'MISSED'}"
    )
    floor_name = "a bare loop over SQL (people a second)"
    print(f"  median {statistics.median(ours):.4g} beside {statistics.median(bare):.4g} of {floor_name}")
    if given.json:
        claim = {
            "claim": "audience list, Python",
            "unit": "x",
            "bar": "at least",
            "limit": 0.3,
            "met": median >= 0.3,
            "median": median,
            "lowest": min(values),
            "highest": max(values),
            "values": values,
            "ours": ours,
            "floor": bare,
            "floor_name": floor_name,
        }
        machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load_at_end": os.getloadavg()[0]}
        given.json.parent.mkdir(parents=True, exist_ok=True)
        document = {"program": "list_python", "rows": [given.rows], "machine": machine, "claims": [claim]}
        given.json.write_text(json.dumps(document, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
