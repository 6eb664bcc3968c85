"""Completion scripts are valid, and complete."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def complete(script: Path, line: str, folder: Path) -> list[str]:
    """What bash offers for the last word of the line."""
    words = line.split(" ")
    quoted = " ".join(f"'{w}'" for w in words)
    asked = (
        f"source '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _mailroll; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, cwd=folder, check=True)
    assert done.stderr == ""
    return [w for w in done.stdout.splitlines() if w]


@pytest.fixture
def bash_script(cli: Any, tmp_path: Path) -> Path:
    path = tmp_path / "completion.bash"
    path.write_text(cli("completion", "bash").out)
    return path


def test_the_bash_script_is_valid(bash_script: Path) -> None:
    subprocess.run(["bash", "-n", bash_script], check=True)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("mailroll con", ["contacts"]),
        ("mailroll contacts im", ["import"]),
        ("mailroll --db x --quiet contacts im", ["import"]),
        ("mailroll contacts add --fi", ["--first-name"]),
        ("mailroll contacts add a@example.com --last", ["--last-name"]),
        ("mailroll --form", ["--format"]),
        ("mailroll --format ", ["table", "json", "ndjson", "csv"]),
        ("mailroll contacts list --format n", ["ndjson"]),
        ("mailroll topics create x --default ", ["opt_in", "opt_out"]),
        ("mailroll suppressions add a@example.com --reason ", ["bounce", "complaint", "manual"]),
        ("mailroll migrate audiences . --unsubscribed e", ["everything"]),
        ("mailroll completion ", ["bash", "zsh"]),
        ("mailroll usage --comp", []),
        ("mailroll contacts add --segment ", []),
        ("mailroll contacts import completion", ["completion.bash"]),
        ("mailroll contacts import x.csv --rejects compl", ["completion.bash"]),
        ("mailroll contacts export -o compl", ["completion.bash"]),
        ("mailroll --backend-path compl", ["completion.bash"]),
        ("mailroll --backend-path x --backend-path y contacts im", ["import"]),
    ],
)
def test_bash_completes(bash_script: Path, tmp_path: Path, line: str, offered: list[str]) -> None:
    assert complete(bash_script, line, tmp_path) == offered


def test_bash_offers_every_verb_of_a_noun(bash_script: Path, tmp_path: Path) -> None:
    assert complete(bash_script, "mailroll segments ", tmp_path) == [
        *("create", "list", "show", "rename", "update", "materialise", "refresh", "events", "delete", "add", "remove")
    ]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh here")
def test_zsh_loads_the_script_as_a_completion_function(cli: Any, tmp_path: Path) -> None:
    functions = tmp_path / "functions"
    functions.mkdir()
    (functions / "_mailroll").write_text(cli("completion", "zsh").out)
    subprocess.run(["zsh", "-n", functions / "_mailroll"], check=True)
    asked = f"fpath=('{functions}' $fpath); autoload -Uz compinit; compinit -D -u; print $_comps[mailroll]"
    done = subprocess.run(["zsh", "-f", "-c", asked], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("_mailroll\n", "")


def test_the_zsh_script_knows_every_verb_and_option(cli: Any) -> None:
    script = cli("completion", "zsh").out
    assert script.startswith("#compdef mailroll\n")
    for word in ("contacts", "import", "--rejects", "--unsubscribed", "(opt_in opt_out)", "_files", "*--backend-path"):
        assert word in script
