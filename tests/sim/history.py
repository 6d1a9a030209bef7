"""One history: a day of customers at two tills with everything that goes wrong, then quiet, then the count."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import CashCount
from pos_app.shop import Shop
from tests.sim import mix
from tests.sim.count import Count
from tests.sim.customer import Customer
from tests.sim.fate import START, Fate
from tests.sim.ground import FLOAT, TILLS, copy_of_ground
from tests.sim.line import Line
from tests.sim.old_copy import OldCopies
from tests.sim.outside import SimPay, doors
from tests.sim.people import CASHIER, Crew, Interrupted
from tests.sim.platform_side import SimPlatform
from tests.sim.referee import Purchase, Referee, Violation
from tests.sim.till_side import SimTill

CUSTOMERS = 25
BEATS_S = (5.0, 15.0, 30.0)  # a program on a busy PC

# The arrows by which an intent to sell came to be on disk.
BEGUN = ("basket -> reserving", "basket -> reserved")
PAID_STATES = (
    SaleState.PAID,
    SaleState.CONFIRMING,
    SaleState.HAVE,
    SaleState.DONE,
    SaleState.REFUND_DUE,
    SaleState.REFUNDED,
)

Breaking = Callable[[SimTill, Shop], Shop]


@dataclass
class Outcome:
    """What came of one seed."""

    seed: str
    trace: str
    customers: int
    sales: int  # begun: the intent to sell was on disk
    paid: int
    delivered: int
    calls: int
    faults: Counter[str]
    reached: Counter[str]
    breaches: list[Violation]
    ended: list[tuple[str, float]] = field(default_factory=list)
    waited: Counter[str] = field(default_factory=Counter)
    for_people: Counter[str] = field(default_factory=Counter)
    disputes: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


class _Listener(logging.Handler):
    """An error that the platform did not foresee goes to its log, and is a finding."""

    def __init__(self, referee: Referee) -> None:
        super().__init__(logging.ERROR)
        self.referee = referee

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        self.referee.breach("bug", f"platform: {record.getMessage()}: {fault!r}")


class History:
    """Everything is made of the seed; `run` leaves nothing behind."""

    def __init__(
        self,
        seed: str,
        rates: Mapping[str, float] = mix.CAMPAIGN,
        breaking: Breaking | None = None,
        *,
        customers: int = CUSTOMERS,
        wants: str = "",
        is_told: bool = False,
    ) -> None:
        self.fate = Fate(seed, rates, START, is_told=is_told)
        self.customers, self.wants = customers, wants
        self.folder: Path = copy_of_ground()
        self.referee = Referee(self.fate)
        self.platform = SimPlatform(self.fate, self.folder)
        self.line = Line(self.fate, self.platform)
        self.crews = [self._crew(number, breaking) for number in range(TILLS)]
        self.old_copies = OldCopies(self.fate, self.platform, self.referee)
        self.beat_s = self.fate.chance.choice(BEATS_S)
        self._depth = 0
        self._beaten_at = self.fate.at

    def _crew(self, number: int, breaking: Breaking | None) -> Crew:
        pay = SimPay(self.fate)
        place = self.folder / f"till-{number}"
        till = SimTill(
            number,
            self.fate,
            place,
            self.line,
            doors(pay, self.fate, self.referee.slip, self.referee.lied),
            breaking,
        )
        till.meanwhile = self.meanwhile
        crew = Crew(till, self.fate, self.referee, pay, self.pass_time)
        crew.elsewhere = lambda sale: self._elsewhere(crew, sale)
        return crew

    # --- the course of it ---

    def run(self) -> Outcome:
        log = logging.getLogger("platform_server")
        listener, was_passed_on = _Listener(self.referee), log.propagate
        log.addHandler(listener)
        log.propagate = False
        try:
            for crew in self.crews:
                crew.start_again()
            for buyer in range(self.customers):
                crew = self.crews[buyer % TILLS]
                self._before(crew)
                self.serve(crew, buyer, self.wants)
                self.pass_time(self.fate.chance.uniform(2, 60))
            count = Count(self.fate, self.platform, self.crews, self.referee, self.beat_all, self.old_copies)
            count.settle()
            return self._outcome(count)
        finally:
            for crew in self.crews:
                if crew.till.is_up:
                    crew.till.stop()
            if self.platform.is_up:
                self.platform.stop()
            shutil.rmtree(self.folder, ignore_errors=True)
            log.removeHandler(listener)
            log.propagate = was_passed_on

    def serve(self, crew: Crew, buyer: int, wants: str = "") -> None:
        purchase = Purchase(buyer, crew.number, wants=wants)
        self.referee.purchases.append(purchase)
        crew.is_serving = True
        try:
            Customer(crew, purchase).serve()
        finally:
            crew.is_serving = False

    def _elsewhere(self, crew: Crew, sale: Sale) -> None:
        """While somebody makes up his mind here, others buy the same there."""
        other = self.crews[1 - crew.number]
        if self._depth or other.at_work or other.is_serving or self.fate.is_calm:
            return
        self._depth += 1
        try:
            for _ in range(self.fate.chance.randint(1, 3)):
                self.serve(other, 1_000 + len(self.referee.purchases), sale.lines[-1].product.id)
        finally:
            self._depth -= 1

    def _before(self, crew: Crew) -> None:
        fate = self.fate
        crew.jump_clock()
        self.old_copies.maybe(crew)
        crew.start_twice()
        if fate.strikes("net: partition"):
            self.line.cut(crew.number, fate.chance.choice(mix.PARTITIONS_S))
        if fate.strikes("platform: restarted") and self.platform.is_up:
            self.platform.kill(fate.chance.choice((0.0, 30.0)))
        if fate.likely(mix.CLOSES_SHIFT):
            self._close_shift(crew)
        if fate.likely(0.2):
            crew.ask_around()
            with suppress(Interrupted):
                crew.do("behind", crew.begin_day)
        if fate.likely(0.1):
            self.platform.tend()
            self.platform.hear_callbacks()

    def _close_shift(self, crew: Crew) -> None:
        """On a count of the drawer; what the till expects in it is what lies there (I2), open items or not (R26)."""
        shop, drawer = crew.shop, FLOAT + self.referee.drawer[crew.number]
        try:
            if shop.look_up.current_shift() is None:
                crew.do("store", shop.open_shift, CASHIER, Money(drawer))
            closing = crew.do("store", shop.close_shift, CASHIER, CashCount((), Money(drawer)))
            is_right = closing.expected.minor == drawer or crew.is_restored
            self.referee.must(is_right, "I2", f"drawer {drawer}, expected {closing.expected.minor}")
            self.fate.reached["R26 a shift closes with open items"] += bool(closing.totals.open_items)
        except (PosError, Interrupted):
            self.fate.note("shift not closed")
        self._open_shift(crew)
        with suppress(PosError, Interrupted):
            crew.do("files", crew.shop.back_up.if_due)
            crew.do("store", crew.shop.mind_files)

    def _open_shift(self, crew: Crew) -> None:
        while crew.shop.look_up.current_shift() is None:
            drawer = Money(FLOAT + self.referee.drawer[crew.number])
            try:
                crew.do("store", crew.shop.open_shift, CASHIER, drawer)
            except (PosError, Interrupted):
                continue

    # --- what else goes on ---

    def pass_time(self, seconds: float) -> None:
        """The line, the platform and every program go on by themselves."""
        self.fate.passes(seconds)
        self.line.tend()
        self.platform.tend()
        if (self.fate.at - self._beaten_at).total_seconds() >= self.beat_s:
            self.beat_all()

    def beat_all(self) -> None:
        self._beaten_at = self.fate.at
        for crew in self.crews:
            if not crew.at_work:
                crew.beat()

    def meanwhile(self, till: SimTill) -> None:
        """A call is out: another lane of this till moves, or another till."""
        if self._depth or self.fate.is_calm:
            return
        self._depth += 1
        try:
            if self.fate.likely(mix.PRESSES_MEANWHILE):
                self.fate.reached["another lane moves while a call is out"] += 1
                self._press(self.crews[till.number])
            elif self.fate.likely(mix.OTHER_TILL_MEANWHILE):
                self.fate.reached["another till moves while a call is out"] += 1
                other = self.crews[1 - till.number]
                if not other.at_work and not other.is_serving:
                    if self.fate.likely(0.3):
                        self.serve(other, 1_000 + len(self.referee.purchases))
                    else:
                        other.beat()
        finally:
            self._depth -= 1

    def _press(self, crew: Crew) -> None:
        """On a lane that is free, and not through the gate of `do`: the program ends as a whole."""
        shop, sale = crew.shop, crew.current
        acts: list[Callable[[], object]] = []
        if "behind" not in crew.at_work and "money" not in crew.at_work:
            acts.append(shop.follow_all)
        if "paper" not in crew.at_work:
            acts.append(shop.print_due)
        if "store" not in crew.at_work:
            acts.append(shop.shred)
            if sale is not None:
                acts.append(lambda: shop.cancel_sale(CASHIER, sale.id, "pressed"))
                acts.append(lambda: self._press_cash(crew, sale))
        if not acts:
            return
        try:
            self.fate.chance.choice(acts)()
        except PosError as trouble:
            self.fate.note("pressed", type(trouble).__name__)

    def _press_cash(self, crew: Crew, sale: Sale) -> None:
        crew.shop.take_cash(CASHIER, sale.id, sale.total)
        if crew.purchase is not None:
            crew.settle_drawer(crew.purchase)

    def _outcome(self, count: Count) -> Outcome:
        faults = Counter(self.fate.faults)
        self.fate.reached["R20 the platform died over a commit"] += self.platform.deaths
        self.fate.reached["R23 a forged callback"] += faults["supplier: forged callback"]
        for crew in self.crews:
            thrown = crew.pay.dice.thrown.items()
            faults.update({f"gateway: {name}": n for name, n in thrown if not name.startswith("customer")})
        return Outcome(
            seed=self.fate.seed,
            trace=self.fate.trace,
            customers=len(self.referee.purchases),
            sales=sum(self.fate.reached[each] for each in BEGUN),
            paid=sum(count.states[each] for each in PAID_STATES),
            delivered=count.states[SaleState.DONE],
            calls=self.line.calls,
            faults=faults,
            reached=self.fate.reached,
            breaches=self.referee.breaches,
            ended=count.ended,
            waited=count.waited,
            for_people=count.for_people,
            disputes=self.referee.disputes,
            lines=self.fate.lines,
        )
