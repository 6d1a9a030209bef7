"""Checks a ledger's chain as it lies on disk, text against hash, without making entries of it.

Half a million entries take a fraction of the time that reading them as values would: SQLite puts the canonical text of an
entry together from its columns, and only the hash is made here. What differs in whatever way from the text that was hashed
once has another hash, so nothing is missed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from pos_app.domain.ledger import LedgerHead

# One statement, its rows read: of the books, or of a copy that is looked over.
Ask = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]

_AT_ONCE = 5_000
# In the order of canonical JSON (docs/protocol.md 1): sorted by name, nothing between.
_TEXT = (
    """'{"at":"' || strftime('%Y-%m-%dT%H:%M:%S', at / 1000000, 'unixepoch')"""
    """ || printf('.%06dZ","body":', at % 1000000) || body || ',"business_date":"' || business_date"""
    """ || '","epoch":' || epoch || KID || ',"kind":"' || kind || '","prev":"' || prev || '","seq":' || seq || SIG"""
    """ || ',"till":"' || till || '"}'"""
)
_NAMED = """ifnull(',"{name}":"' || {name} || '"', '')"""


def heads(ask: Ask) -> dict[int, LedgerHead]:
    """Where the ledger of each epoch stands."""
    found: dict[int, LedgerHead] = {}
    epoch = -1
    while True:
        epoch = ask("SELECT min(epoch) FROM ledger WHERE epoch > ?", (epoch,))[0][0]
        if epoch is None:
            return found
        last = "SELECT seq, digest FROM ledger WHERE epoch = ? ORDER BY seq DESC LIMIT 1"
        found[epoch] = LedgerHead(*ask(last, (epoch,))[0])


def holds(ask: Ask, epoch: int, head: LedgerHead) -> bool:
    """Whether exactly that entry is there; none is there of a chain that has not begun."""
    found = ask("SELECT digest FROM ledger WHERE epoch = ? AND seq = ?", (epoch, head.seq))
    return bool(found) and found[0][0] == head.digest


def break_after(ask: Ask, epoch: int, head: LedgerHead) -> int | None:
    """The number of the first entry beyond `head` that does not follow, or is not what its hash says; None: all holds."""
    statement = _statement({row[1] for row in ask("PRAGMA table_info(ledger)", ())})
    seq, digest = head.seq, head.digest
    while rows := ask(statement, (epoch, seq, _AT_ONCE)):
        for found_seq, prev, kept, text in rows:
            seq += 1
            if found_seq != seq or prev != digest or text is None:
                return int(found_seq)
            digest = hashlib.sha256(text.encode()).hexdigest()[:32]
            if digest != kept:
                return seq
    return None


def _statement(columns: set[str]) -> str:
    text = _TEXT
    for name in ("kid", "sig"):  # a copy of before has no such columns
        text = text.replace(name.upper(), _NAMED.format(name=name) if name in columns else "''")
    return f"SELECT seq, prev, digest, {text} FROM ledger WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
