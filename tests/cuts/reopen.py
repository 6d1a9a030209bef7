"""Reopens a till's file as a power cut left it, and says in a sentence what is missing."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from pos_app.domain.errors import StoreTrouble
from tests.cuts.disk import Choice, Disk
from tests.cuts.trace import Op, Said
from tests.cuts.witness import connect, full, light
from tests.store.till_world import open_file


@dataclass(frozen=True, slots=True)
class Known:
    """What had been said at a moment: the last commit (0: none yet), the last world, who had paid, who was served."""

    commit: int = 0
    world: int = -1
    paid: tuple[tuple[str, str], ...] = ()  # sale id, receipt number
    done: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()  # the closings that were told to have a backup


@dataclass
class Told:
    """All that a recorded till said: `at` each moment, and what the file held after each commit."""

    at: list[Known]
    light: dict[int, str]
    full: dict[int, str]

    @staticmethod
    def of(ops: Sequence[Op]) -> Told:
        known = Known()
        told = Told([known], {}, {})
        for op in ops:
            if isinstance(op, Said):
                known = told._after(known, json.loads(op.text))
            told.at.append(known)
        return told

    def _after(self, known: Known, facts: dict[str, Any]) -> Known:
        if "commit" in facts:
            self.light[facts["commit"]], self.full[facts["commit"]] = facts["light"], facts["full"]
        return Known(
            facts.get("commit", known.commit),
            facts.get("world", known.world),
            known.paid + (((facts["paid"], facts["receipt"]),) if "paid" in facts else ()),
            known.done + ((facts["done"],) if "done" in facts else ()),
            known.saved + ((facts["saved"],) if "saved" in facts else ()),
        )


@dataclass
class Place:
    """A folder in which one state after another is laid out; what did not change since the last one stays."""

    folder: Path
    _there: dict[Path, bytes] = field(default_factory=dict)
    _folders: set[Path] = field(default_factory=set)

    def lay_out(self, disk: Disk, choice: Choice) -> None:
        wanted = {self._path(disk, path): data for path, data in disk.files(choice).items()}
        for path in self._there:
            for gone in (path, path.with_name(path.name + "-shm"), path.with_name(path.name + "-wal")):
                if gone not in wanted:
                    gone.unlink(missing_ok=True)
        for folder in {
            self.folder,
            *(path.parent for path in wanted),
            *(self._path(disk, p) for p in disk.folders(choice)),
        }:
            if folder not in self._folders:
                folder.mkdir(parents=True, exist_ok=True)
                self._folders.add(folder)
        for path, data in wanted.items():
            if self._there.get(path) is not data:
                path.write_bytes(data)
        self._there = wanted

    def was_written(self) -> None:
        """Somebody wrote here: nothing is as it was laid out."""
        shutil.rmtree(self.folder)
        self._there, self._folders = {}, set()

    def _path(self, disk: Disk, path: str) -> Path:
        return self.folder / os.path.relpath(path, disk.root)


def glance(folder: Path, told: Told, known: Known, mode: str = "ro") -> str | None:
    """By SQLite alone: the file holds exactly what it held after the last commit that was told, or the one under way."""
    if known.commit == 0:
        return None  # nothing was promised yet; `look` says whether it opens
    try:
        connection = connect(folder, mode)
        try:
            seen = light(connection)
        finally:
            connection.close()
    except dbapi2.Error as error:
        return f"cannot be read: {error}"
    return _verdict(seen, told.light, known.commit)


def look(folder: Path, told: Told, known: Known) -> str | None:
    return look_for(folder, told.full, known)


def look_for(folder: Path, kept: dict[int, str], known: Known) -> str | None:
    """By the till: it opens, every page, key and link of the chain is sound, and every row is as it was."""
    try:
        books = open_file(folder)
    except StoreTrouble as trouble:
        return f"does not open: {trouble!r}"
    try:
        found = list(books.inspector.trouble())
        if found:
            return "; ".join(found)
        connection = books._engine.connect(may_write=False)
        try:
            (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
            seen = full(connection)
        finally:
            connection.close()
    finally:
        books.close()
    if sound != "ok":
        return f"integrity check: {sound}"
    return _verdict(seen, kept, known.commit) if known.commit else None


def _verdict(seen: str, kept: dict[int, str], last: int) -> str | None:
    if seen in (kept[last], kept.get(last + 1)):
        return None
    older = [commit for commit, mark in kept.items() if mark == seen]
    if older:
        return f"LOST: holds commit {older[-1]} where {last} was told"
    return f"holds no whole commit where {last} was told"


def worlds_beside(witness: Path) -> list[bytes]:
    found: list[bytes] = pickle.loads(witness.with_suffix(".worlds").read_bytes())
    return found
