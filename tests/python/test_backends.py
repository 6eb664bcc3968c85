"""Plugins, from Python. Each in an interpreter of its own, since what is loaded stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import mailroll
import pytest

BUILD = Path(os.environ.get("MAILROLL_BUILD_DIR", Path(__file__).resolve().parents[2] / "build" / "dev"))
PLUGINS = BUILD / "tests" / "plugins"


def run(code: str) -> str:
    start = f"import mailroll, pathlib\nplugins = pathlib.Path({str(PLUGINS)!r})\n"
    return subprocess.run([sys.executable, "-c", start + code], check=True, capture_output=True, text=True).stdout


def test_what_is_found_says_where_it_is_from():
    found = {backend.scheme: backend for backend in mailroll.backends()}
    assert (found["memory"].origin, found["memory"].problem) == ("linked in", None)
    # Beside libmailroll, which stands in the package.
    assert Path(found["sqlite"].origin) == Path(mailroll.__file__).resolve().parent / "libmailroll_sqlite.so"


def test_a_plugin_is_loaded_by_its_path():
    assert run(
        "mailroll.load_backend(plugins / 'libmailroll_other.so')\n"
        "mailroll.load_backend(str(plugins / 'libmailroll_other.so'))\n"
        "with mailroll.open('other://here') as roll:\n"
        "    roll.contacts.add('ada@example.com')\n"
        "    print(roll.usage().global_, [b.origin for b in mailroll.backends() if b.scheme == 'other'])\n"
    ).split() == ["1", f"['{PLUGINS / 'libmailroll_other.so'}']"]


def test_a_folder_of_plugins_is_searched_and_its_broken_ones_are_listed():
    printed = run(
        "mailroll.load_backend(plugins)\n"
        "for backend in mailroll.backends():\n"
        "    print(backend.scheme, backend.problem)\n"
        "print(mailroll.open('other://here').store_name)\n"
    )
    assert "other None\n" in printed
    assert "newer it was compiled for backend ABI" in printed
    assert printed.endswith("memory://\n")


def test_a_plugins_errors_are_mailrolls():
    assert (
        run(
            "mailroll.load_backend(plugins)\n"
            "try:\n"
            "    mailroll.open('other://host/refuse')\n"
            "except mailroll.StorageError as error:\n"
            "    print(error.details['reason'])\n"
        )
        == "unreachable\n"
    )


def test_a_plugin_that_cannot_be_loaded_is_a_storage_error_that_says_why():
    with pytest.raises(mailroll.StorageError, match="ABI") as caught:
        mailroll.load_backend(PLUGINS / "libmailroll_newer.so")
    assert caught.value.details["reason"] == "backend_not_loaded"
    with pytest.raises(mailroll.StorageError, match="neither a file nor a folder"):
        mailroll.load_backend("nowhere")
    with pytest.raises(mailroll.Invalid, match=r"libmailroll_nosuch\.so"):
        mailroll.open("nosuch://me:s3cret@host/db")
