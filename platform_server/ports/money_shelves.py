"""The shelves for wallets and for top-ups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from platform_server.domain.money import Money
from platform_server.domain.top_up import Attempt, CallbackNotice, Taken, TopUp, TopUpState
from platform_server.domain.wallet import Journal, Wallet


class WalletShelf(Protocol):
    """Wallets and the journals that move them."""

    async def open(self, shop_id: str, credit_limit: Money) -> None:
        """A wallet with nothing in it."""
        ...

    async def find(self, shop_id: str) -> Wallet | None:
        """The wallet of a shop."""
        ...

    async def hold(self, shop_id: str, amount: Money) -> bool:
        """Promises the amount if it is available, in one step; False if it is not."""
        ...

    async def release(self, shop_id: str, amount: Money) -> None:
        """Gives a promise back."""
        ...

    async def post(self, journal: Journal) -> None:
        """Writes a journal and moves the wallets it names."""
        ...

    async def is_posted(self, kind: str, reference: str) -> bool:
        """Whether such a journal exists; (kind, reference) is there at most once."""
        ...


class TopUpShelf(Protocol):
    """Orders at suppliers, what was done for them, and what suppliers called about."""

    async def add(self, top_ups: Sequence[TopUp]) -> None:
        """New orders; a reference exists once."""
        ...

    async def of_reservation(self, reservation_id: str) -> tuple[TopUp, ...]:
        """By line."""
        ...

    async def find(self, reference: str) -> TopUp | None:
        """By our reference."""
        ...

    async def in_states(self, states: Collection[TopUpState], limit: int) -> tuple[TopUp, ...]:
        """The oldest of those states."""
        ...

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[Taken, ...]:
        """Orders whose time has come, put out of other workers' reach until `until`."""
        ...

    async def take(self, reference: str) -> Taken | None:
        """One order out of everybody's hands: what a worker still brings for it is not saved."""
        ...

    async def save(self, taken: Taken, top_up: TopUp, taken_until: datetime | None = None) -> bool:
        """The order as it is now, within reach of workers again unless it is taken until then.

        False, and nothing is changed, when somebody took it later. Who was called for meanwhile stays due.
        """
        ...

    async def call_for(self, reference: str, now: datetime) -> None:
        """Due at once, whatever its state, also when a worker has it in hand."""
        ...

    async def count_open(self) -> int:
        """Orders that still move by themselves."""
        ...

    async def note_sent(self, attempt: Attempt) -> None:
        """Before it is done; (order, number, kind) is there once."""
        ...

    async def note_answered(self, taken: Taken, outcome: str, at: datetime) -> None:
        """How the attempt of that worker ended."""
        ...

    async def attempts(self, top_up_id: str) -> tuple[Attempt, ...]:
        """In their order."""
        ...

    async def hear(self, supplier: str, notice: CallbackNotice, at: datetime) -> bool:
        """False when this event of this supplier was heard before."""
        ...
