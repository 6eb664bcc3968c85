"""Tokens as docs/tokens.md describes them, in Python's own hashlib and hmac: a second implementation.

It shares nothing with the library, and made docs/tokens.json:

    python tests/python/token_oracle.py > docs/tokens.json
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hmac
import json
import re
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

EPOCH = datetime.date(1970, 1, 1)
PURPOSES = {1: "leave", 2: "confirm", 3: "export", 4: "undo"}
NUMBERS = {word: number for number, word in PURPOSES.items()}
SIZES = (66, 82)  # octets: without and with a reference


def mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), "sha256")


def team_secret(secret: bytes, team: uuid.UUID) -> bytes:
    """HKDF-Expand (RFC 5869, 2.3), one block."""
    return mac(secret, b"contacts/token/v1", team.bytes, b"\x01")


def address_tag(key: bytes, address_key: str) -> bytes:
    return mac(key, b"address", address_key.encode())[:8]


def spell(octets: bytes) -> str:
    return "v1." + base64.urlsafe_b64encode(octets).decode().rstrip("=")


@dataclass(frozen=True)
class Token:
    key: int
    purpose: int
    team: int
    contact: uuid.UUID
    topic: uuid.UUID | None
    address_tag: bytes
    epoch: int
    issued: datetime.date
    reference: uuid.UUID | None = None

    def payload(self) -> bytes:
        return b"".join(
            (
                self.key.to_bytes(1, "big"),
                self.purpose.to_bytes(1, "big"),
                self.team.to_bytes(4, "big"),
                self.contact.bytes,
                self.topic.bytes if self.topic else bytes(16),
                self.address_tag,
                self.epoch.to_bytes(2, "big"),
                (self.issued - EPOCH).days.to_bytes(2, "big"),
                self.reference.bytes if self.reference else b"",
            )
        )


def sign(key: bytes, payload: bytes, label: bytes = b"token") -> str:
    return spell(payload + mac(key, label, payload)[:16])


@dataclass
class Keys:
    """What a reader knows: the team's keys, by id, and which ids are revoked."""

    team_secrets: dict[int, bytes] = field(default_factory=dict)
    revoked: set[int] = field(default_factory=set)

    def read(self, text: str) -> Token | str:
        """The token, or the word for what is wrong with it."""
        if not re.fullmatch(r"v1\.[A-Za-z0-9_-]{1,116}", text):
            return "malformed"
        try:
            octets = base64.urlsafe_b64decode(text[3:] + "=" * (-len(text[3:]) % 4))
        except binascii.Error:
            return "malformed"
        if len(octets) not in SIZES or spell(octets) != text:
            return "malformed"
        payload, given = octets[:-16], octets[-16:]
        key = payload[0]
        if key in self.revoked:
            return "revoked_key"
        if key not in self.team_secrets:
            return "unknown_key"
        if not hmac.compare_digest(mac(self.team_secrets[key], b"token", payload)[:16], given):
            return "wrong_mac"
        if payload[1] not in PURPOSES:
            return "malformed"
        topic = uuid.UUID(bytes=payload[22:38])
        return Token(
            key=key,
            purpose=payload[1],
            team=int.from_bytes(payload[2:6], "big"),
            contact=uuid.UUID(bytes=payload[6:22]),
            topic=topic if topic.int else None,
            address_tag=payload[38:46],
            epoch=int.from_bytes(payload[46:48], "big"),
            issued=EPOCH + datetime.timedelta(days=int.from_bytes(payload[48:50], "big")),
            reference=uuid.UUID(bytes=payload[50:66]) if len(payload) > 50 else None,
        )


# The vectors.

TEAM = uuid.UUID("018f6f2a-7c00-7000-8000-00000000a11e")
OTHER_TEAM = uuid.UUID("018f6f2a-7c00-7000-8000-00000000b0b0")
SECRETS = {
    1: bytes(range(32)),
    2: bytes(range(32, 64)),
    3: bytes(range(64, 96)),
    255: bytes([0xFF] * 32),
}
REVOKED = {3}
UNKNOWN = 9
ADDRESS = "ada.lovelace@example.com"
UNICODE_ADDRESS = "s\N{LATIN SMALL LETTER O WITH STROKE}ren@xn--bcher-kva.example"
CONTACT = uuid.UUID("5f2d9c1e-8b7a-8c3d-9e4f-0123456789ab")
TOPIC = uuid.UUID("0195f3c2-1a2b-7c3d-8e4f-5a6b7c8d9e0f")
MESSAGE = uuid.UUID("0195f3c2-ffff-7aaa-bbbb-cccccccccccc")
PENDING = uuid.UUID("0195f3c2-2222-7333-8444-555566667777")
MICROSECONDS = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z


def timed_reference(micros: int, last: bytes = bytes(8)) -> uuid.UUID:
    return uuid.UUID(bytes=micros.to_bytes(8, "big") + last)


def known_keys() -> Keys:
    usable = {number: team_secret(secret, TEAM) for number, secret in SECRETS.items() if number not in REVOKED}
    return Keys(usable, set(REVOKED))


def valid_tokens() -> list[tuple[str, Token, str | None]]:
    """Name, token, and the address key behind its tag."""
    keys = known_keys().team_secrets
    tag = address_tag(keys[1], ADDRESS)
    leave = Token(1, NUMBERS["leave"], 1, CONTACT, TOPIC, tag, 0, datetime.date(2026, 3, 1))
    week = 7 * 86_400_000_000
    return [
        ("leave one topic", leave, ADDRESS),
        ("leave everything", replace(leave, topic=None), ADDRESS),
        ("leave one topic, in a known message", replace(leave, reference=MESSAGE), ADDRESS),
        ("leave, address not known", replace(leave, address_tag=bytes(8)), None),
        (
            "leave, retired key, address beyond ASCII",
            replace(leave, key=2, address_tag=address_tag(keys[2], UNICODE_ADDRESS)),
            UNICODE_ADDRESS,
        ),
        (
            "confirm one topic",
            replace(leave, purpose=2, reference=timed_reference(MICROSECONDS + week, PENDING.bytes[8:])),
            ADDRESS,
        ),
        (
            "confirm everything",
            replace(leave, purpose=2, topic=None, reference=timed_reference(MICROSECONDS + 60_000_000, bytes(8))),
            ADDRESS,
        ),
        ("export", replace(leave, purpose=3, topic=None), ADDRESS),
        ("undo", replace(leave, purpose=4, topic=None, reference=timed_reference(MICROSECONDS)), ADDRESS),
        (
            "leave, every number as large as it can be",
            Token(
                255,
                1,
                2**31 - 1,
                uuid.UUID(int=2**128 - 1),
                uuid.UUID(int=2**128 - 1),
                address_tag(keys[255], ADDRESS),
                65535,
                datetime.date(2149, 6, 6),
                uuid.UUID(int=2**128 - 1),
            ),
            ADDRESS,
        ),
    ]


def flip(text: str, at: int, bit: int = 1) -> str:
    octets = bytearray(base64.urlsafe_b64decode(text[3:] + "=" * (-len(text[3:]) % 4)))
    octets[at] ^= bit
    return spell(bytes(octets))


def invalid_tokens() -> list[tuple[str, str, str]]:
    """Name, text, fault."""
    keys = known_keys().team_secrets
    leave = valid_tokens()[0][1]
    good = sign(keys[1], leave.payload())
    long = sign(keys[1], replace(leave, reference=MESSAGE).payload())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # 82 octets leave four bits of the last letter unused; they must be zero.
    other_ending = long[:-1] + alphabet[alphabet.index(long[-1]) + 1]
    malformed = {
        "nothing": "",
        "a word": "token",
        "the version alone": "v1.",
        "another version": "v2." + good[3:],
        "the version in upper case": "V1." + good[3:],
        "without the version": good[3:],
        "one letter short": good[:-1],
        "four letters short": good[:-4],
        "four letters long": good + "AAAA",
        "between the two lengths": good + "A" * 8,
        "longer than any token": long + "A" * 12,
        "padded": long + "==",
        "a blank in front": " " + good,
        "a line end behind": good + "\n",
        "a letter of the other base64": good[:40] + "+" + good[41:],
        "a letter beyond ASCII": good[:40] + "\N{LATIN SMALL LETTER E WITH ACUTE}" + good[41:],
        "another spelling of the same octets": other_ending,
        "purpose 0, signed": sign(keys[1], replace(leave, purpose=0).payload()),
        "purpose 5, signed": sign(keys[1], replace(leave, purpose=5).payload()),
        "no MAC": spell(leave.payload()),
    }
    wrong_mac = {
        "key id altered to another known one": flip(good, 0, 3),
        "purpose altered": flip(good, 1, 2),
        "team altered": flip(good, 5),
        "contact altered": flip(good, 6),
        "topic altered": flip(good, 37, 128),
        "address tag altered": flip(good, 38),
        "epoch altered": flip(good, 47),
        "day altered": flip(good, 49),
        "first bit of the MAC altered": flip(good, 50, 128),
        "last bit of the MAC altered": flip(good, 65),
        "reference altered": flip(long, 50),
        "reference cut out": spell(leave.payload() + mac(keys[1], b"token", long.encode())[:16]),
        "a MAC of zeros": spell(leave.payload() + bytes(16)),
        "another team's, under the key with the same id": sign(team_secret(SECRETS[1], OTHER_TEAM), leave.payload()),
        "the secret itself instead of the team's": sign(SECRETS[1], leave.payload()),
        "somebody else's secret": sign(team_secret(b"\x2a" * 32, TEAM), leave.payload()),
        "the label of address tags": sign(keys[1], leave.payload(), b"address"),
        "no label": sign(keys[1], leave.payload(), b""),
    }
    unknown = team_secret(b"\x09" * 32, TEAM)
    found = [(name, text, "malformed") for name, text in malformed.items()]
    found += [(name, text, "wrong_mac") for name, text in wrong_mac.items()]
    found.append(("a key that is not known", sign(unknown, replace(leave, key=UNKNOWN).payload()), "unknown_key"))
    revoked = sign(team_secret(SECRETS[3], TEAM), replace(leave, key=3).payload())
    found.append(("a key that is revoked", revoked, "revoked_key"))
    return found


def document() -> dict[str, Any]:
    keys = known_keys().team_secrets
    return {
        "team": {"id": str(TEAM), "number": 1},
        "keys": [
            {"id": number, "secret": secret.hex(), "state": "revoked"}
            if number in REVOKED
            else {
                "id": number,
                "secret": secret.hex(),
                "state": "signing" if number == 1 else "retired",
                "team_secret": keys[number].hex(),
            }
            for number, secret in SECRETS.items()
        ],
        "valid": [
            {
                "name": name,
                "token": sign(keys[token.key], token.payload()),
                "key": token.key,
                "purpose": PURPOSES[token.purpose],
                "team": token.team,
                "contact": str(token.contact),
                "topic": str(token.topic) if token.topic else None,
                "address_key": address,
                "address_tag": token.address_tag.hex(),
                "epoch": token.epoch,
                "issued": token.issued.isoformat(),
                "reference": str(token.reference) if token.reference else None,
            }
            for name, token, address in valid_tokens()
        ],
        "invalid": [{"name": name, "token": text, "fault": fault} for name, text, fault in invalid_tokens()],
    }


if __name__ == "__main__":
    print(json.dumps(document(), indent=2))
