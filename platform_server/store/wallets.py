"""Wallets and journals in SQL."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.money import Money
from platform_server.domain.wallet import Journal, Wallet, wallet_account
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import to_micros
from platform_server.store.tables import journals, postings, wallets

_AMOUNT = bindparam("amount", type_=BigInteger)
_ITS = wallets.c.shop_id == bindparam("shop_id")
_AVAILABLE = wallets.c.balance_minor - wallets.c.held_minor + wallets.c.credit_limit_minor
_HOLD = Prepared(
    update(wallets)
    .where(_ITS, wallets.c.currency == bindparam("currency"), _AVAILABLE >= _AMOUNT)
    .values(held_minor=wallets.c.held_minor + _AMOUNT)
)
_RELEASE = Prepared(update(wallets).where(_ITS).values(held_minor=wallets.c.held_minor - _AMOUNT))
_MOVE = Prepared(update(wallets).where(_ITS).values(balance_minor=wallets.c.balance_minor + _AMOUNT))
_ADD_JOURNAL, _ADD_POSTING = Prepared(insert(journals)), Prepared(insert(postings))


class SqlWallets:
    """Implements ports.money_shelves.WalletShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def open(self, shop_id: str, credit_limit: Money) -> None:
        row = {"shop_id": shop_id, "currency": credit_limit.currency, "balance_minor": 0, "held_minor": 0}
        await self._connection.execute(insert(wallets).values(**row, credit_limit_minor=credit_limit.minor))

    async def find(self, shop_id: str) -> Wallet | None:
        row = (
            await self._connection.execute(select(wallets).where(wallets.c.shop_id == shop_id))
        ).one_or_none()
        if row is None:
            return None
        amounts = (row.balance_minor, row.held_minor, row.credit_limit_minor)
        return Wallet(shop_id, *(Money(minor, row.currency) for minor in amounts))

    async def hold(self, shop_id: str, amount: Money) -> bool:
        values = {"shop_id": shop_id, "currency": amount.currency, "amount": amount.minor}
        return await self._fast.count(_HOLD, **values) == 1

    async def release(self, shop_id: str, amount: Money) -> None:
        await self._fast.later(_RELEASE, shop_id=shop_id, amount=amount.minor)

    async def post(self, journal: Journal) -> None:
        row = {"id": journal.id, "shop_id": journal.shop_id, "kind": journal.kind}
        row |= {"reference": journal.reference, "actor": journal.actor, "note": journal.note}
        about = {"reservation_id": journal.reservation_id, "line_id": journal.line_id}
        await self._fast.later(_ADD_JOURNAL, **row, **about, at=to_micros(journal.at))
        for position, posting in enumerate(journal.postings):
            amount = posting.amount
            side = {"account": posting.account, "amount_minor": amount.minor, "currency": amount.currency}
            await self._fast.later(_ADD_POSTING, journal_id=journal.id, position=position, **side)
            if posting.account == wallet_account(journal.shop_id):
                await self._fast.later(_MOVE, shop_id=journal.shop_id, amount=amount.minor)

    async def is_posted(self, kind: str, reference: str) -> bool:
        query = select(journals.c.id).where(journals.c.kind == kind, journals.c.reference == reference)
        return await self._connection.scalar(query) is not None
