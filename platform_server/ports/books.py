"""The platform's books: one transaction with its shelves, rolled back unless committed."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from platform_server.domain.till_keys import KeyHolder
from platform_server.ports.account_shelves import AccountShelf, PriceShelf, SettlementShelf
from platform_server.ports.action_shelf import ActionShelf
from platform_server.ports.browse import BrowseShelf
from platform_server.ports.claim_shelf import ClaimShelf
from platform_server.ports.door_shelves import EventShelf, FigureShelf, TillKeyShelf
from platform_server.ports.goods_shelves import CardShelf, GoodsShelf
from platform_server.ports.import_shelves import ImportShelf, KeyShelf
from platform_server.ports.lease_shelf import LeaseShelf
from platform_server.ports.log_shelf import LogShelf
from platform_server.ports.money_shelves import TopUpShelf, WalletShelf
from platform_server.ports.operators import OperatorShelf
from platform_server.ports.rule_shelves import CountShelf, PolicyShelf
from platform_server.ports.sale_shelves import AuditShelf, LedgerShelf, ReservationShelf, TillShelf
from platform_server.ports.supplier_shelf import SupplierShelf


class Books(Protocol):
    """All shelves of one transaction; what they promise holds inside it."""

    @property
    def tills(self) -> TillShelf: ...
    @property
    def goods(self) -> GoodsShelf: ...
    @property
    def suppliers(self) -> SupplierShelf: ...
    @property
    def cards(self) -> CardShelf: ...
    @property
    def reservations(self) -> ReservationShelf: ...
    @property
    def wallets(self) -> WalletShelf: ...
    @property
    def top_ups(self) -> TopUpShelf: ...
    @property
    def ledger(self) -> LedgerShelf: ...
    @property
    def logs(self) -> LogShelf: ...
    @property
    def prices(self) -> PriceShelf: ...
    @property
    def accounts(self) -> AccountShelf: ...
    @property
    def settlements(self) -> SettlementShelf: ...
    @property
    def audit(self) -> AuditShelf: ...
    @property
    def actions(self) -> ActionShelf: ...
    @property
    def till_keys(self) -> TillKeyShelf: ...
    @property
    def events(self) -> EventShelf: ...
    @property
    def figures(self) -> FigureShelf: ...
    @property
    def policies(self) -> PolicyShelf: ...
    @property
    def counts(self) -> CountShelf: ...
    @property
    def claims(self) -> ClaimShelf: ...
    @property
    def leases(self) -> LeaseShelf: ...
    @property
    def operators(self) -> OperatorShelf: ...
    @property
    def browse(self) -> BrowseShelf: ...

    @property
    def imports(self) -> ImportShelf: ...
    @property
    def keys(self) -> KeyShelf: ...

    async def commit(self) -> None:
        """Makes everything durable: after this no power cut undoes it."""
        ...


class OpenBooks(Protocol):
    """`async with open_books() as books:`; a writer waits for the writer before it, a reader for nobody."""

    def __call__(self) -> AbstractAsyncContextManager[Books]: ...


@dataclass(frozen=True, slots=True)
class Spent:
    """Whether a nonce was new, and whose its key is at that moment (None: nobody's)."""

    is_new: bool
    holder: KeyHolder | None


class SpendNonce(Protocol):
    """Each nonce of a key once, over all server processes."""

    async def __call__(self, keyid: str, nonce: str, until: datetime) -> Spent:
        """Spent for everybody when it returns, durable with the next commit."""
        ...
