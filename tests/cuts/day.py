"""A day at the till with its real file and a world in memory; run as a program it is what the power cuts are made of."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pos_app.domain.errors import NotSoldOffline, PaperTrouble, Unreachable
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.sale import Sale
from pos_app.domain.shift import CashCount, Direction
from pos_app.shop import Giving
from pos_app.store import engine
from tests.cuts.witness import Witness, on_disk
from tests.fakes.till_goods import code_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import basket, run_out
from tests.store.till_world import open_file

STOCK = 150
# How a file could be kept: the till's own way, and others that are here to show what the cuts find.
WAYS = {
    "WAL FULL": ("wal", 2),
    "WAL NORMAL": ("wal", 1),
    "DELETE FULL": ("delete", 2),
    "DELETE EXTRA": ("delete", 3),
    "TRUNCATE FULL": ("truncate", 2),
}


def keep_files(way: str) -> None:
    """From now on files are opened in that way."""
    engine._PRAGMAS["journal_mode"], engine._PRAGMAS["synchronous"] = WAYS[way]


class Day:
    """What happens at the counter; each method is one customer or one beat of the till."""

    def __init__(self, fake: FakeShop, witness: Witness, chance: random.Random) -> None:
        self.fake, self.shop, self.witness, self.chance = fake, fake.shop, witness, chance

    def customer(self) -> None:
        """Some buy, a few change their mind, the line or the printer fails some."""
        self.fake.clock.advance(timedelta(seconds=self.chance.randint(20, 90)))
        kinds: list[Callable[[], None]] = [
            self.buys,
            self.buys,
            self.leaves,
            self.waits,
            self.asks_again,
            self.offline,
            self.stuck,
        ]
        self.chance.choice(kinds)()

    def buys(self) -> None:
        sale = self._paid()
        self._hand_over(sale)

    def leaves(self) -> None:
        """Reserved, and nothing taken."""
        sale = self.shop.reserve(self.fake.cashier, basket(self.fake, codes=self.chance.randint(1, 2)))
        self.shop.cancel_sale(self.fake.cashier, sale.id, "changed mind")
        self.shop.go_on(sale.id)

    def waits(self) -> None:
        """The line fails before or after the platform did what it was asked."""
        call = self.chance.choice(("reserve", "confirm", "acknowledge", "push_ledger", "cancel"))
        when = self.chance.choice(("before_effect", "after_effect"))
        self.fake.platform.fail_next(call, when, Unreachable("down"))  # type: ignore[arg-type]
        try:
            self.buys()
            self.beat()
        except (Unreachable, NotSoldOffline):
            self.shop.recover()

    def offline(self) -> None:
        """The line is down: what is held is sold, until it is gone."""
        self.fake.platform.is_down = True
        try:
            self.buys()
        except NotSoldOffline:
            pass
        finally:
            self.fake.platform.is_down = False

    def stuck(self) -> None:
        """Paid, and the platform does not answer: a code that is held goes out in its place."""
        when = self.chance.choice(("before_effect", "after_effect"))
        sale = self._paid()
        self.fake.platform.fail_next("confirm", when, Unreachable("down"))  # type: ignore[arg-type]
        with contextlib.suppress(Unreachable):
            self.shop.go_on(sale.id)
        with contextlib.suppress(NotSoldOffline):
            self.shop.substitute_leased(self.fake.cashier, sale.id)
        self._hand_over(sale)

    def asks_again(self) -> None:
        """The printer fails, or the slip is lost: a person looks, and it prints once more."""
        sale = self._paid()
        self.fake.printer.fail_next(sent=self.chance.random() < 0.5)
        self._hand_over(sale)

    def _paid(self) -> Sale:
        sale = self.shop.reserve(self.fake.cashier, basket(self.fake, codes=self.chance.randint(1, 2)))
        sale = self.shop.take_cash(self.fake.cashier, sale.id, Money(50_000))
        self.witness.say(paid=sale.id, receipt=sale.receipt_number)
        return sale

    def _hand_over(self, sale: Sale) -> None:
        while True:
            try:
                run_out(self.fake, sale)
                break
            except PaperTrouble:
                self._look_for_the_slip(sale)
        self.witness.say(done=sale.id)

    def _look_for_the_slip(self, sale: Sale) -> None:
        for paper in self.shop.go_on.look(sale.id).papers:
            if paper.state is PaperState.UNKNOWN:
                self.shop.answer_slip(self.fake.cashier, paper.id, came_out=self.chance.random() < 0.5)
            elif paper.state is PaperState.FAILED:
                self.shop.retry_paper(paper.id)

    def beat(self) -> None:
        """What the till does by itself."""
        self.shop.recover()
        try:
            self.shop.push_outbox()
            self.shop.keep_leases()
        except Unreachable:
            return
        self.shop.print_due()
        self.shop.shred()

    def after_sales(self) -> None:
        """A slip again, money back, money out of the drawer."""
        sale = self._paid()
        self._hand_over(sale)
        papers = self.shop.go_on.look(sale.id).papers
        code = next(paper for paper in papers if paper.kind is PaperKind.CODE)
        self.shop.reprint(self.fake.cashier, code.id, "torn")
        self._hand_over(sale)
        giving = Giving(self.fake.cashier, self.fake.supervisor, "unused")
        self.shop.give_back(giving, sale.id, sale.lines[0].line_id, Money(3_000))
        self.shop.move_cash(self.fake.cashier, Direction.OUT, Money(2_000), "bank")

    def end(self) -> None:
        closing = self.shop.close_shift(self.fake.cashier, CashCount((), Money(12_345)))
        self.shop.print_closing(closing)
        if self.shop.back_up.if_due():
            self.witness.say(saved=closing.closed_at.isoformat())
        self.beat()


def play(folder: Path, witness: Witness, seed: int, customers: int) -> None:
    """Open a new till in `folder`, sell, close the shift."""
    chance = random.Random(seed)
    books = open_file(folder)
    books.open_books = witness.books(books)  # type: ignore[method-assign]
    goods = (code_product(1), code_product(2))
    fake = make_fake_shop(goods, stock=STOCK, till=books)  # type: ignore[arg-type]
    fake.house = replace(fake.house, leases=replace(fake.house.leases, cover_days=14))
    day = Day(witness.look_on(on_disk(fake, books, folder)), witness, chance)
    for _ in range(customers):
        day.customer()
        if chance.random() < 0.4:
            day.beat()
        if chance.random() < 0.8:
            books.checkpoint()
    day.after_sales()
    day.end()
    witness.close()
    books.close()


def main(folder: Path, witness: Path, seed: int, customers: int, way: str) -> None:
    keep_files(way)
    play(folder, Witness(witness), seed, customers)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
