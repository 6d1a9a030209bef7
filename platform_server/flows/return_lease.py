"""Takes back leased cards that a till has destroyed unsold, on the proof of its own ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.errors import Forbidden, NotFound
from platform_server.domain.leases import LeasedCard, LeasedState
from platform_server.domain.ledger import LedgerHead
from platform_server.domain.reservation import Caller, StepCall
from platform_server.flows.grant_lease import LeaseView
from platform_server.flows.lease_cards import free_card
from platform_server.flows.steps import check_epoch, is_repeat
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock

UNPROVEN = "UNPROVEN"


@dataclass(frozen=True, slots=True)
class ReturnLease:
    """All of the named cards or none. The till has deleted, written and pushed that before it asks."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(
        self, caller: Caller, call: StepCall, card_ids: Sequence[str], proof: LedgerHead
    ) -> LeaseView:
        """`proof` is an entry of the till's own ledger that we hold; and so is the one that tells of the deletion.

        Raises NotFound, KeyReused, Forbidden with {state: "UNPROVEN"} or, for a card that is sold, with
        {state, card_id}, and what check_epoch raises.
        """
        now = self.clock.now()
        async with self.open_books() as books:
            await check_epoch(books, caller, call.epoch)
            lease = await books.leases.find(caller.till_id, call.sale_id)
            if lease is None:
                raise NotFound
            was_done = await is_repeat(books, caller, call)
            if not was_done:
                if not await books.ledger.holds(caller.till_id, proof):
                    raise Forbidden("the ledger was not pushed so far", state=UNPROVEN)
                cards = await books.leases.lock_cards(lease.id, card_ids)
                if len(cards) < len(set(card_ids)):
                    raise NotFound("a card is not of this lease")
                for card in cards:
                    if _is_due(card):
                        await free_card(books, lease, card, now)
                await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
                await books.commit()
            cards = await books.leases.cards(lease.id)
        return LeaseView(lease, lease.state(cards, now), cards, is_replay=was_done)


def _is_due(card: LeasedCard) -> bool:
    """Whether it is still to be freed; another attempt may have done it."""
    if card.state is LeasedState.SOLD:
        raise Forbidden("the card was sold", effect="none", state=card.state.value, card_id=card.card_id)
    if card.state is LeasedState.RETURNED:
        return False
    if card.deleted_seq is None:
        raise Forbidden("the ledger does not say that it was deleted", state=UNPROVEN, card_id=card.card_id)
    return True
