"""The real till in this process: its core wired by the program's own lines over a real file, killed and started again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlcipher3 import dbapi2

from pos_app.bootstrap.wiring import House, World, assemble
from pos_app.domain.disk import LEAST_ROOM_BYTES
from pos_app.domain.lease import LeaseRules
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.sale import Sale, SaleState
from pos_app.ports.files import Files
from pos_app.shop import Shop
from pos_app.store.anchor import FileAnchor
from pos_app.store.books import TillBooks
from pos_app.store.lock import TillLock
from pos_app.store.signer import TillSigner
from pos_app.store.vault import HpkeVault
from pos_app.wire.platform.client import PlatformClient
from tests.fakes.till_number_plan import FakeNumberPlan
from tests.fakes.till_pins import FakePins
from tests.fakes.till_shop import FakeExporter
from tests.sim.fate import Fate, TillClock
from tests.sim.line import Line, SimHttp

# Days of a shop that has just opened: a few sales are to be enough to hold something ahead.
LEASES = LeaseRules(cover_days=60, most=40)
_IOERR, _FULL = 10, 13  # https://www.sqlite.org/rescode.html


class TillKilled(BaseException):
    """The program of this till is gone; nothing in it may catch this."""

    def __init__(self, till: int) -> None:
        super().__init__(till)
        self.till = till


@dataclass(frozen=True)
class TillKeys:
    """Made from the till's number, so that a prepared folder can be copied."""

    number: int

    def secret(self, purpose: str) -> bytes:
        return hashlib.sha256(f"simulated till {self.number} {purpose}".encode()).digest()

    @property
    def sign_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret("sign"))

    @property
    def seal_key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.secret("seal"))


class _SickDriver:
    """The driver's connection with a disk under it that fails at COMMIT, before or after the pages were written."""

    def __init__(self, driver: Any, code: int, *, is_kept: bool) -> None:
        self._driver, self._code, self._is_kept = driver, code, is_kept

    def execute(self, statement: str, values: Any = ()) -> Any:
        if statement != "COMMIT":
            return self._driver.execute(statement, values)
        if self._is_kept:
            self._driver.execute(statement, values)
        error = dbapi2.OperationalError(
            "disk I/O error" if self._code == _IOERR else "database or disk is full"
        )
        error.sqlite_errorcode = self._code  # as the driver sets it
        raise error


@dataclass
class _Disk:
    """`ports.files.DiskGuard`: room enough, or so little that nothing new is begun; its ballast weighs nothing."""

    fate: Fate
    has_ballast: bool = True

    def free_bytes(self) -> int:
        return LEAST_ROOM_BYTES // 2 if self.fate.strikes("disk: little room") else 1 << 40

    def lay_ballast(self) -> None:
        self.has_ballast = True

    def drop_ballast(self) -> None:
        self.has_ballast = False


@dataclass
class _WatchedAnchor:
    """The real one in its files, around which the till may end."""

    anchor: FileAnchor
    around: Callable[[str], None]

    def read(self) -> AnchorMark:
        return self.anchor.read()

    def raise_to(self, mark: AnchorMark) -> None:
        self.around("before anchor")
        self.anchor.raise_to(mark)
        self.around("after anchor")


class SimTill:
    """One till. `meanwhile` is called where another lane of the program, or anybody else, could move."""

    def __init__(
        self,
        number: int,
        fate: Fate,
        folder: Path,
        line: Line,
        doors: Callable[[SimTill], dict[str, Any]],
        breaking: Callable[[SimTill, Shop], Shop] | None = None,
    ) -> None:
        self.number, self.fate, self.folder, self.line = number, fate, folder, line
        self.clock = TillClock(fate, number)
        self.meanwhile: Callable[[SimTill], None] = lambda till: None
        self.lives = 0
        self.steps = 0
        self.is_up = False
        self._states: dict[str, SaleState] = {}
        self._keys = TillKeys(number)
        self._doors = doors
        self._breaking = breaking
        self.shop: Shop
        self.books: TillBooks
        self.lock: TillLock

    def start(self) -> None:
        """The program opens its file and builds everything anew; it remembers nothing but what is on disk."""
        self.lives += 1
        keys = self._keys
        self.lock = TillLock(self.folder)
        signer = TillSigner(keys.sign_key)
        self.books = TillBooks(self.folder, keys.secret("database"), self.clock.local, signer=signer)
        http = SimHttp(self.line, self.number, self._around)
        public = keys.seal_key.public_key().public_bytes_raw()
        client = PlatformClient(http, keys.sign_key, public, self.clock, "simulated")
        world = World(
            open_books=self._open_books,
            open_to_read=self.books.open_to_read,
            inspector=self.books.inspector,
            anchor=_WatchedAnchor(self._anchor(), self._around),
            files=Files(self.books, _Disk(self.fate), self.books.backups),
            clock=self.clock,
            pins=FakePins(),
            vault=HpkeVault(keys.seal_key),
            platform=client,
            number_plan=FakeNumberPlan(),
            exporter=FakeExporter(),
            **self._doors(self),
        )
        shop = assemble(world, House(leases=LEASES))
        self.shop = shop if self._breaking is None else self._breaking(self, shop)
        self.is_up = True
        self.fate.note("till", self.number, "starts")

    def _anchor(self) -> FileAnchor:
        """Beside the data, where no copy of the books reaches it."""
        return FileAnchor([self.folder.with_name(f"anchor-{self.number}-{place}") for place in "ab"])

    def stop(self) -> None:
        self.books.close()
        self.lock.release()
        self.is_up = False

    def restart(self) -> None:
        """After a kill, or by somebody who reads that the disk has failed."""
        if self.is_up:
            self.stop()
        self.start()

    # --- its files ---

    @property
    def copy(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-copy")

    def copy_files(self) -> None:
        """Somebody copies the data folder while the program is closed."""
        self.stop()
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.folder, self.copy)

    def put_copy_back(self) -> None:
        """And puts it back later, over everything that happened since; the anchor lies elsewhere."""
        self.stop()
        shutil.rmtree(self.folder)
        self.copy.rename(self.folder)

    # --- where it can end ---

    def around(self, what: str) -> None:
        self._around(what)

    def _around(self, what: str) -> None:
        """Every durable step and every effect passes here, by its name."""
        self.steps += 1
        if self.fate.strikes(f"till: killed {what}"):
            self.die()
        if what in ("before call", "after call"):
            self.meanwhile(self)

    def die(self) -> None:
        raise TillKilled(self.number)

    @contextmanager
    def _open_books(self) -> Iterator[Any]:
        with self.books.open_books() as books:
            commit = books.commit

            def committed() -> None:
                self._around("before commit")
                self._commit(books, commit)
                self._went(put)
                self._around("after commit")

            books.commit = committed  # type: ignore[method-assign]
            put = self._watch(books)
            yield books

    def _watch(self, books: Any) -> list[Sale]:
        """The sales that this transaction puts."""
        put, found = books.sales.put, []

        def watched(sale: Sale) -> None:
            found.append(sale)
            put(sale)

        books.sales.put = watched
        return found

    def _went(self, sales: list[Sale]) -> None:
        """Which arrows they went along for good."""
        for sale in sales:
            before = self._states.get(sale.id, SaleState.BASKET)
            if before is not sale.state:
                self.fate.reached[f"{before.value} -> {sale.state.value}"] += 1
            self._states[sale.id] = sale.state
        sales.clear()

    def _commit(self, books: Any, commit: Callable[[], None]) -> None:
        fault = self.fate.one_of(("disk: EIO", "disk: EIO, kept all the same", "disk: ENOSPC"))
        if fault is None:
            commit()
            return
        connection = books._connection
        driver = connection._driver
        code = _FULL if fault == "disk: ENOSPC" else _IOERR
        connection._driver = _SickDriver(driver, code, is_kept="kept" in fault)
        try:
            commit()
        finally:
            connection._driver = driver
