"""Tell the platform what it must hear: the ledger first, then each message, and never let one hold up another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pos_app.domain.card_code import CardCode, CardState
from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.ledger import LedgerRefusal
from pos_app.domain.outbox import Message, MessageKind, MessageState, wait_of
from pos_app.domain.receipt import receipt_hash
from pos_app.domain.till import Enrolment
from pos_app.flows.check_ledger import lock, lock_if_beyond
from pos_app.flows.look_up import unsent_of
from pos_app.flows.print_paper import slips_of
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Platform, PrintedCard

MOST_ENTRIES = 500
MOST_MESSAGES = 50
# The platform is there and met trouble with this question; another may fare better.
_OF_THIS_QUESTION = ("server_trouble",)
# What the platform says of a message that it will never take; anything else is asked again in its own time.
_NEVER = ("BAD_REQUEST", "NOT_FOUND", "FORBIDDEN", "KEY_REUSED", "CANCELLED", "EXPIRED")
# The platform's word for a sale whose goods came from the reserve.
SUBSTITUTED = "substituted"


@dataclass(frozen=True)
class Pushed:
    """How much went out: ledger entries and messages; `unsent` is what is left, of an old copy of the books for good."""

    entries: int
    messages: int
    unsent: int
    is_old_copy: bool = False


@dataclass(frozen=True)
class PushOutbox:
    """Each row waits for itself; silence ends the round and counts against nobody but who was asked.

    Unreachable is raised when the ledger got no answer. A final no to a message makes it dead, a no to the ledger is
    kept until it is taken: both are in the attention list.
    """

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform

    def __call__(self, at_once: bool = False) -> Pushed:
        """`at_once`: a person asks, so that nothing waits for its time. Of an old copy nothing is told."""
        with self.open_to_read() as books:
            enrolment, is_old = books.till.enrolment(), books.till.rolled_back() is not None
        entries, silence = (0, None) if is_old else self._try_ledger(enrolment, at_once)
        with self.open_to_read() as books:
            if books.till.rolled_back() is not None:  # nothing that these books say may be acted on
                return Pushed(entries, 0, unsent_of(books), is_old_copy=True)
        until = datetime.max.replace(tzinfo=UTC) if at_once else self.clock.now()
        with self.open_to_read() as books:
            due = books.outbox.due(until, MOST_MESSAGES)
        sent = self._send_all(enrolment, due)
        if silence is not None:
            raise silence
        with self.open_to_read() as books:
            unsent = unsent_of(books)
        return Pushed(entries, sent, unsent)

    def _try_ledger(self, enrolment: Enrolment, at_once: bool) -> tuple[int, Unreachable | None]:
        """How many entries went up, and the trouble that the platform had with them and may not have with others."""
        with self.open_to_read() as books:
            refusal = books.ledger.refusal()
        if refusal is not None and refusal.next_try_at > self.clock.now() and not at_once:
            return 0, None
        try:
            return self._push_ledger(enrolment), None
        except Rejected as no:
            self._keep_refusal(refusal, no)
        except Unreachable as silence:
            if silence.cause not in _OF_THIS_QUESTION:
                raise
            return 0, silence
        return 0, None

    def _push_ledger(self, enrolment: Enrolment) -> int:
        pushed = 0
        while True:
            with self.open_to_read() as books:
                acked = books.ledger.acked()
                entries = books.ledger.after(acked, MOST_ENTRIES)
            if not entries:
                return pushed + (self._push_former(enrolment) if pushed else 0)
            held = self.platform.push_ledger(enrolment, entries)
            with self.open_books() as books:
                is_old = lock_if_beyond(books, held.seq)
                if not is_old:
                    books.ledger.keep_acked(held.seq)
                    books.ledger.keep_refusal(None)
                if held.point is not None:
                    books.ledger.keep_point(held.point)
                books.commit()
            if is_old or held.seq <= acked:
                return pushed
            pushed += held.seq - acked

    def _push_former(self, enrolment: Enrolment) -> int:
        """What an epoch before this one left unsaid; its chain takes it on, and a no to it holds up nothing."""
        pushed = 0
        while True:
            with self.open_to_read() as books:
                entries = books.ledger.former_unsent(MOST_ENTRIES)
            if not entries:
                return pushed
            try:
                held = self.platform.push_ledger(enrolment, entries)
            except Rejected:
                return pushed  # two histories of one number: the platform has its incident, people decide
            with self.open_books() as books:
                books.ledger.keep_acked(held.seq, entries[0].epoch)
                books.commit()
            if held.seq < entries[-1].seq:
                return pushed
            pushed += len(entries)

    def _keep_refusal(self, before: LedgerRefusal | None, no: Rejected) -> None:
        """A chain that forks was written by another copy of these books, which went on: from here on nothing is done."""
        now = self.clock.now()
        with self.open_books() as books:
            tries, since = (before.tries, before.since) if before is not None else (0, now)
            seq = books.ledger.acked() + 1
            wait = wait_of(f"ledger:{seq}", tries)
            books.ledger.keep_refusal(LedgerRefusal(seq, no.code, since, tries + 1, now + wait))
            # A platform that wants an earlier number has lost what it had: that is its own old copy, not ours.
            if no.code == "KEY_REUSED" and no.details.get("seq", seq) >= seq:
                lock(books, seq)
            books.commit()

    def _send_all(self, enrolment: Enrolment, due: Sequence[Message]) -> int:
        sent = 0
        for message in due:
            try:
                self._say(enrolment, message)
            except Unreachable as silence:
                self._keep(message.failed(self.clock.now(), None, silence.retry_after_s))
                if silence.cause not in _OF_THIS_QUESTION:
                    break
            except Rejected as no:
                is_dead = no.is_final and no.code in _NEVER and not no.is_of_the_till
                self._keep(message.refused(no.code) if is_dead else message.failed(self.clock.now(), no.code))
                if no.is_of_the_till:
                    break
            else:
                self._sent(message)
                sent += 1
        return sent

    def _say(self, enrolment: Enrolment, message: Message) -> None:
        if message.kind is MessageKind.WITHDRAW:
            self.platform.cancel(enrolment, message.sale_id, SUBSTITUTED)
            return
        with self.open_to_read() as books:
            sale = books.sales.get(message.sale_id)
            cards = books.cards.of_sale(message.sale_id)
        printed = [
            PrintedCard(card.card_id, card.state is CardState.PRINTED, max(card.copies, 1)) for card in cards
        ]
        try:
            self.platform.acknowledge(enrolment, sale.id, printed, receipt_hash(sale))
        except Rejected as no:
            # It was heard, its answer was lost, and a reprint has changed the count of copies since.
            if no.code != "KEY_REUSED":
                raise

    def _sent(self, message: Message) -> None:
        now = self.clock.now()
        with self.open_books() as books:
            books.outbox.keep(replace(message, state=MessageState.SENT, tries=message.tries + 1))
            if message.kind is MessageKind.ACK:
                for card in books.cards.of_sale(message.sale_id):
                    books.cards.put(replace(card, acked_at=now))
            books.commit()

    def _keep(self, message: Message) -> None:
        with self.open_books() as books:
            books.outbox.keep(message)
            books.commit()


@dataclass(frozen=True)
class Shred:
    """Sealed codes go for good some time after the platform knows of the handing over; until then: reprints.

    One whose slip is still wanted stays until that is out.
    """

    open_books: OpenBooks
    clock: Clock
    keep_for: timedelta

    def __call__(self) -> int:
        """How many were shredded."""
        with self.open_books() as books:
            found = books.cards.to_shred(self.clock.now() - self.keep_for)
            cards = [card for card in found if not _is_wanted(books, card)]
            for card in cards:
                books.cards.put(replace(card, sealed=None))
            books.commit()
        return len(cards)


def _is_wanted(books: Books, card: CardCode) -> bool:
    return any(not slip.is_settled for slip in slips_of(books, card))
