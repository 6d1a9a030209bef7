"""Faults that other platforms have, planted into ours from outside: each is a patch of a flow or a shelf.

`by` says which harness must find it: the walk, the crowd (many at once, PostgreSQL) or the kill (of the process).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import select, update

from platform_server.domain.cards import CardState, HeldCard
from platform_server.domain.errors import Cancelled, WalletEmpty
from platform_server.domain.money import Money
from platform_server.domain.reservation import ReservationState
from platform_server.domain.top_up import SupplierAnswer, SupplierState, TopUp
from platform_server.domain.wallet import Journal
from platform_server.flows import cancel, confirm, holding, reserve, steps
from platform_server.flows.admit_till import AdmitTill
from platform_server.flows.cancel import Cancel
from platform_server.flows.confirm import Confirm
from platform_server.flows.run_top_ups import RunTopUps
from platform_server.store import reservations as reservation_shelf
from platform_server.store import sqlite_store
from platform_server.store.cards import SqlCards
from platform_server.store.instants import to_micros
from platform_server.store.reservations import SqlReservations
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.tables import cards, wallets
from platform_server.store.wallets import SqlWallets

Plant = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a platform that has it, and how it is planted."""

    name: str
    by: str
    plant: Plant


FAULTS: list[Fault] = []


def fault(name: str, by: str = "walk") -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    def add(make: Callable[[], Any]) -> Callable[[], Any]:
        FAULTS.append(Fault(name, by, make))
        return make

    return add


@fault("a free card is looked for, then taken", by="crowd")
def _select_then_update() -> Any:
    async def allocate(
        self: Any, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> tuple[HeldCard, ...]:
        free = select(cards.c.id, cards.c.masked).where(
            cards.c.product_id == product_id,
            cards.c.state == CardState.AVAILABLE.value,
            cards.c.sell_by > to_micros(good_until),
        )
        free = free.order_by(cards.c.sell_by, cards.c.id).limit(quantity)
        rows = (await self._connection.execute(free)).all()
        await asyncio.sleep(0.02)
        values = {"state": CardState.RESERVED.value, "reservation_id": reservation_id, "line_id": line_id}
        take = update(cards).where(cards.c.id.in_([row.id for row in rows])).values(**values)
        await self._connection.execute(take)
        self._moves[product_id] -= len(rows)
        return tuple(HeldCard(row.id, line_id, product_id, CardState.RESERVED, row.masked) for row in rows)

    return patch.object(SqlCards, "allocate", allocate)


@fault("a sale's row is read without holding it", by="crowd")
@contextmanager
def _row_not_held() -> Iterator[None]:
    plain = SqlReservations.standing

    async def standing(self: Any, till_id: str, call: Any) -> Any:
        found = await plain(self, till_id, call)
        await asyncio.sleep(0.02)
        return found

    not_held = patch.object(reservation_shelf, "_FIND_AND_HOLD", reservation_shelf._FIND)
    with not_held, patch.object(SqlReservations, "standing", standing):
        yield


@fault("a cancel of an unknown sale leaves no tombstone")
def _no_tombstone() -> Any:
    plain = SqlReservations.add

    async def add(self: Any, reservation: Any) -> None:
        if reservation.state is not ReservationState.CANCELLED:
            await plain(self, reservation)

    return patch.object(SqlReservations, "add", add)


@fault("a cancel is not final")
@contextmanager
def _cancel_not_final() -> Iterator[None]:
    async def admit(books: Any, caller: Any, call: Any) -> steps.Admission:
        try:
            return await plain(books, caller, call)
        except Cancelled:
            till = await steps.check_epoch(books, caller, call.epoch)
            known = await books.reservations.find_step(caller.till_id, call)
            found = await books.reservations.find(caller.till_id, call.sale_id)
            return steps.Admission(till, found, is_replay=known is not None)

    plain = steps.admit_step
    with patch.object(confirm, "admit_step", admit), patch.object(reserve, "admit_step", admit):
        yield


@fault("a cancelled sale's sold card goes back to the shelf")
def _sold_to_stock() -> Any:
    plain = holding.take_back

    async def take_back(books: Any, sold: Any, *rest: Any) -> Any:
        await books.cards.mark(sold.id, CardState.SOLD, CardState.RESERVED)
        await books.cards.release(sold.id)
        return await plain(books, sold, *rest)

    return patch.object(cancel, "take_back", take_back)


@fault("a repeated cancel gives the hold back again")
def _release_twice() -> Any:
    plain = Cancel.__call__

    async def call(self: Any, caller: Any, *rest: Any) -> Any:
        view = await plain(self, caller, *rest)
        if view.is_replay:
            async with self.open_books() as books:
                await books.wallets.release(caller.shop_id, Money(1, "CNY"))
                await books.commit()
        return view

    return patch.object(Cancel, "__call__", call)


@fault("money is held without asking whether it is there")
def _hold_unasked() -> Any:
    async def hold(self: Any, shop_id: str, amount: Money) -> bool:
        held = wallets.c.held_minor + amount.minor
        await self._connection.execute(
            update(wallets).where(wallets.c.shop_id == shop_id).values(held_minor=held)
        )
        return True

    return patch.object(SqlWallets, "hold", hold)


@fault("the reservation is committed before the money is held")
def _commit_before_hold() -> Any:
    plain = holding.fill

    async def fill(books: Any, *rest: Any) -> Any:
        try:
            return await plain(books, *rest)
        except WalletEmpty:
            await books.commit()
            raise

    return patch.object(reserve, "fill", fill)


@fault("a line that is short is sold all the same")
def _short_line() -> Any:
    return patch.object(holding, "_missing", lambda line, found: 0)


@fault("a confirm leaves no note of its key")
def _confirm_unnoted() -> Any:
    plain = SqlReservations.add_step

    async def add_step(self: Any, shop_id: str, till_id: str, call: Any, at: datetime) -> None:
        if call.step != "confirm":
            await plain(self, shop_id, till_id, call, at)

    return patch.object(SqlReservations, "add_step", add_step)


@fault("the key of a step leaves out the attempt")
def _key_without_attempt() -> Any:
    plain = SqlReservations.standing

    async def standing(self: Any, till_id: str, call: Any) -> Any:
        return await plain(self, till_id, replace(call, attempt=1))

    return patch.object(SqlReservations, "standing", standing)


@fault("the same key with other content is taken for a repeat")
def _content_unread() -> Any:
    plain = SqlReservations.standing

    async def standing(self: Any, till_id: str, call: Any) -> Any:
        found = await plain(self, till_id, call)
        return found if found.fingerprint is None else replace(found, fingerprint=call.fingerprint)

    return patch.object(SqlReservations, "standing", standing)


@fault("a confirm takes the money twice")
def _posted_twice() -> Any:
    plain = SqlWallets.post

    async def post(self: Any, journal: Any) -> None:
        await plain(self, journal)
        if journal.kind == "sale":
            await plain(self, replace(journal, id=journal.id[:-4] + "ffff", reference="again"))

    return patch.object(SqlWallets, "post", post)


@fault("only the shop's side of a sale is posted")
def _posted_half() -> Any:
    plain = SqlWallets.post

    async def post(self: Any, journal: Any) -> None:
        sides = journal.postings[:1] if journal.kind == "sale" else journal.postings
        facts = {name: getattr(journal, name) for name in Journal.__slots__}
        half: Any = SimpleNamespace(**{**facts, "postings": sides})  # no Journal would let itself be made so
        await plain(self, half)

    return patch.object(SqlWallets, "post", post)


@fault("a late confirm sells what it no longer has")
def _not_refilled() -> Any:
    async def refill(self: Any, books: Any, caller: Any, call: Any, reservation: Any) -> Any:
        return replace(reservation, state=ReservationState.RESERVED)

    return patch.object(Confirm, "_refill", refill)


@fault("a card that has run out is sold")
def _run_out() -> Any:
    plain = SqlCards.allocate

    async def allocate(
        self: Any, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> Any:
        long_ago = datetime(2000, 1, 1, tzinfo=UTC)
        return await plain(self, product_id, quantity, reservation_id, line_id, long_ago)

    return patch.object(SqlCards, "allocate", allocate)


@fault("the shelf is not moved with the sale")
def _stock_unmoved() -> Any:
    async def settle_stock(self: Any) -> None:
        self._moves.clear()

    return patch.object(SqlCards, "settle_stock", settle_stock)


@fault("a nonce is not kept")
def _nonce_unkept() -> Any:
    plain = AdmitTill.__call__

    async def call(self: Any, signed: Any, holder: Any) -> Any:
        async def spend(*told: Any) -> Any:
            return replace(await self.spend_nonce(*told), is_new=True)

        return await plain(replace(self, spend_nonce=spend), signed, holder)

    return patch.object(AdmitTill, "__call__", call)


@fault("the epoch of a call is not looked at")
def _epoch_unread() -> Any:
    return patch.object(steps, "_in_epoch", lambda till, epoch: till)


@fault("a top-up goes out again under a new reference")
def _new_reference() -> Any:
    plain = RunTopUps._call

    async def call(self: Any, taken: Any) -> Any:
        if taken.request is None:
            return await plain(self, taken)
        fresh = replace(taken.top_up, reference=f"{taken.top_up.reference}-{taken.top_up.tries}")
        return await plain(self, replace(taken, top_up=fresh))

    return patch.object(RunTopUps, "_call", call)


@fault("a supplier's silence is taken for a no")
def _refund_on_silence() -> Any:
    plain = TopUp.answered

    def answered(self: Any, answer: SupplierAnswer | None, now: datetime) -> Any:
        return plain(self, answer or SupplierAnswer(SupplierState.FAILED), now)

    return patch.object(TopUp, "answered", answered)


@fault("a commit is acknowledged before it is made", by="kill")
@contextmanager
def _acknowledged_early() -> Iterator[None]:
    async def end(self: Any) -> None:
        self._end_soon()

    with patch.object(SqliteStore, "_end", end), patch.object(sqlite_store, "_GROUP_S", 2.0):
        yield
