"""Takes note that the customer has the cards in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from platform_server.domain.cards import CardState
from platform_server.domain.errors import BadRequest, Forbidden, NotFound
from platform_server.domain.reservation import Caller, ReservationState, StepCall
from platform_server.flows.steps import SaleView, admit_step, view_sale
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What became of one slip: `printed` is "yes" or "unknown"."""

    card_id: str
    printed: str
    copies: int


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """SOLD becomes DELIVERED; from here on there is no cancelling. A later attempt updates the copies."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, caller: Caller, call: StepCall, cards: Sequence[PrintedCard]) -> SaleView:
        """Raises NotFound, Forbidden (not sold), BadRequest (not this sale's cards) and what steps raise."""
        now = self.clock.now()
        async with self.open_books() as books:
            admission = await admit_step(books, caller, call)
            sale = admission.reservation
            if sale is None:
                raise NotFound
            if not admission.is_replay:
                if sale.state not in (ReservationState.SOLD, ReservationState.DELIVERED):
                    raise Forbidden("not sold", state=sale.state.value)
                if sale.is_withheld:
                    raise Forbidden("not handed over yet", state=sale.state.value)
                held = {card.card_id for card in await books.cards.held(sale.id)}
                named = {card.card_id for card in cards}
                if not named <= held or (sale.state is ReservationState.SOLD and named != held):
                    raise BadRequest.at("body.cards", "not the cards of this sale")
                for card in cards:
                    await books.cards.note_printed(card.card_id, card.printed, card.copies)
                if sale.state is ReservationState.SOLD:
                    await books.cards.mark(sale.id, CardState.SOLD, CardState.DELIVERED)
                    sale = replace(sale, state=ReservationState.DELIVERED, changed_at=now)
                    await books.reservations.save(sale)
                await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
                await books.commit()
            return await view_sale(books, sale, now, is_replay=admission.is_replay)
