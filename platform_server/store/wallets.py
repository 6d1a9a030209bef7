"""Wallets and journals in SQL."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.money import Money
from platform_server.domain.wallet import Journal, Wallet, wallet_account
from platform_server.store.instants import to_micros
from platform_server.store.tables import journals, postings, wallets


class SqlWallets:
    """Implements ports.money_shelves.WalletShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

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
        available = wallets.c.balance_minor - wallets.c.held_minor + wallets.c.credit_limit_minor
        query = update(wallets).where(
            wallets.c.shop_id == shop_id, wallets.c.currency == amount.currency, available >= amount.minor
        )
        query = query.values(held_minor=wallets.c.held_minor + amount.minor)
        return (await self._connection.execute(query)).rowcount == 1

    async def release(self, shop_id: str, amount: Money) -> None:
        query = update(wallets).where(wallets.c.shop_id == shop_id)
        await self._connection.execute(query.values(held_minor=wallets.c.held_minor - amount.minor))

    async def post(self, journal: Journal) -> None:
        row = {"id": journal.id, "shop_id": journal.shop_id, "kind": journal.kind}
        row |= {"reference": journal.reference}
        await self._connection.execute(insert(journals).values(**row, at=to_micros(journal.at)))
        sides = [
            {
                "journal_id": journal.id,
                "position": position,
                "account": posting.account,
                "amount_minor": posting.amount.minor,
                "currency": posting.amount.currency,
            }
            for position, posting in enumerate(journal.postings)
        ]
        await self._connection.execute(insert(postings), sides)
        for posting in journal.postings:
            if posting.account == wallet_account(journal.shop_id):
                query = update(wallets).where(wallets.c.shop_id == journal.shop_id)
                after = wallets.c.balance_minor + posting.amount.minor
                await self._connection.execute(query.values(balance_minor=after))

    async def is_posted(self, kind: str, reference: str) -> bool:
        query = select(journals.c.id).where(journals.c.kind == kind, journals.c.reference == reference)
        return await self._connection.scalar(query) is not None
