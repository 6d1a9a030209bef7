"""One random history of a counter: customers, a gateway that loses things, kills and restarts, and who did what.

The gateway is the forgetful kind: undoing an order that it does not know leaves no trace there, so a request that was
under way may still be charged hours later.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import PosError, Unreachable
from pos_app.domain.gateway import Answer, Charge, Order, RefundAnswer, RefundOrder, RefundStanding, Undoing
from pos_app.domain.gateway import Standing as There
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.refund import RefundState
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows.give_back import Giving
from tests.fakes.till_gateway import FakeGateway, FakeGateways
from tests.fakes.till_platform import When
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import basket

MOST_ROUNDS = 2_000
_UNPAID = (SaleState.CANCELLED, SaleState.CANCELLING, SaleState.RESERVED, SaleState.RESERVING)


class KilledError(Exception):
    """The till's process ended here."""


class MoodyGateway(FakeGateway):
    """Draws by `chance` what gets lost, when customers pay, and whether it undoes; `trouble` is how often it goes wrong."""

    chance: random.Random
    trouble: float = 0.25
    charged: Counter[str]
    to_come: list[tuple[datetime, str, int]]
    undone_later: list[tuple[datetime, Order]]
    meanwhile: Callable[[], None]

    def charge(self, charge: Charge) -> Answer:
        self.charged[charge.order.number] += 1
        self.next_course = self.chance.choice([There.PAID, There.PAID, There.WAITING, There.FAILED])
        draw, number, minor = self.chance.random(), charge.order.number, charge.order.amount.minor
        if draw < self.trouble / 3:
            raise Unreachable("connect", was_sent=False)
        if draw < self.trouble:
            if self.chance.random() < 0.7:
                self.later(self.chance.choice([1, 30, 70, 400, 4_000, 70_000]), number, minor)
            raise Unreachable("timeout")
        self.interrupt()
        answer = super().charge(charge)
        self.interrupt()
        if answer.standing is There.WAITING and self.chance.random() < 0.7:
            self.later(self.chance.randrange(1, 90), number, minor)
        return answer

    def show(self, charge: Charge) -> str:
        self.charged[charge.order.number] += 1
        self.lose_some("show")
        text = super().show(charge)
        if self.chance.random() < 0.7:
            self.later(self.chance.randrange(1, 130), charge.order.number, charge.order.amount.minor)
        return text

    def ask(self, order: Order) -> Answer:
        self.lose_some("ask")
        return super().ask(order)

    def undo(self, order: Order) -> Undoing:
        """Done, refused, lost on the way, or done only after a while, whatever it says now."""
        self.lose_some("undo")
        if self.chance.random() < self.trouble:
            late = self.clock.now() + timedelta(seconds=self.chance.choice([1, 10, 100]))
            self.undone_later.append((late, order))
            if self.chance.random() < 0.5:
                raise Unreachable("timeout")
            return Undoing.DONE
        is_done = self.chance.random() > self.trouble
        self.undo_says = Undoing.DONE if is_done else self.chance.choice([Undoing.BUSY, Undoing.TOO_LATE])
        return super().undo(order)

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        self.lose_some("refund")
        kept = self.orders[order.number]
        if sum({**kept.back, refund.number: refund.amount.minor}.values()) > kept.paid:
            return RefundAnswer(RefundStanding.FAILED, "TOO_MUCH")
        is_done = self.chance.random() > self.trouble
        said = [RefundStanding.FAILED, RefundStanding.PROCESSING]
        self.refund_says = RefundStanding.DONE if is_done else self.chance.choice(said)
        return super().refund(order, refund)

    def lose_some(self, call: str) -> None:
        """The next reply of `call`, or the call itself."""
        self.interrupt()
        self.lose.clear()
        if self.chance.random() < self.trouble:
            self.lose.append(self.chance.choice([call, f"{call}!"]))

    def interrupt(self) -> None:
        self.meanwhile()
        if self.chance.random() < self.trouble / 10:
            raise KilledError

    def later(self, seconds: int, number: str, minor: int) -> None:
        self.to_come.append((self.clock.now() + timedelta(seconds=seconds), number, minor))

    def let_come(self) -> None:
        """What customers and lost requests do by now, where the order still lets them."""
        due = [each for each in self.to_come if each[0] <= self.clock.now()]
        self.to_come = [each for each in self.to_come if each not in due]
        for _, number, minor in due:
            if number not in self.orders:
                self.arrives_late(number, minor)
            elif self.orders[number].standing in (There.WAITING, There.PROCESSING):
                self.customer_pays(number)
        undone = [each for each in self.undone_later if each[0] <= self.clock.now()]
        self.undone_later = [each for each in self.undone_later if each not in undone]
        for _, order in undone:
            self.lose.clear()
            self.undo_says = Undoing.DONE
            if order.number in self.orders and not self.orders[order.number].back:
                super().undo(order)

    def next_to_come(self) -> list[datetime]:
        return [each[0] for each in self.to_come] + [each[0] for each in self.undone_later]


@dataclass
class History:
    """A shop whose till is driven by `chance`; `seen` counts what happened, to show that it did."""

    fake: FakeShop
    gateway: MoodyGateway
    chance: random.Random
    seen: Counter[str]
    sale_id: str = ""
    codes: int = 0
    is_busy: bool = False

    def run(self, steps: int) -> None:
        for _ in range(steps):
            name = self.chance.choice(list(self._acts()))
            self.act(name, self._acts()[name])
            self.check()
        self.wind_down()
        self.check_the_end()

    def act(self, name: str, what: Callable[[], object]) -> None:
        """Do it; a refusal changes nothing, and a kill is followed by a new start."""
        if self.chance.random() < 0.03:
            self.fake.till.fail_next_commit = KilledError()
        try:
            what()
            self.seen[name] += 1
        except KilledError:
            self.seen["killed"] += 1
            self.restart()
        except PosError as no:
            self.seen[type(no).__name__] += 1
        self.fake.till.fail_next_commit = None

    def meanwhile(self) -> None:
        """While a call is under way, another lane of the till does something of its own."""
        if self.is_busy or self.chance.random() > 0.1:
            return
        self.is_busy = True
        acts = self._acts()
        name = self.chance.choice([name for name in acts if name != "restart"])
        try:
            acts[name]()
            self.seen["meanwhile"] += 1
        except PosError as no:
            self.seen[type(no).__name__] += 1
        finally:
            self.is_busy = False

    def restart(self) -> None:
        self.fake.till.fail_next_commit = None
        self.fake.restarted().take_up()
        self.sale_id = ""

    def _acts(self) -> dict[str, Callable[[], object]]:
        shop, cashier, sale_id = self.fake.shop, self.fake.cashier, self.sale_id
        anywhere: dict[str, Callable[[], object]] = {
            "wait": self.wait,
            "wait more": self.wait,
            "follow all": shop.follow_all,
            "recover": self.recover,
            "restart": self.restart,
            "give back": self.give_back,
        }
        if not sale_id:
            return {**anywhere, "reserve": self.reserve, "reserve again": self.reserve}
        return {
            **anywhere,
            "charge": lambda: shop.charge_code(cashier, sale_id, self.code(), self.part()),
            "charge more": lambda: shop.charge_code(cashier, sale_id, self.code(), self.part()),
            "show": lambda: shop.show_pay_code(cashier, sale_id, Wallet.ALIPAY, self.part()),
            "cash": lambda: shop.take_cash(cashier, sale_id, Money(100_000)),
            "follow": lambda: shop.follow_payment(self.last()),
            "stop": lambda: shop.stop_payment(cashier, self.last()),
            "leave": lambda: self.leave(undo=self.chance.random() < 0.5),
            "cancel": lambda: shop.cancel_sale(cashier, sale_id, ""),
        }

    def reserve(self) -> None:
        basket_now = basket(self.fake, codes=self.chance.choice([1, 2]))
        self.sale_id = self.fake.shop.reserve(self.fake.cashier, basket_now).id

    def leave(self, *, undo: bool) -> None:
        sale_id, self.sale_id = self.sale_id, ""
        self.fake.shop.leave_sale(self.fake.cashier, sale_id, undo=undo)

    def wait(self) -> None:
        self.fake.clock.advance(timedelta(seconds=self.chance.choice([1, 3, 5, 20, 70])))
        self.gateway.let_come()

    def recover(self) -> None:
        """Sometimes the platform will not deliver what is paid, and sometimes it does not answer."""
        platform = self.fake.platform
        for sale in self.sales():
            if platform.state(sale.id) == "RESERVED" and self.chance.random() < 0.05:
                platform.cancel(platform.enrolment, sale.id, "operator")
        if self.chance.random() < 0.1:
            when: When = self.chance.choice(["before_effect", "after_effect"])
            platform.fail_next("confirm", when, Unreachable("down"))
        self.fake.shop.recover()
        self.fake.shop.print_due()

    def give_back(self) -> None:
        """A part of any delivered line."""
        done = [sale for sale in self.sales() if sale.state is SaleState.DONE]
        if done:
            line = self.chance.choice(done).lines[0]
            sale = next(sale for sale in done if line in sale.lines)
            part = Money(self.chance.choice([1, 2_500, 10_000]))
            giving = Giving(self.fake.cashier, self.fake.supervisor, "broken")
            self.fake.shop.give_back(giving, sale.id, line.line_id, part)

    def code(self) -> PaymentCode:
        """The next customer's, and sometimes the same one again."""
        if not self.codes or self.chance.random() < 0.8:
            self.codes += 1
        return PaymentCode(Wallet.WECHAT, f"13{self.codes:016d}")

    def part(self) -> Money | None:
        return self.chance.choice([None, None, Money(3_000)])

    def last(self) -> str:
        attempts = self.fake.shop.look_up.sale(self.sale_id).attempts
        return attempts[-1].number if attempts else "none"

    def sales(self) -> tuple[Sale, ...]:
        return tuple(self.fake.till.pages.sales.values())

    # --- to the end ---

    def wind_down(self) -> None:
        """Everybody goes home, the world becomes kinder, and the till follows until nothing is due any more."""
        self.gateway.trouble = 0.1
        if self.sale_id:
            self.act("leave", lambda: self.leave(undo=self.chance.random() < 0.5))
        self.sale_id = ""
        for sale in self.sales():
            if sale.state is SaleState.RESERVED and not sale.is_left:
                self.restart()
        for _ in range(MOST_ROUNDS):
            self.act("follow all", self.fake.shop.follow_all)
            self.act("recover", self.fake.shop.recover)
            self.act("print", self.fake.shop.print_due)
            self.check()
            for sale in self.sales():
                for line in sale.refund_lines:
                    giving, number, line_id = Giving(self.fake.cashier), sale.id, line.line_id
                    self.act("owed", lambda g=giving, n=number, i=line_id: self.fake.shop.give_back(g, n, i))  # type: ignore[misc]
            pages = self.fake.till.pages
            due = [each.next_at for each in pages.attempts.values() if each.next_at]
            due += [each.refund.next_at for each in pages.refunds.values() if each.refund.next_at]
            due += self.gateway.next_to_come()
            if due:
                self.fake.clock.at = max(self.fake.clock.now() + timedelta(seconds=1), min(due))
                self.gateway.let_come()
            elif not self.fake.till.pages.open_sales:
                return
        raise AssertionError("it never came to rest")

    # --- what must hold ---

    def check(self) -> None:
        """At every moment: what counts as paid is there, and no order was charged twice."""
        assert set(self.gateway.charged.values()) <= {1}
        for sale in self.sales():
            for payment in sale.payments:
                if payment.reference is not None:
                    there = self.gateway.orders[payment.reference]
                    assert there.paid == payment.amount.minor, f"goods unpaid: {sale.id}"
                    asked = self._back(payment.reference)
                    assert sum(there.back.values()) <= asked, f"given back behind its back: {sale.id}"

    def check_the_end(self) -> None:
        """When nothing is due: what is kept for a sale is what it is worth, and goods went where money stayed."""
        pages = self.fake.till.pages
        assert not [each for each in pages.attempts.values() if each.is_live]
        assert {each.refund.state for each in pages.refunds.values()} <= {RefundState.DONE}
        kept: Counter[str] = Counter()
        for number, there in self.gateway.orders.items():
            kept[pages.attempts[number].sale_id] += there.paid - sum(there.back.values())
        for sale in self.sales():
            cash = sum(each.amount.minor for each in sale.payments if each.reference is None)
            cash -= sum(
                each.refund.amount.minor
                for each in pages.refunds.values()
                if each.sale.id == sale.id and each.refund.order is None
            )
            is_delivered = self.fake.platform.state(sale.id) in ("SOLD", "DELIVERED")
            worth = sum(line.kept.minor for line in sale.lines) if sale.state is SaleState.DONE else 0
            assert kept[sale.id] + cash == worth, f"{sale.state}: {kept[sale.id]} and {cash} kept of {worth}"
            assert is_delivered is (sale.state is SaleState.DONE)
            assert sale.state in (SaleState.DONE, SaleState.CANCELLED, SaleState.REFUNDED)
            self.seen[f"sale {sale.state.value}"] += 1
        for attempt in pages.attempts.values():
            self.seen[f"attempt {attempt.state.value}"] += 1
            if attempt.state is AttemptState.PAID:
                assert pages.sales[attempt.sale_id].paid_at is not None
        assert [each for each in self.fake.shop.doctor() if not each.holds] == []

    def _back(self, number: str) -> int:
        refunds = (each.refund for each in self.fake.till.pages.refunds.values())
        return sum(each.amount.minor for each in refunds if each.order and each.order.number == number)


def begin(seed: int) -> History:
    chance = random.Random(seed)
    fake = make_fake_shop(stock=1_000)
    gateway = MoodyGateway(fake.clock)
    gateway.chance, gateway.charged, gateway.to_come, gateway.undone_later = chance, Counter(), [], []
    fake.gateways = FakeGateways(gateway)
    fake.restarted()
    history = History(fake, gateway, chance, Counter())
    gateway.meanwhile = history.meanwhile
    return history
