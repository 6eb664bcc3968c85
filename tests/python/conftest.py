"""Rolls to try things on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import mailroll
import pytest


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'roll.db'}"


@pytest.fixture(params=["memory", "sqlite"])
def roll(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[mailroll.Roll]:
    """An empty roll, in each store that needs no server."""
    with mailroll.open("memory://" if request.param == "memory" else sqlite_url) as opened:
        yield opened


@pytest.fixture
def news(roll: mailroll.Roll) -> mailroll.Topic:
    """A topic that everybody receives who did not opt out."""
    return roll.topics.create("Product news", default_subscription="opt_in", visibility="public")


@pytest.fixture
def vip(roll: mailroll.Roll) -> mailroll.Segment:
    return roll.segments.create("VIP")


@pytest.fixture
def csv_of(tmp_path: Path) -> Callable[..., Path]:
    """Writes a CSV of so many people and answers its path."""

    def write(people: int, name: str = "people.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8") as file:
            file.write("email,first_name,last_name\n")
            for number in range(people):
                file.write(f"person{number * 7919 % people}@example.com,First{number},Last{number}\n")
        return path

    return write


@pytest.fixture
def old_export(tmp_path: Path) -> Path:
    """Two audiences: Ada left the second one."""
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "News.csv").write_text(
        "email,first_name,unsubscribed\nada@example.com,Ada,false\nbob@example.com,Bob,false\n", encoding="utf-8"
    )
    (folder / "Offers.csv").write_text(
        "email,first_name,unsubscribed\nADA@example.com,Ada,true\ncleo@example.com,Cleo,false\nnonsense,X,false\n",
        encoding="utf-8",
    )
    return folder
