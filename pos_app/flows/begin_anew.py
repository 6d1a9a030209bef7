"""An old copy of the books is noticed, and a till that has one begins anew under a new epoch (R16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pos_app.domain.errors import EnrolmentCodeWrong, NotEnrolled
from pos_app.domain.lease import LeaseState
from pos_app.domain.ledger import AnchorMark, LedgerEntry
from pos_app.domain.paper import PaperState
from pos_app.domain.signed_receipt import ReceiptType, SignedReceipt
from pos_app.domain.till import Enrolment
from pos_app.flows.day import now_and_today
from pos_app.flows.hand_over import RESTORED
from pos_app.flows.print_paper import present_mark, settle
from pos_app.ports.anchor import Anchor
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Platform

PAGE = 500


@dataclass(frozen=True)
class CheckAnchor:
    """Once, at start, before anything is done: an anchor beyond the ledger's head locks the till for good.

    So does one that is not there any more.
    """

    open_books: OpenBooks
    anchor: Anchor

    def __call__(self) -> AnchorMark | None:
        """The mark that these books do not reach; None when they are the latest, or no till's yet."""
        mark = self.anchor.read()
        with self.open_books() as books:
            found = books.till.rolled_back()
            present = _present_mark(books, mark)
            if found is None and (mark > present or (books.till.is_anchored() and mark == AnchorMark())):
                found = max(mark, present)
                books.till.keep_rolled_back(found)
                books.commit()
            if found is None and not books.till.is_anchored() and present > AnchorMark():
                # Made before it is missed for the first time: a till of before this version, or a new one.
                self.anchor.raise_to(AnchorMark(present.epoch, 0))
                books.till.keep_anchored()
                books.commit()
        return found


@dataclass(frozen=True)
class BeginAnew:
    """Enrol under a new epoch, read back what the platform holds of the old ledger, and only then sell again.

    What was held to be sold offline is destroyed and not given back: the lost part of the old books may have sold it.
    """

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform
    anchor: Anchor
    day_change_hour: int

    def __call__(self, code: str, till_name: str) -> Enrolment:
        """The new enrolment. Broken off it is called again; once the new epoch stands in the books no code is needed.

        An empty code asks the platform on the shop's own PC for one.

        EnrolmentCodeWrong, also for the code of another till; Unreachable and Rejected leave the till locked.
        """
        with self.open_to_read() as books:
            enrolment, mark = books.till.enrolment(), books.till.rolled_back()
        if mark is None or mark.epoch >= enrolment.epoch:
            enrolment, mark = self._enrol(enrolment, code, till_name)
        entries = self._read_back(enrolment, mark)
        unheard = self._unheard(mark, entries)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            receipts = _go_on_from(books, entries, unheard)
            _put_away(books, self.clock)
            books.till.keep_rolled_back(None)
            body = {"former_epoch": mark.epoch, "former_seq": mark.seq, "read_back": len(entries), **receipts}
            books.ledger.append("epoch_begun", now, today, body)
            books.commit()
        self.anchor.raise_to(AnchorMark(enrolment.epoch, 0))
        return enrolment

    def _enrol(self, old: Enrolment, code: str, till_name: str) -> tuple[Enrolment, AnchorMark]:
        """The new epoch, on disk together with where the old ledger stands here: it is still to be read back."""
        new = self.platform.enrol(code.strip() or self.platform.renewal_code(old), till_name)
        if new.till_id != old.till_id or new.epoch <= old.epoch:
            raise EnrolmentCodeWrong
        with self.open_books() as books:
            refusal = books.ledger.refusal()
            forks = refusal is not None and refusal.code == "KEY_REUSED"
            # Where both sides are known to agree: beyond that a fork tells another history than the platform's.
            stands = AnchorMark(old.epoch, books.ledger.acked() if forks else books.ledger.head().seq)
            books.till.enrol(new)
            books.till.keep_rolled_back(stands)
            books.commit()
        return new, stands

    def _read_back(self, enrolment: Enrolment, stands: AnchorMark) -> list[LedgerEntry]:
        """What the platform holds of former epochs beyond these books."""
        entries: list[LedgerEntry] = []
        for epoch in range(stands.epoch, enrolment.epoch):
            after = stands.seq if epoch == stands.epoch else 0
            while page := self.platform.ledger_copy(enrolment, epoch, after, PAGE).entries:
                entries += page
                after = page[-1].seq
        return entries

    def _unheard(self, stands: AnchorMark, entries: Sequence[LedgerEntry]) -> int:
        """How many entries there were, by the anchor, that neither these books nor the platform know."""
        last = self.anchor.read()
        known = {stands.epoch: stands.seq} | {entry.epoch: entry.seq for entry in entries}
        return max(0, last.seq - known[last.epoch]) if last.epoch in known else 0


def _present_mark(books: Books, otherwise: AnchorMark) -> AnchorMark:
    """Where the ledger of the present enrolment stands; `otherwise` before there is one."""
    try:
        return present_mark(books)
    except NotEnrolled:
        return otherwise


def _go_on_from(books: Books, entries: Sequence[LedgerEntry], unheard: int) -> dict[str, int]:
    """Numbers, turnover and the former ledger go on after the last; which numbers these books do not know, for the ledger.

    Each entry that nobody knows may have been a sale: as many numbers are left out, so that none is given twice.
    """
    numbers = [str(entry.body.get("receipt_number") or "") for entry in entries if entry.kind == "sale_paid"]
    given = [int(tail) for tail in (number.rpartition("-")[2] for number in numbers) if tail.isdigit()]
    for entry in entries:
        if entry.kind == "receipt_signed":
            books.receipts.keep(_receipt(entry))
    books.ledger.keep_copy(entries)
    first = books.sales.skip_receipt_numbers(0)
    last = max([first - 1, *given]) + unheard
    books.sales.skip_receipt_numbers(last)
    return {"receipts_from": first, "receipts_to": last}


def _receipt(entry: LedgerEntry) -> SignedReceipt:
    body = entry.body
    type_, turnover = ReceiptType(body["type"]), int(body["turnover_minor"])
    return SignedReceipt(str(body["number"]), type_, str(body["subject"]), turnover, str(body["text"]))


def _put_away(books: Books, clock: Clock) -> None:
    """Nothing that is here is sold, and nothing is printed or paid back before a person has looked whether it is out already."""
    for lease in books.leases.unfinished():
        books.leases.put(
            replace(lease, state=LeaseState.SETTLED, filling=None, returning=None, is_closing=True)
        )
    for card in books.leases.held():
        books.leases.put_card(card.destroyed())
    for sale in books.sales.open_sales():
        if sale.paid_at is not None:
            books.sales.put(replace(sale, is_doubtful=True))
        for paper in books.papers.of_sale(sale.id):
            if paper.state in (PaperState.DUE, PaperState.PRINTING):
                settle(books, clock, replace(paper, state=PaperState.UNKNOWN, cause=RESTORED))
