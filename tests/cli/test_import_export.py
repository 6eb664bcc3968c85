"""contacts import and export."""

import csv
import io
import json
from pathlib import Path
from typing import Any

PEOPLE = "email,first_name,last_name\nada@example.com,Ada,Lovelace\nGrace@Example.com,Grace,\n"


def test_import_counts_rows_by_verdict(cli: Any, file: Any) -> None:
    path = file("people.csv", PEOPLE + "ADA@example.com,Ada,\nnot an address,,\n")
    counts = cli.json("contacts", "import", path, code=5)
    assert (counts["dry_run"], counts["rows"], counts["created"]) == (False, 4, 2)
    assert (counts["duplicates"], counts["rejected"]) == (1, 1)
    assert counts["rejected_by_reason"] == {"address_syntax": 1}
    assert sum(counts["by_verdict"].values()) == counts["rows"]


def test_the_same_file_again_changes_nothing(cli: Any, file: Any) -> None:
    path = file("people.csv", PEOPLE)
    cli("contacts", "import", path)
    before = cli("contacts", "list", "--format", "ndjson").out
    assert cli.json("contacts", "import", path)["unchanged"] == 2
    assert cli("contacts", "list", "--format", "ndjson").out == before


def test_a_dry_run_writes_nothing(cli: Any, file: Any) -> None:
    planned = cli.json("contacts", "import", file("people.csv", PEOPLE), "--segment", "New", "--dry-run")
    assert (planned["dry_run"], planned["created"]) == (True, 2)
    assert cli.json("contacts", "list") == []
    assert cli.json("segments", "list") == []
    assert "nothing was written" in cli("contacts", "import", "people.csv", "--dry-run").out


def test_standard_input_is_read_for_a_hyphen(cli: Any) -> None:
    cli("contacts", "import", "-", stdin=PEOPLE)
    cli("contacts", "import", "-", stdin='{"email": "eve@example.com", "first_name": "Eve"}\n')
    assert len(cli.json("contacts", "list")) == 3


def test_columns_are_mapped_by_name(cli: Any, file: Any) -> None:
    path = file("people.csv", "Mail=Address,Given,Junk,Plan\nada@example.com,Ada,x,pro\n")
    maps = ["--map", "Mail=Address=email", "--map", "Given=first_name", "--map", "Junk=", "--map", "Plan=plan"]
    cli("contacts", "import", path, *maps)
    shown = cli.json("contacts", "show", "ada@example.com")
    assert (shown["first_name"], shown["properties"]) == ("Ada", {"plan": "pro"})


def test_segments_are_made_and_topics_chosen_but_an_opt_out_is_never_undone(news: Any, file: Any) -> None:
    path = file("people.csv", "email\nada@example.com\nbob@example.com\n")
    counts = news.json("contacts", "import", path, "--segment", "Import", "--topic", "News")
    assert (counts["opt_ins"], counts["kept_opted_out"]) == (1, 1)
    assert news.json("segments", "show", "Import")["members"] == 2
    assert news.json("explain", "bob@example.com", "--topic", "News")["reason"] == "topic_opted_out"
    assert news.json("explain", "ada@example.com", "--topic", "News")["reason"] == "topic_opted_in"


def test_on_conflict_keep_leaves_profiles_as_they_are(news: Any, file: Any) -> None:
    rows = "ada@example.com,Augusta,2098-01-01\nnew@example.com,New,2098-01-01\n"
    path = file("people.csv", "email,first_name,updated_at\n" + rows)
    news("contacts", "import", path, "--on-conflict", "keep")
    assert news.json("contacts", "show", "ada@example.com")["first_name"] == "Ada"
    assert news.json("contacts", "show", "new@example.com")["first_name"] == "New"
    news("contacts", "import", path, "--on-conflict", "update")
    assert news.json("contacts", "show", "ada@example.com")["first_name"] == "Augusta"


def test_rejected_rows_are_listed_without_what_stood_in_them(cli: Any, file: Any, tmp_path: Path) -> None:
    path = file("people.csv", PEOPLE + "secret word@example.com,,\n")
    answer = cli("contacts", "import", path, "--rejects", "rejects.ndjson", code=5)
    assert "rejects.ndjson" in answer.out
    [row] = [json.loads(line) for line in (tmp_path / "rejects.ndjson").read_text().splitlines()]
    assert (row["row"], row["line"], row["column"], row["reason"]) == (3, 4, "email", "address_syntax")
    assert "secret" not in json.dumps(row)
    assert len(cli.json("contacts", "list")) == 2


def test_people_read_where_the_rejected_rows_can_be_seen(cli: Any, file: Any) -> None:
    answer = cli("contacts", "import", file("people.csv", PEOPLE + "x,,\n"), code=5)
    assert "add --rejects FILE" in answer.out


def test_what_is_exported_can_be_imported_and_is_the_same(news: Any, tmp_path: Path) -> None:
    news("properties", "define", "plan", "--type", "string")
    news("contacts", "update", "ada@example.com", "--property", 'plan=a, "b"')
    news("unsubscribe", "eve@example.com", "--everything")
    for name in ("out.csv", "out.ndjson"):
        assert "wrote 3 contacts" in news("contacts", "export", "-o", name).err
        counts = news.json("contacts", "import", name)
        assert counts["unchanged"] + counts["kept_opted_out"] >= 3 - counts["by_verdict"]["kept_opted_out"]
        assert counts["created"] == counts["updated"] == counts["rejected"] == 0
        fresh = f"sqlite:///fresh_{name}.db"
        news("contacts", "import", name, "--db", fresh)
        assert {c["email"] for c in news.json("contacts", "list", "--db", fresh)} == {
            *("ada@example.com", "bob@example.com", "eve@example.com")
        }
        assert news.json("contacts", "show", "eve@example.com", "--db", fresh)["unsubscribed"] is True
        shown = news.json("contacts", "show", "ada@example.com", "--db", fresh)
        assert (shown["first_name"], shown["properties"]) == ("Ada", {"plan": 'a, "b"'})


def test_export_writes_csv_or_ndjson_to_standard_output(news: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(news("contacts", "export").out)))
    assert {r["email"] for r in rows} == {"ada@example.com", "bob@example.com", "eve@example.com"}
    assert news("contacts", "export", "--format", "csv").out == news("contacts", "export").out
    assert len(news("contacts", "export", "--format", "ndjson").records()) == 3
    assert len(news("contacts", "export", "--format", "ndjson", "--segment", "VIP").records()) == 2


def test_json_is_no_form_of_an_export(news: Any, tmp_path: Path) -> None:
    assert "csv or --format ndjson" in news("contacts", "export", "--format", "json", code=2).err
    assert news.json("contacts", "export", "--output", "out.csv") == {"contacts": 3, "file": "out.csv"}


def test_a_file_that_cannot_be_written_is_an_error_and_leaves_nothing(news: Any, tmp_path: Path) -> None:
    answer = news("contacts", "export", "-o", "no/such/folder/out.csv", code=1)
    assert "cannot write to no/such/folder/out.csv" in answer.err
    (tmp_path / "taken.csv").mkdir()
    news("contacts", "export", "-o", "taken.csv", code=1)
    assert sorted(p.name for p in tmp_path.iterdir() if "taken" in p.name) == ["taken.csv"]
