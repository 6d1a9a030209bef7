"""What a monitor asks, in SQL: counts that an index can answer, never a walk over all cards."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.figures import Figures
from platform_server.domain.reservation import ReservationState
from platform_server.domain.top_up import OPEN_STATES, TopUpState
from platform_server.store.instants import maybe_from_micros
from platform_server.store.tables import (
    event_outbox,
    reservations,
    shop_callbacks,
    shop_events,
    top_ups,
    wallets,
)

_WATCHED = [state.value for state in (*OPEN_STATES, TopUpState.MANUAL)]


class SqlFigures:
    """Implements ports.door_shelves.FigureShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def revision(self) -> str | None:
        found: str | None = await self._connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found

    async def read(self) -> Figures:
        states = select(top_ups.c.state, func.count()).where(top_ups.c.state.in_(_WATCHED))
        counts = (await self._connection.execute(states.group_by(top_ups.c.state))).all()
        held = select(wallets.c.currency, func.sum(wallets.c.held_minor)).group_by(wallets.c.currency)
        sums = (await self._connection.execute(held)).all()
        reserved = select(func.count()).select_from(reservations)
        reserved = reserved.where(reservations.c.state == ReservationState.RESERVED.value)
        waiting = select(func.min(top_ups.c.accepted_at)).where(
            top_ups.c.state.in_([state.value for state in OPEN_STATES])
        )
        undelivered = select(func.min(shop_events.c.at)).join_from(
            shop_events,
            shop_callbacks,
            (shop_callbacks.c.shop_id == shop_events.c.shop_id)
            & (shop_events.c.seq == shop_callbacks.c.delivered_seq + 1),
        )
        undelivered = undelivered.where(
            shop_callbacks.c.url.is_not(None), shop_callbacks.c.parked_at.is_(None)
        )
        parked = select(func.count()).select_from(shop_callbacks)
        parked = parked.where(shop_callbacks.c.parked_at.is_not(None))
        unnumbered = select(func.count()).select_from(event_outbox)
        return Figures(
            top_ups=dict.fromkeys(_WATCHED, 0) | {state: int(count) for state, count in counts},
            held={currency: int(total) for currency, total in sums},
            reserved=await self._connection.scalar(reserved) or 0,
            oldest_top_up=maybe_from_micros(await self._connection.scalar(waiting)),
            unnumbered_events=await self._connection.scalar(unnumbered) or 0,
            oldest_event=maybe_from_micros(await self._connection.scalar(undelivered)),
            parked_callbacks=await self._connection.scalar(parked) or 0,
        )
