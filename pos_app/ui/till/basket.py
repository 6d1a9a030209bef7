"""The half of the selling page's presenter that keeps the basket: lines, quantities, and its copy on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pos_app.domain.errors import PosError, QuantityInvalid
from pos_app.domain.sale import MOST_DIGITS_OF_A_QUANTITY, Sale
from pos_app.ui.run import Lane
from pos_app.ui.till.state import Left, Notice, Saying, TillState

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run

T = TypeVar("T")


class TillView(Protocol):
    def draw(self, state: TillState) -> None: ...
    def clear_entry(self) -> None: ...


class Basket:
    """Holds the page's state; every change of the basket goes to the view and to the disk."""

    def __init__(self, view: TillView, shop: Shop, run: Run) -> None:
        self._view, self._shop, self._run = view, shop, run
        self._is_busy = False
        self._emptied: Sale | None = None
        self.state = TillState(shop.new_sale())

    def step(self, line_id: str | None, by: int) -> None:
        """One more or one fewer; the last one goes by Delete only."""
        line = self._line(line_id)
        if line is not None:
            step = self.state.sale.line(line).product.limits.step
            self._set_quantity(line, self.state.sale.line(line).quantity + by * step)

    def remove(self, line_id: str | None) -> None:
        """That line, or the selected one."""
        line = self._line(line_id)
        if line is None:
            return
        place = [each.line_id for each in self.state.sale.lines].index(line)
        sale = self.state.sale.without_line(line)
        rest = [each.line_id for each in sale.lines]
        self._keep(sale, rest[min(place, len(rest) - 1)] if rest else None)

    def choose(self, line_id: str) -> None:
        self._put(selected=line_id)

    def empty(self) -> None:
        """Away with the whole basket; it can be had back as long as the sentence stands."""
        if not self.state.sale.lines or self.state.is_paying:
            return
        self._emptied = self.state.sale
        self._keep(self._shop.new_sale(), None)
        self._put(notice=Notice(saying=Saying.EMPTIED))

    def take_back(self) -> None:
        """The basket that was just emptied."""
        if self._emptied is not None and not self.state.sale.lines:
            self._keep(self._emptied, self._emptied.lines[-1].line_id)
            self._emptied = None

    def _quantity_of_line(self, digits: str) -> None:
        """`*3`: the selected line; a barcode in its place is refused in words."""
        line = self._line(None)
        if line is None:
            return
        limits = self.state.sale.line(line).product.limits
        if len(digits) > MOST_DIGITS_OF_A_QUANTITY:
            self._say_error(QuantityInvalid(digits, limits.least, limits.most, limits.step))
            return
        self._set_quantity(line, int(digits))

    def _set_quantity(self, line_id: str, quantity: int) -> None:
        try:
            sale = self.state.sale.with_quantity(line_id, quantity)
        except QuantityInvalid as error:
            self._say_error(error)
            return
        self._keep(sale, line_id)

    def _line(self, line_id: str | None) -> str | None:
        """The line meant: the given one, the selected one, or the last; None while nothing can be changed."""
        ids = [line.line_id for line in self.state.sale.lines]
        if not ids or self.state.is_paying or self._is_busy:
            return None
        wanted = line_id or self.state.selected
        return wanted if wanted in ids else ids[-1]

    def _keep(self, sale: Sale, selected: str | None) -> None:
        """A changed basket: shown at once, on disk before the next thing the store lane does."""
        self._put(sale=sale, selected=selected, notice=None, waiting_quantity=None)
        self._run(Lane.STORE, lambda: self._shop.keep_basket(sale), lambda kept: None, self._say_error)

    def _put(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)
        self._view.draw(self.state)

    def _say_error(self, error: PosError) -> None:
        left = Left.TILES if self.state.left is Left.DONE else self.state.left
        self._put(notice=Notice(error), left=left)

    def _work(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """One thing at a time on the store lane; then the next that waits."""
        self._is_busy = True

        def finished(result: T) -> None:
            self._is_busy = False
            done(result)
            self._next()

        def failed(error: PosError) -> None:
            self._is_busy = False
            self._say_error(error)
            self._next()

        self._run(Lane.STORE, work, finished, failed)

    def _next(self) -> None:
        """The next entry that waits."""
        raise NotImplementedError
