"""The shops' logs in SQL: leaves, every eighth level of the tree above them, and its edge."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.merkle import Span, TreeEdge, join, leaf_hash, whole_subtrees
from platform_server.store.dialect import insert_if_absent
from platform_server.store.tables import ledger_entries, log_leaves, log_nodes, shop_logs

LEVELS = 8  # a step up: 256 hashes below one
_HASH = 32
_MISPLACED = """
    SELECT 'entry ' || e.seq || ' of till ' || e.till_id || ' in epoch ' || e.epoch || ' is not in its shop''s log'
    FROM ledger_entries e JOIN tills t ON t.id = e.till_id LEFT JOIN log_leaves l
        ON l.till_id = e.till_id AND l.epoch = e.epoch AND l.seq = e.seq AND l.shop_id = t.shop_id
    WHERE l.seq IS NULL
    UNION ALL
    SELECT 'leaf ' || l.place || ' of shop ' || l.shop_id || ' is no entry' FROM log_leaves l LEFT JOIN ledger_entries e
        ON e.till_id = l.till_id AND e.epoch = l.epoch AND e.seq = l.seq WHERE e.seq IS NULL
    UNION ALL
    SELECT 'shop ' || s.shop_id || ' has a log of ' || s.size || ' and ' || count(l.place) || ' leaves' FROM shop_logs s
    LEFT JOIN log_leaves l ON l.shop_id = s.shop_id GROUP BY s.shop_id, s.size HAVING count(l.place) <> s.size
    UNION ALL
    SELECT 'shop ' || l.shop_id || ' has leaves and no log' FROM log_leaves l LEFT JOIN shop_logs s
        ON s.shop_id = l.shop_id WHERE s.shop_id IS NULL GROUP BY l.shop_id"""


class SqlLogs:
    """Implements ports.log_shelf.LogShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, shop_id: str, till_id: str, entries: Sequence[LedgerEntry]) -> TreeEdge:
        if not entries:
            return await self.edge(shop_id)
        edge = await self._lock(shop_id)
        hashes = [leaf_hash(entry.text) for entry in entries]
        grown, whole = edge.grown(hashes)
        leaves = [
            {
                "shop_id": shop_id,
                "place": place,
                "till_id": till_id,
                "epoch": entry.epoch,
                "seq": entry.seq,
                "hash": made,
            }
            for place, (entry, made) in enumerate(zip(entries, hashes, strict=True), start=edge.size)
        ]
        await self._connection.execute(insert(log_leaves), leaves)
        nodes = [
            {"shop_id": shop_id, "level": node.level, "place": node.index, "hash": node.hash}
            for node in whole
            if node.level % LEVELS == 0
        ]
        if nodes:
            await self._connection.execute(insert(log_nodes), nodes)
        query = update(shop_logs).where(shop_logs.c.shop_id == shop_id)
        await self._connection.execute(query.values(size=grown.size, peaks=b"".join(grown.peaks)))
        return grown

    async def edge(self, shop_id: str) -> TreeEdge:
        query = select(shop_logs.c.size, shop_logs.c.peaks).where(shop_logs.c.shop_id == shop_id)
        row = (await self._connection.execute(query)).one_or_none()
        return TreeEdge() if row is None else read_edge(row.size, row.peaks)

    async def place(self, till_id: str, epoch: int, seq: int) -> int | None:
        query = select(log_leaves.c.place).where(
            log_leaves.c.till_id == till_id, log_leaves.c.epoch == epoch, log_leaves.c.seq == seq
        )
        found: int | None = await self._connection.scalar(query)
        return found

    async def roots(self, shop_id: str, spans: Sequence[Span]) -> tuple[bytes, ...]:
        return tuple(
            [join([await self._root(shop_id, each) for each in whole_subtrees(span)]) for span in spans]
        )

    async def _lock(self, shop_id: str) -> TreeEdge:
        query = select(shop_logs.c.size, shop_logs.c.peaks).where(shop_logs.c.shop_id == shop_id)
        query = query.with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:  # the shop's first entry; whoever begins its log at the same time waits here
            await insert_if_absent(self._connection, shop_logs, {"shop_id": shop_id, "size": 0, "peaks": b""})
            row = (await self._connection.execute(query)).one()
        return read_edge(row.size, row.peaks)

    async def _root(self, shop_id: str, span: Span) -> bytes:
        """Of one whole subtree, from the stored level at or below its own."""
        begin, end = span
        level = ((end - begin).bit_length() - 1) // LEVELS * LEVELS
        table = log_nodes if level else log_leaves
        query = select(table.c.hash).where(
            table.c.shop_id == shop_id, table.c.place >= begin >> level, table.c.place < end >> level
        )
        if level:
            query = query.where(log_nodes.c.level == level)
        edge, _ = TreeEdge().grown(await self._connection.scalars(query.order_by(table.c.place)))
        return edge.root


def read_edge(size: int, peaks: bytes) -> TreeEdge:
    """From its row."""
    return TreeEdge(size, tuple(peaks[at : at + _HASH] for at in range(0, len(peaks), _HASH)))


async def log_faults(connection: AsyncConnection) -> list[str]:
    """Where a log is not the tree over the entries of its shop's tills, each once."""
    faults = [str(row[0]) for row in await connection.execute(text(_MISPLACED))]
    for shop_id in list(await connection.scalars(select(log_leaves.c.shop_id).distinct())):
        faults += await _first_fault(connection, shop_id)
    return faults


async def _first_fault(connection: AsyncConnection, shop_id: str) -> list[str]:
    """Grown again from the entries themselves."""
    query = select(log_nodes).where(log_nodes.c.shop_id == shop_id)
    kept = {(row.level, row.place): row.hash for row in await connection.execute(query)}
    entry = (ledger_entries.c.till_id, ledger_entries.c.epoch, ledger_entries.c.seq)
    leaf = (log_leaves.c.till_id, log_leaves.c.epoch, log_leaves.c.seq)
    both = log_leaves.join(
        ledger_entries, and_(*(one == other for one, other in zip(leaf, entry, strict=True)))
    )
    leaves = select(log_leaves.c.place, log_leaves.c.hash, ledger_entries.c.text).select_from(both)
    leaves = leaves.where(log_leaves.c.shop_id == shop_id).order_by(log_leaves.c.place)
    edge = TreeEdge()
    async with connection.stream(leaves) as rows:
        async for row in rows:
            if row.place != edge.size or row.hash != leaf_hash(row.text):
                return [f"the log of shop {shop_id} is not its entries at leaf {row.place}"]
            edge, whole = edge.grown([row.hash])
            for node in whole:
                if node.level % LEVELS == 0 and kept.pop((node.level, node.index), None) != node.hash:
                    return [f"the log of shop {shop_id} has another node {node.index} on level {node.level}"]
    told = await SqlLogs(connection).edge(shop_id)
    if told != edge or kept:
        return [f"the log of shop {shop_id} says {told.size} leaves, and its tree has {edge.size}"]
    return []
