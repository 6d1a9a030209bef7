"""Looks at the file itself: pages, cipher, what points nowhere, and the ledger's chain."""

from __future__ import annotations

from collections.abc import Sequence

from sqlcipher3 import dbapi2

from pos_app.domain.errors import StoreTrouble
from pos_app.domain.ledger import LedgerHead, first_break
from pos_app.store.connection import BooksConnection
from pos_app.store.engine import BooksEngine
from pos_app.store.ledger import entry_of

_PAGE = 2_000
_ENTRIES = (
    "SELECT till, epoch, seq, prev, at, business_date, kind, body, kid, sig FROM ledger"
    " WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?"
)


class FileInspector:
    def __init__(self, engine: BooksEngine) -> None:
        self._engine = engine

    def trouble(self) -> Sequence[str]:
        """Sentences about a damaged file; empty when it is sound."""
        try:
            is_whole = self._engine.checkpoint()
            with self._engine.reading() as connection:
                return [*_pages(connection, is_whole), *_links(connection), *_chain(connection)]
        except StoreTrouble as trouble:
            return [f"The file cannot be read to its end: {trouble!r}."]
        except dbapi2.Error as error:
            return [f"The file cannot be read to its end: {error}."]


def _pages(connection: BooksConnection, is_whole: bool) -> list[str]:
    quick = connection.run("PRAGMA quick_check").scalars()
    # It reads the file and not its log. Where the power went while the log was brought back, a page of the file may be
    # half written and sound all the same, for the log still has it: so only once nothing is left in the log.
    cipher = connection.run("PRAGMA cipher_integrity_check").scalars() if is_whole else []
    return [f"Page check: {said}." for said in quick if said != "ok"] + [
        f"Cipher check: {said}." for said in cipher
    ]


def _links(connection: BooksConnection) -> list[str]:
    broken = connection.run("PRAGMA foreign_key_check").all()
    return [f"A row of {row[0]} points to a row of {row[2]} that is not there." for row in broken]


def _chain(connection: BooksConnection) -> list[str]:
    found = []
    for epoch in connection.run("SELECT DISTINCT epoch FROM ledger ORDER BY epoch").scalars():
        head = LedgerHead()
        while True:
            rows = connection.run(_ENTRIES, (epoch, head.seq, _PAGE)).all()
            entries = [entry_of(row) for row in rows]
            broken = first_break(entries, head)
            if broken is not None:
                found.append(f"The ledger of epoch {epoch} is broken at entry {broken}.")
                break
            if not entries:
                break
            head = LedgerHead(entries[-1].seq, entries[-1].digest)
    return found
