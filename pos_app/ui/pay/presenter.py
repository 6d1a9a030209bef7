"""Decides while a sale is being paid: set the goods aside, take the money, then follow codes and paper to their end."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pos_app.domain.errors import AmountInvalid, CashTooLow, PosError, PriceChanged, Rejected, Unreachable
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperState
from pos_app.domain.payment import MOST_CASH_MINOR, Tender, likely_cash
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale, SaleState
from pos_app.shop import Next
from pos_app.ui.pay.electronic import Electronic, PayHands, PayView
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.domain.paper import Paper
    from pos_app.shop import Progress, SaleView, Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session

# A scanner's burst in the field for cash: no till takes sums of that many digits.
_SCAN = re.compile(r"[0-9]{8,}|[0-9A-Z-]*[A-Z][0-9A-Z-]{5,}")


class PayPresenter(Electronic):
    """One sale is shown; those before it are followed to their end all the same."""

    def __init__(self, view: PayView, shop: Shop, run: Run, session: Session, hands: PayHands) -> None:
        super().__init__(view, shop, run, session, hands)
        self._basket: Sale | None = None
        self._pictures_seen = 0
        self.is_away = False  # nobody answered a moment ago: the customer does not wait for a silence
        self._wanted = ""  # an amount that was confirmed before the platform had answered

    # --- before the money ---

    def start(self, basket: Sale, code: PaymentCode | None = None) -> None:
        """F9, or a customer's code on the selling page: the goods are set aside before any money is taken."""
        if self.state.step in (Step.ASKING, Step.MONEY, Step.WALLET, Step.BOOKING):
            return
        self._basket, self._wanted, self._wanted_code = basket, "", code
        cashier, is_away = self._session.who, self.is_away
        self._view.clear_amount()
        self._put(PayState(Step.ASKING, basket))
        self._look_at_papers(is_ours=False)
        self._run(Lane.STORE, self._shop.ways_to_pay, self._accepted, self._ignore)
        self._run(
            Lane.WIRE,
            lambda: self._shop.reserve(cashier, basket, is_away=is_away),
            self._reserved,
            self._refused,
        )

    def typed(self, text: str) -> None:
        """What stands in the field for cash."""
        if self.state.step in (Step.ASKING, Step.MONEY):
            self._put(replace(self.state, received=self._read(text), trouble=None))

    def book(self, text: str) -> None:
        """Enter: this much was received; nothing typed is the exact sum. Pressing twice books once."""
        if self.scanned_in_payment(text.strip()):
            self._view.clear_amount()
        elif _SCAN.fullmatch(text.strip()):
            self._view.clear_amount()
            self._put(replace(self.state, received=None))
            self.not_a_payment_code(text.strip())
        elif self.state.step is Step.ASKING:
            self._wanted = text
        elif self.state.step is Step.MONEY and self.state.sale is not None and self.state.part is None:
            self._book(self.state.sale, text)

    def book_sum(self, received: Money) -> None:
        """A sum was touched."""
        self.book(received.plain())

    def back(self) -> None:
        """Esc: let the sale go; the basket returns with all its lines. Once the money is in there is no way back."""
        if self.state.step is Step.ASKING:
            self._put(replace(self.state, is_leaving=True))
        elif self.state.step is Step.MONEY and self.state.part is not None:
            self._put(replace(self.state, part=None, trouble=None))
        elif self.state.step is Step.MONEY:
            self._let_go()
        elif self.state.step is Step.WALLET:
            self.stop()

    def _reserved(self, sale: Sale) -> None:
        is_leaving = self.state.is_leaving
        likely = likely_cash(sale.total)
        self._put(
            replace(self.state, step=Step.MONEY, sale=sale, likely=likely, left=sale.total, is_leaving=False)
        )
        if is_leaving:
            self._let_go()
        elif self._wanted_code is not None:
            code, self._wanted_code = self._wanted_code, None
            self._charge(sale, code)
        elif self._wanted:
            self.book(self._wanted)

    def _refused(self, error: PosError) -> None:
        """Nothing was set aside, or it is being let go: in words, before money is taken."""
        basket = self._basket
        if isinstance(error, PriceChanged) and basket is not None:
            self._run(
                Lane.STORE,
                lambda: self._shop.refresh_basket(basket),
                lambda fresh: self._end(error, fresh),
                lambda trouble: self._end(error, None),
            )
            return
        self._end(error, None)

    def _end(self, error: PosError | None, fresh: Sale | None) -> None:
        self._put(PayState())
        self._hands.changed()
        self._hands.came_back(error, fresh)

    def _let_go(self) -> None:
        """Nothing of it is paid: it is cancelled. Parts that are paid go back first, and it ends with them."""
        sale, left = self.state.sale, self.state.left
        if sale is None:
            return
        cashier = self._session.who
        is_part_paid = left is not None and left != sale.total
        self._put(replace(self.state, step=Step.BOOKING, is_leaving=True))

        def let_go() -> Sale:
            if is_part_paid:
                return self._shop.leave_sale(cashier, sale.id, undo=True)
            return self._shop.cancel_sale(cashier, sale.id, "cashier")

        self._run(Lane.STORE, let_go, self._gone, lambda trouble: self._end(trouble, None))

    def _gone(self, sale: Sale) -> None:
        """The promise is on disk; the platform and the gateway hear it now, or at a later beat."""
        self._run(Lane.WIRE, lambda: self._shop.go_on(sale.id), lambda progress: None, lambda trouble: None)
        self._end(None, None)

    # --- the money ---

    def _read(self, text: str) -> Money | None:
        if self.state.sale is None:
            return None
        if not text.strip():
            return None
        try:
            received = Money.read(text, self.state.sale.currency)
        except ValueError:
            return None
        return received if received.minor <= MOST_CASH_MINOR else None

    def _book(self, sale: Sale, text: str) -> None:
        due = self.state.due or sale.total
        received = self._read(text) if text.strip() else due
        if received is None:
            self._put(replace(self.state, trouble=AmountInvalid(text=text)))
            return
        if received < due:
            self._put(replace(self.state, received=received, trouble=CashTooLow(due, received)))
            return
        cashier = self._session.who
        self._put(replace(self.state, step=Step.BOOKING, received=received, trouble=None))
        self._run(
            Lane.STORE,
            lambda: self._shop.take_cash(cashier, sale.id, received),
            self._paid,
            lambda trouble: self._put(replace(self.state, step=Step.MONEY, trouble=trouble)),
        )

    def _paid(self, sale: Sale) -> None:
        self._view.clear_amount()
        self._put(PayState(Step.DONE, sale, received=self.state.received))
        self._hands.paid(sale)
        if any(payment.tender is Tender.CASH for payment in sale.payments):
            # A drawer that stays shut is seen at once, and the slip says what is wrong with the printer.
            self._run(Lane.PAPER, self._shop.kick_drawer, lambda kicked: None, self._ignore)
        self._go_on(sale.id)

    # --- codes and paper ---

    def refresh(self) -> None:
        """A heartbeat may have moved the sale that is shown."""
        sale = self.state.sale
        if self.state.step is Step.DONE and sale is not None:
            self._run(Lane.STORE, lambda: self._shop.look_up.sale(sale.id), self._looked, self._ignore)

    def print_again(self) -> None:
        """Nothing left for the printer: the same papers once more."""
        failed = self.state.papers_in(PaperState.FAILED)
        sale = self.state.sale
        if sale is None or not failed:
            return

        def retry() -> None:
            for paper in failed:
                self._shop.retry_paper(paper.id)

        self._put(replace(self.state, trouble=None))
        self._run(Lane.STORE, retry, lambda done: self._print(sale.id), self._say_trouble)

    def answer(self, came_out: bool) -> None:
        """Someone looked at the printer: the slip is there, or it is not and is printed as the next copy."""
        asked = self.state.papers_in(PaperState.UNKNOWN)
        sale = self.state.sale
        if sale is None or not asked:
            return
        cashier = self._session.who
        self._put(replace(self.state, trouble=None))
        self._run(
            Lane.STORE,
            lambda: self._shop.answer_slip(cashier, asked[0].id, came_out),
            lambda answered: self._print(sale.id),
            self._say_trouble,
        )

    def stand_in(self) -> None:
        """The codes do not come: others that are held here are given in their place, and the order is withdrawn."""
        sale, cashier = self.state.sale, self._session.who
        if sale is None or not self.state.can_stand_in:
            return
        self._put(replace(self.state, can_stand_in=False, trouble=None))

        def given(have: Sale) -> None:
            self._show(have, ())
            self._hands.changed()
            self._print(have.id)

        self._run(
            Lane.STORE, lambda: self._shop.substitute_leased(cashier, sale.id), given, self._say_trouble
        )

    def forget(self) -> None:
        """The next sale has begun, or Esc: this one goes on by itself."""
        if self.state.step is Step.DONE:
            self._put(PayState())

    def _go_on(self, sale_id: str) -> None:
        self._run(
            Lane.WIRE,
            lambda: self._shop.go_on(sale_id),
            lambda progress: self._moved(progress),
            lambda error: self._stuck(sale_id, error),
        )

    def _moved(self, progress: Progress) -> None:
        self._show(progress.sale, progress.papers)
        # What the platform has not answered, and top-ups on their way, are the heartbeat's to ask again.
        if progress.next is Next.PAPER:
            self._print(progress.sale.id)
        else:
            self._hands.changed()

    def _stuck(self, sale_id: str, error: PosError) -> None:
        """No usable answer: the money is safe, the code follows by itself."""
        self._hands.changed()
        if self.state.sale is not None and self.state.sale.id == sale_id and self.state.step is Step.DONE:
            self._put(replace(self.state, trouble=error))
        elif isinstance(error, Unreachable | Rejected):
            self._hands.left_open(None)

    def _print(self, sale_id: str) -> None:
        def printed(progress: Progress) -> None:
            self._look_at_papers(is_ours=True)
            self._moved(progress)

        self._run(
            Lane.PAPER,
            lambda: self._shop.print_next(sale_id),
            printed,
            lambda error: self._paper_failed(sale_id, error),
        )

    def _look_at_papers(self, is_ours: bool) -> None:
        """What a virtual printer has printed meanwhile; papers of others are counted, not shown."""
        papers, seen = self._hands.papers, self._pictures_seen
        if papers is None:
            return

        def looked(pictures: tuple[bytes, ...]) -> None:
            # Two looks may be under way at once: what the other one brought is not taken twice.
            fresh = pictures[self._pictures_seen - seen :]
            self._pictures_seen = max(self._pictures_seen, seen + len(pictures))
            if is_ours and fresh and self.state.step is Step.DONE:
                self._put(replace(self.state, pictures=(*self.state.pictures, *fresh)))

        self._run(Lane.PAPER, lambda: papers(seen), looked, self._ignore)

    def _paper_failed(self, sale_id: str, error: PosError) -> None:
        """The books know which paper it was; read them, then say why. What is still due goes on."""

        def looked(view: SaleView) -> None:
            self._show(view.sale, view.papers)
            if self._is_shown(sale_id):
                self._put(replace(self.state, trouble=error))
            else:
                self._hands.left_open(error)
            self._hands.changed()

        self._run(Lane.STORE, lambda: self._shop.look_up.sale(sale_id), looked, self._ignore)

    def _looked(self, view: SaleView) -> None:
        self._show(view.sale, view.papers)
        is_settled = view.sale.state not in (SaleState.PAID, SaleState.CONFIRMING)
        if is_settled and isinstance(self.state.trouble, Unreachable) and self._is_shown(view.sale.id):
            self._put(replace(self.state, trouble=None))
        if self._is_shown(view.sale.id) and view.can_stand_in is not self.state.can_stand_in:
            self._put(replace(self.state, can_stand_in=view.can_stand_in))

    def _show(self, sale: Sale, papers: tuple[Paper, ...]) -> None:
        if self._is_shown(sale.id):
            self._put(replace(self.state, sale=sale, papers=papers))

    def _is_shown(self, sale_id: str) -> bool:
        return self.state.step is Step.DONE and self.state.sale is not None and self.state.sale.id == sale_id

    def _ignore(self, error: PosError) -> None:
        """What could not be read is read again at the next beat."""
