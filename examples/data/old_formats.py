"""The forms in which an old system's contacts come: CSV of three habits, pages of its API's JSON, NDJSON."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

TRUE_WORDS, FALSE_WORDS = ["true", "Yes", "1", "t", "unsubscribed"], ["false", "", "no", "0", "subscribed", "FALSE"]
FIRST_DAY = datetime(2021, 3, 1, tzinfo=timezone.utc)
LAST_DAY = datetime(2025, 11, 30, tzinfo=timezone.utc)


@dataclass
class Row:
    email: str
    first: str = ""
    last: str = ""
    unsubscribed: bool = False
    created: datetime | None = None
    updated: datetime | None = None
    left_at: datetime | None = None
    plan: str = ""
    country: str = ""
    id: str = ""
    word: str | None = None  # for `unsubscribed`, where it is not simply the flag
    time: str | None = None  # for `created_at`, where it is not a time
    shape: str = ""  # "short" or "long": too few fields, too many
    latin1: bool = False  # bytes that are not UTF-8


@dataclass
class Audience:
    name: str
    kind: str
    share: float  # of people
    leaving: float  # of its members
    id: str = ""
    rows: list[Row] = field(default_factory=list)


class Dice:
    """random.Random by random() alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def below(self, n: int) -> int:
        return int(self._rng.random() * n)

    def pick(self, things: list):  # type: ignore[no-untyped-def, type-arg]
        return things[self.below(len(things))]

    def chance(self, p: float) -> bool:
        return self._rng.random() < p

    def shuffle(self, things: list) -> None:  # type: ignore[type-arg]
        for i in range(len(things) - 1, 0, -1):
            j = self.below(i + 1)
            things[i], things[j] = things[j], things[i]

    def uuid(self) -> str:
        h = "".join("0123456789abcdef"[self.below(16)] for _ in range(32))
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def time(self, start: datetime = FIRST_DAY) -> datetime:
        seconds = int((LAST_DAY - start).total_seconds())
        return start + timedelta(seconds=self.below(max(seconds, 1)), microseconds=self.below(1_000_000))


SAID = {
    "csv-bom-crlf": "CSV with BOM and CRLF, headers `First Name`, `Created At`",
    "json-pages": "pages of the old API's JSON",
    "csv-plain": "CSV, snake_case headers in another order, with `unsubscribed_at` and `updated_at`",
    "ndjson": "NDJSON, with `unsubscribed_at` on some lines",
    "csv-shouting": "CSV, every field quoted, headers in capitals, no ids",
}


def stamp(dice: Dice, row_time: datetime | None, override: str | None = None) -> str:
    if override is not None:
        return override
    if row_time is None:
        return ""
    kind = dice.below(10)
    if kind == 0:
        return row_time.strftime("%Y-%m-%dT%H:%M:%SZ")
    if kind == 1:
        return row_time.strftime("%Y-%m-%d")
    return row_time.strftime("%Y-%m-%d %H:%M:%S.%f+00")


CSV_COLUMNS = {
    "csv-bom-crlf": ["Email", "First Name", "Last Name", "Unsubscribed", "Created At", "id", "plan"],
    "csv-plain": ["id", "created_at", "updated_at", "email", "first_name", "last_name", "unsubscribed",
                  "unsubscribed_at", "country"],
    "csv-shouting": ["LAST_NAME", "FIRST_NAME", "EMAIL", "UNSUBSCRIBED", "CREATED AT", "PLAN", "COUNTRY"],
}  # fmt: skip


def csv_bytes(dice: Dice, audience: Audience) -> bytes:
    columns = CSV_COLUMNS[audience.kind]
    ending = "\r\n" if audience.kind == "csv-bom-crlf" else "\n"
    out = bytearray("\ufeff".encode() if audience.kind == "csv-bom-crlf" else b"")

    def line(cells: list[str], encoding: str = "utf-8") -> None:
        text = io.StringIO()
        quoting = csv.QUOTE_ALL if audience.kind == "csv-shouting" else csv.QUOTE_MINIMAL
        csv.writer(text, lineterminator=ending, quoting=quoting).writerow(cells)
        out.extend(text.getvalue().encode(encoding))

    line(columns)
    for row in audience.rows:
        word = row.word if row.word is not None else dice.pick(TRUE_WORDS if row.unsubscribed else FALSE_WORDS)
        cells = {
            "email": row.email,
            "first_name": "Ren\u00e9" if row.latin1 else row.first,
            "last_name": row.last,
            "unsubscribed": word,
            "unsubscribed_at": stamp(dice, row.left_at),
            "created_at": stamp(dice, row.created, row.time),
            "updated_at": stamp(dice, row.updated),
            "id": row.id,
            "plan": row.plan,
            "country": row.country if not row.latin1 else "FR",
        }
        values = [cells[column.lower().replace(" ", "_")] for column in columns]
        if row.shape == "short":
            values = values[:-2]
        elif row.shape == "long":
            values += ["what", "is", "this"]
        line(values, "latin-1" if row.latin1 else "utf-8")
    return bytes(out)


def record(dice: Dice, row: Row, times: list[str]) -> dict[str, object]:
    """A contact as the old API answered it."""
    out: dict[str, object] = {
        "id": row.id,
        "email": row.email,
        "first_name": row.first or None,
        "last_name": row.last or None,
        "created_at": stamp(dice, row.created, row.time) or None,
        "unsubscribed": row.word if row.word is not None else row.unsubscribed,
    }
    if "unsubscribed_at" in times and row.left_at:
        out["unsubscribed_at"] = stamp(dice, row.left_at)
    return out


def write_audience(dice: Dice, audience: Audience, folder: Path) -> list[str]:
    if audience.kind == "json-pages":
        files = []
        page = 400
        pages = [audience.rows[i : i + page] for i in range(0, len(audience.rows), page)]
        for number, rows in enumerate(pages, 1):
            body = {"object": "list", "has_more": number < len(pages), "data": [record(dice, r, []) for r in rows]}
            files.append(f"{audience.id}.{number}.json")
            (folder / files[-1]).write_bytes(json.dumps(body, ensure_ascii=number % 2 == 0).encode() + b"\n")
        return files
    if audience.kind == "ndjson":
        lines = []
        for row in audience.rows:
            body = record(dice, row, ["unsubscribed_at"])
            if row.plan:
                body |= {"plan": row.plan, "country": row.country}
            lines.append(json.dumps(body, ensure_ascii=False) + "\n")
        (folder / f"{audience.id}.ndjson").write_bytes("".join(lines).encode())
        return [f"{audience.id}.ndjson"]
    (folder / f"{audience.id}.csv").write_bytes(csv_bytes(dice, audience))
    return [f"{audience.id}.csv"]
