"""Draws paying: one panel while money is taken, another when it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.pay.done import DonePanel
from pos_app.ui.pay.panel import PayPanel
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.ui.pay.presenter import PayPresenter


class PayView:
    """The two panels lie in the selling page; the window says where."""

    def __init__(self, wording: Wording) -> None:
        self.panel, self.done = PayPanel(wording), DonePanel(wording)

    def bind(self, presenter: PayPresenter) -> None:
        self.panel.booked.connect(presenter.book)
        self.panel.sum_touched.connect(presenter.book_sum)
        self.panel.typed.connect(presenter.typed)
        self.panel.back_asked.connect(presenter.back)
        self.done.print_again_asked.connect(presenter.print_again)
        self.done.answered.connect(presenter.answer)

    def draw(self, state: PayState) -> None:
        if state.step is Step.DONE:
            self.done.put(state)
        else:
            self.panel.put(state)

    def clear_amount(self) -> None:
        self.panel.amount.empty()
