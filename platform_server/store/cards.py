"""The vault's rows in SQL; whatever changes what can be sold moves the stock in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.cards import (
    Batch,
    BoxedCard,
    CardRecord,
    CardState,
    HeldCard,
    VaultCard,
    use_fingerprint,
)
from platform_server.domain.catalogue import MANY
from platform_server.domain.errors import Collided, KeyChanged
from platform_server.store.card_rows import (
    RECORDED,
    TOLD,
    batch_of,
    batch_row,
    boxed_card,
    card_record,
    card_row,
    held_card,
    key_row,
    with_key,
)
from platform_server.store.dialect import among, engine_of, insert_absent, pick, reserve_changes
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import to_micros
from platform_server.store.tables import batch_keys, batches, cards, keks, products

_AT_ONCE = 500
_RETIRE_AT_ONCE = 500
_WEIGHTS = {CardState.AVAILABLE: 1, CardState.MASTER: MANY}  # what a card adds to the stock shown
_SHELF_STATE = case(
    (or_(cards.c.kit_id.is_(None), cards.c.kit_id == cards.c.id), CardState.AVAILABLE.value),
    else_=CardState.IN_KIT.value,
)
_MOVE_STOCK = Prepared(
    update(products)
    .where(products.c.id == bindparam("which"))
    .values(stock=products.c.stock + bindparam("change", type_=Integer))
    .returning(products.c.stock)
)
_MOVE_PLACE = (
    update(products).where(products.c.id == bindparam("which")).values(changed_seq=bindparam("place"))
)

_GROW = (
    update(batches)
    .where(batches.c.id == bindparam("which"), batches.c.key_version == bindparam("known"))
    .values(count=batches.c.count + bindparam("change", type_=Integer))
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
        .returning(cards.c.id, cards.c.masked, cards.c.kit_id)
    )


_OF_RESERVATION = cards.c.reservation_id == bindparam("reservation_id")
_IN_ORDER = (cards.c.line_id, cards.c.id)
_ALLOCATE = Prepared(_allocation)
_MARK = Prepared(
    update(cards)
    .where(_OF_RESERVATION, cards.c.state == bindparam("before"))
    .values(state=bindparam("after"))
)
_HELD = Prepared(select(*TOLD).where(_OF_RESERVATION).order_by(*_IN_ORDER))
_BOXED = Prepared(with_key().where(_OF_RESERVATION).order_by(*_IN_ORDER))


class SqlCards:
    """Implements ports.goods_shelves.CardShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast
        self._moves: Counter[str] = Counter()

    async def known(self, fingerprints: Collection[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for chunk in _chunks(list(fingerprints)):
            query = select(cards.c.fingerprint, cards.c.batch_id).where(cards.c.fingerprint.in_(chunk))
            found.update({row.fingerprint: row.batch_id for row in await self._connection.execute(query)})
        return found

    async def add(self, new_batches: Sequence[Batch], new_cards: Sequence[VaultCard]) -> set[str]:
        if not new_batches:
            return set()
        await self._check_keks(sorted({batch.key.kek_id for batch in new_batches}))
        run = self._connection.execute
        await run(insert_absent(self._connection, batches, "id"), [batch_row(batch) for batch in new_batches])
        keys = [key_row(batch.key) for batch in new_batches]
        await run(insert_absent(self._connection, batch_keys, "batch_id", "version"), keys)
        await self._grow_batches(
            {(batch.key.batch_id, batch.key.version): batch.count for batch in new_batches}
        )
        # In the order of fingerprints: two programs that bring the same codes wait for each other in one direction.
        rows = [card_row(card) for card in sorted(new_cards, key=lambda card: card.fingerprint)]
        insert = insert_absent(self._connection, cards, "fingerprint")
        added = (await run(insert, rows)).rowcount
        lost = await self._left_out(new_cards) if added < len(rows) else []
        if any(card.kit_id is not None for card in lost):
            raise Collided("A code of a kit came in by another program meanwhile; try again.")
        shrink = Counter((card.label.batch_id, card.label.version) for card in lost if card.source_id is None)
        await self._grow_batches({key: -count for key, count in shrink.items()})
        for card in new_cards:
            self._moves[card.label.product_id] += _WEIGHTS.get(card.state, 0)
        for card in lost:
            self._moves[card.label.product_id] -= _WEIGHTS.get(card.state, 0)
        return {card.fingerprint for card in lost}

    async def allocate(
        self, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> tuple[HeldCard, ...]:
        wish = {"product_id": product_id, "quantity": quantity, "good_until": to_micros(good_until)}
        rows = await self._fast.rows(_ALLOCATE, **wish, reservation_id=reservation_id, line_id=line_id)
        self._moves[product_id] -= len(rows)
        kits = [row.kit_id for row in rows if row.kit_id is not None]
        if kits:
            rows += await self._take_others(kits, reservation_id, line_id)
        return tuple(
            HeldCard(row.id, line_id, product_id, CardState.RESERVED, row.masked, row.kit_id)
            for row in sorted(rows)
        )

    async def _take_others(self, kits: Sequence[str], reservation_id: str, line_id: str) -> Sequence[Any]:
        """The further cards of kits whose first one is ours: nobody else can reach them."""
        query = update(cards).where(cards.c.kit_id.in_(kits), cards.c.state == CardState.IN_KIT.value)
        query = query.values(state=CardState.RESERVED.value, reservation_id=reservation_id, line_id=line_id)
        told = query.returning(cards.c.id, cards.c.masked, cards.c.kit_id)
        return (await self._connection.execute(told)).all()

    async def copy_master(
        self,
        product_id: str,
        card_ids: Sequence[str],
        reservation_id: str,
        line_id: str,
        good_until: datetime,
    ) -> tuple[HeldCard, ...]:
        is_good = and_(cards.c.state == CardState.MASTER.value, cards.c.sell_by > to_micros(good_until))
        query = select(cards).where(cards.c.product_id == product_id, is_good)
        query = query.order_by(cards.c.sell_by, cards.c.id).limit(1)
        # Shared with other sales of it; whoever retires it waits.
        master = (await self._connection.execute(query.with_for_update(read=True))).one_or_none()
        if master is None:
            return ()
        rows = [
            {
                **{
                    name: getattr(master, name)
                    for name in ("product_id", "batch_id", "sell_by", "masked", "version")
                },
                "id": card_id,
                "state": CardState.RESERVED.value,
                "fingerprint": use_fingerprint(master.fingerprint, card_id),
                "box": b"",
                "reservation_id": reservation_id,
                "line_id": line_id,
                "copies": 0,
                "source_id": master.id,
            }
            for card_id in card_ids
        ]
        await self._connection.execute(insert(cards), rows)
        return tuple(
            HeldCard(card_id, line_id, product_id, CardState.RESERVED, master.masked) for card_id in card_ids
        )

    async def release(self, reservation_id: str) -> int:
        query = update(cards).where(
            cards.c.reservation_id == reservation_id, cards.c.state == CardState.RESERVED.value
        )
        query = query.values(state=_SHELF_STATE, reservation_id=None, line_id=None)
        rows = await self._connection.execute(query.returning(cards.c.product_id, cards.c.state))
        freed = Counter(row.product_id for row in rows if row.state == CardState.AVAILABLE.value)
        self._moves.update(freed)
        return freed.total()

    async def mark(self, reservation_id: str, before: CardState, after: CardState) -> int:
        which = {"reservation_id": reservation_id, "before": before.value, "after": after.value}
        return await self._fast.count(_MARK, **which)

    async def held(self, reservation_id: str) -> tuple[HeldCard, ...]:
        return tuple(held_card(row) for row in await self._fast.rows(_HELD, reservation_id=reservation_id))

    async def boxed(self, reservation_id: str) -> tuple[BoxedCard, ...]:
        return tuple(boxed_card(row) for row in await self._fast.rows(_BOXED, reservation_id=reservation_id))

    async def find(self, card_id: str) -> CardRecord | None:
        return await self._record(cards.c.id == card_id)

    async def find_code(self, fingerprint: str) -> CardRecord | None:
        return await self._record(cards.c.fingerprint == fingerprint)

    async def uses_of(self, card_id: str, limit: int) -> tuple[str, ...]:
        query = select(cards.c.id).where(cards.c.source_id == card_id).order_by(cards.c.id).limit(limit)
        return tuple(await self._connection.scalars(query))

    async def _record(self, which: ColumnElement[bool]) -> CardRecord | None:
        query = with_key().add_columns(*RECORDED).where(which)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else card_record(row)

    async def move(self, card_id: str, before: CardState, after: CardState) -> bool:
        values: dict[str, Any] = {"state": after.value}
        if after is CardState.AVAILABLE:
            values = {"state": _SHELF_STATE, "reservation_id": None, "line_id": None}
        query = update(cards).where(cards.c.id == card_id, cards.c.state == before.value).values(**values)
        product_id = await self._connection.scalar(query.returning(cards.c.product_id))
        if product_id is None:
            return False
        others = update(cards).where(cards.c.kit_id == card_id, cards.c.id != card_id)
        await self._connection.execute(others.values(**values))
        self._moves[product_id] += _WEIGHTS.get(after, 0) - _WEIGHTS.get(before, 0)
        return True

    async def in_state(self, state: CardState, after: str, limit: int) -> tuple[HeldCard, ...]:
        counts = or_(cards.c.kit_id.is_(None), cards.c.kit_id == cards.c.id)
        query = select(*TOLD).where(cards.c.state == state.value, cards.c.id > after, counts)
        query = query.order_by(cards.c.id)
        return tuple(held_card(row) for row in await self._connection.execute(query.limit(limit)))

    async def note_printed(self, card_id: str, printed: str, copies: int) -> None:
        query = update(cards).where(cards.c.id == card_id)
        await self._connection.execute(query.values(printed=printed, copies=copies))

    async def retire_expired(self, now: datetime) -> int:
        return sum([await self._retire(state, now) for state in _WEIGHTS])

    async def _retire(self, state: CardState, now: datetime) -> int:
        old = select(cards.c.id).where(cards.c.state == state.value, cards.c.sell_by <= to_micros(now))
        some = pick(old.limit(_RETIRE_AT_ONCE))
        query = update(cards).where(among(engine_of(self._connection), cards.c.id, some))
        query = query.values(state=CardState.EXPIRED.value).returning(cards.c.product_id, cards.c.kit_id)
        rows = list(await self._connection.execute(query))
        kits = [row.kit_id for row in rows if row.kit_id is not None]
        if kits:
            others = update(cards).where(cards.c.kit_id.in_(kits), cards.c.state == CardState.IN_KIT.value)
            await self._connection.execute(others.values(state=CardState.EXPIRED.value))
        for row in rows:
            self._moves[row.product_id] -= _WEIGHTS[state]
        return len(rows)

    async def one_of_each_key(self, after: str, limit: int) -> tuple[BoxedCard, ...]:
        bearers = select(cards.c.batch_id).where(cards.c.batch_id > after).distinct()
        bearers = bearers.order_by(cards.c.batch_id).limit(limit)
        firsts = select(func.min(cards.c.id)).where(
            cards.c.batch_id.in_(bearers), cards.c.source_id.is_(None)
        )
        firsts = firsts.group_by(cards.c.batch_id, cards.c.version)
        query = with_key().where(cards.c.id.in_(firsts)).order_by(cards.c.batch_id, cards.c.version)
        return tuple(boxed_card(row) for row in await self._connection.execute(query))

    async def batch(self, batch_id: str) -> Batch | None:
        newest = and_(batch_keys.c.batch_id == batches.c.id, batch_keys.c.version == batches.c.key_version)
        query = select(batches, batch_keys.c.kek_id, batch_keys.c.wrapped_key)
        query = query.join_from(batches, batch_keys, newest).where(batches.c.id == batch_id)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else batch_of(row)

    async def _check_keks(self, kek_ids: Sequence[str]) -> None:
        """Their rows are locked until the commit, so none of them can be retired before it."""
        await self._connection.execute(
            insert_absent(self._connection, keks, "id"), [{"id": kek_id} for kek_id in kek_ids]
        )
        query = select(keks.c.is_retired).where(keks.c.id.in_(kek_ids)).with_for_update(read=True)
        if any(await self._connection.scalars(query)):
            raise KeyChanged("The key of the vault was changed meanwhile; try again.")

    async def _grow_batches(self, counts: Mapping[tuple[str, int], int]) -> None:
        """The condition holds off a newer data key until the commit: cards come under the newest or not at all."""
        if not counts:
            return
        rows = [
            {"which": batch_id, "known": version, "change": n} for (batch_id, version), n in counts.items()
        ]
        if (await self._connection.execute(_GROW, rows)).rowcount != len(rows):
            raise KeyChanged("A batch is being shut again under another key; try again.")

    async def _left_out(self, wanted: Sequence[VaultCard]) -> list[VaultCard]:
        there: set[str] = set()
        for chunk in _chunks([card.label.card_id for card in wanted]):
            there.update(await self._connection.scalars(select(cards.c.id).where(cards.c.id.in_(chunk))))
        return [card for card in wanted if card.label.card_id not in there]

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


def _chunks(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]
