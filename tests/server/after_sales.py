"""Short words for what a shop and an operator do after a sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.claims import Claim, Claimed, ClaimOutcome, ClaimReason, Evidence
from platform_server.domain.reservation import Caller
from platform_server.flows.decide_claim import ApproveClaim, AskSupplier, DenyClaim, Grant
from platform_server.flows.hand_over import HandOver
from platform_server.flows.open_claim import OpenClaim
from platform_server.flows.read_claim import ClaimView, ReadClaim
from platform_server.flows.see_to_card import ListQuarantine, ReleaseQuarantine, VoidCard
from platform_server.wire.sealing import HpkeSealer
from tests.server.conftest import Counter

OWNER = Authority("owner", "the supplier says so")
TWO = Authority("owner", "the customer showed it", "second")
REFUND = Grant(ClaimOutcome.REFUND)
REISSUE = Grant(ClaimOutcome.REISSUE)
PROVED = Grant(ClaimOutcome.REFUND, proof="S-1")


@dataclass
class Desk:
    """One counter, and the operator's desk behind it."""

    counter: Counter

    async def sell(self, sale: str, quantity: int = 1, *, is_acked: bool = True) -> tuple[str, ...]:
        """The ids of the cards that the customer has."""
        counter = self.counter
        await counter.reserve(sale, counter.line(quantity=quantity))
        sold = await counter.confirm(sale)
        cards = tuple(card.card_id for card in sold.sealed)
        if is_acked:
            await counter.ack(sale, *cards)
        return cards

    @property
    def read(self) -> ReadClaim:
        hand_over = HandOver(self.counter.vault, HpkeSealer())
        return ReadClaim(self.counter.peek_books, self.counter.clock, hand_over, timedelta(hours=24))

    async def claim(
        self,
        sale: str,
        card_id: str | None = None,
        line_id: str | None = None,
        *,
        reason: ClaimReason = ClaimReason.CODE_INVALID,
        attempt: int = 1,
        body: str = "",
        **other: Any,
    ) -> ClaimView:
        counter = self.counter
        flow = OpenClaim(
            counter.open_books, counter.clock, counter.ids, counter.vault, self.read, timedelta(hours=72)
        )
        evidence = other.get("evidence", (Evidence("text", "the site says invalid"),))
        claimed = Claimed(card_id, line_id, reason, evidence, other.get("person"))
        call = counter.step(sale, "claim", attempt, body, other.get("epoch", 2))
        return await flow(other.get("caller", counter.caller), call, claimed)

    async def look(self, claim: Claim, caller: Caller | None = None) -> ClaimView:
        return await self.read(caller or self.counter.caller, claim.id)

    async def ask(self, claim: Claim, by: Authority = OWNER) -> Claim:
        return await AskSupplier(self.counter.open_books, self.counter.clock, self.counter.vault)(
            by, claim.id
        )

    async def deny(self, claim: Claim, by: Authority = OWNER) -> Claim:
        return await DenyClaim(self.counter.open_books, self.counter.clock, self.counter.vault)(by, claim.id)

    async def approve(self, claim: Claim, grant: Grant = REFUND, by: Authority = TWO) -> Claim:
        counter = self.counter
        flow = ApproveClaim(counter.open_books, counter.clock, counter.ids, counter.vault)
        return await flow(by, claim.id, grant)

    async def void(self, card_id: str, by: Authority = OWNER) -> None:
        await VoidCard(self.counter.open_books, self.counter.clock, self.counter.vault)(by, card_id)

    async def release(self, card_id: str, proof: str = "S-2", by: Authority = OWNER) -> None:
        flow = ReleaseQuarantine(self.counter.open_books, self.counter.clock, self.counter.vault)
        await flow(by, card_id, proof)

    async def quarantine(self) -> list[str]:
        return [card.card_id for card in await ListQuarantine(self.counter.peek_books)("", 100)]

    async def state(self, card_id: str) -> CardState:
        async with self.counter.peek_books() as books:
            state: CardState = (await books.cards.find(card_id)).boxed.held.state
            return state

    async def actions(self) -> list[tuple[str, str]]:
        """What was done to which kind of subject since the shop was opened, oldest first."""
        async with self.counter.peek_books() as books:
            told = [each.action for each in reversed(await books.actions.latest(100))]
        done = [(action.what, action.subject.split(":")[0]) for action in told]
        return [each for each in done if each != ("wallet_credited", "shop")]

    async def postings(self, kind: str) -> list[tuple[str, int]]:
        """Of all journals of a kind, from the file or from memory."""
        async with self.counter.peek_books() as books:
            if hasattr(books, "state"):
                journals = [j for key, j in books.state.journals.items() if key[0] == kind]
                return [(p.account, p.amount.minor) for j in journals for p in j.postings]
            rows = await books._connection.exec_driver_sql(
                "SELECT p.account, p.amount_minor FROM postings p JOIN journals j ON j.id = p.journal_id "
                f"WHERE j.kind = '{kind}' ORDER BY p.journal_id, p.position"
            )
            return [tuple(row) for row in rows]
