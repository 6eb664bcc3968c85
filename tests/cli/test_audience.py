"""audience list and count."""

import csv
import io
import json
from typing import Any


def test_count_has_the_fields_that_scripts_rely_on_and_names_only_reasons_that_occur(news: Any) -> None:
    counts = news.json("audience", "count", "--segment", "VIP", "--topic", "News")
    assert list(counts)[:3] == ["members", "receives", "by_reason"]
    assert (counts["members"], counts["receives"]) == (2, 1)
    assert counts["by_reason"] == {"topic_opted_out": 1, "topic_default_opt_in": 1}


def test_the_reasons_add_up_to_the_members(news: Any) -> None:
    news("segments", "add", "VIP", "eve@example.com")
    news("suppressions", "add", "eve@example.com", "--reason", "manual")
    counts = news.json("audience", "count", "--segment", "VIP", "--topic", "News")
    assert sum(counts["by_reason"].values()) == counts["members"] == 3


def test_list_streams_whoever_may_receive_it_ordered_by_id(news: Any) -> None:
    for n in range(30):
        news("contacts", "add", f"user{n}@example.com", "--segment", "VIP")
    people = news("audience", "list", "--segment", "VIP", "--topic", "News", "--format", "ndjson").records()
    assert all(list(p) == ["id", "email", "first_name", "last_name"] for p in people)
    assert [p["id"] for p in people] == sorted(p["id"] for p in people)
    assert len(people) == 31
    assert "bob@example.com" not in {p["email"] for p in people}


def test_partitions_are_disjoint_and_together_everybody(news: Any) -> None:
    for n in range(20):
        news("contacts", "add", f"user{n}@example.com", "--segment", "VIP")
    whole = [p["id"] for p in news.json("audience", "list", "--segment", "VIP", "--no-topic")]
    parts = [
        p["id"]
        for i in (1, 2, 3)
        for p in news.json("audience", "list", "--segment", "VIP", "--no-topic", "--partition", f"{i}/3")
    ]
    assert parts == whole
    assert len(set(whole)) == 22


def test_a_wrong_partition_is_a_usage_error(news: Any) -> None:
    for wrong in ["0/2", "3/2", "1", "1/", "/2", "a/b", "1/2/3", "-1/2", "1/0", "1/70000"]:
        answer = news("audience", "list", "--segment", "VIP", "--no-topic", "--partition", wrong, code=2)
        assert "--partition wants I/N" in answer.err


def test_no_topic_must_be_said_and_the_segment_too(news: Any) -> None:
    assert "--topic, --no-topic" in news("audience", "list", "--segment", "VIP", code=2).err
    assert "--segment" in news("audience", "count", "--no-topic", code=2).err
    news("audience", "count", "--segment", "VIP", "--no-topic", "--topic", "News", code=2)


def test_the_same_people_come_out_in_every_format(news: Any) -> None:
    words = ["audience", "list", "--segment", "VIP", "--topic", "News"]
    lines = news(*words, "--format", "ndjson").records()
    assert news.json(*words) == lines
    rows = list(csv.DictReader(io.StringIO(news(*words, "--format", "csv").out)))
    assert [r["id"] for r in rows] == [p["id"] for p in lines]
    assert rows[0]["first_name"] == "Ada"
    table = news(*words).out.splitlines()
    assert table[0].split() == ["ID", "EMAIL", "FIRST", "NAME", "LAST", "NAME"]
    assert lines[0]["id"] in table[1]


def test_an_empty_audience_is_an_empty_document(cli: Any) -> None:
    cli("segments", "create", "Nobody")
    words = ["audience", "list", "--segment", "Nobody", "--no-topic"]
    assert json.loads(cli(*words, "--format", "json").out) == []
    assert cli(*words, "--format", "ndjson").out == ""
    assert cli(*words, "--format", "csv").out == "id,email,first_name,last_name\n"


def test_segments_are_combined_by_an_expression(news: Any) -> None:
    news("segments", "create", "Product news")
    news("contacts", "add", "eve@example.com", "--segment", "Product news", "--segment", "VIP")
    news("contacts", "add", "fay@example.com", "--segment", "Product news")

    def members(expression: str) -> int:
        return int(news.json("audience", "count", "--segment", expression, "--no-topic")["members"])

    assert members("VIP") == 3
    assert members('VIP & "Product news"') == 1
    assert members("VIP | 'Product news'") == 4
    assert members("'Product news' - VIP") == 1
    verdict = news.json("explain", "fay@example.com", "--segment", 'VIP & "Product news"', "--no-topic", code=None)
    assert verdict["reason"] == "not_in_segment"


def test_an_expression_that_is_wrong_says_in_which_column(news: Any) -> None:
    answer = news("audience", "count", "--segment", "VIP & VIPP", "--no-topic", code=3)
    assert "column 7" in answer.err
    assert "did you mean 'VIP'?" in answer.err
    answer = news("audience", "count", "--segment", "VIP &", "--no-topic", code=None)
    assert "column 6" in answer.err
