"""Ask the platform whether it holds more of this till's ledger than these books: then they are an old copy (R16)."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.ledger import AnchorMark
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.platform import Platform


@dataclass(frozen=True)
class CheckLedger:
    """At start and whenever the line is back: an anchor that was put back with the books tells nothing, the platform does."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    platform: Platform

    def __call__(self) -> AnchorMark | None:
        """The mark by which the till is locked, None when all is well. Unreachable and Rejected: ask again later."""
        with self.open_to_read() as books:
            enrolment, seq = books.till.enrolment(), books.ledger.head().seq
        held = self.platform.ledger_copy(enrolment, enrolment.epoch, seq, 1).acked_seq
        with self.open_books() as books:
            is_old = books.till.enrolment() == enrolment and lock_if_beyond(books, held)
            if is_old:
                books.commit()
            return books.till.rolled_back()


def lock_if_beyond(books: Books, held: int) -> bool:
    """Whether the platform holds more of the present epoch than was ever written here: then nothing is acted on."""
    is_old = held > books.ledger.head().seq
    if is_old:
        lock(books, held)
    return is_old


def lock(books: Books, seq: int) -> None:
    """These books are an old copy, by what the platform holds of number `seq`; what is known already stays as it is."""
    if books.till.rolled_back() is None:
        books.till.keep_rolled_back(AnchorMark(books.till.enrolment().epoch, seq))
