"""One transaction on the till's file, with a shelf for every noun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pos_app.ports.signer import Signer
from pos_app.store.attempts import SqlAttempts
from pos_app.store.bills import SqlBills
from pos_app.store.cards import SqlCards
from pos_app.store.catalogue import SqlCatalogue
from pos_app.store.connection import BooksConnection
from pos_app.store.engine import BooksEngine
from pos_app.store.fresh import make_fresh
from pos_app.store.inspector import FileInspector
from pos_app.store.leases import SqlLeases
from pos_app.store.ledger import SqlLedger
from pos_app.store.migrate import migrate
from pos_app.store.outbox import SqlOutbox
from pos_app.store.papers import SqlPapers
from pos_app.store.product_rows import ProductCache
from pos_app.store.receipts import SqlReceipts
from pos_app.store.refunds import SqlRefunds
from pos_app.store.reports import SqlReports
from pos_app.store.sales import SqlSales
from pos_app.store.shifts import SqlShifts
from pos_app.store.staff import SqlStaff
from pos_app.store.till import SqlTillShelf

BOOKS = "books.db"
BACKUPS = "backups"


class TillBooks:
    """The till's file in `folder`, brought up to date: `open_books` and `open_to_read` are the two ports.

    `local` turns an instant into the shop's time; before `day_change_hour` a moment counts for the day before.
    `signer` signs what enters the ledger, and every receipt.
    """

    def __init__(
        self,
        folder: Path,
        database_key: bytes,
        local: Callable[[datetime], datetime],
        day_change_hour: int = 0,
        *,
        signer: Signer,
    ) -> None:
        """DatabaseDamaged, DatabaseForeign, DatabaseNewer or DiskTrouble when the file cannot be used."""
        if not (folder / BOOKS).exists():
            make_fresh(folder / BOOKS, database_key)
        self._engine = BooksEngine(folder / BOOKS, database_key)
        self._handed = _Handed(local, day_change_hour, signer)
        try:
            migrate(self._engine, folder / BACKUPS)
        except BaseException:
            self._engine.close()
            raise
        self.inspector = FileInspector(self._engine)

    @contextmanager
    def open_books(self) -> Iterator[SqlBooks]:
        with self._engine.writing() as connection:
            yield SqlBooks(connection, self._handed, self._engine)

    @contextmanager
    def open_to_read(self) -> Iterator[SqlBooks]:
        with self._engine.reading() as connection:
            yield SqlBooks(connection, self._handed, None)

    def checkpoint(self) -> bool:
        """Brings the log back into the file; False when somebody was in the way, so: at the next heartbeat."""
        return self._engine.checkpoint()

    def close(self) -> None:
        self._engine.close()


@dataclass(frozen=True)
class _Handed:
    local: Callable[[datetime], datetime]
    day_change_hour: int
    signer: Signer
    cache: ProductCache = field(default_factory=ProductCache)


class SqlBooks:
    """Shelves are made when they are first asked for; without an engine there is nothing to commit."""

    def __init__(self, connection: BooksConnection, handed: _Handed, engine: BooksEngine | None) -> None:
        self._connection = connection
        self._handed = handed
        self._engine = engine

    @cached_property
    def till(self) -> SqlTillShelf:
        return SqlTillShelf(self._connection)

    @cached_property
    def staff(self) -> SqlStaff:
        return SqlStaff(self._connection)

    @cached_property
    def catalogue(self) -> SqlCatalogue:
        return SqlCatalogue(self._connection, self._handed.cache)

    @cached_property
    def sales(self) -> SqlSales:
        return SqlSales(self._connection, self.till, self._handed.local, self._handed.day_change_hour)

    @cached_property
    def cards(self) -> SqlCards:
        return SqlCards(self._connection)

    @cached_property
    def leases(self) -> SqlLeases:
        return SqlLeases(self._connection)

    @cached_property
    def papers(self) -> SqlPapers:
        return SqlPapers(self._connection)

    @cached_property
    def ledger(self) -> SqlLedger:
        return SqlLedger(self._connection, self.till, self._handed.signer)

    @cached_property
    def receipts(self) -> SqlReceipts:
        return SqlReceipts(self._connection, self._handed.signer)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self._connection)

    @cached_property
    def shifts(self) -> SqlShifts:
        return SqlShifts(self._connection)

    @cached_property
    def attempts(self) -> SqlAttempts:
        return SqlAttempts(self._connection)

    @cached_property
    def refunds(self) -> SqlRefunds:
        return SqlRefunds(self._connection, self._handed.local)

    @cached_property
    def bills(self) -> SqlBills:
        return SqlBills(self._connection)

    @cached_property
    def reports(self) -> SqlReports:
        return SqlReports(self._connection, self.till)

    def commit(self) -> None:
        """On disk for good when this returns; what is done after it in the same context is not kept."""
        if self._engine is not None:
            self._engine.commit(self._connection)
