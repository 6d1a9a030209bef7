"""Opens the till's file: SQLCipher, WAL, FULL, every pragma read back, one writer and any number of readers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from pos_app.domain.errors import DatabaseDamaged, DatabaseForeign, DiskTrouble, StoreTrouble
from pos_app.store.connection import BooksConnection
from pos_app.store.trouble import translated, trouble_of

BUSY_TIMEOUT_MS = 5_000
_PATIENCE_OF_A_CHECKPOINT_MS = 200
_LARGE_WAL_BYTES = 16 * 1024 * 1024
_COMMITS_BETWEEN_LOOKS = 64
_READERS = 8

# What the file must answer at every connect: builds differ in their defaults, and a pragma that fails is silent.
_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
    "wal_autocheckpoint": 0,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "temp_store": 2,
    "secure_delete": 1,
    "cache_size": -16_000,  # KiB: a page outside of it is decrypted anew at every keystroke
}


def _nothing_to_free() -> None:
    """Without a ballast a full disk is only said."""


class BooksEngine:
    """The file, open: `writing` and `reading` hand out connections inside a transaction that is not kept by itself.

    After any error of the disk or of the file, while writing, reading or tidying up, nothing more is written until it is
    opened anew: what the disk holds is not known any more, for a sync that failed may say yes the next time and have lost
    the page (https://www.sqlite.org/howtocorrupt.html, section 3). A full disk alone only rolls back.
    """

    def __init__(
        self, path: Path, database_key: bytes, when_full: Callable[[], None] = _nothing_to_free
    ) -> None:
        """DatabaseDamaged, DatabaseForeign or DiskTrouble when the file cannot be used; nothing is overwritten.

        `when_full` is called when the disk is: what it frees lets the next try succeed.
        """
        refuse_old_sqlite(dbapi2.sqlite_version_info)
        self.path = path
        self.key = database_key
        self._turn = threading.Lock()
        self._broken: StoreTrouble | None = None
        self._when_full = when_full
        self._commits = 0
        refuse_strange_file(path)
        self._writers = self._engine(may_write=True)
        self._readers = self._engine(may_write=False)
        self._writer: BooksConnection | None = None
        self._idle: list[BooksConnection] = []
        self._long: set[Any] = set()  # the driver's connections on which something long is under way
        self._is_closed = False

    @contextmanager
    def writing(self) -> Iterator[BooksConnection]:
        """The one writer, in BEGIN IMMEDIATE; whoever comes second waits. Rolled back on leaving."""
        with self._turn, self._watched():
            connection = self._ready_writer()
            connection.run("BEGIN IMMEDIATE")
            try:
                yield connection
            finally:
                self._roll_back(connection)
                self._look_at_the_wal()

    @contextmanager
    def rebuilding(self) -> Iterator[BooksConnection]:
        """The writer with foreign keys off, for steps that rebuild tables: ON, a rebuild would empty what hangs below."""
        with self._turn, self._watched():
            connection = self._ready_writer()
            connection.run("PRAGMA foreign_keys = 0")
            connection.run("BEGIN IMMEDIATE")
            connection.core.begin()  # so that Alembic sees the transaction and makes none of its own
            try:
                yield connection
            finally:
                connection.roll_back()
                connection.run("PRAGMA foreign_keys = 1")
                connection.roll_back()

    @contextmanager
    def reading(self) -> Iterator[BooksConnection]:
        """A connection with one consistent picture of the books.

        Connections are kept, not handed back to the pool: its part would be a tenth of a keystroke.
        """
        with self._watched():
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = BooksConnection(self._readers.connect(), self.path)
            try:
                connection.run("BEGIN")
                yield connection
            finally:
                self._keep_reader(connection)

    def commit(self, connection: BooksConnection) -> None:
        """On disk for good when this returns. After trouble with the disk no more is written until it is opened anew."""
        try:
            connection.run("COMMIT")
            # What comes after it in the same context is a transaction of its own, undone unless committed, too.
            connection.run("BEGIN")
        except StoreTrouble as trouble:
            self._take_notice(trouble)
            raise
        self._commits += 1

    @property
    def broken(self) -> StoreTrouble | None:
        """Why nothing is written any more until the file is opened anew; None as long as all is well."""
        return self._broken

    def shut(self, trouble: StoreTrouble) -> None:
        """From now on nothing is written: somebody who looked at the file found it wrong."""
        if self._broken is None:
            self._broken = trouble

    @contextmanager
    def taking_long(self, connection: Any) -> Iterator[None]:
        """What is done on this connection of the driver is broken off by `hurry`: BrokenOff."""
        self._long.add(connection)
        try:
            yield
        finally:
            self._long.discard(connection)

    def hurry(self) -> None:
        """Break off what takes long, from whatever thread; a copy that was half made is not there."""
        for connection in tuple(self._long):
            connection.interrupt()

    def checkpoint(self, patience_ms: int = _PATIENCE_OF_A_CHECKPOINT_MS) -> bool:
        """Brings the log back into the file; False when somebody was in the way or the disk has failed (`broken`)."""
        if not self._turn.acquire(timeout=patience_ms / 1000):
            return False
        try:
            return self._tidy_up(patience_ms)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Brings the log back into the file, if it can be, and ends all connections."""
        with self._turn:
            if self._writer is not None:
                self._tidy_up(_PATIENCE_OF_A_CHECKPOINT_MS)
            if self._writer is not None:
                self._writer.core.close()
                self._writer = None
            self._is_closed = True
            while self._idle:
                self._idle.pop().core.close()
            self._readers.dispose()
            self._writers.dispose()

    def connect(self, may_write: bool = True) -> Any:
        """A connection of the driver, with every pragma set and read back."""
        with translated(self.path):
            connection = dbapi2.connect(
                str(self.path),
                isolation_level=None,
                check_same_thread=False,
                timeout=BUSY_TIMEOUT_MS / 1000,
                cached_statements=256,
            )
            try:
                # What a damaged page means is said by our own errors, in one sentence, not on standard error.
                connection.execute("PRAGMA cipher_log_level = NONE")
                connection.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                _set_pragmas(connection)
                if not may_write:
                    connection.execute("PRAGMA query_only = 1")
            except BaseException:
                connection.close()
                raise
        return connection

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Takes notice of trouble with this file on its way up."""
        try:
            yield
        except StoreTrouble as trouble:
            # Whoever holds the books open may have met another file's, such as a report's that was to be written.
            if getattr(trouble, "path", None) == str(self.path):
                self._take_notice(trouble)
            raise

    def _take_notice(self, trouble: StoreTrouble) -> None:
        if isinstance(trouble, DiskTrouble) and trouble.cause == "full":
            self._when_full()
        else:
            self.shut(trouble)

    def _tidy_up(self, patience_ms: int) -> bool:
        """What was committed stays so whatever comes of it: trouble is remembered, not raised.

        Nothing is moved under somebody who looks at the whole file: a page half written would look torn to the cipher's check.
        """
        if self._long:
            return False
        try:
            return self._broken is None and _checkpoint(self._ready_writer(), patience_ms)
        except StoreTrouble as trouble:
            self._take_notice(trouble)
            return False

    def _ready_writer(self) -> BooksConnection:
        if self._broken is not None:
            raise self._broken
        if self._writer is None:
            self._writer = BooksConnection(self._writers.connect(), self.path)
        return self._writer

    def _keep_reader(self, connection: BooksConnection) -> None:
        try:
            connection.roll_back()
        except BaseException:
            connection.core.close()
            raise
        if self._is_closed or len(self._idle) >= _READERS:
            connection.core.close()
        else:
            self._idle.append(connection)

    def _engine(self, may_write: bool) -> Engine:
        engine = create_engine(
            "sqlite://",
            module=dbapi2,
            creator=lambda: self.connect(may_write),
            poolclass=QueuePool,
            pool_size=1 if may_write else _READERS,
            max_overflow=0 if may_write else -1,
            hide_parameters=True,  # an error must not carry what was to be kept
        )
        event.listen(engine, "handle_error", self._speak_ours)
        return engine

    def _speak_ours(self, context: ExceptionContext) -> BaseException | None:
        return trouble_of(context.original_exception, self.path)

    def _roll_back(self, connection: BooksConnection) -> None:
        try:
            connection.roll_back()
        except StoreTrouble as trouble:
            # What is wrong with the disk was said by the statement before; here it only matters for the next one.
            self.shut(trouble)

    def _look_at_the_wal(self) -> None:
        if self._commits < _COMMITS_BETWEEN_LOOKS or self._writer is None or self._broken is not None:
            return
        self._commits = 0
        wal = self.path.with_name(self.path.name + "-wal")
        if wal.exists() and wal.stat().st_size > _LARGE_WAL_BYTES:
            self._tidy_up(patience_ms=0)


def refuse_old_sqlite(version: tuple[int, int, int]) -> None:
    """Versions before 3.51.3 (but 3.44.6 and 3.50.7) may lose a log that is reset while it is read."""
    is_patched = (3, 44, 6) <= version < (3, 45, 0) or (3, 50, 7) <= version < (3, 51, 0)
    if version < (3, 51, 3) and not is_patched:
        raise RuntimeError(f"SQLite {version} has the WAL-reset bug: install sqlcipher3 0.6.4 or newer")


def refuse_strange_file(path: Path) -> None:
    """An empty or cut file is damaged, a plain SQLite file is foreign: SQLite would take the first for a new one."""
    with translated(path):
        if not path.exists():
            return
        if path.stat().st_size < 4096:
            raise DatabaseDamaged(path=str(path), found=f"only {path.stat().st_size} bytes are left")
        with path.open("rb") as file:
            if file.read(16) == b"SQLite format 3\0":
                raise DatabaseForeign(path=str(path))


def _set_pragmas(connection: Any) -> None:
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        answer = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if answer != value:
            raise RuntimeError(f"PRAGMA {name} is {answer}, not {value}")


def _checkpoint(connection: BooksConnection, patience_ms: int) -> bool:
    connection.run(f"PRAGMA busy_timeout = {patience_ms}")
    try:
        busy, _, _ = connection.run("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.run(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.roll_back()
    return not busy
