"""roll.keys."""

import mailroll
import pytest


def test_a_new_key_signs_and_rekey_moves_everybody_to_it(roll):
    before = roll.contacts.add("ada@example.com")
    added = roll.keys.add("hash")
    assert (added.kind, added.id, added.state, added.in_store) == ("hash", 2, "signing", True)
    assert roll.contacts.get("ada@example.com").id == before.id
    seen = []
    report = roll.keys.rekey(progress=lambda phase, done, total: seen.append((phase, done, total)))
    assert (report.looked_at, report.moved, report.collisions, report.collided) == (1, 1, 0, [])
    assert seen[-1] == ("rekey", 1, 1)
    after = roll.contacts.get("ada@example.com")
    assert after.id != before.id
    assert roll.contacts.get(before.id) == after
    assert [(key.kind, key.id, key.state, key.people) for key in roll.keys.list()] == [
        ("hash", 1, "retired", 0),
        ("hash", 2, "signing", 1),
        ("link", 1, "signing", 0),
    ]
    assert roll.check().to_rekey == 0


def test_the_only_key_that_signs_is_neither_retired_nor_revoked(roll):
    with pytest.raises(mailroll.Refused) as refused:
        roll.keys.retire("hash", 1)
    assert refused.value.details["reason"] == "only_key"
    roll.keys.add("link")
    assert roll.keys.revoke("link", 1).state == "revoked"
    with pytest.raises(mailroll.NotFound):
        roll.keys.revoke("link", 9)
    with pytest.raises(mailroll.Invalid):
        roll.keys.add("lock")


def test_moved_keys_open_the_store_from_their_file_alone(tmp_path):
    url = f"sqlite:///{tmp_path}/roll.db"
    with mailroll.open(url) as roll:
        roll.contacts.add("ada@example.com")
        assert roll.keys.move_out(tmp_path / "keyring") == 2
        assert {key.in_store for key in roll.keys.list()} == {False}
        with pytest.raises(mailroll.Invalid) as missing:
            roll.keys.add("link")
        assert missing.value.details["reason"] == "key_missing"
        with (tmp_path / "keyring").open("a") as keyring:
            print("link", 2, "ab" * 32, file=keyring)
        assert roll.keys.add("link").in_store is False
    with pytest.raises(mailroll.StorageError) as lost:
        mailroll.open(url)
    assert lost.value.details["reason"] == "lost_key"
    with mailroll.open(url, key_file=str(tmp_path / "keyring")) as roll:
        assert roll.contacts.get("ada@example.com").email == "ada@example.com"
