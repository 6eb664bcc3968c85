"""docs/tokens.json, recomputed by an implementation that shares nothing with the library (token_oracle.py)."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import token_oracle as oracle

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "tokens.json").read_text("utf-8"))


def published_keys() -> oracle.Keys:
    """From what the document says, and not from what the oracle made it of."""
    team = uuid.UUID(PUBLISHED["team"]["id"])
    keys = oracle.Keys()
    for key in PUBLISHED["keys"]:
        if key["state"] == "revoked":
            keys.revoked.add(key["id"])
        else:
            keys.team_secrets[key["id"]] = oracle.team_secret(bytes.fromhex(key["secret"]), team)
    return keys


def test_the_document_is_what_its_program_writes() -> None:
    assert oracle.document() == PUBLISHED


def test_the_teams_secret_is_derived_as_described() -> None:
    secrets = published_keys().team_secrets
    assert {k["id"]: k["team_secret"] for k in PUBLISHED["keys"] if "team_secret" in k} == {
        number: secret.hex() for number, secret in secrets.items()
    }


@pytest.mark.parametrize("vector", PUBLISHED["valid"], ids=lambda v: v["name"])
def test_a_valid_token_reads_as_its_fields(vector: dict[str, Any]) -> None:
    keys = published_keys()
    token = keys.read(vector["token"])
    assert isinstance(token, oracle.Token)
    assert {
        "key": token.key,
        "purpose": oracle.PURPOSES[token.purpose],
        "team": token.team,
        "contact": str(token.contact),
        "topic": str(token.topic) if token.topic else None,
        "address_tag": token.address_tag.hex(),
        "epoch": token.epoch,
        "issued": token.issued.isoformat(),
        "reference": str(token.reference) if token.reference else None,
    } == {name: value for name, value in vector.items() if name not in ("name", "token", "address_key")}
    if vector["address_key"] is not None:
        tag = oracle.address_tag(keys.team_secrets[token.key], vector["address_key"])
        assert tag.hex() == vector["address_tag"]
    assert len(vector["token"]) < 120


@pytest.mark.parametrize("vector", PUBLISHED["invalid"], ids=lambda v: v["name"])
def test_an_invalid_token_has_its_fault(vector: dict[str, Any]) -> None:
    assert published_keys().read(vector["token"]) == vector["fault"]
