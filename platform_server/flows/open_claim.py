"""Takes in what a shop says is wrong with a thing it was sold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from platform_server.domain.actions import Action
from platform_server.domain.canonical import fingerprint
from platform_server.domain.cards import CardState
from platform_server.domain.claims import Claim, Claimed, check_reason
from platform_server.domain.errors import BadRequest, Cancelled, Forbidden, NotFound
from platform_server.domain.reservation import Caller, Reservation, ReservationState, ReservedLine, StepCall
from platform_server.flows.keep_secret import check_words
from platform_server.flows.read_claim import ClaimView, ReadClaim
from platform_server.flows.steps import check_epoch, is_repeat
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """One claim for one item that was delivered; it is to be decided within `time_to_decide`."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    vault: Vault
    read: ReadClaim
    time_to_decide: timedelta

    async def __call__(self, caller: Caller, call: StepCall, claimed: Claimed) -> ClaimView:
        """Raises NotFound (not this shop's sale), Cancelled, Forbidden with {state}, BadRequest, KeyReused."""
        now = self.clock.now()
        async with self.open_books() as books:
            await check_epoch(books, caller, call.epoch)
            sale = await find_sale(books, caller, call.sale_id)
            was_done = await is_repeat(books, caller, call)
            claims = await books.claims.of_reservation(sale.id)
            for claim in claims:
                if was_done and (claim.till_id, claim.attempt) == (caller.till_id, call.attempt):
                    return await self.read.view(books, caller, claim, is_replay=True)
            claim = await self._draft(books, caller, call, sale, claimed)
            _check_is_first(claim, claims)
            await books.claims.add(claim)
            await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
            await books.actions.append(opening(claim))
            await books.commit()
            return ClaimView(claim)

    async def _draft(
        self, books: Books, caller: Caller, call: StepCall, sale: Reservation, claimed: Claimed
    ) -> Claim:
        now = self.clock.now()
        if sale.state is ReservationState.CANCELLED:
            raise Cancelled
        if sale.state is not ReservationState.DELIVERED:
            raise Forbidden("only what was delivered is claimed", state=sale.state.value)
        line, card_id = await _item(books, sale, claimed)
        check_reason(claimed.reason, line.is_top_up)
        texts = [each.text for each in claimed.evidence]
        check_words(
            self.vault, await books.cards.boxed(sale.id), "body.evidence", *texts, claimed.person or ""
        )
        return Claim(
            id=self.ids.new_id(),
            shop_id=sale.shop_id,
            till_id=caller.till_id,
            sale_id=sale.sale_id,
            attempt=call.attempt,
            reservation_id=sale.id,
            line_id=line.line_id,
            card_id=card_id,
            reason=claimed.reason,
            evidence=claimed.evidence,
            cost=line.unit_cost,
            opened_by=claimed.person or f"till:{caller.till_id}",
            opened_at=now,
            due_at=now + self.time_to_decide,
        )


def opening(claim: Claim) -> Action:
    """What the chain says of a claim that was opened; its digest shows a later edit of what the shop said."""
    detail = {
        "sale_id": claim.sale_id,
        "line_id": claim.line_id,
        "card_id": claim.card_id,
        "cost_minor": claim.cost.minor,
        "evidence": fingerprint([asdict(each) for each in claim.evidence]),
    }
    subject = f"claim:{claim.id}"
    return Action(claim.opened_at, claim.opened_by, None, "claim_opened", subject, claim.reason.value, detail)


async def find_sale(books: Books, caller: Caller, sale_id: str) -> Reservation:
    """The caller's own sale of that id, else the one of another till of its shop. Raises NotFound."""
    sales = [sale for sale in await books.reservations.of_sale(sale_id) if sale.shop_id == caller.shop_id]
    sales.sort(key=lambda sale: sale.till_id != caller.till_id)
    if not sales:
        raise NotFound
    return sales[0]


async def _item(books: Books, sale: Reservation, claimed: Claimed) -> tuple[ReservedLine, str | None]:
    held = await books.cards.held(sale.id)
    named = {card.item_id for card in held if card.card_id == claimed.card_id}
    mine = [
        card
        for card in held
        if card.counts
        and (claimed.card_id is None or card.card_id in named)
        and claimed.line_id in (None, card.line_id)
    ]
    if claimed.card_id is None:
        lines = [line for line in sale.lines if line.line_id == claimed.line_id]
        if not lines:
            raise BadRequest.at("body.line_id", "no line of this sale")
        if lines[0].is_top_up:
            return lines[0], None
        mine = [card for card in mine if card.state is CardState.DELIVERED]
    if len(mine) != 1:
        raise BadRequest.at("body.card_id", "name one card of this sale")
    if mine[0].state is not CardState.DELIVERED:
        raise Forbidden("the card was taken back", state=mine[0].state.value)
    return sale.line(mine[0].line_id), mine[0].card_id


def _check_is_first(claim: Claim, others: tuple[Claim, ...]) -> None:
    for other in others:
        if other.is_live and (other.line_id, other.card_id) == (claim.line_id, claim.card_id):
            raise Forbidden("claimed already", state=other.state.value, claim_id=other.id)
