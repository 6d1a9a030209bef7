"""The shelves of the till's books in memory on which something is signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pos_app.domain.errors import NotEnrolled, RolledBack
from pos_app.domain.ledger import (
    LedgerEntry,
    LedgerHead,
    LedgerRefusal,
    LogPoint,
    first_bad_signature,
    first_break,
)
from pos_app.domain.signed_receipt import ReceiptFacts, ReceiptType, SignedReceipt, signing_input
from pos_app.ports.signer import Signer
from tests.fakes.till_pages import Pages


@dataclass
class FakeLedger:
    pages: Pages
    signer: Signer

    def append(self, kind: str, at: datetime, business_date: date, body: Mapping[str, Any]) -> LedgerEntry:
        if self.pages.rolled_back is not None:
            raise RolledBack
        if self.pages.enrolment is None:
            raise NotEnrolled
        head, who = self.head(), self.pages.enrolment
        former = [e for e in self.pages.ledger.values() if e.till == who.till_id and e.epoch < who.epoch]
        if head.seq == 0 and former:
            last = former[-1]
            body = {**body, "before": {"epoch": last.epoch, "seq": last.seq, "head": last.digest}}
        entry = LedgerEntry(
            who.till_id,
            who.epoch,
            head.seq + 1,
            head.digest,
            at,
            business_date,
            kind,
            dict(body),
            self.signer.kid,
        )
        signed = replace(entry, sig=self.signer.sign(entry.signing_input))  # refuses a float in the body
        self.pages.ledger[who.epoch, entry.seq] = signed
        return signed

    def head(self) -> LedgerHead:
        entries = self.after(0, len(self.pages.ledger))
        return LedgerHead(entries[-1].seq, entries[-1].digest) if entries else LedgerHead()

    def after(self, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        return self.of_epoch(self._epoch, seq, most)

    def of_epoch(self, epoch: int, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        entries = (e for (of, number), e in self.pages.ledger.items() if of == epoch and number > seq)
        return tuple(entries)[:most]

    def keep_copy(self, entries: Sequence[LedgerEntry]) -> None:
        for entry in entries:
            here = self.of_epoch(entry.epoch, 0, len(self.pages.ledger))
            head = LedgerHead(here[-1].seq, here[-1].digest) if here else LedgerHead()
            if first_break((entry,), head) is None:
                self.pages.ledger[entry.epoch, entry.seq] = entry

    def epochs(self) -> tuple[int, ...]:
        return tuple(sorted({epoch for epoch, _ in self.pages.ledger}))

    def digest_of_sale(self, sale_id: str) -> str:
        for entry in reversed(self.pages.ledger.values()):
            if entry.kind == "sale_paid" and entry.body["sale_id"] == sale_id:
                return entry.digest
        raise KeyError(sale_id)

    def first_bad_signature(self, after: int) -> int | None:
        entries = self.after(0, len(self.pages.ledger))
        is_signed = any(entry.sig is not None for entry in entries if entry.seq <= after)
        later = [entry for entry in entries if entry.seq > after]
        return first_bad_signature(later, self.signer.holds, is_signed)

    def acked(self) -> int:
        return self.pages.acked.get(self._epoch, 0)

    def keep_acked(self, seq: int, epoch: int | None = None) -> None:
        of = self._epoch if epoch is None else epoch
        self.pages.acked[of] = max(seq, self.pages.acked.get(of, 0))

    def former_unsent(self, most: int) -> tuple[LedgerEntry, ...]:
        for epoch in self.epochs():
            unsent = self.of_epoch(epoch, self.pages.acked.get(epoch, 0), most)
            if unsent and epoch < self._epoch:
                return unsent
        return ()

    def latest_at(self) -> datetime | None:
        return max((entry.at for entry in self.after(0, len(self.pages.ledger))), default=None)

    def refusal(self) -> LedgerRefusal | None:
        return self.pages.refusals.get(self._epoch)

    def keep_refusal(self, refusal: LedgerRefusal | None) -> None:
        if refusal is None:
            self.pages.refusals.pop(self._epoch, None)
        else:
            self.pages.refusals[self._epoch] = refusal

    def keep_point(self, point: LogPoint) -> None:
        self.pages.points[point.at.date()] = point

    def points(self) -> tuple[LogPoint, ...]:
        return tuple(point for _, point in sorted(self.pages.points.items()))

    @property
    def _epoch(self) -> int:
        return self.pages.enrolment.epoch if self.pages.enrolment else 0


@dataclass
class FakeReceipts:
    pages: Pages
    signer: Signer

    def sign(self, facts: ReceiptFacts, subject: str) -> SignedReceipt:
        text = facts.text(self.signer.kid)
        signed = f"{text}.{self.signer.sign(signing_input(text))}"
        receipt = SignedReceipt(facts.number, facts.type, subject, facts.turnover, signed)
        if not self.keep(receipt):
            raise ValueError(f"receipt {receipt.number} was signed before")
        return receipt

    def keep(self, receipt: SignedReceipt) -> bool:
        if receipt.number in self.pages.signed:
            return False
        self.pages.signed[receipt.number] = receipt
        return True

    def of(self, subject: str) -> tuple[SignedReceipt, ...]:
        return tuple(each for each in self.pages.signed.values() if each.subject == subject)

    def all(self) -> tuple[SignedReceipt, ...]:
        return tuple(self.pages.signed.values())

    def turnover(self) -> int:
        return next((each.turnover for each in reversed(self.pages.signed.values())), 0)

    def zeros(self) -> int:
        return sum(each.type is ReceiptType.ZERO for each in self.pages.signed.values())
