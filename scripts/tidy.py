"""Runs clang-tidy over our sources, each file only if it, a header of ours that it includes, or the rules changed.

What a file includes is what ninja noted when it compiled it, so the answer costs nothing. A clean file leaves a stamp
named by the hash of all that in build/tidy; a file with a finding leaves none and is looked at again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / "build" / "tidy"
CLANG_TIDY = "clang-tidy-16"  # 14 cannot read the ranges of GCC 12's library
# Tests are made of macros that the rules were not written for.
CHECKED = ("core/src/", "backends/", "cli/", "bindings/")


@cache
def content_hash(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest() if path.exists() else b""


def our_includes(build: Path) -> dict[str, list[Path]]:
    """Object file -> files of this repository it was made from."""
    command = ["ninja", "-C", str(build), "-t", "deps"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, list[Path]] = {}
    current: list[Path] = []
    for line in listing.splitlines():
        if line.startswith("    "):
            path = (build / line.strip()).resolve()
            if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv"):
                current.append(path)
        elif ": #deps" in line:
            current = found.setdefault(line.split(": #deps")[0], [])
    return found


def to_check() -> dict[Path, tuple[Path, str]]:
    """Source -> (build folder, key of everything its findings depend on)."""
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    rules = hashlib.sha256(version.encode() + content_hash(ROOT / ".clang-tidy")).digest()
    answer: dict[Path, tuple[Path, str]] = {}
    for build in (ROOT / "build" / "dev", ROOT / "build" / "wheel"):
        database = build / "compile_commands.json"
        if not database.exists():
            continue
        includes = our_includes(build)
        for entry in json.loads(database.read_text()):
            source = Path(entry["file"])
            if source in answer or not source.is_relative_to(ROOT) or not source.exists():
                continue
            if not str(source.relative_to(ROOT)).startswith(CHECKED):
                continue
            key = hashlib.sha256(rules + entry["command"].encode() + content_hash(source))
            for path in sorted(includes.get(entry.get("output", ""), [])):
                key.update(content_hash(path))
            answer[source] = (build, key.hexdigest())
    return answer


def check(source: Path, build: Path, key: str) -> str:
    """Findings, or nothing."""
    run = subprocess.run(
        [CLANG_TIDY, "-p", str(build), "--quiet", "--warnings-as-errors=*", "--extra-arg=-w", str(source)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode == 0:
        (STAMPS / key).touch()
        return ""
    return run.stdout + "".join(line + "\n" for line in run.stderr.splitlines() if "error" in line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    jobs = parser.parse_args().jobs
    STAMPS.mkdir(parents=True, exist_ok=True)
    sources = to_check()
    if not sources:
        print("nothing to check: build the preset dev first", file=sys.stderr)
        return 1
    stale = {s: b for s, b in sources.items() if not (STAMPS / b[1]).exists()}
    print(f"{len(sources)} files, {len(stale)} to look at", flush=True)
    unclean = 0
    with ThreadPoolExecutor(jobs) as pool:
        for source, findings in zip(stale, pool.map(lambda s: check(s, *stale[s]), stale), strict=True):
            if findings:
                unclean += 1
                print(f"--- {source.relative_to(ROOT)}\n{findings}", flush=True)
    print(f"{len(sources) - unclean} files clean, {unclean} not")
    return 1 if unclean else 0


if __name__ == "__main__":
    sys.exit(main())
