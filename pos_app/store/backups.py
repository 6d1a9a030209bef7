"""Copies of the books: made while the till sells, opened and looked over before they have a name, put back by moves.

A name says what a copy is: `closing-20261122T041500000000Z-T1-000123.db` is of the closing of that moment, with that last receipt
number. `VACUUM INTO` writes one moment of the file (https://www.sqlite.org/lang_vacuum.html); under SQLCipher the copy takes
the key of the file that it is made from.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from pos_app.domain.backup import Backup, BackupKind
from pos_app.domain.disk import LEAST_ROOM_BYTES
from pos_app.domain.errors import DatabaseDamaged, DiskTrouble, NoSuchBackup
from pos_app.store.chain import Ask, heads, holds
from pos_app.store.engine import BooksEngine
from pos_app.store.ground import free_bytes, sync_file, sync_folder
from pos_app.store.inspector import chain_trouble, file_trouble
from pos_app.store.trouble import translated, trouble_with_file

BACKUPS = "backups"
_STAMP = "%Y%m%dT%H%M%S%fZ"
_NAME = re.compile(
    r"(?P<kind>closing|hand|before-\w+-from-\w+)(-(?P<at>\d{8}T\d{12}Z))?(-(?P<receipt>.+))?\.db"
)


class FileBackups:
    """Implements ports.files.Backups for the open books."""

    def __init__(self, engine: BooksEngine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder

    def make(self, kind: BackupKind, at: datetime) -> Backup:
        return back_up(self._engine, self._folder, f"{kind.value}-{stamp_of(at)}")

    def all(self) -> Sequence[Backup]:
        return backups_in(self._folder)

    def drop(self, name: str) -> None:
        path = self._folder / name
        with translated(path):
            path.unlink(missing_ok=True)
            sync_folder(self._folder)


def stamp_of(at: datetime) -> str:
    """An instant as names have it, UTC to the microsecond."""
    return at.astimezone(UTC).strftime(_STAMP)


def back_up(engine: BooksEngine, folder: Path, name: str) -> Backup:
    """A copy of the whole file under `name` and its last receipt number, whole and looked over before it is so called.

    DiskTrouble also when it would leave too little room to sell in; DatabaseDamaged when the copy, and so the file, is not sound.
    """
    half = folder / f"{name}.half"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob("*.half"):  # of a crash
            left.unlink()
        if free_bytes(folder) < engine.path.stat().st_size + LEAST_ROOM_BYTES:
            raise DiskTrouble(path=str(folder), cause="full")
        os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise trouble_with_file(error, half) from error
    try:
        with translated(half):
            before = _copy(engine, half)
            sync_file(half)
            receipt = _look_over(engine, half, before)
            path = folder / f"{name}{'-' if receipt else ''}{receipt}.db"
            half.replace(path)
            sync_folder(folder)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    made = backup_of(path)
    if made is None:
        raise ValueError(f"{path.name} is no name of a backup")
    return made


def backups_in(folder: Path) -> tuple[Backup, ...]:
    """Newest first; none when there is no such folder."""
    with translated(folder):
        found = [backup_of(path) for path in folder.glob("*.db")]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.at, reverse=True))


def backup_of(path: Path) -> Backup | None:
    """What the file's name says; None for another's. One from before an upgrade has the time of its file."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    facts = path.stat()
    at = datetime.fromtimestamp(facts.st_mtime, UTC)
    if match["at"]:
        at = datetime.strptime(match["at"], _STAMP).replace(tzinfo=UTC)
    kind = BackupKind(match["kind"]) if match["kind"] in ("closing", "hand") else BackupKind.UPGRADE
    return Backup(path.name, kind, at, facts.st_size, match["receipt"] or "")


def find(folder: Path, name: str) -> Path:
    """NoSuchBackup unless it is one of the folder's own."""
    path = folder / name
    if path.name != name or not path.is_file() or backup_of(path) is None:
        raise NoSuchBackup(name=name)
    return path


@contextmanager
def looking_at(path: Path, key: bytes, engine: BooksEngine | None = None) -> Iterator[Ask]:
    """Questions to a file that nobody writes to; nothing of it is changed, and no log is made beside it.

    With an engine it ends when that one is to hurry.
    """
    with translated(path):
        where = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection: Any = dbapi2.connect(where, uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with engine.taking_long(connection) if engine is not None else nullcontext():
                yield _asking(connection)
        finally:
            connection.close()


def _asking(driver: Any) -> Ask:
    return lambda statement, values: driver.execute(statement, values).fetchall()


def must_be_sound(ask: Ask, path: Path) -> None:
    """DatabaseDamaged when its pages, its cipher, its links or the chain of its ledger are not whole."""
    found = [*file_trouble(ask), *chain_trouble(ask, {})]
    if found:
        raise DatabaseDamaged(path=str(path), found=found[0])


def _copy(engine: BooksEngine, half: Path) -> dict[int, Any]:
    """The heads of the ledger before it was made."""
    connection = engine.connect()
    try:
        before = heads(_asking(connection))
        with engine.taking_long(connection):
            connection.execute("VACUUM INTO ?", (str(half),))
        return before
    finally:
        connection.close()


def _look_over(engine: BooksEngine, half: Path, before: dict[int, Any]) -> str:
    """The last receipt number in the copy, which is sound and stands on the same ledger, no earlier than it was begun."""
    with looking_at(half, engine.key, engine) as ask:
        must_be_sound(ask, half)
        copied = heads(ask)
        receipt = _last_receipt(ask)
    with engine.reading() as live:
        for epoch, head in copied.items():
            if not holds(live.ask, epoch, head):
                raise DatabaseDamaged(
                    path=str(half), found=f"entry {head.seq} of epoch {epoch} is not the ledger's"
                )
    if any(epoch not in copied or copied[epoch].seq < head.seq for epoch, head in before.items()):
        raise DatabaseDamaged(path=str(half), found="its ledger ends too early")
    return receipt


def _last_receipt(ask: Ask) -> str:
    rows = ask(
        "SELECT till_code, value FROM counters, enrolment WHERE name = 'receipt' AND value > 0 LIMIT 1", ()
    )
    return f"{rows[0][0]}-{rows[0][1]:06d}" if rows else ""
