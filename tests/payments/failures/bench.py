"""A till at a practice gateway that misbehaves by command, and the truth at the end: what the bank says, we believe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pos_app.bootstrap.gateways import KINDS
from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import GatewayRules
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.refund import RefundState
from pos_app.domain.sale import Sale
from pos_app.flows.follow_payment import NOBODY_ASKS_AFTER
from pos_app.shop import Giving, Taking
from practice.gateways.course import SHAPES, Course, Doing
from practice.gateways.mischief import Fault, Kind
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import basket, run_out
from tests.payments.counter import CLIENTS, MemoryKeys, PracticeSender, Wired, wire

ALL = tuple(CLIENTS)
WITH_BILL = ("alipay", "alipay-certificates", "wechat", "wechat-certificates", "wechat-v2")
ALIPAYS = ("alipay", "alipay-certificates")
# Those whose answers are signed, and among them those that say when, and by which of several keys.
SIGNED = tuple(name for name in ALL if name != "shouqianba")
DATED = ("lakala", "wechat", "wechat-certificates")
NAMING_THEIR_KEY = (*DATED, "alipay-certificates")

PRICE = Money(10_000)


@dataclass
class Script:
    """`next` is met by the next requests of a kind, one each; `always` by every one after them.

    `before_pay` happens when a pay request arrives, with its number, before it has any effect.
    """

    doing: Course = field(default_factory=Course)
    next: defaultdict[Kind, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    always: dict[Kind, Fault] = field(default_factory=dict)
    late: float = 20.0
    before_pay: Callable[[str], object] = lambda number: None

    def customer(self, doing: Doing, after_s: float = 0) -> None:
        self.doing = Course(doing, after_s)

    def course(self, number: str, code: str | None) -> Course:
        if code is not None:
            self.before_pay(number)
        return self.doing

    def fault(self, call_kind: Kind, number: str, how_manieth: int) -> Fault:
        waiting = self.next[call_kind]
        return waiting.pop(0) if waiting else self.always.get(call_kind, Fault.NONE)

    def late_s(self, number: str) -> float:
        return self.late


class Counter:
    """One till, one customer after another; every door is the shop's."""

    def __init__(self, practice: str, *, remembers: bool = True, wired: Wired | None = None) -> None:
        self.fake: FakeShop = make_fake_shop()
        self.script = Script()
        self.wired = wired or wire(practice, self.fake.clock, self.script, remembers=remembers)
        self.wallet = Wallet.WECHAT if practice.startswith("wechat") else Wallet.ALIPAY
        self.codes = 0
        self.restart()
        self.fake.shop.begin_day()
        self.today = self.clock.local(self.clock.now()).date()

    @property
    def clock(self) -> FakeClock:
        return self.fake.clock

    @property
    def rules(self) -> GatewayRules:
        return self.wired.gateway.rules

    def second_till(self) -> Counter:
        """Another till of this shop, with the same merchant's account at the same gateway, and the same clock."""
        other = copy(self)
        other.fake = make_fake_shop()
        other.fake.clock = other.fake.platform.clock = self.clock
        with other.fake.till.open_books() as books:
            books.till.enrol(replace(books.till.enrolment(), till_code="T2"))
            books.commit()
        sender = PracticeSender(self.wired.teller)
        keys = MemoryKeys(dict(self.wired.keys.fields))
        other.wired = replace(self.wired, sender=sender, keys=keys)
        other.codes = 500
        other.connect_anew()
        return other

    def restart(self) -> None:
        self.fake.gateways = self.wired  # type: ignore[assignment]  # any set of gateways
        self.fake.restarted()

    # --- at the counter ---

    def sale(self) -> Sale:
        """One card of 100.00, reserved."""
        return self.fake.shop.reserve(self.fake.cashier, basket(self.fake, codes=1))

    def code(self, wallet: Wallet | None = None) -> PaymentCode:
        """A customer's code; never the same."""
        self.codes += 1
        start, length = SHAPES[(wallet or self.wallet).value]
        return PaymentCode(wallet or self.wallet, f"{start}{self.codes:0{length - len(start)}d}")

    def scan(self, sale: Sale | None = None, code: PaymentCode | None = None) -> Attempt:
        """How the attempt stands after the first answer."""
        sale = sale or self.sale()
        return self.fake.shop.charge_code(self.fake.cashier, sale.id, code or self.code()).attempt

    def show(self) -> Attempt:
        sale = self.sale()
        return self.fake.shop.show_pay_code(self.fake.cashier, sale.id, self.wallet).attempt

    def ask(self, attempt: Attempt) -> Attempt:
        """The next question at the counter, when it is due."""
        due = self.stored(attempt).next_at
        assert due is not None, "nothing is due"
        self.clock.at = max(self.clock.at, due)
        return self.follow(attempt).attempt

    def follow(self, attempt: Attempt) -> Taking:
        return self.fake.shop.follow_payment(attempt.number)

    def wait(self, attempt: Attempt) -> Attempt:
        """The cashier stands there until it is paid, failed or given up."""
        while (attempt := self.stored(attempt)).state is AttemptState.SENT:
            self.ask(attempt)
        return attempt

    def stop(self, attempt: Attempt) -> Attempt:
        return self.fake.shop.stop_payment(self.fake.cashier, attempt.number).attempt

    def pass_time(self, by: timedelta) -> None:
        """With the heartbeat that follows what is due; a new day begins as the program begins one."""
        end = self.clock.at + by
        while (due := self._next_due()) is not None and due <= end:
            self._go_to(due)
            self.fake.shop.follow_all()
        self._go_to(end)

    def switch_off(self, by: timedelta) -> None:
        """Nobody is there for so long; then the program starts."""
        self.clock.advance(by)
        self.restart()
        self.fake.shop.take_up()
        self._go_to(self.clock.at)

    def settle(self) -> None:
        """In the background, until nothing is due any more."""
        steps = 0
        while (due := self._next_due()) is not None:
            self._go_to(due)
            self.fake.shop.follow_all()
            steps += 1
            assert steps < 700, "it has no end"

    def sold(self) -> Attempt:
        """A card that is paid, printed and handed over."""
        attempt = self.scan()
        run_out(self.fake, self.sale_of(attempt))
        return attempt

    def give_back(self, attempt: Attempt, minor: int | None = None) -> str:
        """So much of the line's price, or all that is left; the refund's number."""
        sale = run_out(self.fake, self.sale_of(attempt)).sale
        before = set(self.fake.till.pages.refunds)
        giving = Giving(self.fake.cashier, self.fake.supervisor, "unused")
        amount = None if minor is None else Money(minor)
        self.fake.shop.give_back(giving, sale.id, sale.lines[0].line_id, amount)
        (number,) = set(self.fake.till.pages.refunds) - before
        return number

    # --- what happens to the till ---

    def clock_is_ahead(self, by: timedelta) -> None:
        """Of the gateway's; nothing else changes."""

        def now() -> float:
            return (self.clock.now() - by).timestamp()

        self.wired.teller.clock = now
        self.wired.teller.bank.clock = now
        self.wired.sender.dates = now

    def connect_anew(self) -> None:
        """As when somebody changed what is filled in."""
        wired = self.wired
        wired.gateway = KINDS[wired.name]().make(wired.keys, wired.sender, self.clock)
        self.restart()

    # --- what is true ---

    def stored(self, attempt: Attempt) -> Attempt:
        return self.fake.till.pages.attempts[attempt.number]

    def sale_of(self, attempt: Attempt) -> Sale:
        return self.fake.till.pages.sales[attempt.sale_id]

    def kept(self, attempt: Attempt) -> int:
        """Fen of it that the bank says are the shop's."""
        return self.wired.teller.bank.kept(attempt.number)

    def heard(self, kind: Kind, attempt: Attempt) -> int:
        return self.wired.teller.heard(kind, attempt.number)

    def agree(self) -> None:
        """Bank and books tell the same, nobody paid twice, and goods left only for money that is here."""
        bank, pages = self.wired.teller.bank, self.fake.till.pages
        for attempt in pages.attempts.values():
            assert attempt.state is not AttemptState.REVERSING, "nobody knows yet"
            assert bank.charged(attempt.number) <= 1
            assert bank.kept(attempt.number) == self._believed(attempt)
            assert self.heard(Kind.PAY, attempt) <= 1, "sent twice"
        self.fake.shop.recover()
        for sale in pages.sales.values():
            paid = [
                a for a in pages.attempts.values() if a.sale_id == sale.id and a.state is AttemptState.PAID
            ]
            money = sum(each.amount.minor for each in paid)
            cash = sum(each.amount.minor for each in sale.payments if each.reference is None)
            assert (sale.paid_at is not None) == (money + cash == sale.total.minor)
            assert money in (0, sale.total.minor - cash)
            assert bool(self.fake.platform.delivered(sale.id)) == (sale.paid_at is not None)

    def _believed(self, attempt: Attempt) -> int:
        if attempt.state is not AttemptState.PAID:
            return 0
        refunds = [each.refund for each in self.fake.till.pages.refunds.values()]
        given = sum(
            each.amount.minor
            for each in refunds
            if each.order is not None
            and each.order.number == attempt.number
            and each.state is RefundState.DONE
        )
        return attempt.amount.minor - given

    def _next_due(self) -> datetime | None:
        pages = self.fake.till.pages
        due = [a.next_at + NOBODY_ASKS_AFTER for a in pages.attempts.values() if a.next_at is not None]
        due += [each.refund.next_at for each in pages.refunds.values() if each.refund.next_at is not None]
        return min(due, default=None)

    def _go_to(self, at: datetime) -> None:
        self.clock.at = max(self.clock.at, at)
        day = self.clock.local(self.clock.at).date()
        if day != self.today:
            self.today = day
            self.fake.shop.begin_day()
