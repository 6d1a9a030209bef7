"""A till of before signatures goes on with its ledger: what was not signed stays good, and nothing unsigned follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from pos_app.domain.ledger import LedgerEntry, LedgerHead, first_break
from pos_app.store import migrate
from pos_app.store.books import BOOKS
from pos_app.store.signer import TillSigner
from tests.fakes.till_signer import fake_signer
from tests.store.till_world import DAY, ENROLMENT, KEY, NOON, World, open_file

_OLD = (
    "INSERT INTO ledger (till, epoch, seq, prev, digest, at, business_date, kind, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def an_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[LedgerEntry]:
    """A till of one step before, with a ledger of three entries."""
    steps = folder / "steps"
    (steps / "versions").mkdir(parents=True)
    real = Path(migrate.__file__).parent / "migrations"
    old = [path for path in (real / "versions").glob("*.py") if path.name < "0004"]
    for path in (real / "env.py", *old):
        (steps / path.relative_to(real)).write_text(path.read_text())
    with monkeypatch.context() as before:
        before.setattr(migrate, "HEAD", "0003")
        before.setattr(migrate, "STEPS", steps)
        books = open_file(folder)
        World(books.open_books, books.open_to_read).enrolled()
        books.close()
    head, entries = LedgerHead(), []
    with dbapi2.connect(str(folder / BOOKS), isolation_level=None) as connection:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        for number in range(1, 4):
            body = {"n": number}
            entry = LedgerEntry(ENROLMENT.till_id, 1, number, head.digest, NOON, DAY, "kind", body)
            at = int(NOON.timestamp() * 1_000_000)
            row = (entry.till, 1, number, entry.prev, entry.digest, at, DAY.isoformat(), "kind")
            connection.execute(_OLD, (*row, json.dumps(body, separators=(",", ":"))))
            head = LedgerHead(number, entry.digest)
            entries.append(entry)
    connection.close()
    return entries


def test_the_chain_goes_on_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = an_old_file(tmp_path, monkeypatch)
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    assert world.read(lambda found: found.ledger.after(0, 9)) == tuple(before)
    assert books.inspector.trouble() == []
    assert world.read(lambda found: found.ledger.first_bad_signature(0)) is None
    world.write(lambda found: found.ledger.append("kind", NOON, DAY, {}))
    entries = world.read(lambda found: found.ledger.after(0, 9))
    assert [entry.sig is not None for entry in entries] == [False, False, False, True]
    assert first_break(entries, LedgerHead()) is None
    assert world.read(lambda found: found.ledger.first_bad_signature(0)) is None
    world.write(lambda found: found.ledger.append("kind", NOON, DAY, {}))
    books.close()
    with dbapi2.connect(str(tmp_path / BOOKS), isolation_level=None) as connection:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("UPDATE ledger SET kid = NULL, sig = NULL WHERE seq = 5")
    connection.close()
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    assert world.read(lambda found: found.ledger.first_bad_signature(0)) == 5
    assert world.read(lambda found: found.ledger.first_bad_signature(4)) == 5
    assert world.read(lambda found: found.ledger.first_bad_signature(5)) is None
    books.close()


def test_more_than_a_page_of_entries_is_checked_to_its_end(tmp_path: Path) -> None:
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read).enrolled()
    world.write(lambda found: [found.ledger.append("kind", NOON, DAY, {"n": n}) for n in range(2_005)])
    assert world.read(lambda found: found.ledger.first_bad_signature(0)) is None
    books.close()
    with dbapi2.connect(str(tmp_path / BOOKS), isolation_level=None) as connection:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("UPDATE ledger SET body = '{\"n\":7}' WHERE seq = 2003")
    connection.close()
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    assert world.read(lambda found: found.ledger.first_bad_signature(0)) == 2_003
    books.close()


def test_a_signature_is_of_one_key_one_message_and_one_spelling() -> None:
    signer, other = fake_signer(1), fake_signer(2)
    signature = signer.sign(b"text")
    assert signer.holds(signer.kid, b"text", signature)
    assert not other.holds(signer.kid, b"text", signature)
    assert not other.holds(other.kid, b"text", signature)
    assert not signer.holds(signer.kid, b"text.", signature)
    for wrong in (
        "",
        "?",
        signature[:-1],
        signature + "A",
        signature + "=",
        signature[:40] + "!" + signature[40:],
    ):
        assert not signer.holds(signer.kid, b"text", wrong)
    assert isinstance(signer, TillSigner)
    assert len(signer.kid) == 8
