"""Shops, tills, tickets and nonces in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.scopes import parse_scopes, write_scopes
from platform_server.domain.tills import Shop, Ticket, Till, TillState
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.rows import put_row
from platform_server.store.tables import nonces, shops, tickets, tills

FIND_TILL = Prepared(select(tills).where(tills.c.id == bindparam("till_id")))


class SqlTills:
    """Implements ports.sale_shelves.TillShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast, *, is_writer: bool) -> None:
        self._connection = connection
        self._fast = fast
        self._is_writer = is_writer

    async def add_shop(self, shop: Shop) -> None:
        await self._connection.execute(
            insert(shops).values(id=shop.id, name=shop.name, currency=shop.currency)
        )

    async def find_shop(self, shop_id: str) -> Shop | None:
        row = (await self._connection.execute(select(shops).where(shops.c.id == shop_id))).one_or_none()
        return None if row is None else Shop(row.id, row.name, row.currency)

    async def first_shop(self) -> Shop | None:
        row = (await self._connection.execute(select(shops).order_by(shops.c.id).limit(1))).one_or_none()
        return None if row is None else Shop(row.id, row.name, row.currency)

    async def save(self, till: Till) -> None:
        values = {
            "id": till.id,
            "shop_id": till.shop_id,
            "code": till.code,
            "name": till.name,
            "epoch": till.epoch,
            "sign_key": till.sign_key,
            "seal_key": till.seal_key,
            "previous_sign_key": till.previous_sign_key,
            "state": till.state.value,
        }
        await put_row(self._connection, tills.c.id, values)

    async def find(self, till_id: str) -> Till | None:
        row = await self._fast.one(FIND_TILL, till_id=till_id)
        return None if row is None else till_from_row(row)

    async def of_shop(self, shop_id: str) -> tuple[Till, ...]:
        query = select(tills).where(tills.c.shop_id == shop_id).order_by(tills.c.id)
        return tuple(till_from_row(row) for row in await self._connection.execute(query))

    async def save_ticket(self, ticket: Ticket) -> None:
        values = {
            "secret_hash": ticket.secret_hash,
            "shop_id": ticket.shop_id,
            "till_name": ticket.till_name,
            "expires_at": to_micros(ticket.expires_at),
            "till_id": ticket.till_id,
            "fingerprint": ticket.fingerprint,
            "scopes": write_scopes(ticket.scopes),
        }
        await put_row(self._connection, tickets.c.secret_hash, values)

    async def find_ticket(self, secret_hash: str) -> Ticket | None:
        query = select(tickets).where(tickets.c.secret_hash == secret_hash)
        if self._is_writer:
            query = query.with_for_update()  # a ticket lets one till in
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        until = from_micros(row.expires_at)
        scopes = parse_scopes(row.scopes)
        return Ticket(
            row.secret_hash, row.shop_id, row.till_name, until, row.till_id, row.fingerprint, scopes
        )

    async def forget_nonces(self, now: datetime) -> int:
        return (
            await self._connection.execute(delete(nonces).where(nonces.c.until < to_micros(now)))
        ).rowcount


def till_from_row(row: Any) -> Till:
    """A till from a row that has the columns of `tills`."""
    return Till(
        id=row.id,
        shop_id=row.shop_id,
        code=row.code,
        name=row.name,
        epoch=row.epoch,
        sign_key=row.sign_key,
        seal_key=row.seal_key,
        state=TillState(row.state),
        previous_sign_key=row.previous_sign_key,
    )
