"""The half of paying's presenter that follows electronic money: one attempt at a time, until it is certain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import NotAPaymentCode, PaymentUnsettled, PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import likely_cash
from pos_app.domain.payment_code import PaymentCode, Wallet, read_payment_code
from pos_app.domain.sale import Sale, SaleState
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.shop import Accepted, Shop, Taking
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session


class PayView(Protocol):
    def draw(self, state: PayState) -> None: ...
    def clear_amount(self) -> None: ...


@dataclass(frozen=True)
class PayHands:
    """What only the window can do.

    `came_back(error, fresh)`: no money was taken, here is why and the basket as the catalogue has it now. `paid(sale)`: the
    till is free. `scanned(text)`: something was scanned in the middle of paying. `left_open(trouble)`: an earlier sale,
    no longer on the screen, needs a look. `changed()`: the status strip may have changed. `papers(n)`: pictures of what a
    virtual printer printed after the first n; None for a real one. `parked()`: the sale ends by itself, the till is free.
    `took(wallet, amount)`: electronic money is in, for whoever listens.
    """

    came_back: Callable[[PosError | None, Sale | None], None]
    paid: Callable[[Sale], None]
    scanned: Callable[[str], None]
    left_open: Callable[[PosError | None], None]
    changed: Callable[[], None]
    papers: Callable[[int], tuple[bytes, ...]] | None = None
    parked: Callable[[], None] = lambda: None
    took: Callable[[Wallet, Money], None] = lambda wallet, amount: None


class Electronic:
    """Holds the state of paying; the other half (`presenter.py`) sets goods aside, takes cash and prints."""

    def __init__(self, view: PayView, shop: Shop, run: Run, session: Session, hands: PayHands) -> None:
        self._view, self._shop, self._run, self._session, self._hands = view, shop, run, session, hands
        self._wanted_code: PaymentCode | None = None  # scanned before the platform had answered
        self._is_asking = False
        self.state = PayState()

    # --- the customer's code, or ours ---

    def scanned_in_payment(self, text: str) -> bool:
        """What a scan means while money is taken; False when it is no scan of a payment code or a product."""
        code = read_payment_code(text)
        if code is None:
            return False
        if self.state.step is Step.ASKING:
            self._wanted_code = code
        elif self.state.step is Step.MONEY and self.state.sale is not None:
            self._charge(self.state.sale, code)
        elif self.state.step is Step.WALLET and not self._is_same_code(code):
            self._put(replace(self.state, trouble=PaymentUnsettled()))
        return True

    def not_a_payment_code(self, text: str) -> None:
        """A product was scanned in the middle of it: said, kept for the next sale, and nothing else changes."""
        self._hands.scanned(text)
        self._put(replace(self.state, trouble=NotAPaymentCode(text)))

    def show(self, wallet: Wallet) -> None:
        """The customer scans a code that the shop shows."""
        sale, cashier, part = self.state.sale, self._session.who, self.state.part
        if self.state.step is not Step.MONEY or sale is None or wallet not in self.state.accepted.shows:
            return
        self._begin(wallet, lambda: self._shop.show_pay_code(cashier, sale.id, wallet, part))

    def take_part(self) -> None:
        """So much by a wallet, the rest afterwards; what was typed is the part."""
        left, received = self.state.left, self.state.received
        is_part = left is not None and received is not None and 0 < received.minor < left.minor
        if self.state.step is Step.MONEY and self.state.accepted.scans and is_part:
            self._view.clear_amount()
            self._put(replace(self.state, part=received, received=None, trouble=None, ended=None))

    def _charge(self, sale: Sale, code: PaymentCode) -> None:
        cashier, part = self._session.who, self.state.part
        self._begin(code.wallet, lambda: self._shop.charge_code(cashier, sale.id, code, part))
        self._view.clear_amount()

    def _begin(self, wallet: Wallet, work: Callable[[], Taking]) -> None:
        """Under way before it is drawn: the customer waits for the wallet, not for the paint."""
        self._is_asking = True
        self.state = replace(
            self.state, step=Step.WALLET, wallet=wallet, taking=None, ended=None, trouble=None, received=None
        )
        self._run(Lane.MONEY, work, self._stands, self._not_begun)
        self._view.draw(self.state)

    def _not_begun(self, error: PosError) -> None:
        """Nothing was sent: the customer can try again at once."""
        self._is_asking = False
        self._put(replace(self.state, step=Step.MONEY, taking=None, trouble=error))

    # --- until it is certain ---

    def tick(self) -> None:
        """Several times a second while it is under way: the countdown, and the next question when it is due."""
        taking = self.state.taking
        if self.state.step is not Step.WALLET or taking is None:
            return
        now = self._shop.today.now()
        seconds = taking.attempt.seconds_left(now)
        if seconds != self.state.seconds_left:
            self._put(replace(self.state, seconds_left=seconds))
        if taking.attempt.is_due(now):
            self._ask(taking)

    def ask_again(self) -> None:
        """Somebody does not want to wait for the next question."""
        if self.state.step is Step.WALLET and self.state.taking is not None:
            self._ask(self.state.taking)

    def stop(self) -> None:
        """The customer changed his mind: from here on it is undone."""
        taking, cashier = self.state.taking, self._session.who
        if self.state.step is not Step.WALLET or taking is None:
            return
        if taking.attempt.state is AttemptState.SENT:
            number = taking.attempt.number
            self._run(
                Lane.STORE,
                lambda: self._shop.stop_payment(cashier, number),
                self._stands,
                self._say_trouble,
            )

    def park(self) -> None:
        """The next customer, please: this sale ends by itself, with its goods or with its money."""
        sale, cashier = self.state.sale, self._session.who
        if self.state.step is not Step.WALLET or sale is None or self.state.taking is None:
            return
        sale_id = sale.id
        self._run(
            Lane.STORE,
            lambda: self._shop.leave_sale(cashier, sale_id, undo=False),
            lambda left: self._parked(),
            self._say_trouble,
        )

    def _parked(self) -> None:
        self._put(PayState())
        self._hands.changed()
        self._hands.parked()

    def _ask(self, taking: Taking) -> None:
        if self._is_asking:
            return
        self._is_asking = True
        number = taking.attempt.number
        self._run(Lane.MONEY, lambda: self._shop.follow_payment(number), self._stands, self._not_heard)

    def _not_heard(self, error: PosError) -> None:
        self._is_asking = False
        self._put(replace(self.state, trouble=error))

    def _stands(self, taking: Taking) -> None:
        """How it stands on disk now; answers about a sale that is no longer shown change nothing here."""
        self._is_asking = False
        sale, attempt = taking.sale, taking.attempt
        if self.state.step is not Step.WALLET or self.state.sale is None or self.state.sale.id != sale.id:
            self._hands.changed()
            return
        if attempt.state is AttemptState.PAID:
            self._hands.took(attempt.wallet, attempt.amount)
        if sale.state is not SaleState.RESERVED:
            self._paid(sale)
            return
        now = self._shop.today.now()
        told = replace(
            self.state, sale=sale, taking=taking, left=taking.left, seconds_left=attempt.seconds_left(now)
        )
        if attempt.is_live:
            self._put(replace(told, trouble=None))
            return
        self._put(replace(told, step=Step.MONEY, part=None, ended=attempt, likely=likely_cash(taking.left)))

    def _is_same_code(self, code: PaymentCode) -> bool:
        """Held before the scanner a little longer: no second payment, and nothing to say."""
        taking = self.state.taking
        return taking is None or taking.attempt.code_end == code.end

    # --- what the other half does ---

    def _paid(self, sale: Sale) -> None:
        """All the money is in."""
        raise NotImplementedError

    def _say_trouble(self, error: PosError) -> None:
        self._put(replace(self.state, trouble=error))

    def _accepted(self, accepted: Accepted) -> None:
        self._put(replace(self.state, accepted=accepted))

    def _put(self, state: PayState) -> None:
        self.state = state
        self._view.draw(state)
