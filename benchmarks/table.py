"""Prints the results in a folder as the tables of README.md: `python3 benchmarks/table.py build/benchmarks/results`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ORDER = [
    "import",
    "migration",
    "list",
    "list_python",
    "point",
    "token",
    "as_of",
    "keys",
    "outbox",
    "check",
    "handoff",
    "memory",
    *(
        f"server_{what}_{engine}"
        for engine in ("postgresql", "mysql")
        for what in ("import", "list", "trips", "memory")
    ),
]


def short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def claim_row(program: str, claim: dict[str, Any]) -> str:
    unit = "" if claim["unit"] == "x" else f" {claim['unit']}"
    found = f"**{short(claim['median'])}**{unit} ({short(claim['lowest'])} to {short(claim['highest'])})"
    bar = "none" if claim["bar"] == "none" else f"{claim['bar']} {claim['limit']:g}{unit or ' x'}"
    met = "" if claim["met"] else ", **missed**"
    name = re.sub("_(postgresql|mysql)$", "", program)
    return f"| {claim['claim']} | {bar}{met} | {found} | `benchmarks/run {name}` |"


def main(folder: Path) -> None:
    print("| claim | bar | median (lowest to highest) | command |\n| --- | --- | --- | --- |")
    for program in ORDER:
        file = folder / f"{program}.json"
        if file.exists():
            for claim in json.loads(file.read_text())["claims"]:
                print(claim_row(program, claim))
    rules = folder / "rules.json"
    if rules.exists():
        print("\n| one call of | ns |\n| --- | --- |")
        for run in json.loads(rules.read_text())["benchmarks"]:
            print(f"| {run['name'].replace('_', ' ').replace('/', ', ')} | {run['cpu_time']:.3g} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
