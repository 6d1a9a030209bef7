"""Short words for a till that sells without the platform: its leases, its ledger, its epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from platform_server.domain.actions import Authority
from platform_server.domain.leases import Lease, LeaseCaps, LeasedCard
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry, LedgerHead
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller
from platform_server.flows.enrol_till import EnrolTill, IssueTicket, NewTill
from platform_server.flows.grant_lease import GrantLease, LeaseView, SealLease
from platform_server.flows.keep_leases import QuarantineLease, ReadLeases, SettleLease
from platform_server.flows.return_lease import ReturnLease
from platform_server.wire.sealing import HpkeSealer
from tests.fakes.platform_goods import CARD
from tests.server.conftest import Counter

HOUSE = LeaseCaps(5, Money(100_000, "CNY"), Money(50_000, "CNY"), timedelta(hours=24))
BY = Authority("owner", "the till was lost")


@dataclass
class Leasing:
    """One till with its ledger; `entries` is what it wrote, pushed or not."""

    counter: Counter
    epoch: int = 2
    house: LeaseCaps = HOUSE
    entries: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0

    @property
    def caller(self) -> Caller:
        return self.counter.caller

    async def grant(
        self, lease: str = "lease", attempt: int = 1, *, body: str | None = None, **plan: Any
    ) -> LeaseView:
        counter = self.counter
        wanted: Mapping[str, int] = plan.get("plan", {CARD: plan.get("count", 1)})
        seal = SealLease(counter.vault, HpkeSealer())
        flow = GrantLease(counter.open_books, counter.clock, counter.ids, counter.rules, seal, self.house)
        body = body if body is not None else str(sorted(wanted.items()))
        call = counter.step(lease, "lease", attempt, body, plan.get("epoch", self.epoch))
        return await flow(plan.get("caller", self.caller), call, wanted)

    def write(self, kind: str, body: Mapping[str, Any], at: datetime | None = None) -> dict[str, Any]:
        """The next entry of the till's ledger; it is pushed apart."""
        mine = [each for each in self.entries if each["epoch"] == self.epoch]
        entry = {
            "till": self.caller.till_id,
            "epoch": self.epoch,
            "seq": len(mine) + 1,
            "prev": LedgerEntry.of(mine[-1]).hash if mine else FIRST_PREV,
            "at": (at or self.counter.clock.now()).isoformat(),
            "business_date": "2026-11-22",
            "kind": kind,
            "body": dict(body),
        }
        self.entries.append(entry)
        return entry

    def sell(self, card_id: str, sale: str, lease: str = "lease", **other: Any) -> dict[str, Any]:
        """Sold at the counter, by whoever is paid there."""
        named = [{"lease_id": lease, "card_id": card_id}]
        line = {"line_id": "1", "product_id": CARD, "quantity": 1, "leased": named}
        return self.write(other.get("kind", "sale_paid"), {"sale_id": sale, "lines": [line]}, other.get("at"))

    def delete(self, *card_ids: str, lease: str = "lease") -> dict[str, Any]:
        """Destroyed unsold."""
        return self.write("lease_returned", {"lease_id": lease, "card_ids": list(card_ids)})

    def proof(self) -> LedgerHead:
        return LedgerHead(self.entries[-1]["seq"], LedgerEntry.of(self.entries[-1]).hash)

    async def push(self, first: int = 1) -> LedgerHead:
        """Everything from an entry on, each epoch for itself; the head of the last."""
        flow = self.counter.accept_ledger
        head = LedgerHead()
        for _, entries in groupby(self.entries[first - 1 :], key=lambda entry: entry["epoch"]):
            head = (await flow(self.caller, self.epoch, list(entries))).head
        return head

    async def give_back(
        self, *card_ids: str, lease: str = "lease", attempt: int = 1, proof: LedgerHead | None = None
    ) -> LeaseView:
        call = self.counter.step(lease, "return", attempt, str(card_ids), self.epoch)
        flow = ReturnLease(self.counter.open_books, self.counter.clock)
        return await flow(self.caller, call, card_ids, proof or self.proof())

    async def return_now(self, *card_ids: str, lease: str = "lease", attempt: int = 1) -> LeaseView:
        """As an honest till does it: destroy, write, push, ask."""
        self.delete(*card_ids, lease=lease)
        await self.push()
        return await self.give_back(*card_ids, lease=lease, attempt=attempt)

    async def renew(self) -> None:
        """The till is enrolled anew; what the old one still holds is not to be trusted."""
        counter = self.counter
        issue = IssueTicket(counter.open_books, counter.clock, counter.ids, timedelta(hours=1))
        secret = await issue("shop", "Till", "TILL")
        public = counter.seal_key.public_key().public_bytes_raw()
        flow = EnrolTill(counter.open_books, counter.clock, counter.ids)
        self.epoch = (await flow(secret, NewTill("", b"n" * 32, public, secret.hex()))).till.epoch

    @property
    def read(self) -> ReadLeases:
        return ReadLeases(self.counter.peek_books, self.counter.clock)

    @property
    def quarantine(self) -> QuarantineLease:
        return QuarantineLease(self.counter.open_books, self.counter.clock)

    @property
    def settle(self) -> SettleLease:
        counter = self.counter
        return SettleLease(counter.open_books, counter.clock, counter.ids, counter.vault)

    async def lease(self, lease: str = "lease") -> tuple[Lease, dict[str, LeasedCard]]:
        """As it lies there, with its cards by id."""
        async with self.counter.peek_books() as books:
            found = await books.leases.find(self.caller.till_id, lease)
            return found, {card.card_id: card for card in await books.leases.cards(found.id)}

    async def states(self, lease: str = "lease") -> dict[str, str]:
        """What became of its cards."""
        return {card_id: card.state.value for card_id, card in (await self.lease(lease))[1].items()}

    async def card_state(self, card_id: str) -> str:
        async with self.counter.peek_books() as books:
            return str((await books.cards.find(card_id)).boxed.held.state)

    async def incidents(self) -> list[str]:
        """The kinds of all incidents, by number and name."""
        async with self.counter.peek_books() as books:
            if hasattr(books, "state"):
                return [
                    kind for _, kind, _, _ in sorted(books.state.incidents, key=lambda k: (k[2], k[3], k[1]))
                ]
            rows = await books._connection.exec_driver_sql(
                "SELECT kind FROM incidents ORDER BY epoch, seq, kind"
            )
            return [row[0] for row in rows]


def ids(view: LeaseView) -> list[str]:
    """Of the cards that were handed over."""
    return [card.card_id for card in view.sealed]
