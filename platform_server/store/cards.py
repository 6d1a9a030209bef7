"""The vault's rows in SQL; whatever changes what can be sold moves the stock in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, Update, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.cards import Batch, BatchKey, BoxedCard, CardLabel, CardState, HeldCard, VaultCard
from platform_server.domain.catalogue import MANY
from platform_server.store.dialect import among, engine_of, pick, reserve_changes
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import expiry_to_micros, to_micros
from platform_server.store.tables import batches, cards, products

_AT_ONCE = 500
_RETIRE_AT_ONCE = 500
_MOVE_STOCK = Prepared(
    update(products)
    .where(products.c.id == bindparam("which"))
    .values(stock=products.c.stock + bindparam("change", type_=Integer))
    .returning(products.c.stock)
)
_MOVE_PLACE = (
    update(products).where(products.c.id == bindparam("which")).values(changed_seq=bindparam("place"))
)


def _allocation(engine: Any) -> Update:
    first = (
        select(cards.c.id)
        .where(
            cards.c.product_id == bindparam("product_id"),
            cards.c.state == CardState.AVAILABLE.value,
            cards.c.sell_by > bindparam("good_until"),
        )
        .order_by(cards.c.sell_by, cards.c.id)
        .limit(bindparam("quantity"))
    )
    # The condition stands in the inner query alone: repeated outside it leads SQLite to the wrong index.
    return (
        update(cards)
        .where(among(engine, cards.c.id, pick(first)))
        .values(
            state=CardState.RESERVED.value,
            reservation_id=bindparam("reservation_id"),
            line_id=bindparam("line_id"),
        )
        .returning(cards.c.id, cards.c.masked)
    )


def _with_key() -> Select[Any]:
    face = (batches.c.face_minor, batches.c.currency, batches.c.kek_id, batches.c.wrapped_key)
    return select(cards, *face).join_from(cards, batches, cards.c.batch_id == batches.c.id)


_OF_RESERVATION = cards.c.reservation_id == bindparam("reservation_id")
_IN_ORDER = (cards.c.line_id, cards.c.id)
_ALLOCATE = Prepared(_allocation)
_MARK = Prepared(
    update(cards)
    .where(_OF_RESERVATION, cards.c.state == bindparam("before"))
    .values(state=bindparam("after"))
)
_HELD = Prepared(
    select(cards.c.id, cards.c.line_id, cards.c.product_id, cards.c.state, cards.c.masked)
    .where(_OF_RESERVATION)
    .order_by(*_IN_ORDER)
)
_BOXED = Prepared(_with_key().where(_OF_RESERVATION).order_by(*_IN_ORDER))


class SqlCards:
    """Implements ports.goods_shelves.CardShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast
        self._moves: Counter[str] = Counter()

    async def known(self, fingerprints: Collection[str]) -> set[str]:
        marks = list(fingerprints)
        found: set[str] = set()
        for start in range(0, len(marks), _AT_ONCE):
            chunk = marks[start : start + _AT_ONCE]
            query = select(cards.c.fingerprint).where(cards.c.fingerprint.in_(chunk))
            found.update(await self._connection.scalars(query))
        return found

    async def add(self, new_batches: Sequence[Batch], new_cards: Sequence[VaultCard]) -> None:
        if not new_batches:
            return
        faces = {card.label.batch_id: (card.label.face_minor, card.label.currency) for card in new_cards}
        await self._connection.execute(
            insert(batches), [_batch_row(batch, *faces[batch.key.batch_id]) for batch in new_batches]
        )
        await self._connection.execute(insert(cards), [_card_row(card) for card in new_cards])
        self._moves.update(card.label.product_id for card in new_cards)

    async def allocate(
        self, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> tuple[HeldCard, ...]:
        wish = {"product_id": product_id, "quantity": quantity, "good_until": to_micros(good_until)}
        rows = await self._fast.rows(_ALLOCATE, **wish, reservation_id=reservation_id, line_id=line_id)
        self._moves[product_id] -= len(rows)
        return tuple(
            HeldCard(row.id, line_id, product_id, CardState.RESERVED, row.masked) for row in sorted(rows)
        )

    async def release(self, reservation_id: str) -> int:
        query = update(cards).where(
            cards.c.reservation_id == reservation_id, cards.c.state == CardState.RESERVED.value
        )
        query = query.values(state=CardState.AVAILABLE.value, reservation_id=None, line_id=None)
        freed = Counter(await self._connection.scalars(query.returning(cards.c.product_id)))
        self._moves.update(freed)
        return freed.total()

    async def mark(self, reservation_id: str, before: CardState, after: CardState) -> int:
        which = {"reservation_id": reservation_id, "before": before.value, "after": after.value}
        return await self._fast.count(_MARK, **which)

    async def held(self, reservation_id: str) -> tuple[HeldCard, ...]:
        return tuple(_held(row) for row in await self._fast.rows(_HELD, reservation_id=reservation_id))

    async def boxed(self, reservation_id: str) -> tuple[BoxedCard, ...]:
        return tuple(_boxed(row) for row in await self._fast.rows(_BOXED, reservation_id=reservation_id))

    async def note_printed(self, card_id: str, printed: str, copies: int) -> None:
        query = update(cards).where(cards.c.id == card_id)
        await self._connection.execute(query.values(printed=printed, copies=copies))

    async def retire_expired(self, now: datetime) -> int:
        old = and_(cards.c.state == CardState.AVAILABLE.value, cards.c.sell_by <= to_micros(now))
        some = pick(select(cards.c.id).where(old).limit(_RETIRE_AT_ONCE))
        query = update(cards).where(among(engine_of(self._connection), cards.c.id, some))
        query = query.values(state=CardState.EXPIRED.value).returning(cards.c.product_id)
        gone = Counter(await self._connection.scalars(query))
        self._moves.subtract(gone)
        return gone.total()

    async def one_of_each_batch(self, after: str, limit: int) -> tuple[BoxedCard, ...]:
        firsts = select(func.min(cards.c.id)).where(cards.c.batch_id > after).group_by(cards.c.batch_id)
        firsts = firsts.order_by(cards.c.batch_id).limit(limit)
        query = _with_key().where(cards.c.id.in_(firsts)).order_by(cards.c.batch_id)
        return tuple(_boxed(row) for row in await self._connection.execute(query))

    async def batch_key(self, batch_id: str) -> BatchKey | None:
        row = (await self._connection.execute(select(batches).where(batches.c.id == batch_id))).one_or_none()
        return None if row is None else BatchKey(row.id, row.kek_id, row.wrapped_key)

    async def settle_stock(self) -> None:
        """Moves the products' stock by what was done. Last before a commit: these rows are everybody's.

        Only what a till can see moves its place in the catalogue: between "many" and "many" nothing does.
        """
        seen = []
        for product_id, change in sorted(self._moves.items()):
            if change:
                row = await self._fast.one(_MOVE_STOCK, which=product_id, change=change)
                after = 0 if row is None else row.stock
                if min(after, after - change) < MANY:
                    seen.append(product_id)
        self._moves.clear()
        if seen:
            first = await reserve_changes(self._connection, len(seen))
            places = [{"which": product_id, "place": first + i} for i, product_id in enumerate(seen)]
            await self._connection.execute(_MOVE_PLACE, places)


def _batch_row(batch: Batch, face_minor: int, currency: str) -> dict[str, Any]:
    return {
        "id": batch.key.batch_id,
        "product_id": batch.product_id,
        "supplier_batch": batch.supplier_batch,
        "imported_at": to_micros(batch.imported_at),
        "count": batch.count,
        "face_minor": face_minor,
        "currency": currency,
        "kek_id": batch.key.kek_id,
        "wrapped_key": batch.key.wrapped,
    }


def _card_row(card: VaultCard) -> dict[str, Any]:
    return {
        "id": card.label.card_id,
        "product_id": card.label.product_id,
        "batch_id": card.label.batch_id,
        "state": CardState.AVAILABLE.value,
        "sell_by": expiry_to_micros(card.sell_by),
        "fingerprint": card.fingerprint,
        "masked": card.masked,
        "version": card.label.version,
        "box": card.box,
        "copies": 0,
    }


def _held(row: Any) -> HeldCard:
    return HeldCard(row.id, row.line_id or "", row.product_id, CardState(row.state), row.masked)


def _boxed(row: Any) -> BoxedCard:
    label = CardLabel(row.id, row.product_id, row.face_minor, row.currency, row.batch_id, row.version)
    return BoxedCard(_held(row), label, row.box, BatchKey(row.batch_id, row.kek_id, row.wrapped_key))
