"""Decides how a shift is opened, moved and closed; what the books expect is read only after the count was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from pos_app.domain.errors import AmountInvalid, PosError
from pos_app.domain.money import Money
from pos_app.domain.shift import CashMovement, Closing, Direction, Shift, ShiftTotals
from pos_app.domain.staff import Cashier
from pos_app.shop import SaleView, Shop
from pos_app.ui.run import Lane, Run
from pos_app.ui.shift.page import Said, ShiftPage, Step

MOST_PIECES = 99_999


class ShiftView(Protocol):
    def draw(self, page: ShiftPage) -> None:
        """Draw this moment of the page."""


class ShiftPresenter:
    """One shift from opening cash to the closing slip."""

    def __init__(self, shop: Shop, run: Run, view: ShiftView, who: Callable[[], Cashier]) -> None:
        self._shop, self._run, self._view, self._who = shop, run, view, who
        self._copies = 0
        self.page = ShiftPage(shop.currency, shop.today.now())

    def come_up(self) -> None:
        """How the shift stands; a count that was begun is kept."""
        if self.page.step in (Step.COUNT, Step.COMPARE):
            self._view.draw(self.page)
            return
        self._run(Lane.STORE, self._read, self._stands, self._failed)

    # --- open ---

    def open(self, text: str) -> None:
        """Open with this much cash in the drawer."""
        amount, who = self._amount(text), self._who()
        if amount is None or self.page.is_busy or self.page.step is not Step.CLOSED:
            return
        self._set(is_busy=True, trouble=None)
        self._run(Lane.STORE, lambda: self._shop.open_shift(who, amount), self._opened, self._failed)

    # --- while it is open ---

    def begin(self, step: Step) -> None:
        """Cash in, cash out or the drawer: what is asked for comes to the side."""
        if self.page.shift is not None and not self.page.is_busy:
            self._set(step=step, said=Said.NOTHING, trouble=None, moved=None)

    def move_cash(self, text: str, reason: str) -> None:
        amount, who = self._amount(text), self._who()
        if amount is None or self.page.is_busy or self.page.step not in _DIRECTIONS:
            return
        direction = _DIRECTIONS[self.page.step]
        self._set(is_busy=True, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.move_cash(who, direction, amount, reason),
            lambda movement: self._moved(movement, reason),
            self._failed,
        )

    def open_drawer(self, reason: str) -> None:
        if self.page.step is not Step.DRAWER or self.page.is_busy:
            return
        self._set(is_busy=True, trouble=None)
        self._kick(reason, lambda: self._set(step=Step.OPEN, said=Said.DRAWER_OPENED, is_busy=False))

    def leave(self) -> None:
        """Back to the open shift; what was counted is forgotten."""
        if self.page.step is Step.DONE:
            self._set(closing=None, step=Step.READING, said=Said.NOTHING, trouble=None)
            self.come_up()
        elif self.page.shift is not None and not self.page.is_busy:
            self._set(step=Step.OPEN, totals=None, pieces=(), loose=None, is_loose_bad=False, trouble=None)

    # --- close ---

    def begin_count(self) -> None:
        """Blind: the page forgets what it may have known of the books."""
        if self.page.shift is not None and not self.page.is_busy:
            self._set(step=Step.COUNT, totals=None, open_items=(), said=Said.NOTHING, trouble=None)

    def set_pieces(self, denomination: int, text: str) -> None:
        """So many notes or coins of this one; what is no number counts as none."""
        digits = text.strip()
        number = min(int(digits), MOST_PIECES) if digits.isascii() and digits.isdigit() else 0
        pieces = {**dict(self.page.pieces), denomination: number}
        in_order = tuple((value, pieces[value]) for value in self.page.denominations if pieces.get(value))
        self._set(pieces=in_order, trouble=None)

    def set_loose(self, text: str) -> None:
        """Money beside the pieces, or the whole drawer in one sum."""
        if not text.strip():
            self._set(loose=None, is_loose_bad=False, trouble=None)
            return
        try:
            self._set(loose=Money.read(text, self._shop.currency), is_loose_bad=False, trouble=None)
        except ValueError:
            self._set(loose=None, is_loose_bad=True)

    def counted(self) -> None:
        """The count stands: now the books are asked, and both are shown."""
        page = self.page
        if page.step is not Step.COUNT or page.is_busy:
            return
        if page.is_loose_bad:
            self._set(trouble=AmountInvalid(text=""))
            return
        self._set(is_busy=True, trouble=None)

        def read() -> tuple[tuple[Shift, ShiftTotals], tuple[SaleView, ...]]:
            return self._shop.count_shift(), self._shop.look_up.open_items()

        self._run(Lane.STORE, read, self._compared, self._failed)

    def close(self) -> None:
        """Seal the shift on this count, then print: paper never holds it up."""
        page, who = self.page, self._who()
        if page.step is not Step.COMPARE or page.is_busy:
            return
        self._set(is_busy=True, trouble=None)
        self._run(Lane.STORE, lambda: self._shop.close_shift(who, page.count), self._closed, self._failed)

    def print_closing(self) -> None:
        """The closing slip, again if need be, each time as the next copy."""
        closing = self.page.closing or self.page.last_closing
        if closing is None or self.page.said is Said.PRINTING:
            return
        self._copies = max(self._copies, 0 if self.page.closing else 1) + 1
        copy = self._copies
        self._set(said=Said.PRINTING, trouble=None)
        self._run(
            Lane.PAPER,
            lambda: self._shop.print_closing(closing, copy),
            lambda _: self._set(said=Said.PRINTED),
            self._failed,
        )

    # --- answers ---

    def _read(self) -> tuple[Shift | None, Closing | None]:
        return self._shop.look_up.current_shift(), self._shop.look_up.last_closing()

    def _stands(self, found: tuple[Shift | None, Closing | None]) -> None:
        shift, last = found
        if self.page.step is Step.DONE and shift is None:
            self._view.draw(self.page)
            return
        step = Step.OPEN if shift else Step.CLOSED
        self._set(
            now=self._shop.today.now(), step=step, shift=shift, last_closing=last, closing=None, trouble=None
        )

    def _opened(self, shift: Shift) -> None:
        now = self._shop.today.now()
        self._set(
            step=Step.OPEN, shift=shift, now=now, said=Said.OPENED, is_busy=False, pieces=(), loose=None
        )

    def _moved(self, movement: CashMovement, reason: str) -> None:
        self._set(step=Step.OPEN, moved=movement.amount, said=Said.MOVED, is_busy=False)
        self._kick(reason, lambda: None)

    def _kick(self, reason: str, done: Callable[[], None]) -> None:
        who = self._who()
        self._run(Lane.PAPER, lambda: self._shop.open_drawer(who, reason), lambda _: done(), self._failed)

    def _compared(self, found: tuple[tuple[Shift, ShiftTotals], tuple[SaleView, ...]]) -> None:
        (shift, totals), items = found
        self._set(step=Step.COMPARE, shift=shift, totals=totals, open_items=items, is_busy=False)

    def _closed(self, closing: Closing) -> None:
        self._copies = 0
        self._set(
            step=Step.DONE,
            closing=closing,
            shift=None,
            pieces=(),
            loose=None,
            totals=closing.totals,
            is_busy=False,
        )
        self.print_closing()

    def _amount(self, text: str) -> Money | None:
        try:
            return Money.read(text, self._shop.currency)
        except ValueError:
            self._set(trouble=AmountInvalid(text=text.strip()))
            return None

    def _failed(self, error: PosError) -> None:
        said = Said.NOTHING if self.page.said is Said.PRINTING else self.page.said
        self._set(trouble=error, is_busy=False, said=said)

    def _set(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]
        self._view.draw(self.page)


_DIRECTIONS = {Step.CASH_IN: Direction.IN, Step.CASH_OUT: Direction.OUT}
