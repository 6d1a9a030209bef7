"""Tells what a recorded till did, outside of its folder: each commit, and how the world stood after each effect on it."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from pos_app.ports.files import Files
from pos_app.store.anchor import FileAnchor
from pos_app.store.books import BOOKS, TillBooks
from tests.fakes.till_shop import FakeShop
from tests.store.till_world import KEY

# What of a shop's world lies in the till's files: it is opened anew, and never kept with the rest.
_OF_THE_DISK = dict.fromkeys(("shop", "till", "anchor", "files", "inspector"))
# What every commit of a sale changes something of, read in a moment.
_LIGHT = """
    SELECT (SELECT max(seq) || digest FROM ledger), (SELECT group_concat(id || state) FROM sales),
        (SELECT group_concat(id || state || copy) FROM papers), (SELECT group_concat(id || state) FROM outbox),
        (SELECT group_concat(name || value) FROM counters), (SELECT group_concat(card_id || state) FROM cards),
        (SELECT group_concat(id || coalesce(closed_at, '')) FROM shifts), (SELECT max(seq) FROM ledger_acks),
        (SELECT group_concat(card_id || state) FROM leased_cards)
"""


@dataclass
class Witness:
    """`say` is recorded at its moment among the till's own operations; `worlds` are kept for those who reopen."""

    path: Path
    commits: int = 0
    worlds: list[bytes] = field(default_factory=list)
    _file: int = -1
    _eye: Any = None

    def __post_init__(self) -> None:
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(self, **facts: object) -> None:
        os.write(self._file, json.dumps(facts).encode())

    def books(self, till: TillBooks) -> Callable[[], Any]:
        """`open_books` of this till, each of whose commits is told with what the file holds after it."""
        open_books = till.open_books
        self._eye = till._engine.connect(may_write=False)

        def told(commit: Callable[[], None]) -> Callable[[], None]:
            def committed() -> None:
                commit()
                self.commits += 1
                self.say(commit=self.commits, light=light(self._eye), full=full(self._eye))

            return committed

        @contextmanager
        def opened() -> Iterator[Any]:
            with open_books() as books:
                books.commit = told(books.commit)  # type: ignore[method-assign]
                yield books

        return opened

    def look_on(self, fake: FakeShop) -> FakeShop:
        """The same shop in a world that is told of: platform and printer after each call."""

        def after() -> None:
            self.worlds.append(kept(fake))
            self.say(world=len(self.worlds) - 1)

        platform: Any = _Watched(fake.platform, after)
        printer: Any = _Watched(fake.printer, after)
        watched = replace(fake, platform=platform, printer=printer)
        watched.restarted()
        after()
        return watched

    def close(self) -> None:
        """Keeps the worlds beside what was said."""
        self._eye.close()
        self.path.with_suffix(".worlds").write_bytes(pickle.dumps(self.worlds))
        os.close(self._file)


class _Watched:
    """Each call of `inner` is told, also one that failed: it may have done something."""

    def __init__(self, inner: object, after: Callable[[], None]) -> None:
        self._inner, self._after = inner, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def called(*arguments: Any, **named: Any) -> Any:
            try:
                return found(*arguments, **named)
            finally:
                self._after()

        return called


def kept(fake: FakeShop) -> bytes:
    """The world without the till, and without the troubles that were to come."""
    faults, fake.platform.faults = fake.platform.faults, []
    troubles, fake.printer.troubles = fake.printer.troubles, []
    try:
        return pickle.dumps(replace(fake, **_OF_THE_DISK))  # type: ignore[arg-type]
    finally:
        fake.platform.faults, fake.printer.troubles = faults, troubles


def on_disk(fake: FakeShop, till: TillBooks, folder: Path) -> FakeShop:
    """The same world around the real files of the till in `folder`."""
    found: Any = replace(
        fake,
        till=till,  # type: ignore[arg-type]
        anchor=anchor_of(folder),  # type: ignore[arg-type]
        files=_RealFiles(Files(till, till.disk, till.backups)),  # type: ignore[arg-type]
        inspector=till.inspector,  # type: ignore[arg-type]
    )
    found.restarted()
    return found  # type: ignore[no-any-return]


@dataclass
class _RealFiles:
    files: Files


def anchor_of(till: Path) -> FileAnchor:
    """The number outside of the database, in the two folders beside that of the till."""
    return FileAnchor([till.with_name(name) / "till.anchor" for name in ("keys", "keys.state")])


def connect(folder: Path, mode: str = "ro") -> Any:
    """The file as SQLite alone opens it; read-only, so that what it finds is not brought back into the file."""
    connection = dbapi2.connect(f"file:{folder / BOOKS}?mode={mode}", uri=True, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    return connection


def light(connection: Any) -> str:
    return _digest(connection.execute(_LIGHT).fetchall())


def full(connection: Any) -> str:
    """Of every row of every table but the search index."""
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if "_index" not in name and not name.startswith("sqlite_")
    ]
    return _digest([(name, sorted(map(repr, connection.execute(f"SELECT * FROM {name}")))) for name in names])


def _digest(rows: object) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:24]
