"""The tills' ledgers in SQL, as they came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.ledger import LedgerEntry, LedgerHead
from platform_server.store.dialect import insert_or
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import to_micros
from platform_server.store.tables import ledger_entries, ledger_heads

_HASHES = Prepared(
    select(ledger_entries.c.seq, ledger_entries.c.hash).where(
        ledger_entries.c.till_id == bindparam("till_id"),
        ledger_entries.c.epoch == bindparam("epoch"),
        ledger_entries.c.seq.between(bindparam("first"), bindparam("last")),
    )
)


class SqlLedger:
    """Implements ports.sale_shelves.LedgerShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def head(self, till_id: str, epoch: int) -> LedgerHead:
        query = select(ledger_entries.c.seq, ledger_entries.c.hash).where(
            ledger_entries.c.till_id == till_id, ledger_entries.c.epoch == epoch
        )
        query = query.order_by(ledger_entries.c.seq.desc()).limit(1)
        row = (await self._connection.execute(query)).one_or_none()
        return LedgerHead() if row is None else LedgerHead(row.seq, row.hash)

    async def holds(self, till_id: str, head: LedgerHead) -> bool:
        query = select(ledger_entries.c.seq).where(
            ledger_entries.c.till_id == till_id,
            ledger_entries.c.seq == head.seq,
            ledger_entries.c.hash == head.head,
        )
        return (await self._connection.execute(query)).first() is not None

    async def hashes(self, till_id: str, epoch: int, first: int, last: int) -> Mapping[int, str]:
        rows = await self._fast.rows(_HASHES, till_id=till_id, epoch=epoch, first=first, last=last)
        return {row.seq: row.hash for row in rows}

    async def signed_from(self, till_id: str, epoch: int) -> int | None:
        query = select(ledger_heads.c.signed_from).where(
            ledger_heads.c.till_id == till_id, ledger_heads.c.epoch == epoch
        )
        found: int | None = await self._connection.scalar(query)
        return found

    async def page(self, till_id: str, epoch: int, after: int, limit: int) -> tuple[bytes, ...]:
        query = select(ledger_entries.c.text).where(
            ledger_entries.c.till_id == till_id, ledger_entries.c.epoch == epoch, ledger_entries.c.seq > after
        )
        return tuple(await self._connection.scalars(query.order_by(ledger_entries.c.seq).limit(limit)))

    async def add(self, till_id: str, entries: Sequence[LedgerEntry], at: datetime) -> None:
        rows = [
            {
                "till_id": till_id,
                "epoch": entry.epoch,
                "seq": entry.seq,
                "prev": entry.prev,
                "hash": entry.hash,
                "text": entry.text,
                "received_at": to_micros(at),
            }
            for entry in entries
        ]
        if rows:
            await self._connection.execute(insert(ledger_entries), rows)
            head = {"seq": entries[-1].seq, "hash": entries[-1].hash}
            signed_from = next((entry.seq for entry in entries if entry.has_signature), None)
            query = insert_or(self._connection, ledger_heads)
            query = query.values(till_id=till_id, epoch=entries[-1].epoch, signed_from=signed_from, **head)
            first = func.coalesce(ledger_heads.c.signed_from, query.excluded.signed_from)
            query = query.on_conflict_do_update(
                index_elements=["till_id", "epoch"], set_={**head, "signed_from": first}
            )
            await self._connection.execute(query)

    async def since(self, till_id: str, received: datetime) -> AsyncIterator[bytes]:
        epochs = select(ledger_heads.c.epoch).where(ledger_heads.c.till_id == till_id)
        first = to_micros(received)
        for epoch in list(await self._connection.scalars(epochs.order_by(ledger_heads.c.epoch.desc()))):
            query = select(ledger_entries.c.text, ledger_entries.c.received_at)
            query = query.where(ledger_entries.c.till_id == till_id, ledger_entries.c.epoch == epoch)
            async with self._connection.stream(query.order_by(ledger_entries.c.seq.desc())) as rows:
                async for row in rows:
                    if row.received_at < first:  # they were received in the order of their numbers
                        break
                    yield row.text

    async def naming(self, words: Collection[str], since: datetime) -> Mapping[str, Sequence[LedgerEntry]]:
        needles = [word.encode() for word in words]
        query = select(ledger_entries).where(ledger_entries.c.received_at >= to_micros(since))
        query = query.order_by(ledger_entries.c.till_id, ledger_entries.c.epoch, ledger_entries.c.seq)
        found: dict[str, list[LedgerEntry]] = {}
        async with self._connection.stream(query) as rows:
            async for row in rows:
                if any(needle in row.text for needle in needles):
                    entry = LedgerEntry(row.seq, row.prev, row.text, row.epoch)
                    found.setdefault(row.till_id, []).append(entry)
        return found
