"""The till's shelves of electronic money in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.bill import BillItem, KeptBill
from pos_app.domain.errors import NoSuchAttempt
from pos_app.domain.refund import Refund
from pos_app.domain.sale import Sale
from tests.fakes.till_pages import GivenBack, Pages


@dataclass
class FakeAttempts:
    pages: Pages

    def get(self, number: str) -> Attempt:
        if number not in self.pages.attempts:
            raise NoSuchAttempt(number=number)
        return self.pages.attempts[number]

    def put(self, attempt: Attempt) -> None:
        others = (a for a in self.of_sale(attempt.sale_id) if a.number != attempt.number)
        if attempt.state is AttemptState.SENT and any(a.state is AttemptState.SENT for a in others):
            raise ValueError(f"sale {attempt.sale_id} has a payment under way")
        self.pages.attempts[attempt.number] = attempt

    def next_counter(self) -> int:
        self.pages.attempt_count += 1
        return self.pages.attempt_count

    def of_sale(self, sale_id: str) -> tuple[Attempt, ...]:
        return tuple(each for each in self.pages.attempts.values() if each.sale_id == sale_id)

    def with_code(self, code_digest: str) -> Attempt | None:
        found = [
            each for each in self.pages.attempts.values() if code_digest and each.code_digest == code_digest
        ]
        return found[-1] if found else None

    def due(self, now: datetime, most: int) -> tuple[Attempt, ...]:
        found = [each for each in self.pages.attempts.values() if each.is_due(now)]
        return tuple(sorted(found, key=lambda each: each.next_at or now)[:most])

    def unsettled(self) -> tuple[Attempt, ...]:
        return tuple(each for each in self.pages.attempts.values() if each.is_live)

    def find(self, number: str) -> Attempt | None:
        found = (a for a in self.pages.attempts.values() if number in (a.number, a.gateway_number))
        return next(found, None)

    def sent_between(self, gateway: str, start: datetime, end: datetime) -> tuple[Attempt, ...]:
        found = [a for a in self.pages.attempts.values() if a.gateway == gateway and start <= a.sent_at < end]
        return tuple(sorted(found, key=lambda each: each.sent_at))


@dataclass
class FakeRefunds:
    pages: Pages

    def add(self, refund: Refund, sale: Sale) -> None:
        if refund.number in self.pages.refunds:
            raise ValueError(f"refund {refund.number} is there already")
        self.pages.refunds[refund.number] = GivenBack(refund, sale)

    def put(self, refund: Refund) -> None:
        self.pages.refunds[refund.number] = GivenBack(refund, self.pages.refunds[refund.number].sale)

    def get(self, number: str) -> Refund:
        return self.pages.refunds[number].refund

    def of_sale(self, sale_id: str) -> tuple[Refund, ...]:
        return tuple(each for each in self._all() if each.sale_id == sale_id)

    def due(self, now: datetime, most: int) -> tuple[Refund, ...]:
        found = [each for each in self._all() if each.next_at is not None and each.next_at <= now]
        return tuple(sorted(found, key=lambda each: each.next_at or now)[:most])

    def unsettled(self) -> tuple[Refund, ...]:
        return tuple(each for each in self._all() if each.next_at is not None)

    def since(self, at: datetime) -> tuple[Refund, ...]:
        return tuple(each for each in self._all() if each.at >= at)

    def _all(self) -> list[Refund]:
        return [each.refund for each in self.pages.refunds.values()]


@dataclass
class FakeBills:
    pages: Pages

    def days(self, gateway: str) -> tuple[date, ...]:
        return tuple(sorted(day for name, day in self.pages.bills if name == gateway))

    def keep(self, bill: KeptBill, raw: bytes) -> None:
        if (bill.gateway, bill.day) in self.pages.bills:
            raise ValueError("that bill is kept")
        self.pages.bills[bill.gateway, bill.day] = (bill, raw)

    def get(self, gateway: str, day: date) -> KeptBill | None:
        kept = self.pages.bills.get((gateway, day))
        return kept[0] if kept else None

    def raw(self, gateway: str, day: date) -> bytes:
        if (gateway, day) not in self.pages.bills:
            raise KeyError(gateway)
        return self.pages.bills[gateway, day][1]

    def put_item(self, item: BillItem) -> None:
        if item.finding.key in self.pages.bill_items and item.settled_at is None:
            return
        self.pages.bill_items[item.finding.key] = item

    def item(self, key: str) -> BillItem:
        return self.pages.bill_items[key]

    def open_items(self) -> tuple[BillItem, ...]:
        found = [each for each in self.pages.bill_items.values() if each.settled_at is None]
        return tuple(sorted(found, key=lambda each: (each.found_at, each.finding.key)))
