"""Tell the platform what it must hear: the ledger first, then each message, and never let one hold up another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pos_app.domain.card_code import CardState
from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.outbox import Message, MessageState, wait_before
from pos_app.domain.receipt import receipt_hash
from pos_app.domain.till import Enrolment
from pos_app.ports.books import OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Platform, PrintedCard

MOST_ENTRIES = 500
MOST_MESSAGES = 50


@dataclass(frozen=True)
class Pushed:
    """How much went out: ledger entries and messages; `unsent` is what is left."""

    entries: int
    messages: int
    unsent: int


@dataclass(frozen=True)
class PushOutbox:
    """Unreachable ends the round; what was refused stays for a person to see."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform

    def __call__(self) -> Pushed:
        with self.open_to_read() as books:
            enrolment = books.till.enrolment()
            due = books.outbox.due(self.clock.now(), MOST_MESSAGES)
        entries = self._push_ledger(enrolment)
        sent = sum(self._send(enrolment, message) for message in due)
        with self.open_to_read() as books:
            unsent = books.outbox.unsent() + books.ledger.head().seq - books.ledger.acked()
        return Pushed(entries, sent, unsent)

    def _push_ledger(self, enrolment: Enrolment) -> int:
        pushed = 0
        while True:
            with self.open_to_read() as books:
                acked = books.ledger.acked()
                entries = books.ledger.after(acked, MOST_ENTRIES)
            if not entries:
                return pushed
            held = self.platform.push_ledger(enrolment, entries)
            with self.open_books() as books:
                books.ledger.keep_acked(held)
                books.commit()
            if held <= acked:
                return pushed
            pushed += held - acked

    def _send(self, enrolment: Enrolment, message: Message) -> bool:
        try:
            self._acknowledge(enrolment, message)
        except Unreachable:
            self._keep(replace(message, tries=message.tries + 1, next_try_at=self._later(message)))
            return False
        except Rejected as no:
            if no.code == "KEY_REUSED":
                # It was heard, its answer was lost, and a reprint has changed the count of copies since.
                return self._sent(message)
            state = MessageState.REFUSED if no.is_final else MessageState.DUE
            self._keep(
                replace(
                    message,
                    state=state,
                    tries=message.tries + 1,
                    next_try_at=self._later(message),
                    reason=no.code,
                )
            )
            return False
        return self._sent(message)

    def _sent(self, message: Message) -> bool:
        now = self.clock.now()
        with self.open_books() as books:
            books.outbox.keep(replace(message, state=MessageState.SENT, tries=message.tries + 1))
            for card in books.cards.of_sale(message.sale_id):
                books.cards.put(replace(card, acked_at=now))
            books.commit()
        return True

    def _acknowledge(self, enrolment: Enrolment, message: Message) -> None:
        with self.open_to_read() as books:
            sale = books.sales.get(message.sale_id)
            cards = books.cards.of_sale(message.sale_id)
        printed = [
            PrintedCard(card.card_id, card.state is CardState.PRINTED, max(card.copies, 1)) for card in cards
        ]
        self.platform.acknowledge(enrolment, sale.id, printed, receipt_hash(sale))

    def _keep(self, message: Message) -> None:
        with self.open_books() as books:
            books.outbox.keep(message)
            books.commit()

    def _later(self, message: Message) -> datetime:
        return self.clock.now() + wait_before(message.tries)


@dataclass(frozen=True)
class Shred:
    """Sealed codes go for good some time after the platform knows of the handing over; until then: reprints."""

    open_books: OpenBooks
    clock: Clock
    keep_for: timedelta

    def __call__(self) -> int:
        """How many were shredded."""
        with self.open_books() as books:
            cards = books.cards.to_shred(self.clock.now() - self.keep_for)
            for card in cards:
                books.cards.put(replace(card, sealed=None))
            books.commit()
        return len(cards)
