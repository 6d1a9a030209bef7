"""The till of the offline day, a process of its own: it says what it handed over at the moment when it did."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
from collections import Counter as Counted
from datetime import date
from pathlib import Path
from typing import Any

from pos_app.bootstrap import opening
from pos_app.bootstrap.front import Front
from pos_app.bootstrap.wiring import House
from pos_app.domain.errors import Unreachable
from pos_app.domain.lease import LeaseRules, OfflineLimits
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperState
from pos_app.domain.sale import Sale
from pos_app.domain.shift import CashCount
from pos_app.domain.staff import Cashier, Role
from pos_app.printing.rows import QrRow
from pos_app.printing.virtual import VirtualPaper
from pos_app.settings import Settings
from pos_app.shop import Shop
from tests.system.demo_run import DemoFolders

KINDS = 20  # products that sold yesterday, one piece each
_MOST_BEATS = 60
_KEPT: dict[str, Any] = {}


def house(kept: Settings) -> House:
    """A shop that wants a day's worth of everything it sold, as the caps of the day's plan allow."""
    most = _KEPT["most"]
    rules = LeaseRules(cover_days=14 * most // KINDS + 1, most=most, most_amount=Money(100_000_000))
    return House(leases=rules, offline=OfflineLimits(5, Money(1_000_000)))


class Counter:
    """The shop's till and what it says to the witness."""

    def __init__(self, root: Path, witness: Path) -> None:
        opening._house = house  # the settings of a shop end at a thousand pieces for a week
        folders = DemoFolders.under(root)
        self.front = Front(folders.data, folders.keys)
        self.shop: Shop = self.front.open()
        self._said = os.open(witness, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._current = ""
        self.front.till.printer.listen(self._came_out)

    def say(self, **facts: object) -> None:
        os.write(self._said, (json.dumps(facts) + "\n").encode())

    def _came_out(self, paper: VirtualPaper) -> None:
        assert paper.page is not None
        for row in paper.page.rows:
            if isinstance(row, QrRow) and not row.payload.startswith("K1."):
                self.say(slip=hashlib.sha256(row.payload.encode()).hexdigest()[:16], of=self._current)

    @property
    def cashier(self) -> Cashier:
        person = self.shop.look_up.people()[0]
        return Cashier(person.id, person.name, person.role)

    # --- yesterday, with a line ---

    def yesterday(self) -> None:
        """Some of everything is sold, and the till pulls ahead what tomorrow may want."""
        shop = self.shop
        self.front.keep({"printer": "virtual"})
        shop.sync_catalogue()
        shop.add_person(None, "Olga", Role.OWNER, "975310")
        shop.open_shift(self.cashier, Money(0))
        with shop.look_up.open_to_read() as books:
            found = books.catalogue.find("", None, 2_000)
        fit = [p for p in found if p.leasable and p.barcode and p.parts == p.limits.least == 1]
        for product in fit[:KINDS]:
            sale = shop.reserve(self.cashier, shop.ring_up(shop.new_sale(), product.barcode or "").sale)
            self._sell(sale)
        shop.push_outbox()
        for _ in range(_MOST_BEATS):
            if shop.keep_leases().came == 0:
                break
        self.say(held=self._held())
        self.front.close()

    # --- the day without one ---

    def day(self, seed: int, customers: int) -> None:
        """Sell on from wherever the books stand; at the end the process is gone without a word."""
        self._take_up()
        chance = random.Random(seed)
        for _ in range(customers):
            sale = self.shop.reserve(self.cashier, self._basket(chance), is_away=True)
            self._sell(sale)
        os._exit(0)

    def _basket(self, chance: random.Random) -> Sale:
        with self.shop.look_up.open_to_read() as books:
            there = {card.product_id for card in books.leases.held()}
            products = [books.catalogue.product(product_id) for product_id in sorted(there)]
        basket = self.shop.new_sale()
        for product in chance.sample(products, min(len(products), chance.choice((1, 1, 2)))):
            assert product is not None
            basket = self.shop.ring_up(basket, product.barcode or "").sale
        return basket

    def _sell(self, sale: Sale) -> None:
        sale = self.shop.take_cash(self.cashier, sale.id, sale.total)
        self.say(paid=sale.id, receipt=sale.receipt_number, total=sale.total.minor, pieces=sale.quantity)
        self._hand_over(sale.id)

    def _hand_over(self, sale_id: str) -> None:
        self._current = sale_id
        progress = self.shop.go_on(sale_id)
        while progress.next == "paper":
            progress = self.shop.print_next(sale_id)
        assert progress.sale.state == "done", progress
        self.say(done=sale_id)

    def _take_up(self) -> None:
        """As the program does at its start; a slip of which nobody knows did not come out."""
        for sale in self.shop.take_up():
            for paper in self.shop.go_on.look(sale.id).papers:
                if paper.state is PaperState.UNKNOWN:
                    self.shop.answer_slip(self.cashier, paper.id, came_out=False)
            if sale.paid_at is not None:
                self._hand_over(sale.id)

    # --- the evening: the line is back ---

    def evening(self) -> None:
        """Everything goes up by itself, what is left goes back, the shift is closed."""
        self._take_up()
        self._beat()
        back = self.shop.give_back_leases(self.cashier)
        self.shop.close_shift(self.cashier, CashCount((), Money(0)))
        self._beat()
        day = self.shop.today()
        self.say(**self._told(day), back=back)
        self.front.close()

    def _beat(self) -> None:
        for _ in range(_MOST_BEATS):
            try:
                self.shop.recover()
                if self.shop.push_outbox().unsent == 0:
                    return
            except Unreachable:
                continue
        raise AssertionError("it is never all told")

    def _told(self, day: date) -> dict[str, object]:
        with self.shop.look_up.open_to_read() as books:
            report = books.reports.day(day)
            cards = [card for lease in books.leases.all() for card in books.leases.cards(lease.lease_id)]
            sold = {card.card_id: card.sale_id for card in cards if card.state == "sold"}
            entries = books.ledger.after(0, 1_000_000)
        paid = {
            each.body["sale_id"]: each.body["receipt_number"] for each in entries if each.kind == "sale_paid"
        }
        doctor = [f"{each.invariant}: {each.seen}" for each in self.shop.doctor() if not each.holds]
        return {
            "day": day.isoformat(),
            "sales": report.figures.sales,
            "takings": report.figures.takings.minor,
            "sold": sold,
            "paid": paid,
            "held": self._held(),
            "doctor": doctor,
            "paid_there": self._told_there(),
        }

    def _told_there(self) -> dict[str, int]:
        """How often the platform's copy of the ledger tells that each sale was paid."""
        enrolment, found, after = self.shop.look_up.enrolment(), Counted[str](), 0
        while True:
            copy = self.shop.look_up.platform.ledger_copy(enrolment, enrolment.epoch, after, 500)
            if not copy.entries:
                return found
            found.update(each.body["sale_id"] for each in copy.entries if each.kind == "sale_paid")
            after = copy.entries[-1].seq

    def _held(self) -> int:
        with self.shop.look_up.open_to_read() as books:
            return len(books.leases.held())


def main(words: list[str]) -> None:
    work, root, witness, most = words[0], Path(words[1]), Path(words[2]), int(words[3])
    _KEPT["most"] = most
    counter = Counter(root, witness)
    if work == "day":
        counter.day(int(words[4]), int(words[5]))
    else:
        {"yesterday": counter.yesterday, "evening": counter.evening}[work]()


if __name__ == "__main__":
    main(sys.argv[1:])
