"""Makes examples/data/audiences: an old per-audience export as they really look, and what is true of it.

Every person is invented, every address stands under a domain reserved for examples. The same seed gives the same
bytes, so the output is committed and a test compares. Usage: python3 examples/data/make_audiences.py [FOLDER]

Beside the folder it writes audiences.expected.json (the numbers a migration must show, counted from the people this
program made up, not by reading the files back) and README.md.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from old_formats import FIRST_DAY, SAID, Audience, Dice, Row, write_audience

SEED = 20251130
ROWS = 5000
PEOPLE = 2850

GIVEN = [
    ("Ada", "ada"), ("Grace", "grace"), ("Zoë", "zoe"), ("José", "jose"), ("Małgorzata", "malgorzata"),
    ("Jürgen", "juergen"), ("Aoife", "aoife"), ("Nguyễn", "nguyen"), ("Søren", "soren"), ("Çağla", "cagla"),
    ("李", "li"), ("さくら", "sakura"), ("Олена", "olena"), ("Νίκος", "nikos"), ("فاطمة", "fatima"),
    ("Anne-Marie", "anne-marie"), ("Chidi", "chidi"), ("Priya", "priya"), ("Mateo", "mateo"), ("Hannah", "hannah"),
    ("Lukas", "lukas"), ("Ingrid", "ingrid"), ("Tomáš", "tomas"), ("Noa", "noa"), ("Kwame", "kwame"),
]  # fmt: skip
FAMILY = [
    ("Müller", "mueller"), ("O'Neill", "oneill"), ("García", "garcia"), ("van der Berg", "vanderberg"),
    ("Øster", "oster"), ("Kowalska", "kowalska"), ("雷", "lei"), ("Tanaka", "tanaka"), ("Шевчук", "shevchuk"),
    ("Papadopoulos", "papadopoulos"), ("Okafor", "okafor"), ("Sharma", "sharma"), ("Smith, Jr.", "smith"),
    ("D'Angelo", "dangelo"), ("Lindqvist", "lindqvist"), ("Ferreira", "ferreira"), ("Novák", "novak"),
    ("Mensah", "mensah"), ("Dubois", "dubois"), ("Yılmaz", "yilmaz"), ('"Mac" Leod', "macleod"), ("Hopper", "hopper"),
]  # fmt: skip
DOMAINS = ["example.com"] * 6 + ["example.org"] * 3 + ["example.net"] * 2 + [
    "mail.example.com", "post.example.org", "bücher.example.com", "münchen.example.org", "例え.example.net",
]  # fmt: skip
SHORT_NAMES = {
    "Grace": "Gracie", "José": "Pepe", "Anne-Marie": "Anne", "Mateo": "Matt", "Hannah": "HANNAH", "Lukas": "Luke",
}  # fmt: skip
PLANS = ["free", "free", "free", "pro", "team"]
COUNTRIES = ["DE", "FR", "GB", "US", "JP", "IN", "GH", "BR", "PL", "Türkiye"]


@dataclass
class Person:
    number: int
    address: str
    first: str
    last: str
    plan: str
    country: str
    spellings: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    left: dict[int, bool] = field(default_factory=dict)  # audience -> whether any row there says unsubscribed


def make_people(dice: Dice) -> list[Person]:
    people = [Person(0, "ada.lovelace@example.com", "Ada", "Lovelace", "pro", "GB")]
    taken = {people[0].address}
    while len(people) < PEOPLE:
        (first, first_ascii), (last, last_ascii) = dice.pick(GIVEN), dice.pick(FAMILY)
        style = dice.below(5)
        if style == 0:
            local = f"{first_ascii}.{last_ascii}"
        elif style == 1:
            local = f"{first_ascii[0]}{last_ascii}{dice.below(90) + 10}"
        elif style == 2:
            local = f"{first_ascii}{1950 + dice.below(60)}"
        elif style == 3:
            local = f"{last_ascii}.{first_ascii}+news"
        else:
            local = f"{first_ascii}_{last_ascii}{dice.below(1000)}"
        if dice.chance(0.01) and first in ("José", "Zoë", "Jürgen", "Søren"):
            local = f"{first.lower()}{dice.below(1000)}"  # needs SMTPUTF8
        address = unicodedata.normalize("NFC", f"{local}@{dice.pick(DOMAINS)}")
        if address in taken:
            continue
        taken.add(address)
        person = Person(len(people), address, first, last, dice.pick(PLANS), dice.pick(COUNTRIES))
        people.append(person)
    return people


def spelling_of(dice: Dice, person: Person) -> str:
    """Mostly as it is; sometimes as somebody once typed it. All of them are the same contact."""
    local, domain = person.address.split("@")
    if dice.chance(0.08):
        local = local.title() if dice.chance(0.7) else local.upper()
    if not domain.isascii():
        kind = dice.below(3)
        if kind == 1:
            domain = domain.encode("idna").decode("ascii")
        elif kind == 2:
            domain = domain.upper() if dice.chance(0.5) else unicodedata.normalize("NFD", domain)
    elif dice.chance(0.04):
        domain = domain.upper()
    if not local.isascii() and dice.chance(0.4):
        local = unicodedata.normalize("NFD", local)
    return f"{local}@{domain}"


def row_of(dice: Dice, person: Person, audience: int, unsubscribed: bool) -> Row:
    first, last = person.first, person.last
    if dice.chance(0.06) and first in SHORT_NAMES:
        first = SHORT_NAMES[first]
    elif dice.chance(0.02):
        last = dice.pick(FAMILY)[0]
    elif dice.chance(0.08):
        first = last = ""
    elif dice.chance(0.05):
        last = ""
    email = spelling_of(dice, person)
    created = None if dice.chance(0.02) else dice.time()
    updated = dice.time(created) if created and dice.chance(0.6) else created
    left_at = dice.time(created or FIRST_DAY) if unsubscribed and dice.chance(0.8) else None
    person.spellings.add(email)
    if first or last:
        person.names.add((first, last))
    person.left[audience] = person.left.get(audience, False) or unsubscribed
    if dice.chance(0.01):
        email = f" {email} "  # a cell somebody pasted; ends are trimmed
    return Row(email, first, last, unsubscribed, created, updated, left_at, person.plan, person.country, dice.uuid())


def bad_rows(dice: Dice, audience: Audience) -> list[tuple[Row, str]]:
    """Rows that must land in the rejects file, each with its reason code."""
    ok = {"first": "Reject", "last": "Me", "created": dice.time()}
    rows = [
        (Row("", **ok), "address_empty"),
        (Row("   ", **ok), "address_empty"),
        (Row("no-at-sign.example.com", **ok), "address_syntax"),
        (Row("two@@example.com", **ok), "address_syntax"),
        (Row("trailing.@example.com", **ok), "address_syntax"),
        (Row("blank inside@example.com", **ok), "address_syntax"),
        (Row("grace@localhost", **ok), "address_domain"),
        (Row("grace@-hyphen.example.com", **ok), "address_domain"),
        (Row("x" * 65 + "@example.com", **ok), "address_too_long"),
        (Row("ｆｕｌｌ@example.com", **ok), "address_characters"),
        (Row("word.unknown@example.com", word="maybe", **ok), "value_type"),
        (Row("word.inactive@example.com", word="inactive", **ok), "value_type"),
        (Row("time.german@example.com", time="14.05.2024", **ok), "value_type"),
        (Row("time.word@example.com", time="last Tuesday", **ok), "value_type"),
    ]
    if audience.kind.startswith("csv"):
        rows.append((Row("too.few@example.com", shape="short", **ok), "row_shape"))
        rows.append((Row("too.many@example.com", shape="long", **ok), "row_shape"))
        rows.append((Row("latin.one@example.com", latin1=True, **ok), "encoding"))
    for row, _ in rows:
        row.id = dice.uuid()
    return rows


def fill(dice: Dice, people: list[Person], audiences: list[Audience]) -> tuple[dict[str, int], int]:
    """Gives every audience its rows; returns the rejects by reason and the number of duplicate rows."""
    rejected: dict[str, int] = {}
    duplicates = 0
    for audience in audiences:
        for row, reason in bad_rows(dice, audience):
            audience.rows.append(row)
            rejected[reason] = rejected.get(reason, 0) + 1

    # Ada first: in two audiences, gone from one. She is who quickstart explains.
    ada = people[0]
    for number, unsubscribed in ((0, False), (1, False), (2, True)):
        row = row_of(dice, ada, number, unsubscribed)
        row.email, row.first, row.last, row.word, row.time = ada.address, ada.first, ada.last, None, None
        row.created = row.updated = datetime(2024, 2, 29, 9, 30, tzinfo=timezone.utc)
        row.left_at = datetime(2025, 6, 3, 17, 12, 44, tzinfo=timezone.utc) if unsubscribed else None
        audiences[number].rows.append(row)
    ada.spellings, ada.names = {ada.address}, {(ada.first, ada.last)}

    for person in people[1:]:
        gone = dice.chance(0.03)  # left everything there was to leave
        member = [n for n, a in enumerate(audiences) if dice.chance(a.share)]
        for number in member or [dice.below(len(audiences))]:
            audiences[number].rows.append(row_of(dice, person, number, gone or dice.chance(audiences[number].leaving)))

    # An opt-out in a row whose profile is rejected still is one. The person has a good row in the same audience.
    for person in [p for p in people[1:] if 0 in p.left and not p.left[0]][:3]:
        row = row_of(dice, Person(**{**vars(person), "spellings": set(), "names": set(), "left": {}}), 0, True)
        row.email, row.time = person.address, "31/12/2024"
        person.left[0] = True
        audiences[0].rows.append(row)
        rejected["value_type"] = rejected.get("value_type", 0) + 1

    # The same person twice in one audience, by two spellings or two sign-ups, until the number of rows is met.
    while sum(len(a.rows) for a in audiences) < ROWS:
        person = people[1 + dice.below(len(people) - 1)]
        number = dice.pick(sorted(person.left))
        audiences[number].rows.append(row_of(dice, person, number, person.left[number] and dice.chance(0.5)))
        duplicates += 1
    for audience in audiences:
        dice.shuffle(audience.rows)
    return rejected, duplicates


def truth(
    people: list[Person], audiences: list[Audience], rejected: dict[str, int], duplicates: int
) -> dict[str, object]:
    """What a migration of these rows must find."""
    gone = {p.number for p in people if all(p.left.values())}
    memberships = sum(len(p.left) for p in people)
    left = sum(sum(p.left.values()) for p in people)
    per_audience = {}
    for number, audience in enumerate(audiences):
        members = [p for p in people if number in p.left]
        unsubscribed = sum(p.number in gone for p in members)
        opted_out = sum(p.left[number] for p in members) - unsubscribed
        reached = len(members) - unsubscribed - opted_out
        per_audience[audience.name] = {
            "members": len(members),
            "receives": reached,
            "by_reason": {"topic_opted_in": reached, "unsubscribed": unsubscribed, "topic_opted_out": opted_out},
        }
    return {
        "summary": {
            "policy": "topics",
            "rows": sum(len(a.rows) for a in audiences),
            "rejected": sum(rejected.values()),
            "duplicates": duplicates,
            "audiences": len(audiences),
            "contacts": len(people),
            "contacts_created": len(people),
            "contacts_updated": 0,
            "memberships": memberships,
            "segments": len(audiences),
            "topics": len(audiences),
            "opt_ins": memberships - left,
            "opt_outs": left,
            "unsubscribed": len(gone),
            "kept_opted_out": 0,
            "name_conflicts": sum(len(p.names) > 1 for p in people),
            "address_spellings": sum(len(p.spellings) > 1 for p in people),
            "usage": {"per_audience": memberships, "global": len(people)},
        },
        "everything": {"unsubscribed": sum(any(p.left.values()) for p in people)},
        "rejected_by_reason": dict(sorted(rejected.items())),
        "audiences": per_audience,
    }


def readme(audiences: list[Audience], expected: dict[str, object]) -> str:
    per: dict[str, dict[str, int]] = expected["audiences"]  # type: ignore[assignment]
    summary: dict[str, object] = expected["summary"]  # type: ignore[assignment]
    rejected: dict[str, int] = expected["rejected_by_reason"]  # type: ignore[assignment]
    lines = [
        "# Example data",
        "",
        "`audiences/` is an export of an old per-audience mailing system, messy in the ways such exports are. Nobody",
        "in it exists. `make_audiences.py` makes it, this page and `audiences.expected.json`, the same bytes always:",
        "",
        "    python3 examples/data/make_audiences.py",
        "",
        "| audience | form | rows | people | of them reached |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for a in audiences:
        lines.append(
            f"| {a.name} | {SAID[a.kind]} | {len(a.rows)} | {per[a.name]['members']} | {per[a.name]['receives']} |"
        )
    total = f"{summary['rows']} rows, {summary['contacts']} people in {summary['memberships']} memberships"
    lines += [
        "",
        f"{total}; {summary['duplicates']} rows repeat somebody in the same audience;",
        f"{summary['name_conflicts']} people bear more than one name, {summary['address_spellings']} more than one",
        "spelling of their address (case, composed or decomposed letters, `bücher` or `xn--bcher-kva`);",
        f"{summary['unsubscribed']} have left every audience they were in. {summary['rejected']} rows cannot be read:",
        "",
        *(f"- {n} `{reason}`" for reason, n in rejected.items()),
        "",
        "Three of the last say `unsubscribed` beside an unreadable time: their profile is rejected, their opt-out",
        "counts.",
        "",
        "`ada.lovelace@example.com` is in three audiences and left one of them (Webinars & Événements).",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    dice = Dice(SEED)
    people = make_people(dice)
    audiences = [
        Audience("Product updates", "csv-bom-crlf", 0.45, 0.06),
        Audience("Newsletter", "json-pages", 0.40, 0.10),
        Audience("Webinars & Événements", "csv-plain", 0.25, 0.12),
        Audience("Beta testers", "ndjson", 0.12, 0.05),
        Audience("Customers", "csv-shouting", 0.30, 0.03),
    ]
    for audience in audiences:
        audience.id = dice.uuid()
    rejected, duplicates = fill(dice, people, audiences)
    expected = truth(people, audiences, rejected, duplicates)

    export = folder / "audiences"
    export.mkdir(parents=True, exist_ok=True)
    for old in export.iterdir():
        old.unlink()
    listing = [{"id": a.id, "name": a.name, "created_at": "2021-03-01 00:00:00+00"} for a in audiences]
    for audience in audiences:
        write_audience(dice, audience, export)
    text = json.dumps({"object": "list", "data": listing}, ensure_ascii=False, indent=1)
    (export / "audiences.json").write_bytes(text.encode() + b"\n")
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (folder / "audiences.expected.json").write_bytes(text.encode() + b"\n")
    (folder / "README.md").write_bytes(readme(audiences, expected).encode())


if __name__ == "__main__":
    main()
