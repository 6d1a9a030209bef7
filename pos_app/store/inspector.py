"""Looks at the file itself: pages, cipher, what points nowhere, and the ledger's chain."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from sqlcipher3 import dbapi2

from pos_app.domain.errors import BrokenOff, StoreTrouble
from pos_app.domain.ledger import LedgerHead
from pos_app.store.chain import Ask, break_after, heads, holds
from pos_app.store.engine import BooksEngine

log = logging.getLogger(__name__)

# Beside the books: where each epoch's ledger stood when the whole file was last found sound. It only spares time: without
# it, or with a wrong one, all of the ledger is looked at.
SOUND = "sound.json"


class FileInspector:
    """Implements ports.books.Inspector on the open file."""

    def __init__(self, engine: BooksEngine, sound: Path) -> None:
        self._engine = engine
        self._sound = sound

    def trouble(self) -> Sequence[str]:
        """Sentences about a damaged file; empty when it is sound. BrokenOff when the till closes meanwhile."""
        try:
            is_whole = self._engine.checkpoint()
            with self._engine.reading() as connection, self._engine.taking_long(connection.driver):
                found = [*file_trouble(connection.ask, is_whole), *chain_trouble(connection.ask, {})]
                if not found:
                    self._remember(heads(connection.ask))
                return found
        except BrokenOff:
            raise
        except (StoreTrouble, dbapi2.Error) as trouble:
            return [_unreadable(trouble)]

    def recent_trouble(self) -> Sequence[str]:
        """The links of the ledger since the last whole look; the newest must lie on what was sound then."""
        try:
            with self._engine.reading() as connection:
                return chain_trouble(connection.ask, self._remembered())
        except (StoreTrouble, dbapi2.Error) as trouble:
            return [_unreadable(trouble)]

    def _remember(self, sound: dict[int, LedgerHead]) -> None:
        text = json.dumps({str(epoch): [head.seq, head.digest] for epoch, head in sound.items()})
        try:
            self._sound.write_text(text, encoding="ascii")
        except OSError as error:
            log.warning("not remembered as sound: %s", type(error).__name__)

    def _remembered(self) -> dict[int, LedgerHead]:
        try:
            kept = json.loads(self._sound.read_text(encoding="ascii"))
            return {int(epoch): LedgerHead(int(seq), str(digest)) for epoch, (seq, digest) in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def file_trouble(ask: Ask, is_whole: bool = True) -> list[str]:
    """Of pages, cipher and foreign keys; `is_whole` when nothing of it lies in a log beside it."""
    pages = [said for (said,) in ask("PRAGMA quick_check", ()) if said != "ok"]
    # It reads the file and not its log. Where the power went while the log was brought back, a page of the file may be
    # half written and sound all the same, for the log still has it: so only once nothing is left in the log.
    cipher = [said for (said,) in ask("PRAGMA cipher_integrity_check", ())] if is_whole else []
    broken = ask("PRAGMA foreign_key_check", ())
    return [
        *(f"Page check: {said}." for said in pages),
        *(f"Cipher check: {said}." for said in cipher),
        *(f"A row of {row[0]} points to a row of {row[2]} that is not there." for row in broken),
    ]


def chain_trouble(ask: Ask, sound: dict[int, LedgerHead]) -> list[str]:
    """Of the links beyond those that are known to be sound, if these still stand where they stood."""
    found = []
    for epoch in heads(ask):
        known = sound.get(epoch, LedgerHead())
        start = known if holds(ask, epoch, known) else LedgerHead()
        broken = break_after(ask, epoch, start)
        if broken is not None:
            found.append(f"The ledger of epoch {epoch} is broken at entry {broken}.")
    return found


def _unreadable(trouble: StoreTrouble | dbapi2.Error) -> str:
    said = repr(trouble) if isinstance(trouble, StoreTrouble) else str(trouble)
    return f"The file cannot be read to its end: {said}."
