"""The books on SQL: the shelves over one connection whose transaction is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.store.accounts import SqlAccounts
from platform_server.store.actions import SqlActions
from platform_server.store.audit import SqlAudit
from platform_server.store.browse import SqlBrowse
from platform_server.store.cards import SqlCards
from platform_server.store.claims import SqlClaims
from platform_server.store.counts import SqlCounts
from platform_server.store.fast import Fast
from platform_server.store.figures import SqlFigures
from platform_server.store.goods import SqlGoods
from platform_server.store.imports import SqlImports
from platform_server.store.leases import SqlLeases
from platform_server.store.ledger import SqlLedger
from platform_server.store.logs import SqlLogs
from platform_server.store.operators import SqlOperators
from platform_server.store.policies import SqlPolicies
from platform_server.store.price_lists import SqlPrices
from platform_server.store.reservations import SqlReservations
from platform_server.store.settlements import SqlSettlements
from platform_server.store.shop_events import SqlEvents
from platform_server.store.suppliers import SqlSuppliers
from platform_server.store.till_keys import SqlTillKeys
from platform_server.store.tills import SqlTills
from platform_server.store.top_ups import SqlTopUps
from platform_server.store.vault_keys import SqlVaultKeys
from platform_server.store.wallets import SqlWallets

End = Callable[[], Awaitable[None]]


class SqlBooks:
    """Implements ports.books.Books; what a writer finds stays as it is until its commit."""

    def __init__(self, connection: AsyncConnection, fast: Fast, end: End | None = None) -> None:
        """`end` makes a transaction durable; a reader has none."""
        self._connection = connection
        self._fast = fast
        self._end = end
        self.is_committed = False

    @cached_property
    def tills(self) -> SqlTills:
        """Shops, tills, tickets, nonces."""
        return SqlTills(self._connection, self._fast, is_writer=self._end is not None)

    @cached_property
    def goods(self) -> SqlGoods:
        """Products."""
        return SqlGoods(self._connection, self._fast)

    @cached_property
    def suppliers(self) -> SqlSuppliers:
        """Who is on file."""
        return SqlSuppliers(self._connection)

    @cached_property
    def cards(self) -> SqlCards:
        """The vault's rows."""
        return SqlCards(self._connection, self._fast)

    @cached_property
    def reservations(self) -> SqlReservations:
        """Sales and steps."""
        return SqlReservations(self._connection, self._fast, is_writer=self._end is not None)

    @cached_property
    def wallets(self) -> SqlWallets:
        """Wallets and journals."""
        return SqlWallets(self._connection, self._fast)

    @cached_property
    def top_ups(self) -> SqlTopUps:
        """Orders at suppliers."""
        return SqlTopUps(self._connection)

    @cached_property
    def ledger(self) -> SqlLedger:
        """The tills' chains."""
        return SqlLedger(self._connection, self._fast)

    @cached_property
    def logs(self) -> SqlLogs:
        """The shops' logs over them."""
        return SqlLogs(self._connection)

    @cached_property
    def prices(self) -> SqlPrices:
        """Price tiers."""
        return SqlPrices(self._connection, self._fast)

    @cached_property
    def accounts(self) -> SqlAccounts:
        """Statements and credit limits."""
        return SqlAccounts(self._connection)

    @cached_property
    def settlements(self) -> SqlSettlements:
        """Settled days."""
        return SqlSettlements(self._connection)

    @cached_property
    def audit(self) -> SqlAudit:
        """Incidents and invariants."""
        return SqlAudit(self._connection)

    @cached_property
    def actions(self) -> SqlActions:
        """What people did."""
        return SqlActions(self._connection)

    @cached_property
    def imports(self) -> SqlImports:
        """Files of codes."""
        return SqlImports(self._connection)

    @cached_property
    def keys(self) -> SqlVaultKeys:
        """Data keys of batches."""
        return SqlVaultKeys(self._connection)

    @cached_property
    def till_keys(self) -> SqlTillKeys:
        """The keys that tills sign with."""
        return SqlTillKeys(self._connection, self._fast)

    @cached_property
    def events(self) -> SqlEvents:
        """What shops are told."""
        return SqlEvents(self._connection)

    @cached_property
    def figures(self) -> SqlFigures:
        """What a monitor asks."""
        return SqlFigures(self._connection)

    @cached_property
    def policies(self) -> SqlPolicies:
        """Rules at reserve."""
        return SqlPolicies(self._connection, self._fast)

    @cached_property
    def counts(self) -> SqlCounts:
        """What sales used of them."""
        return SqlCounts(self._connection, self._fast)

    @cached_property
    def claims(self) -> SqlClaims:
        """What shops say is wrong."""
        return SqlClaims(self._connection)

    @cached_property
    def leases(self) -> SqlLeases:
        """What tills hold in advance."""
        return SqlLeases(self._connection)

    @cached_property
    def operators(self) -> SqlOperators:
        """Who may sign in."""
        return SqlOperators(self._connection)

    @cached_property
    def browse(self) -> SqlBrowse:
        """What the operators' pages read."""
        return SqlBrowse(self._connection)

    async def commit(self) -> None:
        """Durable when it returns."""
        if self._end is None:
            raise RuntimeError("these books were opened for reading")
        await self.cards.settle_stock()
        self.is_committed = True
        await self._end()
