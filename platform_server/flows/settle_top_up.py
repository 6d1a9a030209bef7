"""What people do for top-ups: look at them, have one asked about, decide one that nobody answers for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import Forbidden, NotFound
from platform_server.domain.top_up import Attempt, AttemptKind, TopUp, TopUpState
from platform_server.flows.book_turn import book_turn
from platform_server.flows.tell_shop import tell_top_up
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class SettleTopUp:
    """Decide a MANUAL order; what a worker still brings home for it is asked about again, not lost."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, reference: str, is_success: bool, authority: Authority) -> TopUp:
        """The order afterwards; the authority's reason is the evidence. Raises NotFound, Forbidden with its state."""
        now = self.clock.now()
        outcome = "success" if is_success else "failed"
        async with self.open_books() as books:
            taken = await books.top_ups.take(reference)
            if taken is None:
                raise NotFound("no order of this reference")
            if taken.top_up.state is not TopUpState.MANUAL:
                raise Forbidden("only a MANUAL order is decided", state=taken.top_up.state.value)
            turn = taken.top_up.decided(is_success, now)
            await books.top_ups.save(taken, turn.after)
            done = Attempt(turn.after.id, taken.number, AttemptKind.PERSON, now, None, now, outcome)
            await books.top_ups.note_sent(done)
            await book_turn(books, turn, self.ids, now)
            await tell_top_up(books, taken.top_up, turn.after)
            subject, detail = f"top_up:{reference}", {"outcome": outcome}
            await books.actions.append(Action.by(authority, now, "top_up_settled", subject, detail))
            await books.commit()
        return turn.after


@dataclass(frozen=True, slots=True)
class CallForTopUp:
    """Have an order asked about at once, whatever its state."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, reference: str) -> None:
        """Raises NotFound."""
        async with self.open_books() as books:
            if await books.top_ups.find(reference) is None:
                raise NotFound("no order of this reference")
            await books.top_ups.call_for(reference, self.clock.now())
            await books.commit()


@dataclass(frozen=True, slots=True)
class ListTopUps:
    """Orders of some states with what was done for each."""

    peek_books: OpenBooks

    async def __call__(
        self, states: Collection[TopUpState], limit: int = 200
    ) -> tuple[tuple[TopUp, tuple[Attempt, ...]], ...]:
        """The oldest first."""
        async with self.peek_books() as books:
            found = await books.top_ups.in_states(states, limit)
            return tuple([(top_up, await books.top_ups.attempts(top_up.id)) for top_up in found])
