"""What a disk may hold after the power went: everything that was synced, and any part of the rest.

The model: a write after its file's last sync is kept, lost, kept in some of its sectors of 512 bytes, or lost with the
file as long as if it had been kept; truncations are kept or lost. Names (made, moved, taken away) come to the disk in
their order, as on a file system with a journal, so a beginning of them is there; only the sync of a folder makes them
last, the sync of a file does not. Method: "All File Systems Are Not Created Equal", OSDI 2014.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from tests.cuts.trace import FOLDER, Name, Op, Recording, Said, Sync, SyncFolder, Truncate, Write

SECTOR = 512
# A fate: LOST, KEPT, LONG (nothing of it but the length), or the sectors that were kept as a bit mask from _TORN on.
LOST, KEPT, LONG, _TORN = 0, 1, 2, 3
_FEW = 64  # so many combinations are all tried


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may have happened: how many names came to the disk, and the fate of each waiting operation."""

    names: int
    fates: tuple[int, ...]


@dataclass(slots=True)
class _File:
    kept: bytes = b""
    waiting: list[Write | Truncate] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """Fed with operations in order; `choices` and `files` tell what a cut at this moment may leave."""

    root: str
    _files: dict[int, _File] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)
    _waiting_names: list[Name] = field(default_factory=list)

    def take(self, op: Op) -> None:
        if isinstance(op, Write | Truncate):
            self._files[op.file].waiting.append(op)
        elif isinstance(op, Sync):
            file = self._files[op.file]
            file.kept = _after(file.kept, file.waiting, [KEPT] * len(file.waiting))
            file.waiting = []
        elif isinstance(op, Name):
            if op.file is not None and op.file != FOLDER:
                self._files.setdefault(op.file, _File())
            self._waiting_names.append(op)
        elif isinstance(op, SyncFolder):
            last = [n for n, name in enumerate(self._waiting_names, 1) if op.path in _folders(name)]
            for name in self._waiting_names[: last[-1] if last else 0]:
                _apply(self._names, name)
            del self._waiting_names[: last[-1] if last else 0]
        else:
            assert isinstance(op, Said)

    @property
    def _waiting(self) -> list[tuple[int, Write | Truncate]]:
        return [(number, op) for number, file in self._files.items() for op in file.waiting]

    def choices(self, chance: random.Random, most: int) -> Iterator[Choice]:
        """Different ones: all that there are while they are few, else `most` by chance."""
        waiting = [op for _, op in self._waiting]
        names = len(self._waiting_names)
        told: set[Choice] = set()
        if (names + 1) * 2 ** len(waiting) <= min(most, _FEW):
            for count in range(names + 1):
                told |= {Choice(count, fates) for fates in product((LOST, KEPT), repeat=len(waiting))}
        tries = 3 * most if waiting else 3 * names
        for _ in range(tries):
            if len(told) >= most:
                break
            told.add(Choice(chance.choice((0, names, chance.randint(0, names))), _fates(waiting, chance)))
        yield from sorted(told, key=lambda each: (each.names, each.fates))

    def files(self, choice: Choice) -> dict[str, bytes]:
        """Path and content of every file that is there then."""
        names = dict(self._names)
        for name in self._waiting_names[: choice.names]:
            _apply(names, name)
        fates = dict[int, list[int]]()
        for (number, _), fate in zip(self._waiting, choice.fates, strict=True):
            fates.setdefault(number, []).append(fate)
        return {
            path: _after(self._files[number].kept, self._files[number].waiting, fates.get(number, []))
            for path, number in names.items()
            if number != FOLDER
        }

    def folders(self, choice: Choice) -> list[str]:
        names = dict(self._names)
        for name in self._waiting_names[: choice.names]:
            _apply(names, name)
        return sorted(path for path, number in names.items() if number == FOLDER)


def _after(kept: bytes, waiting: Sequence[Write | Truncate], fates: Sequence[int]) -> bytes:
    if not waiting:
        return kept
    data = bytearray(kept)
    for op, fate in zip(waiting, fates, strict=True):
        if fate == LOST:
            continue
        if isinstance(op, Truncate):
            del data[op.size :]
            data.extend(bytes(op.size - len(data)))
            continue
        end = op.at + len(op.data)
        if fate == LONG or end > len(data):
            data.extend(bytes(max(0, end - len(data))))
        if fate == KEPT:
            data[op.at : end] = op.data
        elif fate >= _TORN:
            _tear(data, op, fate - _TORN)
    return bytes(data)


def _tear(data: bytearray, op: Write, mask: int) -> None:
    first = op.at // SECTOR
    for sector in range(_sectors(op)):
        if mask >> sector & 1:
            begin = max(op.at, (first + sector) * SECTOR)
            end = min(op.at + len(op.data), (first + sector + 1) * SECTOR)
            data[begin:end] = op.data[begin - op.at : end - op.at]


def _sectors(op: Write | Truncate) -> int:
    """How many sectors of the disk it touches."""
    if isinstance(op, Truncate):
        return 0
    return math.ceil((op.at % SECTOR + len(op.data)) / SECTOR)


def _fates(waiting: Sequence[Write | Truncate], chance: random.Random) -> tuple[int, ...]:
    """Of the many ways the likely and the nasty ones: a beginning, all but one, any half, torn here and there."""
    count = len(waiting)
    way = chance.randrange(5)
    if way == 0:
        kept = chance.randint(0, count)
        fates = [KEPT] * kept + [LOST] * (count - kept)
    elif way == 1:
        fates = [KEPT] * count
    else:
        share = (0.1, 0.5, 0.9)[way - 2]
        fates = [KEPT if chance.random() < share else LOST for _ in range(count)]
    for _ in range(chance.choice((0, 1, 1, 2, 3)) if count else 0):
        which = chance.randrange(count)
        fates[which] = _torn(waiting[which], chance)
    return tuple(fates)


def _torn(op: Write | Truncate, chance: random.Random) -> int:
    sectors = _sectors(op)
    if sectors < 2:
        return chance.choice((LOST, LONG)) if isinstance(op, Write) else LOST
    way = chance.randrange(4)
    if way == 0:
        return LONG
    mask = (1 << chance.randrange(1, sectors)) - 1 if way == 1 else chance.randrange(1, (1 << sectors) - 1)
    return _TORN + mask


def _apply(names: dict[str, int], name: Name) -> None:
    if name.gone is not None:
        names.pop(name.gone, None)
    if name.file is None:
        names.pop(name.path, None)
    else:
        names[name.path] = name.file


def _folders(name: Name) -> set[str]:
    return {path.rpartition("/")[0] for path in (name.path, name.gone) if path is not None}


def cuts(recording: Recording, seed: int, most: int) -> Iterator[tuple[int, Disk, Choice]]:
    """Every state that a cut between any two operations and after the last is tried with, as (moment, disk, choice).

    `most` bounds how many for one moment. A moment before something was said is left out: the one after it asks more.
    """
    disk, chance, ops = Disk(recording.root), random.Random(seed), recording.ops
    for moment in range(len(ops) + 1):
        if moment:
            disk.take(ops[moment - 1])
        if moment < recording.begin or (moment < len(ops) and isinstance(ops[moment], Said)):
            continue
        for choice in disk.choices(chance, most):
            yield moment, disk, choice
