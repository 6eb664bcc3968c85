"""--help at every level, from one table."""

import re
from typing import Any

import pytest

NOUNS = ["contacts", "segments", "topics", "properties", "teams", "suppressions", "audience", "keys"]
NOUNS += ["handoff", "feed", "retention", "migrate"]
COMMANDS = {
    "contacts": [
        *("add", "show", "list", "update", "remove", "erase", "export-person", "change-address", "merge"),
        *("revoke-links", "import", "export"),
    ],
    "segments": [
        "create",
        "list",
        "show",
        "rename",
        "update",
        "materialise",
        "refresh",
        "events",
        "delete",
        "add",
        "remove",
    ],
    "topics": ["create", "list", "show", "update", "delete", "choose"],
    "properties": ["define", "list", "remove"],
    "teams": ["create", "list"],
    "suppressions": ["add", "list", "remove", "import", "bounce", "rule"],
    "audience": ["list", "count"],
    "keys": ["list", "add", "retire", "revoke", "move-out"],
    "handoff": ["lease", "confirm", "release", "list", "status"],
    "feed": ["opt-outs"],
    "retention": ["list", "set", "apply"],
    "migrate": ["audiences"],
}
ALONE = ["unsubscribe", "resubscribe", "subscribe", "explain", "expiring", "history", "usage", "check"]
ALONE += ["backends", "copy", "init", "link", "headers", "rekey", "completion", "help", "version"]
EVERY = [[noun, verb] for noun, verbs in COMMANDS.items() for verb in verbs] + [[word] for word in ALONE]


def listed(text: str, heading: str) -> list[str]:
    """First words of the lines under a heading."""
    part = text.split(f"\n{heading}:\n", 1)[1].split("\n\n", 1)[0]
    return [m[1] for m in re.finditer(r"^  (\S+) ", part, re.MULTILINE)]


def test_the_programs_help_lists_every_command_option_and_exit_code(cli: Any) -> None:
    text = cli("--help").out
    assert set(listed(text, "commands")) == {*NOUNS, *ALONE}
    assert set(listed(text, "exit codes")) == set("0123456")
    for option in ("--db", "--team", "--format", "--key-file", "--backend-path", "--quiet", "--help", "--version"):
        assert option in text


@pytest.mark.parametrize("noun", NOUNS)
def test_a_nouns_help_lists_its_verbs(cli: Any, noun: str) -> None:
    assert listed(cli(noun, "--help").out, "verbs") == COMMANDS[noun]
    assert cli("help", noun).out == cli(noun, "-h").out


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_commands_help_has_its_synopsis_and_a_word_on_every_option_and_argument(cli: Any, words: list[str]) -> None:
    text = cli(*words, "--help").out
    assert text.startswith(f"usage: mailroll {' '.join(words)}")
    synopsis = text.split("\n\n")[0]
    for option in re.findall(r"--[a-z-]+", synopsis):
        assert re.search(rf"^  (-\w, )?{option}( \S+)?  +\w", text, re.MULTILINE), f"no help for {option}"
    for argument in re.findall(r" \[?([A-Z]+)\b(?!=)", re.sub(r"--[a-z-]+ [A-Z]+", "", synopsis)):
        assert re.search(rf"^  {argument}  +\S", text, re.MULTILINE), f"no help for {argument}"
    assert max(map(len, text.splitlines())) <= 120


def test_help_opens_no_store(cli: Any) -> None:
    cli("contacts", "add", "--help", "--db", "sqlite:////nowhere/at/all.db")
    cli("--db", "nosuch://x", "help", "usage")
