"""What a terminal gets, and what a pipe gets instead."""

import os
import pty
import re
import select
import subprocess
from pathlib import Path
from typing import Any

import pytest

ESCAPE = "\x1b"
# A title change, a clear of the screen, C1's CSI, a right-to-left override, a carriage return.
NASTY = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202etxt\rX"


def on_terminal(program: Any, *words: str, stream: str = "stdout", **environment: str) -> tuple[str, str]:
    """Runs with one stream on a terminal; answers what the terminal and what the other stream got."""
    master, slave = pty.openpty()
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: slave}
    process = subprocess.Popen(
        [program.path, *words],
        cwd=program.folder,
        env={**program.environment, **environment},
        stdin=subprocess.DEVNULL,
        **streams,
    )
    os.close(slave)
    shown = b""
    other = b""
    pipe = process.stderr if stream == "stdout" else process.stdout
    assert pipe is not None
    readable = [master, pipe.fileno()]
    while readable:
        for end in select.select(readable, [], [], 60)[0]:
            try:
                piece = os.read(end, 65536)
            except OSError:  # how Linux says that the other side of a terminal is closed
                piece = b""
            if not piece:
                readable.remove(end)
            elif end == master:
                shown += piece
            else:
                other += piece
    os.close(master)
    pipe.close()
    assert process.wait(60) == 0
    return shown.decode(), other.decode()


def test_headings_are_bold_on_a_terminal_alone(news: Any) -> None:
    shown, _ = on_terminal(news, "contacts", "list")
    assert shown.startswith(ESCAPE + "[1mID")
    assert ESCAPE not in news("contacts", "list").out


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_and_dumb_terminals_get_no_escape_codes(news: Any, environment: dict[str, str]) -> None:
    shown, _ = on_terminal(news, "contacts", "list", **environment)
    assert ESCAPE not in shown


def test_an_empty_no_color_does_not_count(news: Any) -> None:
    assert ESCAPE in on_terminal(news, "contacts", "list", NO_COLOR="")[0]


def test_text_of_users_cannot_take_a_terminal_over(cli: Any) -> None:
    cli("properties", "define", "note", "--type", "string")
    cli("contacts", "add", "a@example.com", "--property", f"note={NASTY}")
    shown = cli("contacts", "show", "a@example.com").out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "\\x1b]0;owned\\x07" in shown
    for form in ("json", "ndjson"):
        raw = cli("contacts", "list", "--format", form).out
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", raw)
    assert cli.json("contacts", "show", "a@example.com")["properties"]["note"] == NASTY


def test_columns_stand_under_each_other_whatever_the_script(cli: Any) -> None:
    # Each name beside how many columns a terminal gives it.
    names = {"plain": 5, "日本語": 6, "Zoë": 3, "Zoe\u0308": 3, "👩‍👧": 4, "مرحبا": 5}
    for name in names:
        cli("segments", "create", name)
    heading, *lines = cli("segments", "list").out.splitlines()
    place = heading.index("MEMBERS") + len("MEMBERS") - 1
    for (name, width), line in zip(names.items(), lines, strict=True):
        start = line.index(name)
        assert line[start + len(name) + (place - start - width)] == "0"


def test_a_wide_list_keeps_its_columns_when_it_streams(cli: Any, file: Any) -> None:
    rows = "".join(f"user{n}@example.com\n" for n in range(2500))
    cli("contacts", "import", file("many.csv", "email\n" + rows))
    lines = cli("contacts", "list").out.splitlines()
    assert len(lines) == 2501
    place = lines[0].index("CREATED")
    assert all(line[place - 1] == " " and line[place : place + 2] == "20" for line in lines[1:])


def test_csv_is_quoted_so_that_it_reads_back_as_it_was(cli: Any) -> None:
    import csv
    import io

    names = ['a "quoted" one', "comma, here", " blanks ", "plain"]
    for n, name in enumerate(names):
        cli("contacts", "add", f"user{n}@example.com", "--first-name", name)
    rows = list(csv.DictReader(io.StringIO(cli("contacts", "list", "--format", "csv").out)))
    assert {r["email"]: r["first_name"] for r in rows} == {
        f"user{n}@example.com": name.strip() for n, name in enumerate(names)
    }


def test_one_record_as_csv_is_a_line_of_names_and_a_line_of_values(news: Any) -> None:
    answer = news("audience", "count", "--segment", "VIP", "--topic", "News", "--format", "csv").out.splitlines()
    assert answer[0].startswith("members,receives,by_reason.topic_opted_out,")
    assert answer[1].startswith("2,1,1,")


def test_progress_is_drawn_on_a_terminal_and_cleared_at_the_end(cli: Any, file: Any) -> None:
    path = file("many.csv", "email\n" + "".join(f"user{n}@example.com\n" for n in range(3000)))
    drawn, out = on_terminal(cli, "contacts", "import", str(path), stream="stderr")
    assert "\r" in drawn
    assert drawn.endswith("\r\x1b[K")
    assert ESCAPE not in out


def test_progress_is_not_drawn_for_the_quiet_nor_into_a_pipe(cli: Any, file: Any) -> None:
    path = str(file("some.csv", "email\nada@example.com\n"))
    assert on_terminal(cli, "contacts", "import", path, "--quiet", stream="stderr")[0] == ""
    assert cli("contacts", "import", path).err == ""


def test_a_reader_that_has_gone_is_no_error(cli: Any, file: Any) -> None:
    cli("contacts", "import", file("many.csv", "email\n" + "".join(f"user{n}@example.com\n" for n in range(5000))))
    for words in (["contacts", "list", "--format", "ndjson"], ["contacts", "export"]):
        process = cli.start(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_results_that_cannot_be_written_are_an_error(news: Any) -> None:
    with Path("/dev/full").open("wb") as full:
        process = news.start("contacts", "list", stdout=full, stderr=subprocess.PIPE)
        assert b"cannot write to standard output" in process.stderr.read()
        assert process.wait(60) == 1
