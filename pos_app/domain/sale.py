"""The sale: what the customer buys, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from pos_app.domain.catalogue import Names, Product, ProductKind
from pos_app.domain.errors import EmptySale, QuantityInvalid, RefundTooHigh, WrongState
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender

MOST_LINES = 50
COOLING, FROZEN = "COOLING", "FROZEN"  # troubles of a sale whose codes come later
LEFT = "LEFT"  # trouble of a reserved sale that nobody stands waiting for: it ends with its payments
MOST_DIGITS_OF_A_QUANTITY = 3  # a scanned barcode can never become a quantity
_LEAST_ORDER_NUMBER = 13


class SaleState(StrEnum):
    """How far a sale has come; each arrow of `MOVES` is one commit."""

    BASKET = "basket"  # nothing is promised to anyone
    RESERVING = "reserving"  # the platform was, or is being, asked to set the goods aside
    RESERVED = "reserved"  # the goods wait, the money does not flow yet
    PAID = "paid"  # money is in, the receipt number is given
    CONFIRMING = "confirming"  # the platform is being told
    HAVE = "have"  # the sealed codes are here; paper next
    DONE = "done"  # every slip is out or asked about; top-ups may still be on their way
    REFUND_DUE = "refund_due"  # paid, but the platform cannot deliver: the money must go back
    REFUNDED = "refunded"  # the money went back
    CANCELLING = "cancelling"  # promised never to reveal; the platform must hear it
    CANCELLED = "cancelled"


MOVES: dict[SaleState, frozenset[SaleState]] = {
    SaleState.BASKET: frozenset({SaleState.RESERVING}),
    SaleState.RESERVING: frozenset({SaleState.RESERVED, SaleState.CANCELLING, SaleState.CANCELLED}),
    SaleState.RESERVED: frozenset({SaleState.PAID, SaleState.CANCELLING}),
    SaleState.PAID: frozenset({SaleState.CONFIRMING}),
    SaleState.CONFIRMING: frozenset({SaleState.HAVE, SaleState.REFUND_DUE}),
    SaleState.HAVE: frozenset({SaleState.DONE}),
    SaleState.DONE: frozenset(),
    SaleState.REFUND_DUE: frozenset({SaleState.REFUNDED}),
    SaleState.REFUNDED: frozenset(),
    SaleState.CANCELLING: frozenset({SaleState.CANCELLED}),
    SaleState.CANCELLED: frozenset(),
}


# A sale from leased cards asks nobody: its money brings the goods in the same commit, or has to go back.
OFFLINE_MOVES: dict[SaleState, frozenset[SaleState]] = MOVES | {
    SaleState.RESERVED: frozenset({SaleState.PAID, SaleState.CANCELLED}),
    SaleState.PAID: frozenset({SaleState.HAVE, SaleState.REFUND_DUE}),
}


class TopUpState(StrEnum):
    """A top-up's way at the platform (`docs/protocol.md` 6); NEW until the platform took it."""

    NEW = "NEW"
    ACCEPTED = "ACCEPTED"
    SUBMITTING = "SUBMITTING"
    UNKNOWN = "UNKNOWN"
    MANUAL = "MANUAL"
    OK = "OK"
    FAILED_FINAL = "FAILED_FINAL"

    @property
    def is_final(self) -> bool:
        return self in (TopUpState.OK, TopUpState.FAILED_FINAL)


@dataclass(frozen=True, slots=True)
class TopUp:
    """What became of a top-up line: its state, the platform's reference, and why it failed."""

    state: TopUpState = TopUpState.NEW
    reference: str | None = None
    reason: str | None = None

    def may_become(self, told: TopUp) -> bool:
        """Whether that is news: an end stays one, but a supplier may take a success back."""
        is_taken_back = self.state is TopUpState.OK and told.state is TopUpState.FAILED_FINAL
        return told != self and (is_taken_back or not self.state.is_final)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One product of a sale; `product` is a copy from the moment it was rung up, `price` is what is asked for one."""

    line_id: str
    product: Product
    quantity: int
    price: Money
    fields: tuple[tuple[str, str], ...] = ()
    top_up: TopUp | None = None
    refunded: Money | None = None

    @property
    def total(self) -> Money:
        return self.price * self.quantity

    @property
    def cost(self) -> Money:
        return self.product.wholesale * self.quantity

    @property
    def kept(self) -> Money:
        """What of its price was not given back."""
        return self.total if self.refunded is None else self.total - self.refunded

    @property
    def account(self) -> str | None:
        """The account of a top-up as typed, the phone number first of all."""
        return self.fields[0][1] if self.fields else None


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale and all that is true of it; a change makes a new value.

    `created_at`, `paid_at` are aware UTC; `business_date` and `receipt_number` are given when it is paid.
    """

    id: str
    currency: str
    lines: tuple[SaleLine, ...] = ()
    state: SaleState = SaleState.BASKET
    created_at: datetime | None = None
    cashier_id: str | None = None
    shift_id: str | None = None
    business_date: date | None = None
    paid_at: datetime | None = None
    receipt_number: str | None = None
    payments: tuple[Payment, ...] = ()
    expires_at: datetime | None = (
        None  # until then the goods wait; while it cools, from then on the codes come
    )
    trouble: str | None = None  # the code of the last refusal, for the attention list
    masked: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (line_id, last characters) of what is set aside
    is_offline: bool = False  # its codes are leased ones: the platform hears of it by the ledger
    cools_until: datetime | None = (
        None  # its codes come no sooner, by a rule: none of another kind takes their place
    )

    is_doubtful: bool = False  # an old copy was put back: its goods or its money back may be out already

    @property
    def total(self) -> Money:
        return Money.sum((line.total for line in self.lines), self.currency)

    @property
    def cost(self) -> Money:
        return Money.sum((line.cost for line in self.lines), self.currency)

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def codes_at(self) -> datetime | None:
        """When the platform hands over what is paid already; None for a sale that does not wait for that."""
        return self.expires_at if self.trouble in (COOLING, FROZEN) else None

    @property
    def change(self) -> Money:
        return Money.sum((payment.change for payment in self.payments), self.currency)

    @property
    def day(self) -> date:
        """The business date it counts for; WrongState for a basket, which counts for none yet."""
        if self.business_date is None:
            raise WrongState(sale_id=self.id, state=self.state.value)
        return self.business_date

    def line(self, line_id: str) -> SaleLine:
        """The line of that id; KeyError when the sale has none such."""
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise KeyError(line_id)

    def with_product(
        self, product: Product, quantity: int, line_id: str, fields: tuple[tuple[str, str], ...] = ()
    ) -> Sale:
        """Rung up once more: the same code joins its line, a top-up always stands alone.

        QuantityInvalid when the line would hold more than the product allows.
        """
        self._must_be_a_basket()
        for line in self.lines:
            if line.product.id == product.id and product.kind is ProductKind.CODE:
                return self.with_quantity(line.line_id, line.quantity + quantity)
        check_quantity(product, quantity)
        if len(self.lines) == MOST_LINES:
            raise QuantityInvalid(text=str(MOST_LINES + 1), least=1, most=MOST_LINES)
        line = SaleLine(line_id, product, quantity, product.price, fields)
        return replace(self, lines=(*self.lines, line))

    def with_quantity(self, line_id: str, quantity: int) -> Sale:
        """The same sale with another quantity on one line; QuantityInvalid when the product does not allow it."""
        self._must_be_a_basket()
        check_quantity(self.line(line_id).product, quantity)
        return self._with_line(replace(self.line(line_id), quantity=quantity))

    def without_line(self, line_id: str) -> Sale:
        self._must_be_a_basket()
        gone = self.line(line_id)
        return replace(self, lines=tuple(line for line in self.lines if line is not gone))

    def with_fresh(self, product: Product) -> Sale:
        """The same basket with this product as it is now, its new price included."""
        self._must_be_a_basket()
        lines = tuple(
            replace(line, product=product, price=product.price) if line.product.id == product.id else line
            for line in self.lines
        )
        return replace(self, lines=lines)

    def with_costs(self, costs: Mapping[str, Money]) -> Sale:
        """The same sale at what the platform charges for one piece of each line (by line id)."""
        lines = (
            replace(
                line, product=replace(line.product, wholesale=costs.get(line.line_id, line.product.wholesale))
            )
            for line in self.lines
        )
        return replace(self, lines=tuple(lines))

    def with_top_up(self, line_id: str, top_up: TopUp) -> Sale:
        return self._with_line(replace(self.line(line_id), top_up=top_up))

    def with_refund(self, line_id: str, amount: Money) -> Sale:
        """So much more of this line's price went back; RefundTooHigh when that is more than is left of it (I9)."""
        line = self.line(line_id)
        if amount.minor <= 0 or line.kept < amount:
            raise RefundTooHigh(most=line.kept, asked=amount)
        before = Money(0, self.currency) if line.refunded is None else line.refunded
        return self._with_line(replace(line, refunded=before + amount))

    def waiting_for_codes(self, at: datetime, is_frozen: bool) -> Sale:
        """Sold, but the codes come later; a frozen one may take longer than that."""
        return replace(self, trouble=FROZEN if is_frozen else COOLING, expires_at=at, cools_until=at)

    @property
    def may_be_substituted(self) -> bool:
        """Whether leased cards may stand in for it: not while it cools, nor when its own goods may be out already."""
        return self.cools_until is None and not self.is_doubtful

    def refused_for_now(self, code: str) -> Sale:
        """The platform refuses it for what is no fault of the sale; when its codes come, if they wait, stays known."""
        return self if self.codes_at is not None else replace(self, trouble=code)

    @property
    def refused(self) -> str | None:
        """Why the platform does not hand over what is paid as long as that is so."""
        is_waiting = self.state is SaleState.CONFIRMING and self.codes_at is None
        return self.trouble if is_waiting else None

    @property
    def is_left(self) -> bool:
        """Reserved, with a payment that is not settled, and nobody at the counter for it."""
        return self.state is SaleState.RESERVED and self.trouble == LEFT

    def left(self) -> Sale:
        """The next customer is served; WrongState when it is not reserved."""
        if self.state is not SaleState.RESERVED:
            raise WrongState(sale_id=self.id, state=self.state.value)
        return replace(self, trouble=LEFT)

    def moved_to(self, state: SaleState, trouble: str | None = None) -> Sale:
        """The sale one step on; WrongState when no arrow leads there."""
        moves = OFFLINE_MOVES if self.is_offline else MOVES
        if state not in moves[self.state]:
            raise WrongState(sale_id=self.id, state=self.state.value)
        return replace(self, state=state, trouble=trouble)

    def started(self, at: datetime, cashier_id: str, shift_id: str, business_date: date) -> Sale:
        """The intent to sell, to be committed before anyone is asked; EmptySale when there is nothing in it."""
        if not self.lines:
            raise EmptySale
        moved = self.moved_to(SaleState.RESERVING)
        return replace(
            moved, created_at=at, cashier_id=cashier_id, shift_id=shift_id, business_date=business_date
        )

    def paid(self, payments: tuple[Payment, ...], at: datetime, receipt_number: str) -> Sale:
        """Money is in and is exactly the total; the receipt number is given here and never again."""
        taken = Money.sum((payment.amount for payment in payments), self.currency)
        if taken != self.total:
            raise WrongState(sale_id=self.id, state=f"{taken.minor} taken of {self.total.minor}")
        moved = self.moved_to(SaleState.PAID)
        return replace(moved, payments=payments, paid_at=at, receipt_number=receipt_number)

    @property
    def open_top_ups(self) -> tuple[SaleLine, ...]:
        """Top-up lines whose end is not known yet."""
        return tuple(
            line for line in self.lines if line.top_up is not None and not line.top_up.state.is_final
        )

    @property
    def refund_lines(self) -> tuple[SaleLine, ...]:
        """Lines whose money must go back and has not, or not all of it."""
        return tuple(line for line in self.lines if line.kept.minor > 0 and self._is_owed(line))

    @property
    def is_open(self) -> bool:
        """True while a step, a top-up or a refund of it is not settled."""
        if self.state is SaleState.DONE:
            return bool(self.open_top_ups or self.refund_lines)
        return self.state not in (SaleState.BASKET, SaleState.REFUNDED, SaleState.CANCELLED)

    @property
    def open_money(self) -> Money:
        """Money that was taken for what is not settled yet."""
        if self.paid_at is None or not self.is_open:
            return Money(0, self.currency)
        waiting = (*self.open_top_ups, *self.refund_lines) if self.state is SaleState.DONE else self.lines
        return Money.sum((line.kept for line in waiting), self.currency)

    def _is_owed(self, line: SaleLine) -> bool:
        has_failed = line.top_up is not None and line.top_up.state is TopUpState.FAILED_FINAL
        return has_failed or self.state is SaleState.REFUND_DUE

    def _with_line(self, changed: SaleLine) -> Sale:
        lines = tuple(changed if line.line_id == changed.line_id else line for line in self.lines)
        return replace(self, lines=lines)

    def _must_be_a_basket(self) -> None:
        if self.state is not SaleState.BASKET:
            raise WrongState(sale_id=self.id, state=self.state.value)


def check_quantity(product: Product, quantity: int) -> None:
    """QuantityInvalid when `product` is not sold in this quantity."""
    if not product.allows(quantity):
        limits = product.limits
        raise QuantityInvalid(text=str(quantity), least=limits.least, most=limits.most, step=limits.step)


def is_order_number(text: str) -> bool:
    """As payments have them, ours or a gateway's: letters and digits, longer than receipt numbers and accounts."""
    return len(text) >= _LEAST_ORDER_NUMBER and text.isascii() and text.isalnum()


def is_electronic(sale: Sale) -> bool:
    """Some of its money came by a wallet, and goes back there."""
    return any(payment.tender is not Tender.CASH for payment in sale.payments)


@dataclass(frozen=True, slots=True)
class SaleSummary:
    """A sale as one row of a list."""

    sale_id: str
    receipt_number: str | None
    state: SaleState
    at: datetime
    business_date: date
    cashier: str
    total: Money
    first_line: Names
    lines: int
    needs_attention: bool


@dataclass(frozen=True, slots=True)
class SaleSearch:
    """What a past sale is looked for by: any of number, amount, phone's last four, day, hours (local, 0-23)."""

    text: str = ""
    amount: Money | None = None
    day: date | None = None
    hours: tuple[int, int] | None = None
    only_open: bool = False
    most: int = 200
