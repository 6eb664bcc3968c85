"""Whoever changes what backends are compiled against is asked about the ABI number in store/backend.hpp."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import layers

RECORD = "tests/architecture/port_abi.txt"


def port_headers() -> list[str]:
    """backend.hpp and what a backend throws, with what they include of ours."""
    found: set[str] = set()
    waiting = ["mailroll/store/backend.hpp", "mailroll/error.hpp"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [include for ours, include in layers.includes_of(layers.read(f"core/include/{name}")) if ours]
    return sorted(found)


def without_comments(text: str) -> str:
    kept = layers.COMMENT_OR_LITERAL.sub(lambda match: " " if match[0].startswith(("//", "/*")) else match[0], text)
    return " ".join(kept.split())


def digest_of(texts: dict[str, str]) -> str:
    shape = "\n".join(f"{name}: {without_comments(text)}" for name, text in sorted(texts.items()))
    return hashlib.sha256(shape.encode()).hexdigest()[:32]


def test_the_port_is_as_it_was_recorded_at_its_abi_number() -> None:
    texts = {name: layers.read(f"core/include/{name}") for name in port_headers()}
    header = texts["mailroll/store/backend.hpp"]
    number = re.search(r"backend_abi = (\d+);", header)
    assert number
    texts["mailroll/store/backend.hpp"] = header.replace(number[0], "backend_abi;")
    digest = digest_of(texts)
    assert layers.read(RECORD).split() == [number[1], digest], (
        f"the port has changed: raise backend_abi in store/backend.hpp, unless its comment allows to keep it, and "
        f"write that number and this digest into {RECORD}: {digest}"
    )


def test_a_comment_is_no_change_and_a_member_is_one() -> None:
    before = {"a.hpp": "/// A team.\nstruct Team {\n  int number;  ///< from 1\n};\n"}
    assert digest_of(before) == digest_of({"a.hpp": "/// Who owns all.\nstruct Team { int number; };\n"})
    assert digest_of(before) != digest_of({"a.hpp": "struct Team { int number; int parent; };"})
    assert digest_of({"a.hpp": 'x = "// no comment";'}) != digest_of({"a.hpp": 'x = "// no";'})
    assert {"mailroll/store/store.hpp", "mailroll/consent/event.hpp", "mailroll/ids.hpp"} <= set(port_headers())
