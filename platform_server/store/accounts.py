"""What wallets went through, in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.money import Money
from platform_server.domain.statement import Movement
from platform_server.domain.wallet import Wallet, wallet_account
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.tables import journals, postings, wallets

_MOVED = journals.join(postings, postings.c.journal_id == journals.c.id)


class SqlAccounts:
    """Implements ports.account_shelves.AccountShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, shop_id: str) -> Wallet | None:
        query = select(wallets).where(wallets.c.shop_id == shop_id).with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        amounts = (row.balance_minor, row.held_minor, row.credit_limit_minor)
        return Wallet(shop_id, *(Money(minor, row.currency) for minor in amounts))

    async def balance_before(self, shop_id: str, at: datetime) -> Money:
        currency = await self._connection.scalar(
            select(wallets.c.currency).where(wallets.c.shop_id == shop_id)
        )
        query = select(func.sum(postings.c.amount_minor)).select_from(_MOVED)
        query = query.where(journals.c.shop_id == shop_id, journals.c.at < to_micros(at))
        total = await self._connection.scalar(query.where(postings.c.account == wallet_account(shop_id)))
        return Money(int(total or 0), currency or "XXX")

    async def movements(self, shop_id: str, since: datetime, until: datetime) -> tuple[Movement, ...]:
        query = select(journals, postings.c.amount_minor, postings.c.currency).select_from(_MOVED)
        query = query.where(
            journals.c.shop_id == shop_id,
            journals.c.at >= to_micros(since),
            journals.c.at < to_micros(until),
            postings.c.account == wallet_account(shop_id),
        )
        rows = await self._connection.execute(
            query.order_by(journals.c.at, journals.c.id, postings.c.position)
        )
        return tuple(
            Movement(
                journal_id=row.id,
                at=from_micros(row.at),
                kind=row.kind,
                reference=row.reference,
                amount=Money(row.amount_minor, row.currency),
                actor=row.actor,
                note=row.note,
            )
            for row in rows
        )

    async def set_limit(self, shop_id: str, limit: Money) -> None:
        query = update(wallets).where(wallets.c.shop_id == shop_id)
        await self._connection.execute(query.values(credit_limit_minor=limit.minor))
