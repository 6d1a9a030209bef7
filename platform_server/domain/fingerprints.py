"""Remembers which codes were seen, in sixteen to thirty-two bytes each."""

from __future__ import annotations

from array import array

_FIRST_SLOTS = 1 << 16


class Fingerprints:
    """A set of fingerprints by their first 64 bits: of a million codes two share them once in 10^7 files."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _FIRST_SLOTS))  # 0 is a free slot
        self._count = 0

    def add(self, fingerprint: str) -> bool:
        """Whether it was new; `fingerprint` is hex of at least 64 bits."""
        if 2 * self._count >= len(self._slots):
            self._grow()
        return self._put(int(fingerprint[:16], 16) or 1)

    def _put(self, mark: int) -> bool:
        mask = len(self._slots) - 1
        place = mark & mask
        while self._slots[place]:
            if self._slots[place] == mark:
                return False
            place = (place + 1) & mask
        self._slots[place] = mark
        self._count += 1
        return True

    def _grow(self) -> None:
        old, self._count = self._slots, 0
        self._slots = array("Q", bytes(16 * len(old)))
        for mark in old:
            if mark:
                self._put(mark)
