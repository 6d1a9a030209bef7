"""One till on a bad street: customers, a cashier in a hurry, a till that dies; and what the bank has in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pos_app.bootstrap.gateways import KINDS
from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import PaymentUnsettled
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale, SaleState
from pos_app.shop import Giving, Next, Shop, Taking
from pos_app.wire.gateways.sender import Sender
from practice.gateways.told import State
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_goods import code_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.payments import mix
from tests.payments.counter import Wired
from tests.payments.line import Line, TillDied
from tests.payments.mix import Dice

BEAT_S = 3.0
MOST_LIVES = 6
MOST_TRIES = 5
LONGEST_AT_COUNTER_S = 240.0
MOST_STEPS = 20_000
AFTER_ALL = timedelta(hours=30)
_ENDED = (SaleState.DONE, SaleState.CANCELLED, SaleState.REFUNDED)

# Puts a fault into a shop that was just assembled.
Breaking = Callable[[FakeShop], Shop]


@dataclass
class Purchase:
    """What one customer wants, over all the sales that a dying till made of it; money in fen.

    `cash` is what of it lies in the drawer, `given_back` what the till says it gave back, by whatever way.
    """

    buyer: int
    sales: list[str] = field(default_factory=list)
    cash: int = 0
    given_back: int = 0


@dataclass
class Losses:
    """Purchases for which the bank, the drawer and the goods do not fit together."""

    double: int = 0
    unpaid: int = 0
    without_goods: int = 0

    @property
    def total(self) -> int:
        return self.double + self.unpaid + self.without_goods


class Street:
    """Sales at one till, day by day: busy with customers, then quiet, then the money is counted."""

    def __init__(
        self, wired: Wired, sender: Sender, clock: FakeClock, dice: Dice, breaking: Breaking | None = None
    ) -> None:
        self.clock, self.dice, self.chance = clock, dice, dice.chance
        self.bank = wired.teller.bank
        self.line = Line(sender, clock, self.chance, dice.thrown, self._meanwhile)
        self.losses = Losses()
        self.seen: Counter[str] = Counter()
        self.lost: list[str] = []
        self._wired = wired
        self._breaking = breaking
        self._fake: FakeShop
        self._current = Purchase(0)
        self._today: list[Purchase] = []
        self._is_pressing = False

    def day(self, customers: int) -> None:
        """So many one after another, then every payment to its end, then the count: before any bill is looked at."""
        self._open_shop()
        self._today = []
        for _ in range(customers):
            self.dice.buyer += 1
            self._current = Purchase(self.dice.buyer)
            self._today.append(self._current)
            self._serve(self._current)
        self._wait_until_quiet()
        for purchase in self._today:
            self._count(purchase)
        self.seen["sales"] += customers
        pages = self._fake.till.pages
        self.seen.update(each.state.value for each in pages.attempts.values())
        self.seen.update(f"refund {each.refund.state.value}" for each in pages.refunds.values())
        self.seen["refused as not set up"] += sum(
            each.reason.startswith("SETUP") for each in pages.attempts.values()
        )

    # --- the till ---

    @property
    def _shop(self) -> Shop:
        return self._fake.shop

    def _open_shop(self) -> None:
        """Empty books, so that the thousandth sale is as fast as the first; any hour of another day."""
        self._current = Purchase(0)
        self.clock.advance(timedelta(hours=24, minutes=self.chance.randrange(24 * 60)))
        goods = (code_product(1, face=3_000), code_product(2, face=10_000), code_product(3, face=4_550))
        self._fake = make_fake_shop(goods, stock=300)
        self._fake.platform.balance = Money(10**9)
        self._fake.clock = self._fake.platform.clock = self.clock
        self._start()

    def _start(self) -> None:
        """The program starts on what the disk holds, and remembers nothing else."""
        while True:
            gateway = KINDS[self._wired.name]().make(self._wired.keys, self.line, self.clock)
            self._fake.gateways = replace(self._wired, gateway=gateway)  # type: ignore[assignment]
            self._fake.till.fail_next_commit = None
            self._fake.restarted()
            if self._breaking is not None:
                self._fake.shop = self._breaking(self._fake)
            try:
                self._shop.take_up()
                self._shop.begin_day()
                return
            except TillDied:
                continue

    def _pass(self, seconds: float) -> None:
        """Time goes by, and the till follows what nobody stands waiting for, beat by beat."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while (left := (until - self.clock.now()).total_seconds()) > 0:
            self.clock.advance(timedelta(seconds=min(left, BEAT_S)))
            self._shop.follow_all()

    # --- a customer ---

    def _serve(self, purchase: Purchase) -> None:
        if self.chance.random() < mix.LINE_DOWN:
            self.line.down_until = self.clock.now().timestamp() + self.chance.uniform(*mix.LINE_DOWN_S)
        for _ in range(MOST_LIVES):
            try:
                if self.chance.random() < mix.BEGINS_DAY_AGAIN:
                    self._shop.begin_day()
                self._buy(purchase)
                self._pass(self.chance.uniform(1, 20))
                return
            except TillDied:
                self._start()

    def _buy(self, purchase: Purchase) -> None:
        """What was begun before the till died is waited for; only what came to nothing is bought anew."""
        if purchase.sales and not self._came_to_nothing(purchase.sales[-1]):
            return
        basket = self._shop.new_sale()
        for _ in range(self.chance.choice((1, 1, 2))):
            basket = self._shop.ring_up.product(basket, self.chance.choice(self._fake.products), 1).sale
        sale = self._shop.reserve(self._fake.cashier, basket)
        purchase.sales.append(sale.id)
        self._take_money(purchase, sale)
        sale = self._sale(sale.id)
        if sale.state is SaleState.PAID:
            self._hand_over(sale)
            self._give_back(purchase, self._sale(sale.id))

    def _came_to_nothing(self, sale_id: str) -> bool:
        """Nobody waits for ever, so False may also mean that it is not known yet."""
        for _ in range(40):
            self._shop.recover()
            sale = self._sale(sale_id)
            if sale.state is SaleState.CANCELLED:
                return True
            if sale.paid_at is not None:
                return False
            self._pass(BEAT_S)
        return False

    def _hand_over(self, sale: Sale) -> None:
        progress = self._shop.go_on(sale.id)
        while progress.next is Next.PAPER:
            progress = self._shop.print_next(sale.id)

    def _take_money(self, purchase: Purchase, sale: Sale) -> None:
        for number in range(MOST_TRIES):
            for each in self._attempts(sale.id):
                if each.is_live:  # what was undone turned out to be paid after all
                    self._see_through(self._shop.follow_payment(each.number))
            sale = self._sale(sale.id)
            if sale.state is not SaleState.RESERVED or sale.is_left:
                return
            if number and self.chance.random() < mix.CASH_AFTER:
                self._pay_cash(purchase, sale)
                return
            if number and self.chance.random() < mix.GIVES_UP:
                break
            with suppress(PaymentUnsettled):
                self._see_through(self._begin(sale))
        sale = self._sale(sale.id)
        if sale.state is SaleState.RESERVED and not sale.is_left:
            self._shop.leave_sale(self._fake.cashier, sale.id, undo=True)

    def _pay_cash(self, purchase: Purchase, sale: Sale) -> None:
        """The drawer takes what the till asks for, and keeps it only when the till wrote it down."""
        left = sale.total.minor - sum(
            each.amount.minor for each in self._attempts(sale.id) if each.state is AttemptState.PAID
        )
        with suppress(PaymentUnsettled):
            paid = self._shop.take_cash(self._fake.cashier, sale.id, Money(left))
            purchase.cash += sum(each.amount.minor for each in paid.payments if each.tender is Tender.CASH)

    def _begin(self, sale: Sale) -> Taking:
        self._maybe_die_in_commit()
        rules = self._wired.gateway.rules
        can_show = self.dice.practice not in mix.SHOWS_NOTHING
        is_shown = can_show and self.chance.random() < mix.SHOWN
        wallet = self.chance.choice(sorted(rules.shows if is_shown else rules.scans))
        amount = None
        if self.chance.random() < mix.PART:
            most = sale.total.minor - sum(
                each.amount.minor for each in self._attempts(sale.id) if each.state is AttemptState.PAID
            )
            amount = Money(self.chance.randint(1, most))
        if not is_shown:
            code = PaymentCode(wallet, self.bank.new_code(wallet.value))
            return self._shop.charge_code(self._fake.cashier, sale.id, code, amount)
        taking = self._shop.show_pay_code(self._fake.cashier, sale.id, wallet, amount)
        if taking.attempt.qr and self.chance.random() < mix.SCANS_WHAT_IS_SHOWN:
            number, course = taking.attempt.number, self.dice.any_course()
            seconds = self.chance.uniform(1, 100)
            self.bank.later(seconds, lambda: self.bank.pay_shown(number, course, wallet.value))
        return taking

    def _see_through(self, taking: Taking) -> None:
        """At the counter until it is certain, or the next customer has waited long enough."""
        number, sale_id = taking.attempt.number, taking.sale.id
        leave_at = self.clock.now() + timedelta(seconds=LONGEST_AT_COUNTER_S)
        while taking.attempt.is_live and taking.sale.state is SaleState.RESERVED and not taking.sale.is_left:
            throw = self.chance.random()
            if throw < mix.LEAVES or self.clock.now() > leave_at:
                self._shop.leave_sale(self._fake.cashier, sale_id, undo=self.chance.random() < 0.5)
                return
            if throw < mix.LEAVES + mix.STOPS:
                self._shop.stop_payment(self._fake.cashier, number)
            self._maybe_die_in_commit()
            due = taking.attempt.next_at or self.clock.now()
            self._pass(max(0.5, (due - self.clock.now()).total_seconds()))
            taking = self._shop.follow_payment(number)

    def _meanwhile(self) -> None:
        """A request is out, and at the counter somebody presses stop, leaves, takes cash or scans another code."""
        if self._is_pressing or not self._current.sales:
            return
        sale = self._sale(self._current.sales[-1])
        live = [each for each in self._attempts(sale.id) if each.is_live]
        if sale.state is not SaleState.RESERVED or sale.is_left or not live:
            return
        self._is_pressing = True
        try:
            what = self.chance.randrange(5)
            self.dice.thrown["pressed meanwhile"] += 1
            if what == 0:
                self._shop.stop_payment(self._fake.cashier, live[-1].number)
            elif what == 1:
                self._shop.leave_sale(self._fake.cashier, sale.id, undo=self.chance.random() < 0.5)
            elif what == 2:
                self._pay_cash(self._current, sale)
            elif what == 3:
                self._shop.follow_payment(live[-1].number)
            else:
                with suppress(PaymentUnsettled):
                    self._begin(sale)
        finally:
            self._is_pressing = False

    def _give_back(self, purchase: Purchase, sale: Sale) -> None:
        if sale.state is not SaleState.DONE or self.chance.random() >= mix.REFUNDED:
            return
        giving = Giving(self._fake.cashier, self._fake.supervisor, "wrong card")
        for _ in range(self.chance.randint(1, 3)):
            line = self.chance.choice(self._sale(sale.id).lines)
            if not line.kept.minor:
                continue
            part = Money(self.chance.randint(1, line.kept.minor))
            given = self._shop.give_back(
                giving, sale.id, line.line_id, None if self.chance.random() < 0.5 else part
            )
            purchase.given_back += given.total.minor
            purchase.cash -= given.cash.minor
            self.seen["parts given back"] += 1
            self._pass(BEAT_S)

    def _maybe_die_in_commit(self) -> None:
        if self.chance.random() < mix.DIES_IN_COMMIT:
            self.dice.thrown["till died in a commit"] += 1
            self._fake.till.fail_next_commit = TillDied()

    # --- what is true ---

    def _wait_until_quiet(self) -> None:
        """Until no payment and no refund has a next step, every sale is at its end, and the bank has nothing to do."""
        for _ in range(MOST_STEPS):
            try:
                if self._quieter():
                    continue
                self.clock.advance(AFTER_ALL)  # what the bank has under way is done by then
                self.bank.catch_up()
                return
            except TillDied:
                self._start()
        raise AssertionError(f"never quiet: {self._open_steps()[:3]}")

    def _quieter(self) -> bool:
        """False when there was nothing left to do."""
        self._end_prompts()
        if due := self._open_steps():
            wait = min(due) + timedelta(seconds=2.1) - self.clock.now()
            self.clock.advance(max(wait, timedelta(seconds=1)))
            self._shop.follow_all()
            return True
        open_sales = [each for each in self._fake.till.pages.sales.values() if each.state not in _ENDED]
        if open_sales:
            self._shop.recover()
            self._shop.print_due()
            return True
        return False

    def _end_prompts(self) -> None:
        """A gateway closes by itself what no customer answers; ours does not."""
        numbers = [each for purchase in self._today for each in sorted(self.dice.orders[purchase.buyer])]
        for number in numbers:
            told = self.bank.ask(number)
            if told.state is State.WAITING and self.bank.clock() - told.made_at > mix.PROMPT_S:
                self.bank.undo(number)

    def _open_steps(self) -> list[datetime]:
        pages = self._fake.till.pages
        steps = [each.next_at for each in pages.attempts.values()]
        steps += [each.refund.next_at for each in pages.refunds.values()]
        return [each for each in steps if each is not None]

    def _count(self, purchase: Purchase) -> None:
        numbers = sorted(self.dice.orders[purchase.buyer])  # one that is said twice counts once
        sales = [self._sale(each) for each in purchase.sales]
        due = sum(each.total.minor for each in sales if each.paid_at is not None) - purchase.given_back
        has = sum(self.bank.kept(each) for each in numbers) + purchase.cash
        self.seen["delivered"] += any(each.paid_at is not None for each in sales)
        if has == due:
            return
        if has < due:
            self.losses.unpaid += 1
        elif any(each.paid_at is not None for each in sales):
            self.losses.double += 1
        else:
            self.losses.without_goods += 1
        self.lost.append(f"purchase {purchase}: has {has}, due {due}; {numbers}")

    def _sale(self, sale_id: str) -> Sale:
        return self._fake.till.pages.sales[sale_id]

    def _attempts(self, sale_id: str) -> list[Attempt]:
        return [each for each in self._fake.till.pages.attempts.values() if each.sale_id == sale_id]
