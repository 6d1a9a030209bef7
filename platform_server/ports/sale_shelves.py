"""The shelves for tills, their sales, their ledgers, and for what is odd."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from platform_server.domain.actions import Authority
from platform_server.domain.ledger import LedgerEntry, LedgerHead, Strange
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation, StepCall, StepDone
from platform_server.domain.tills import Shop, Ticket, Till


class TillShelf(Protocol):
    """Shops, tills, tickets and nonces."""

    async def add_shop(self, shop: Shop) -> None:
        """A new shop."""
        ...

    async def find_shop(self, shop_id: str) -> Shop | None:
        """By id."""
        ...

    async def first_shop(self) -> Shop | None:
        """The oldest one: an embedded platform has no other."""
        ...

    async def save(self, till: Till) -> None:
        """Adds a till or replaces what is known of it."""
        ...

    async def find(self, till_id: str) -> Till | None:
        """By id."""
        ...

    async def of_shop(self, shop_id: str) -> tuple[Till, ...]:
        """By code, in the order of enrolment."""
        ...

    async def save_ticket(self, ticket: Ticket) -> None:
        """Adds a ticket or replaces what is known of it."""
        ...

    async def find_ticket(self, secret_hash: str) -> Ticket | None:
        """By the hash of its secret."""
        ...

    async def forget_nonces(self, now: datetime) -> int:
        """Those whose signature has expired; how many."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What a call about a sale is judged by; `fingerprint` is that of the same call when it had its effect."""

    till: Till | None
    reservation: Reservation | None
    fingerprint: str | None


class ReservationShelf(Protocol):
    """Sales as the platform holds them, and the calls that made them so."""

    async def standing(self, till_id: str, call: StepCall) -> Standing:
        """All of it as of now; the sale is this writer's until the commit."""
        ...

    async def find(self, till_id: str, sale_id: str) -> Reservation | None:
        """A till's sale; another till's sale of the same id is another sale."""
        ...

    async def of_sale(self, sale_id: str) -> tuple[Reservation, ...]:
        """The sales of that id of all tills; there is more than one only if a till made up its ids."""
        ...

    async def by_id(self, reservation_id: str) -> Reservation | None:
        """A writer who finds a sale, by whatever name, has it to himself until he commits."""
        ...

    async def refund(self, reservation_id: str, line_id: str, amount: Money) -> bool:
        """Counts money that a line gives back, in one step; False if it were more than the line cost."""
        ...

    async def steps_of(self, till_id: str, sale_id: str) -> tuple[StepDone, ...]:
        """The calls of a till for a sale that had an effect, in order of time."""
        ...

    async def add(self, reservation: Reservation) -> None:
        """A new one with its lines; (till, sale) exists once."""
        ...

    async def save(self, reservation: Reservation) -> None:
        """Replaces everything but the lines, the freeze, and the time of handing over."""
        ...

    async def replace_lines(self, reservation: Reservation) -> None:
        """Its lines as they are now."""
        ...

    async def overdue(self, now: datetime, limit: int) -> tuple[Reservation, ...]:
        """RESERVED ones past their time, oldest first."""
        ...

    async def freeze(self, reservation_id: str, why: str, at: datetime) -> bool:
        """Shuts a cooling sale whose codes have not left; False when they have, or it is frozen already."""
        ...

    async def thaw(self, reservation_id: str) -> bool:
        """Lets it go on; False when it was not frozen."""
        ...

    async def frozen(self) -> tuple[Reservation, ...]:
        """All sold or reserved ones that are frozen, the oldest first."""
        ...

    async def note_handed(self, reservation_id: str, at: datetime) -> bool:
        """Its codes leave now, for the first time; False when it was frozen meanwhile, or they left before."""
        ...

    async def find_step(self, till_id: str, call: StepCall) -> str | None:
        """The fingerprint that this key came with, if it had an effect."""
        ...

    async def add_step(self, shop_id: str, till_id: str, call: StepCall, at: datetime) -> None:
        """The key had its effect; it is unique for ever."""
        ...


class LedgerShelf(Protocol):
    """What tills wrote, once; a chain for each epoch of a till."""

    async def head(self, till_id: str, epoch: int) -> LedgerHead:
        """Where the stored chain stands."""
        ...

    async def holds(self, till_id: str, head: LedgerHead) -> bool:
        """Whether that very entry is stored, in any epoch."""
        ...

    async def hashes(self, till_id: str, epoch: int, first: int, last: int) -> Mapping[int, str]:
        """Of the stored entries in that range."""
        ...

    async def signed_from(self, till_id: str, epoch: int) -> int | None:
        """The number of the first entry of the chain that said it was signed; None when none did."""
        ...

    async def page(self, till_id: str, epoch: int, after: int, limit: int) -> tuple[bytes, ...]:
        """The canonical text of at most `limit` entries that follow number `after`, in order."""
        ...

    async def add(self, till_id: str, entries: Sequence[LedgerEntry], at: datetime) -> None:
        """Entries of one epoch that follow its head."""
        ...

    def since(self, till_id: str, received: datetime) -> AsyncIterator[bytes]:
        """The canonical text of the entries received from then on, the latest of each epoch first."""
        ...

    async def naming(self, words: Collection[str], since: datetime) -> Mapping[str, Sequence[LedgerEntry]]:
        """By till: of the entries that came since then, those whose text holds one of the words; reads them all."""
        ...


class AuditShelf(Protocol):
    """What is odd, and what must never be."""

    async def open_incidents(
        self, shop_id: str, till_id: str, found: Sequence[Strange], at: datetime
    ) -> None:
        """Tells people; blocks nothing; the same oddity is told once.

        In place of a till's id stands whatever is odd: a top-up's id, or `supplier:NAME`.
        """
        ...

    async def acknowledge(self, incident_id: str, authority: Authority, at: datetime) -> bool:
        """Somebody saw to it; False unless it was open. The id is till:kind:seq."""
        ...

    async def breaches(self, invariant: str) -> tuple[str, ...]:
        """One sentence for each breach of an invariant of `INVARIANTS`; empty when it holds."""
        ...


INVARIANTS: Mapping[str, str] = {
    "storage": "the file is whole and its references hold",
    "journals": "every journal adds up to zero",
    "postings": "every journal has its postings, all in the currency of the wallet that it moves",
    "balances": "every wallet is the sum of its postings",
    "holds": "what a wallet holds is what its reservations and leases hold",
    "credit": "no wallet is below its credit limit",
    "conservation": "every batch has as many cards as came in",
    "card_states": "every card is in a state that there is",
    "stock": "the stock shown is the stock there is",
    "unique_codes": "no code is in the vault twice",
    "allocation": "no sale has more or fewer cards than it bought, and none is shared",
    "sales": "every sold sale paid its price once, every cancelled one has it back, no other paid or holds any",
    "effects": "every sale is as its calls made it: no effect without its call and evidence, no call without its effect",
    "leases": "every card at a till is in one live lease within its caps, and each that was sold is paid once",
    "top_ups": "every sold top-up has one order; its money is back exactly when it failed or was reversed",
    "late_successes": "a success after the money went back, or a reversal, has its incident; the first its loss",
    "top_up_requests": "every top-up went out under one reference with one content, written down before",
    "refunds": "no line gave back more than it cost, and what it gave back stands in the journals",
    "grounds": "every approved claim has proof or a second person, and its journal",
    "voids": "a card was made void before its money or another card was given, and by somebody",
    "ledger": "every till's chain holds, up to where it stood",
    "log": "every shop's log is the tree over all entries of its tills, each once",
    "actions": "the journal of what people did is one unbroken chain",
    "settlements": "every settled day adds up to the journals in its file",
    "limits": "no counter of a rule is beyond its limit, and each is the sum of its uses",
}

# Which sentences of the page of invariants each of them proves.
PROVES: Mapping[str, tuple[str, ...]] = {
    "storage": ("I10",),
    "journals": ("I7",),
    "postings": ("I7",),
    "balances": ("I7",),
    "holds": ("I7",),
    "credit": ("I7",),
    "conservation": ("I5",),
    "card_states": ("I5",),
    "stock": ("I5",),
    "unique_codes": ("I1",),
    "allocation": ("I1", "I6"),
    "sales": ("I2", "I7", "I9"),
    "effects": ("I11", "I12"),
    "leases": ("I1", "I7", "I18"),
    "top_ups": ("I8", "I9"),
    "late_successes": ("I8",),
    "top_up_requests": ("I8",),
    "refunds": ("I9",),
    "grounds": ("I9", "I21"),
    "voids": ("I9",),
    "ledger": ("I15", "I19"),
    "log": ("I15", "I19"),
    "actions": ("I21",),
    "settlements": ("I19",),
    "limits": ("I22",),
}
