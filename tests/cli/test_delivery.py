"""handoff lease, confirm, release, list, status; feed opt-outs."""

import json
import os
import subprocess
import uuid
from typing import Any

import pytest

LEASE = ("--format", "ndjson", "handoff", "lease", "--segment", "VIP", "--worker", "w1", "--limit", "10")


@pytest.fixture
def mailing(news: Any) -> Any:
    """VIP holds ada, cy and dan, who may receive News, and bob, who may not."""
    for name in ("cy", "dan"):
        news("contacts", "add", f"{name}@example.com", "--segment", "VIP")
    return news


def emails(people: list[Any]) -> set[str]:
    return {person["email"].partition("@")[0] for person in people}


def test_a_lease_prints_each_person_with_the_lease_and_its_end(mailing: Any) -> None:
    people = mailing(*LEASE, "--topic", "News", "--lease-for", "2h").records()
    assert emails(people) == {"ada", "cy", "dan"}
    assert [person["id"] for person in people] == sorted(person["id"] for person in people)
    assert list(people[0]) == ["id", "email", "first_name", "last_name", "lease", "expires_at"]
    assert len({(person["lease"], person["expires_at"]) for person in people}) == 1
    again = mailing(*LEASE, "--topic", "News")
    assert again.records() == []
    assert "3 are leased" in again.err


def test_confirm_and_release_need_the_lease_alone(mailing: Any) -> None:
    ada, cy, dan = sorted(mailing(*LEASE, "--topic", "News").records(), key=lambda person: person["email"])
    lease = ada["lease"]
    none = {"done": 0, "repeated": 0, "withdrawn": 0, "kept": 0, "lost": 0}
    assert mailing.json("handoff", "confirm", lease, "Ada@Example.com") == none | {"done": 1}
    assert mailing.json("handoff", "release", lease, cy["id"]) == none | {"done": 1}
    mailing("unsubscribe", "dan@example.com", "--topic", "News")
    assert mailing.json("handoff", "confirm", lease, "--all") == none | {"repeated": 1, "withdrawn": 1, "kept": 1}
    assert emails(mailing(*LEASE, "--topic", "News").records()) == {"cy"}
    (status,) = mailing.json("handoff", "list")
    assert (status["segment"], status["topic"]) == ("VIP", "News")
    counts = ("leased", "confirmed", "released", "withdrawn")
    assert [status[count] for count in counts] == [1, 1, 0, 1]
    assert mailing.json("handoff", "status", status["broadcast"]) == status
    assert mailing.json("handoff", "confirm", lease, dan["id"], cy["id"]) == none | {"withdrawn": 1, "lost": 1}


def test_an_expression_is_leased_and_listed_by_names(mailing: Any) -> None:
    mailing("segments", "create", "Churned")
    mailing("segments", "create", "Ones", "--where", "email like '_an@%' or email like 'a%' or email like 'c%'")
    mailing("segments", "add", "Churned", "cy@example.com")
    words = [word if word != "VIP" else "VIP & Ones - Churned" for word in LEASE]
    assert emails(mailing(*words, "--topic", "News").records()) == {"ada", "dan"}
    (status,) = mailing.json("handoff", "list")
    assert (status["segment"], status["leased"]) == ("VIP & Ones - Churned", 2)
    mailing("segments", "rename", "Churned", "Left us")
    assert mailing.json("handoff", "list")[0]["segment"] == 'VIP & Ones - "Left us"'
    mailing("segments", "delete", "Left us")
    # Nothing of that name can be said any more; what the broadcast names is gone for it, too.
    assert "no segment" in mailing(*words, "--topic", "News", code=3).err


def test_nobody_named_is_nobody(mailing: Any) -> None:
    lease = mailing(*LEASE, "--topic", "News").records()[0]["lease"]
    for verb in ("confirm", "release"):
        assert "--all" in mailing("handoff", verb, lease, code=2).err
        mailing("handoff", verb, lease, "ada@example.com", "--all", code=2)
    assert mailing.json("handoff", "list")[0]["leased"] == 3


def test_a_named_broadcast_is_one_of_its_own(mailing: Any) -> None:
    assert len(mailing(*LEASE, "--topic", "News").records()) == 3
    assert len(mailing(*LEASE, "--topic", "News", "--broadcast", "March").records()) == 3
    refused = mailing(*LEASE, "--no-topic", "--broadcast", "March", code=None)
    assert refused.code == 1
    assert "name of its own" in refused.err
    assert len(mailing(*LEASE, "--no-topic").records()) == 4, "bob too: mail without a topic is left as a whole only"


def test_the_json_document_says_how_far_it_is(mailing: Any) -> None:
    words = ("handoff", "lease", "--segment", "VIP", "--topic", "News", "--worker", "w", "--limit")
    first = mailing.json(*words, "2")
    assert (first["done"], first["outstanding"], len(first["people"])) == (False, 2, 2)
    second = mailing.json(*words, "2")
    assert (second["done"], second["outstanding"], len(second["people"])) == (False, 3, 1)
    assert second["lease"] not in (None, first["lease"])
    last = mailing.json(*words, "2")
    assert (last["done"], last["outstanding"], last["people"], last["lease"]) == (True, 3, [], None)


def test_what_is_wrong_is_said(mailing: Any) -> None:
    assert "90s, 15m or 2h" in mailing(*LEASE, "--topic", "News", "--lease-for", "soon", code=2).err
    mailing(*LEASE, "--topic", "News", "--lease-for", "25h", code=2)
    mailing(*LEASE, code=2)  # topic or no topic must be said
    assert "handoff lease" in mailing("handoff", "confirm", "nonsense", "--all", code=2).err
    mailing("handoff", "confirm", str(uuid.uuid4()), "--all", code=3)
    mailing("handoff", "status", "nothing", code=3)
    secret = mailing("handoff", "confirm", "ada@example.com", "--all", code=2).err
    assert "ada@" not in secret


def test_the_feed_goes_on_behind_a_cursor(news: Any, file: Any) -> None:
    document = news.json("feed", "opt-outs")
    assert [item["action"] for item in document["items"]] == ["opt_out"]
    bob = document["items"][0]
    assert (bob["position"], bob["email"], bob["scope"], bob["topic"]) == (1, "bob@example.com", "topic", "News")
    assert document["next"] == 1
    news("unsubscribe", "ada@example.com", "--everything")
    news("suppressions", "add", "eve@example.com", "--reason", "bounce")
    path = file("out.csv", "email,unsubscribed\nnew@example.com,true\n")
    news("contacts", "import", path)
    news("contacts", "import", path)
    news("contacts", "remove", "bob@example.com")
    records = news("--format", "ndjson", "feed", "opt-outs", "--after", "1").records()
    assert [(record["position"], record["action"], record["email"]) for record in records] == [
        (2, "opt_out", "ada@example.com"),
        (3, "suppressed", "eve@example.com"),
        (4, "opt_out", "new@example.com"),
        (5, "removed", None),
    ]
    assert records[1]["suppression"] == "bounce"
    assert records[0]["scope"] == "everything"
    limited = news("--format", "ndjson", "feed", "opt-outs", "--after", "1", "--limit", "2")
    assert [record["position"] for record in limited.records()] == [2, 3]
    assert "--after 3" in limited.err
    assert news.json("feed", "opt-outs", "--after", "5") == {"items": [], "next": 5}
    news("feed", "opt-outs", "--after", "-1", code=2)


def test_many_programs_at_once_hand_over_everybody_once(cli: Any, file: Any) -> None:
    people = 300
    cli("topics", "create", "News", "--default", "opt_in")
    rows = "".join(f"p{number}@example.com\n" for number in range(people))
    cli("contacts", "import", file("people.csv", "email\n" + rows), "--segment", "All")
    loop = r"""
        while true; do
            "$0" --quiet --format ndjson handoff lease --segment All --topic News \
                --worker w$$ --limit 7 >lease.$$ || exit 1
            [ -s lease.$$ ] || exit 0
            cat lease.$$ >>mine.$$
            lease=$(sed -n '1s/.*"lease":"\([^"]*\)".*/\1/p' lease.$$)
            "$0" handoff confirm "$lease" --all >/dev/null || exit 1
        done
    """
    workers = [
        subprocess.Popen(["/bin/bash", "-c", loop, cli.path], cwd=cli.folder, env=cli.environment) for _ in range(3)
    ]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0, 0]
    mine = [json.loads(line) for path in cli.folder.glob("mine.*") for line in path.read_text().splitlines()]
    assert len(mine) == people
    assert len({person["id"] for person in mine}) == people
    assert cli.json("handoff", "list")[0]["confirmed"] == people
    assert len(list(cli.folder.glob("mine.*"))) > 1 or os.cpu_count() == 1
