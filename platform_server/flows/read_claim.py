"""Tells a shop where its claim stands, and hands over the card that took the place of a bad one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from platform_server.domain.claims import Claim
from platform_server.domain.errors import NotFound
from platform_server.domain.reservation import Caller
from platform_server.flows.hand_over import HandOver
from platform_server.flows.steps import SealedCard
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as the till is told of it; `sealed` holds the new card, for the till of the sale only."""

    claim: Claim
    sealed: tuple[SealedCard, ...] = ()
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """The new card is told until its slip is acknowledged, and `reprint_time` longer."""

    peek_books: OpenBooks
    clock: Clock
    hand_over: HandOver
    reprint_time: timedelta

    async def __call__(self, caller: Caller, claim_id: str) -> ClaimView:
        """Raises NotFound for a claim of another shop."""
        async with self.peek_books() as books:
            claim = await books.claims.find(claim_id)
            if claim is None or claim.shop_id != caller.shop_id:
                raise NotFound
            return await self.view(books, caller, claim)

    async def view(self, books: Books, caller: Caller, claim: Claim, *, is_replay: bool = False) -> ClaimView:
        """The same inside an open transaction."""
        new_card = claim.decision.new_card_id if claim.decision else None
        sale = await books.reservations.find(caller.till_id, claim.sale_id)
        till = await books.tills.find(caller.till_id)
        if new_card is None or till is None or sale is None or sale.id != claim.reservation_id:
            return ClaimView(claim, is_replay=is_replay)
        if not await self._is_told(books, claim, new_card):
            return ClaimView(claim, is_replay=is_replay)
        sealed = await self.hand_over(books, till, sale, only=new_card)
        return ClaimView(claim, sealed, is_replay)

    async def _is_told(self, books: Books, claim: Claim, new_card: str) -> bool:
        record = await books.cards.find(new_card)
        is_printed = record is not None and record.printed is not None
        decided_at = claim.decision.at if claim.decision else claim.opened_at
        return not is_printed or decided_at + self.reprint_time > self.clock.now()
