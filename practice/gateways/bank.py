"""The bank behind a practice gateway: it keeps the money, whatever becomes of the requests and the answers."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from practice.gateways.course import SHAPES, WALLETS, Course, Doing, wallet_of
from practice.gateways.told import Movement, Refund, Refusal, State, Told

Clock = Callable[[], float]

BEIJING = timezone(timedelta(hours=8))
FULL_WALLET_FEN = 100_000_00
CODE_LIVES_S = 60.0


@dataclass(slots=True)
class _Order:
    """`code` is None where the shop shows one; `is_offer`: it is shown, and no order before somebody scans it."""

    number: str
    amount: int
    bank_number: str
    made_at: float
    state: State
    code: str | None = None
    course: Course = field(default_factory=Course)
    wallet: str = ""
    is_offer: bool = False
    paid_at: float | None = None
    failure: Refusal | None = None
    undone_at: float | None = None
    charged: int = 0
    refunds: dict[str, Refund] = field(default_factory=dict)

    @property
    def refunded(self) -> int:
        return sum(each.amount for each in self.refunds.values())

    def told(self, refusal: Refusal | None = None, refund: Refund | None = None) -> Told:
        return Told(
            number=self.number,
            state=self.state,
            refusal=refusal,
            amount=self.amount,
            refunded=self.refunded,
            bank_number=self.bank_number,
            wallet=self.wallet,
            made_at=self.made_at,
            paid_at=self.paid_at,
            failure=self.failure,
            is_shown=self.code is None,
            refund=refund,
        )


class Bank:
    """Not safe for several threads: whoever serves it holds one lock.

    `wallets` are those whose codes it takes. `remembers` is what it does when an order is undone that it does not
    know: it keeps the number shut for ever, or it forgets, and a pay request that arrives later still charges.
    """

    def __init__(
        self, clock: Clock, *, remembers: bool = True, wallets: frozenset[str] | None = None, seed: int = 0
    ) -> None:
        self.clock = clock
        self._remembers = remembers
        self._wallets = wallets if wallets is not None else frozenset(name for name, _ in WALLETS)
        self._chance = random.Random(seed)  # noqa: S311  # makes practice codes, guards nothing
        self._orders: dict[str, _Order] = {}
        self._by_bank_number: dict[str, str] = {}
        self._tombstones: set[str] = set()
        self._balances: dict[str, int] = {}
        self._used_codes: set[str] = set()
        self._made_codes: dict[str, float] = {}
        self._movements: list[Movement] = []
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._counted = 0
        self._now = clock()
        self._is_catching_up = False

    # --- Time ---

    def catch_up(self) -> float:
        """Let everything happen that is due by now, in its order; the time it is then."""
        if self._is_catching_up:
            return self._now
        self._is_catching_up = True
        try:
            now = self.clock()
            while self._events and self._events[0][0] <= now:
                self._now, _, act = heapq.heappop(self._events)
                act()
            self._now = now
        finally:
            self._is_catching_up = False
        return self._now

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Do this so many seconds from now."""
        self._counted += 1
        heapq.heappush(self._events, (self._now + seconds, self._counted, act))

    # --- Customers ---

    def new_code(self, wallet: str, ending: str = "") -> str:
        """A payment code as a phone shows it: good once, for a minute. `ending`: its last digits."""
        start, length = SHAPES[wallet]
        digits = length - len(start) - len(ending)
        while True:
            code = f"{start}{self._chance.randrange(10**digits):0{digits}d}{ending}"
            if code not in self._made_codes and code not in self._used_codes:
                self._made_codes[code] = self.catch_up()
                return code

    def balance(self, code: str) -> int:
        """Fen in the wallet that shows this code; a wallet is full when it is first seen."""
        return self._balances.get(code, FULL_WALLET_FEN)

    def pay_shown(self, number: str, course: Course | None = None, wallet: str = "alipay") -> Told:
        """A customer scans the QR code of this order and, unless the course says otherwise, pays it."""
        self.catch_up()
        order = self._orders.get(number)
        if order is None or order.code is not None:
            return Told(number, refusal=Refusal.NO_ORDER)
        if order.state is not State.SHOWN or number in self._tombstones:
            return order.told(Refusal.ORDER_CLOSED)
        order.is_offer = False
        order.wallet = wallet
        order.course = course or Course()
        self._begin(order)
        return order.told(order.failure)

    # --- Orders ---

    def pay(self, number: str, amount: int, code: str, course: Course) -> Told:
        """Take `amount` fen of the wallet that shows `code`; a code is used up by it, whatever becomes of it."""
        now = self.catch_up()
        known = self._orders.get(number)
        if known is not None:
            is_same = (known.amount, known.code) == (amount, code)
            return known.told(Refusal.NUMBER_TAKEN if is_same else Refusal.NUMBER_TAKEN_OTHERWISE)
        if number in self._tombstones:
            return Told(number, refusal=Refusal.ORDER_CLOSED, amount=amount)
        order = _Order(
            number, amount, self._next_number("P"), now, State.WAITING, code, course, wallet_of(code) or ""
        )
        self._keep(order)
        refusal = self._refusal_of(code)
        self._used_codes.add(code)
        if refusal is not None:
            self._fail(order, refusal)
        else:
            self._begin(order)
        return order.told(order.failure)

    def show(self, number: str, amount: int, lives_s: float | None, *, is_order_at_once: bool = True) -> Told:
        """Offer a QR code for `amount` fen that can be paid for `lives_s` seconds (None: for ever).

        With `is_order_at_once` False there is no order that could be asked for or undone before somebody scans it.
        """
        now = self.catch_up()
        known = self._orders.get(number)
        if known is not None:
            is_same = (known.amount, known.code) == (amount, None)
            return known.told(Refusal.NUMBER_TAKEN if is_same else Refusal.NUMBER_TAKEN_OTHERWISE)
        if number in self._tombstones:
            return Told(number, refusal=Refusal.ORDER_CLOSED, amount=amount)
        order = _Order(number, amount, self._next_number("P"), now, State.SHOWN)
        order.is_offer = not is_order_at_once
        self._keep(order)
        if lives_s is not None:
            self.later(lives_s, lambda: self._expire(order))
        return order.told()

    def ask(self, number: str, refund_number: str | None = None) -> Told:
        """How the order stands, and the refund of that number."""
        self.catch_up()
        order = self._known(number)
        if order is None:
            return Told(number, refusal=Refusal.NO_ORDER)
        return order.told(refund=order.refunds.get(refund_number) if refund_number else None)

    def undo(self, number: str) -> Told:
        """Close an unpaid order, give back all that is left of a paid one. Refused only for an unknown order."""
        now = self.catch_up()
        order = self._known(number)
        if order is None:
            if self._remembers:
                self._tombstones.add(number)
            return Told(number, refusal=Refusal.NO_ORDER)
        if order.course.doing is Doing.PAYS_AFTER_UNDO and order.undone_at is None:
            self.later(order.course.after_s, lambda: self._settle(order))
            order.undone_at = now
            return order.told()
        if order.state in (State.PAID, State.PART_REFUNDED):
            # what an undo gives back, once, has no number of the shop's
            self._give_back(order, Refund("", order.amount - order.refunded, now, self._next_number("R")))
            order.state = State.CLOSED
        elif order.state in (State.SHOWN, State.WAITING):
            order.state = State.CLOSED
        order.undone_at = order.undone_at if order.undone_at is not None else now
        return order.told()

    def refund(self, number: str, refund_number: str, amount: int) -> Told:
        """Give `amount` fen back; the same refund number again is the same refund."""
        now = self.catch_up()
        order = self._known(number)
        if order is None:
            return Told(number, refusal=Refusal.NO_ORDER)
        done = order.refunds.get(refund_number)
        if done is not None:
            return order.told(None if done.amount == amount else Refusal.REFUND_OTHERWISE, done)
        if order.state in (State.REFUNDED, State.CLOSED) and order.paid_at is not None:
            return order.told(Refusal.OVER_THE_REST)
        if order.state not in (State.PAID, State.PART_REFUNDED):
            return order.told(Refusal.NOT_PAID)
        if not 0 < amount <= order.amount - order.refunded:
            return order.told(Refusal.OVER_THE_REST)
        refund = Refund(refund_number, amount, now, self._next_number("R"))
        self._give_back(order, refund)
        order.state = State.REFUNDED if order.refunded == order.amount else State.PART_REFUNDED
        return order.told(refund=refund)

    def number_of(self, bank_number: str) -> str | None:
        """The number of the order that has this number at the bank."""
        return self._by_bank_number.get(bank_number)

    # --- Truth ---

    def charged(self, number: str) -> int:
        """How many times money was taken under this number."""
        self.catch_up()
        order = self._orders.get(number)
        return order.charged if order else 0

    def kept(self, number: str) -> int:
        """Fen of this order that the shop has now."""
        self.catch_up()
        order = self._orders.get(number)
        return order.charged * order.amount - order.refunded if order else 0

    def orders(self) -> tuple[Told, ...]:
        """Every order and every offer, in the order in which they came."""
        self.catch_up()
        return tuple(order.told() for order in self._orders.values())

    def bill(self, day: date) -> tuple[Movement, ...]:
        """All money that moved on that day of Beijing."""
        self.catch_up()
        start = datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp()
        return tuple(each for each in self._movements if start <= each.at < start + 86_400)

    def today(self) -> date:
        """The day of Beijing that it is for the bank."""
        return datetime.fromtimestamp(self.catch_up(), UTC).astimezone(BEIJING).date()

    # --- Inside ---

    def _keep(self, order: _Order) -> None:
        self._orders[order.number] = order
        self._by_bank_number[order.bank_number] = order.number

    def _known(self, number: str) -> _Order | None:
        order = self._orders.get(number)
        return None if order is None or order.is_offer else order

    def _refusal_of(self, code: str) -> Refusal | None:
        wallet = wallet_of(code)
        made_at = self._made_codes.get(code)
        if wallet is None:
            return Refusal.CODE_INVALID
        if wallet not in self._wallets:
            return Refusal.WRONG_WALLET
        if code in self._used_codes:
            return Refusal.CODE_USED
        if made_at is not None and self._now - made_at > CODE_LIVES_S:
            return Refusal.CODE_EXPIRED
        return None

    def _begin(self, order: _Order) -> None:
        refused = _REFUSED_BY_COURSE.get(order.course.doing)
        if refused is not None:
            self._fail(order, refused)
            return
        order.state = State.WAITING
        if order.course.doing is Doing.PAYS:
            self._settle(order)
        elif order.course.doing in (Doing.PASSWORD_PAYS, Doing.PASSWORD_CANCELS):
            self.later(order.course.after_s, lambda: self._settle(order))

    def _settle(self, order: _Order) -> None:
        """The customer does at last what the course says; an order that was undone meanwhile takes nothing."""
        wallet = order.code if order.code is not None else order.number
        if order.state is not State.WAITING:
            return
        if order.course.doing is Doing.PASSWORD_CANCELS:
            self._fail(order, Refusal.CUSTOMER_CANCELLED)
        elif self.balance(wallet) < order.amount:
            self._fail(order, Refusal.NO_MONEY)
        else:
            self._balances[wallet] = self.balance(wallet) - order.amount
            order.charged += 1
            order.state, order.paid_at = State.PAID, self._now
            self._movements.append(
                Movement(False, order.number, order.amount, self._now, order.bank_number, wallet=order.wallet)
            )

    def _fail(self, order: _Order, reason: Refusal) -> None:
        order.state, order.failure = State.FAILED, reason

    def _expire(self, order: _Order) -> None:
        if order.state is State.SHOWN:
            order.state = State.CLOSED

    def _give_back(self, order: _Order, refund: Refund) -> None:
        wallet = order.code if order.code is not None else order.number
        self._balances[wallet] = self.balance(wallet) + refund.amount
        order.refunds[refund.number] = refund
        self._movements.append(
            Movement(
                True,
                order.number,
                refund.amount,
                refund.at,
                refund.bank_number,
                refund.number,
                order.wallet,
            )
        )

    def _next_number(self, start: str) -> str:
        self._counted += 1
        return f"{start}{self._counted:015d}"


_REFUSED_BY_COURSE = {
    Doing.NO_MONEY: Refusal.NO_MONEY,
    Doing.CODE_EXPIRED: Refusal.CODE_EXPIRED,
    Doing.CODE_USED: Refusal.CODE_USED,
    Doing.WRONG_WALLET: Refusal.WRONG_WALLET,
}
