"""See to a message that the platform refused for good: a person sends it again, or answers for it that it is left."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.domain.errors import WrongState
from pos_app.domain.outbox import Message, MessageState
from pos_app.domain.staff import Cashier, Permission, must_say_why
from pos_app.flows.day import now_and_today
from pos_app.ports.books import Books, OpenBooks
from pos_app.ports.clock import Clock


@dataclass(frozen=True)
class ResendMessage:
    """What the platform refused is put right over there: it is due again, with a fresh count of tries."""

    open_books: OpenBooks
    clock: Clock

    def __call__(self, cashier: Cashier, message_id: str) -> Message:
        """The message, due. WrongState when it is not dead."""
        cashier.must_be_allowed(Permission.SELL)
        with self.open_books() as books:
            message = _dead(books, message_id).again(self.clock.now())
            books.outbox.keep(message)
            books.commit()
        return message


@dataclass(frozen=True)
class LeaveMessage:
    """It is never sent, and somebody answers for that: who and why stand in the ledger."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, message_id: str, reason: str) -> Message:
        """The message, left. NotAllowed, ReasonNeeded; WrongState when it is not dead."""
        cashier.must_be_allowed(Permission.OVERRIDE)
        why = must_say_why(reason)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            message = _dead(books, message_id)
            left = replace(message, state=MessageState.LEFT)
            books.outbox.keep(left)
            body = {
                "message": message.kind.value,
                "sale_id": message.sale_id,
                "code": message.reason or "",
                "cashier_id": cashier.id,
                "reason": why,
            }
            books.ledger.append("message_left", now, today, body)
            books.commit()
        return left


def _dead(books: Books, message_id: str) -> Message:
    message = books.outbox.get(message_id)
    if message.state is not MessageState.DEAD:
        raise WrongState(sale_id=message.sale_id, state=message.state.value)
    return message
