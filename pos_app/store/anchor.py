"""The anchor in two small files outside the data, each whole, synced and under its final name, or not there at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pos_app.domain.errors import DiskTrouble
from pos_app.domain.ledger import AnchorMark
from pos_app.store.keys import write_alone

# Files are there and none can be read: as long as that is so, nobody can say what was handed out.
UNREADABLE = AnchorMark(epoch=2**31)


class FileAnchor:
    """The higher of its files counts; a damaged or missing one is made good by the next raise."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._known: AnchorMark | None = None

    def read(self) -> AnchorMark:
        found = [_read(path) for path in self._paths if path.exists()]
        sound = [mark for mark in found if mark is not None]
        if found and not sound:
            return UNREADABLE
        return max(sound, default=AnchorMark())

    def raise_to(self, mark: AnchorMark) -> None:
        if self._known is None:
            found = self.read()
            self._known = AnchorMark() if found == UNREADABLE else found
        if mark <= self._known:
            return
        troubles = []
        for path in self._paths:
            try:
                _write(path, mark)
            except DiskTrouble as trouble:
                troubles.append(trouble)
        if len(troubles) == len(self._paths):  # one that was written is enough to know an old copy by
            raise troubles[0]
        self._known = mark


def _read(path: Path) -> AnchorMark | None:
    """None for a file that does not hold what we wrote."""
    try:
        kept = json.loads(path.read_text(encoding="ascii"))
        epoch, seq = kept["epoch"], kept["seq"]
        is_sound = type(epoch) is int and type(seq) is int and kept["check"] == _check(epoch, seq)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return AnchorMark(epoch, seq) if is_sound else None


def _write(path: Path, mark: AnchorMark) -> None:
    told = {"epoch": mark.epoch, "seq": mark.seq, "check": _check(mark.epoch, mark.seq)}
    write_alone(path, json.dumps(told) + "\n")


def _check(epoch: int, seq: int) -> str:
    """Enough to know a damaged file by; nobody is kept from writing another."""
    return hashlib.sha256(f"anchor:{epoch}:{seq}".encode()).hexdigest()[:16]
