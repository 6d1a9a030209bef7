"""A gateway in memory that keeps money, and loses questions and answers when it is told to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import date

from pos_app.domain.errors import GatewaySetupWrong, GatewayUnknown, Unreachable
from pos_app.domain.gateway import (
    Answer,
    Bill,
    BillKind,
    BillLine,
    Charge,
    GatewayRules,
    Order,
    RefundAnswer,
    RefundOrder,
    RefundStanding,
    Standing,
    Undoing,
    Way,
)
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateway

RULES = GatewayRules(scans=frozenset(Wallet), shows=frozenset({Wallet.WECHAT, Wallet.ALIPAY}))


@dataclass
class _Kept:
    """An order there: what the customer will do with it, and what was paid and given back (fen)."""

    standing: Standing
    amount: int
    paid: int = 0
    back: dict[str, int] = field(default_factory=dict)


@dataclass
class FakeGateway:
    """`next_course` is what becomes of the next charge; `lose` names calls whose reply, or which, get lost in order.

    Each word of `lose` is `call` or `call!`: with the mark the call has its effect and only the reply is lost.
    """

    clock: Clock
    name: str = "fake"
    rules: GatewayRules = RULES
    clock_skew_s: int = 0
    next_course: Standing = Standing.PAID
    undo_says: Undoing = Undoing.DONE
    refund_says: RefundStanding = RefundStanding.DONE
    setup_wrong: str = ""
    lose: deque[str] = field(default_factory=deque)
    orders: dict[str, _Kept] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)

    def charge(self, charge: Charge) -> Answer:
        if self.setup_wrong:
            raise GatewaySetupWrong(self.name, self.setup_wrong)
        number = charge.order.number
        assert number not in self.orders, "an order is sent once"
        self._begin("charge", number)
        assert charge.code is not None
        self.codes.append(charge.code.text)
        kept = self.orders[number] = _Kept(self.next_course, charge.order.amount.minor)
        if kept.standing is Standing.PAID:
            kept.paid = kept.amount
        self._end("charge")
        return self._answer(charge.order)

    def show(self, charge: Charge) -> str:
        self._begin("show", charge.order.number)
        self.orders[charge.order.number] = _Kept(Standing.PROCESSING, charge.order.amount.minor)
        self._end("show")
        return f"https://pay.example/{charge.order.number}"

    def ask(self, order: Order) -> Answer:
        self._begin("ask", order.number)
        self._end("ask")
        return self._answer(order)

    def undo(self, order: Order) -> Undoing:
        self._begin("undo", order.number)
        kept = self.orders.get(order.number)
        if self.undo_says is Undoing.DONE and kept is not None:
            if kept.paid:
                kept.back["undo"] = kept.paid
            kept.standing = Standing.REFUNDED if kept.paid else Standing.CLOSED
        self._end("undo")
        return self.undo_says

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        self._begin("refund", refund.number)
        kept = self.orders[order.number]
        if self.refund_says is RefundStanding.DONE:
            kept.back[refund.number] = refund.amount.minor
            assert sum(kept.back.values()) <= kept.paid, "more went back than was paid"
            if sum(kept.back.values()) == kept.paid:
                kept.standing = Standing.REFUNDED
        elif self.refund_says is RefundStanding.FAILED:
            self.refused.add(refund.number)
        self._end("refund")
        return RefundAnswer(self.refund_says, "NOTENOUGH")

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        self._begin("ask_refund", refund.number)
        self._end("ask_refund")
        if refund.number in self.orders[order.number].back:
            return RefundAnswer(RefundStanding.DONE)
        was_refused = refund.number in self.refused
        return RefundAnswer(RefundStanding.FAILED if was_refused else RefundStanding.ABSENT, "NOTENOUGH")

    def bill(self, day: date) -> Bill | None:
        if "bill" in self.lose:
            self.lose.remove("bill")
            return None
        lines: list[BillLine] = []
        for number, kept in self.orders.items():
            if kept.paid:
                lines.append(BillLine(BillKind.PAID, number, self.money(kept.paid)))
            for refund_number, minor in kept.back.items():
                line = BillLine(BillKind.REFUND, number, self.money(minor), refund_number=refund_number)
                lines.append(line)
        return Bill(day, tuple(lines), repr(lines).encode())

    def begin_day(self) -> None:
        self._begin("begin_day", "")
        self._end("begin_day")

    # --- what a customer does, and what is true ---

    def customer_pays(self, number: str) -> None:
        kept = self.orders[number]
        kept.standing, kept.paid = Standing.PAID, kept.amount

    def arrives_late(self, number: str, minor: int) -> None:
        """A request that everybody believed lost is charged after all."""
        self.orders[number] = _Kept(Standing.PAID, minor, minor)

    def kept_money(self) -> int:
        return sum(kept.paid - sum(kept.back.values()) for kept in self.orders.values())

    def money(self, minor: int) -> Money:
        return Money(minor)

    def _answer(self, order: Order) -> Answer:
        kept = self.orders.get(order.number)
        if kept is None:
            return Answer(Standing.ABSENT)
        return Answer(kept.standing, kept.standing.value.upper(), f"G{order.number}")

    def _begin(self, call: str, number: str) -> None:
        self.calls.append((call, number))
        if self.lose and self.lose[0] in (call, f"{call}?"):
            raise Unreachable("timeout", was_sent=not self.lose.popleft().endswith("?"))

    def _end(self, call: str) -> None:
        if self.lose and self.lose[0] == f"{call}!":
            self.lose.popleft()
            raise Unreachable("timeout")


class FakeGateways:
    """Any number of them; the first that takes a wallet has it."""

    def __init__(self, *gateways: FakeGateway) -> None:
        self.all = list(gateways)

    @property
    def clock_skew_s(self) -> int:
        return max((each.clock_skew_s for each in self.all), key=abs, default=0)

    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.all)

    def for_wallet(self, wallet: Wallet, way: Way) -> str | None:
        for each in self.all:
            if wallet in (each.rules.scans if way is Way.SCANNED else each.rules.shows):
                return each.name
        return None

    def named(self, name: str) -> Gateway:
        for each in self.all:
            if each.name == name:
                return each
        raise GatewayUnknown(name)

    @property
    def one(self) -> FakeGateway:
        return self.all[0]


PATIENCE = RULES.patience
