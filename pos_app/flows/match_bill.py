"""Fetch the gateways' bills of the day before and set them beside the books: what differs goes back, or to a person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pos_app.domain.attempt import Attempt, is_other_tills
from pos_app.domain.bill import (
    DAYS_BACK,
    NEAR,
    BillFinding,
    BillItem,
    Difference,
    KeptBill,
    day_in_beijing,
    days_due,
    match_bill,
    missing_there,
    start_in_beijing,
)
from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Bill
from pos_app.domain.refund import Refund
from pos_app.domain.staff import Cashier, Permission, must_say_why
from pos_app.flows.day import now_and_today
from pos_app.flows.payments import keep_moved
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateways


@dataclass(frozen=True)
class MatchBills:
    """Every bill that should be there by now and is not kept yet, oldest first."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    gateways: Gateways

    def __call__(self) -> int:
        """How many were fetched; a gateway that does not answer is asked again the next time."""
        fetched = 0
        for name in self.gateways.names():
            gateway = self.gateways.named(name)
            if not gateway.rules.has_bill:
                continue
            for day in self._days(name):
                try:
                    bill = gateway.bill(day)
                except (Unreachable, GatewaySetupWrong):
                    break
                if bill is None:
                    continue  # not ready, or a day on which nothing was paid: never a reason to leave out the next
                self._keep(name, bill)
                fetched += 1
            if fetched:
                self._look_for_missing(name)
        return fetched

    def _days(self, gateway: str) -> tuple[date, ...]:
        now = self.clock.now()
        with self.open_to_read() as books:
            sent = books.attempts.sent_between(gateway, now - timedelta(days=DAYS_BACK + 1), now)
            kept = books.bills.days(gateway)
        return days_due(now, day_in_beijing(sent[0].sent_at), kept) if sent else ()

    def _keep(self, gateway: str, bill: Bill) -> None:
        now = self.clock.now()
        digest = hashlib.sha256(bill.raw).hexdigest()
        with self.open_books() as books:
            books.bills.keep(KeptBill(gateway, bill.day, now, digest, bill.lines), bill.raw)
            till_code = books.till.enrolment().till_code
            ours = replace(
                bill, lines=tuple(x for x in bill.lines if not is_other_tills(x.number, till_code))
            )
            findings = match_bill(gateway, ours, _attempts(books, gateway, ours), _refunds(books, ours))
            for finding in findings:
                self._found(books, finding, now)
            books.commit()

    def _look_for_missing(self, gateway: str) -> None:
        """A day is looked through once a later bill is here: its own may never come, when nothing was paid on it."""
        now = self.clock.now()
        with self.open_books() as books:
            kept = books.bills.days(gateway)
            for back in range(1, DAYS_BACK):
                for finding in _missing(books, gateway, kept[-1] - NEAR * back):
                    self._found(books, finding, now)
            books.commit()

    def _found(self, books: Books, finding: BillFinding, now: datetime) -> None:
        item = BillItem(finding, now)
        if finding.kind is Difference.NOT_PAID_HERE:
            # Nobody got goods for it: it goes back by itself, and stands in the list until it has.
            given_up = books.attempts.get(finding.number).give_up(now)
            keep_moved(books, given_up, books.sales.get(given_up.sale_id).day, now)
            item = replace(item, settled_at=now, note="undone")
        books.bills.put_item(item)


@dataclass(frozen=True)
class SettleBillItem:
    """A person looked into a difference and says what became of it; on the record, with a name."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, key: str, note: str) -> BillItem:
        """KeyError for an item that was never found."""
        cashier.must_be_allowed(Permission.OVERRIDE)
        why = must_say_why(note)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            item = books.bills.item(key)
            if item.settled_at is not None:
                return item
            settled = replace(item, settled_at=now, settled_by=cashier.id, note=why)
            books.bills.put_item(settled)
            body = {"finding": key, "cashier_id": cashier.id, "note": why}
            books.ledger.append("bill_item_settled", now, today, body)
            books.commit()
        return settled


@dataclass(frozen=True)
class BeginDay:
    """What gateways want done once a day before the first sale; harmless when it is done already."""

    gateways: Gateways

    def __call__(self) -> tuple[tuple[str, str], ...]:
        """Those that refuse us as we are set up, each with its reason."""
        wrong = []
        for name in self.gateways.names():
            try:
                self.gateways.named(name).begin_day()
            except GatewaySetupWrong as error:
                wrong.append((name, error.reason))
            except Unreachable:
                continue  # asked again in a while; a payment tells more
        return tuple(wrong)


def _attempts(books: Books, gateway: str, bill: Bill) -> dict[str, Attempt]:
    """Every attempt that the bill names, or that was sent around its day."""
    start = start_in_beijing(bill.day)
    near = books.attempts.sent_between(gateway, start - 2 * NEAR, start + 3 * NEAR)
    known = {attempt.number: attempt for attempt in near}
    for line in bill.lines:
        if line.number not in known:
            found = books.attempts.find(line.number)
            if found is not None and found.number == line.number:
                known[found.number] = found
    return known


def _refunds(books: Books, bill: Bill) -> dict[str, Refund]:
    start = start_in_beijing(bill.day)
    return {refund.number: refund for refund in books.refunds.since(start - DAYS_BACK * NEAR)}


def _missing(books: Books, gateway: str, day: date) -> tuple[BillFinding, ...]:
    """Payments of that day that neither its bill names nor one beside it."""
    around = [books.bills.get(gateway, day + NEAR * offset) for offset in (-1, 0, 1)]
    seen = frozenset(line.number for kept in around if kept is not None for line in kept.lines)
    start = start_in_beijing(day)
    paid = books.attempts.sent_between(gateway, start - NEAR, start + 2 * NEAR)
    return missing_there(gateway, day, paid, seen)
