"""Shows what `mailroll migrate audiences` has done: the counts, and per audience who received before and who does now.

The last part asks the store through the program, one `audience count` for each segment, as a user would.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any


def ask(db: str, *arguments: str) -> Any:
    command = ["mailroll", "--db", db, "--format", "json", *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def show_counts(summary: dict[str, Any], rejects: Path) -> None:
    usage = summary["usage"]
    print(f"    {summary['rows']:>6,} rows in {summary['audiences']} audiences")
    print(f"    {summary['rejected']:>6,} rejected{why_rejected(rejects)}")
    print(f"    {summary['duplicates']:>6,} rows repeat somebody in the same audience")
    kinds = [f"{summary[f'contacts_{kind}']:,} {kind}" for kind in ("created", "updated", "unchanged")]
    print(f"    {summary['contacts']:>6,} people: {', '.join(kinds)}")
    print(f"    {summary['address_spellings']:>6,} of them wrote their address in more than one way")
    print(f"    {summary['name_conflicts']:>6,} bear more than one name")
    print(f"    {summary['opt_ins']:>6,} opt-ins, {summary['opt_outs']:,} opt-outs")
    print(f"    {summary['unsubscribed']:>6,} people had left everything")
    print(f"    {usage['global']:>6,} contacts to pay for, where counting per audience gave {usage['per_audience']:,}")


def why_rejected(rejects: Path) -> str:
    if not rejects.exists():
        return ""
    with rejects.open(encoding="utf-8") as lines:
        reasons = Counter(json.loads(line)["reason"] for line in lines if line.strip())
    return f" ({', '.join(f'{n} {reason}' for reason, n in reasons.most_common())}; see {rejects})" if reasons else ""


def show_audiences(db: str, before: dict[str, int]) -> None:
    print(f"\n    {'audience, now segment and topic':<34} {'members':>8} {'before':>8} {'now':>8}   why not")
    for segment in listed(ask(db, "segments", "list")):
        name = segment["name"]
        if name not in before:
            continue
        counts = ask(db, "audience", "count", "--segment", name, "--topic", name)
        reasons = {reason: n for reason, n in counts["by_reason"].items() if reason != "topic_opted_in"}
        why = ", ".join(f"{n} {reason}" for reason, n in reasons.items())
        print(f"    {name:<34} {counts['members']:>8,} {before[name]:>8,} {counts['receives']:>8,}   {why}")
    print()


def listed(answer: Any) -> list[dict[str, Any]]:
    """A list, bare or in an envelope."""
    return answer if isinstance(answer, list) else answer["data"]


def received_before(summary: dict[str, Any]) -> dict[str, int]:
    """Whom each old audience reached, as the migration counted them in the old rows."""
    return {audience["name"]: audience["received_before"] for audience in summary["audiences_detail"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", required=True)
    parser.add_argument("--summary", required=True, type=Path, help="what migrate audiences --format json printed")
    parser.add_argument("--rejects", required=True, type=Path)
    given = parser.parse_args()
    summary = json.loads(given.summary.read_text(encoding="utf-8"))
    show_counts(summary, given.rejects)
    show_audiences(given.db, received_before(summary))


if __name__ == "__main__":
    main()
