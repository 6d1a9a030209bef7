"""Opens the encrypted SQLite file the one way it may be opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlcipher3 import dbapi2

from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.store.inline import InlineConnection

# Set, then read back at every connect, because builds differ in their defaults.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("wal_autocheckpoint", "0", 0),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
)
_READERS = 4
_MENDED = (3, 51, 3)  # the first release without the WAL-reset fault; two older lines carry the fix too
_MENDED_LINES = {(3, 44): 6, (3, 50): 7}


def check_library() -> None:
    """Raises StoreTrouble for a SQLite that can lose a WAL, or that does not encrypt."""
    version = tuple(int(part) for part in dbapi2.sqlite_version.split("."))
    line = _MENDED_LINES.get((version[0], version[1]))
    if version < _MENDED and (line is None or version[2] < line):
        raise StoreTrouble(f"SQLite {dbapi2.sqlite_version} is too old; install sqlcipher3 0.6.4 or newer.")


def connect(path: Path, key: bytes, *, is_reader: bool = False, wait_ms: int = 5000) -> Any:
    """A connection with the raw 256-bit key; raises StoreTrouble if the file does not open with it."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5)
    try:
        _prepare(connection, key, wait_ms)
        if is_reader:
            connection.execute("PRAGMA query_only = ON")
    except dbapi2.DatabaseError as trouble:
        connection.close()
        raise Damaged(
            f"{path.name} does not open: it is damaged, or not of this store, or its key is another one. "
            "Bring back a backup, or the key file that belongs to it."
        ) from trouble
    except StoreTrouble:
        connection.close()
        raise
    return connection


def connect_empty(path: Path, key: bytes) -> Any:
    """A connection to an empty file that a copy goes to; nothing is looked at yet."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _prepare(connection: Any, key: bytes, wait_ms: int) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # our own errors say it, in one sentence
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise StoreTrouble("This SQLite does not encrypt; install sqlcipher3.")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for name, value, expected in (*_PRAGMAS, ("busy_timeout", str(wait_ms), wait_ms)):
        connection.execute(f"PRAGMA {name} = {value}").fetchone()
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            raise StoreTrouble(f"SQLite keeps {name} at {found}, not {expected}; use the locked sqlcipher3.")
    connection.execute("PRAGMA mmap_size = 0").fetchone()


def writer_engine(path: Path, key: bytes) -> AsyncEngine:
    """One connection: whoever holds it is the writer."""
    return _engine(_creator(path, key, is_reader=False), size=1)


def reader_engine(path: Path, key: bytes) -> AsyncEngine:
    """A few connections that cannot write."""
    return _engine(_creator(path, key, is_reader=True), size=_READERS)


def _creator(path: Path, key: bytes, *, is_reader: bool) -> Callable[[], Awaitable[Any]]:
    wait_ms = 5000 if is_reader else 0  # the writer waits in begin_write, where nobody else is held up

    async def create() -> Any:
        return InlineConnection(
            await asyncio.to_thread(connect, path, key, is_reader=is_reader, wait_ms=wait_ms)
        )

    return create


def _engine(creator: Callable[[], Awaitable[Any]], size: int) -> AsyncEngine:
    return create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=creator,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        pool_reset_on_return=None,  # every transaction is ended by SqliteStore itself
        hide_parameters=True,  # an error's text must not carry what was written
    )
