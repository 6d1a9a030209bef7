"""The part of the selling page's presenter that asks before it sells: a top-up's account, the opening cash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.domain.errors import AmountInvalid
from pos_app.domain.money import Money
from pos_app.ui.till.basket import Basket, TillView
from pos_app.ui.till.state import Left, TopUpDraft, Values

if TYPE_CHECKING:
    from pos_app.domain.shift import Shift
    from pos_app.shop import RungUp, Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session


class Asking(Basket):
    def __init__(self, view: TillView, shop: Shop, run: Run, session: Session) -> None:
        super().__init__(view, shop, run)
        self._session = session

    # --- top-ups ---

    def fields_filled(self, values: Values) -> None:
        """The form is complete: is it an account? Then it is read back before it is added."""
        draft, sale = self.state.draft, self.state.sale
        if draft is None:
            return
        product = draft.product

        def checked(rung: RungUp) -> None:
            self._put(left=Left.READ_BACK, draft=TopUpDraft(product, rung.sale.lines[-1].fields), notice=None)

        self._work(lambda: self._shop.ring_up.top_up(sale, product, values), checked)

    def confirm_read_back(self) -> None:
        """The customer nodded."""
        draft, sale = self.state.draft, self.state.sale
        if draft is not None and self.state.left is Left.READ_BACK:
            self._work(
                lambda: self._shop.ring_up.top_up(sale, draft.product, draft.values),
                lambda rung: self._rung_up(rung, is_asked=True),
            )

    # --- the shift ---

    def open_shift(self, text: str) -> None:
        """With the opening cash as typed; nothing typed is an empty drawer."""
        try:
            cash = Money.read(text or "0", self._shop.currency)
        except ValueError:
            self._say_error(AmountInvalid(text=text))
            return
        cashier = self._session.who
        self._work(lambda: self._shop.open_shift(cashier, cash), self._got_shift)

    def _got_shift(self, shift: Shift | None) -> None:
        if shift is None:
            self._put(left=Left.SHIFT)
        elif self.state.left is Left.SHIFT:
            self._put(left=Left.TILES, notice=None)

    def _rung_up(self, rung: RungUp, is_asked: bool = False) -> None:
        """A product joined the basket."""
        raise NotImplementedError
