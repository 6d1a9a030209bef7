"""Decides on the selling page: what an entry means, what lies in the basket, and what is shown under the entry."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.catalogue import Product, ProductKind
from pos_app.domain.entry import EntryKind, read_entry
from pos_app.domain.errors import (
    AmountInvalid,
    EmptySale,
    PosError,
    ProductOff,
    QuantityInvalid,
    ShiftNotOpen,
    UnknownBarcode,
)
from pos_app.domain.money import Money
from pos_app.domain.sale import MOST_DIGITS_OF_A_QUANTITY, Sale
from pos_app.domain.shift import Shift
from pos_app.ui.run import Lane
from pos_app.ui.till.state import Left, Notice, Saying, TillState, TopUpDraft, Values

if TYPE_CHECKING:
    from pos_app.domain.catalogue import Category
    from pos_app.shop import RungUp, Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session

MOST_TILES = 60
MOST_HITS = 30
_OF_THE_LINE = re.compile(r"[*x\u00d7\uff0a]\s*([0-9]+)")


class TillView(Protocol):
    def show(self, state: TillState) -> None: ...
    def clear_entry(self) -> None: ...


@dataclass(frozen=True)
class Entered:
    """One Enter of the entry: typed or scanned, and the product that was marked when it was pressed."""

    text: str
    is_scan: bool = False
    picked: Product | None = None


@dataclass(frozen=True)
class TillHands:
    """What only the window can do: start paying, ask for a fresh catalogue."""

    pay: Callable[[Sale], None]
    ask_catalogue: Callable[[], None]


class TillPresenter:
    """One entry at a time goes through the shop; what comes meanwhile waits in `_queue`, and nothing is dropped."""

    def __init__(self, view: TillView, shop: Shop, run: Run, session: Session, hands: TillHands) -> None:
        self._view, self._shop, self._run, self._session, self._hands = view, shop, run, session, hands
        self._queue: deque[Entered] = deque()
        self._is_busy = False
        self._typed = ""
        self._emptied: Sale | None = None
        self._is_taken_up = False
        self.state = TillState(shop.new_sale())

    # --- the page comes up ---

    def shown(self) -> None:
        if not self._is_taken_up:
            self._is_taken_up = True
            self._run(Lane.STORE, self._shop.take_up_basket, self._taken_up, self._say_error)
        self._run(Lane.STORE, self._shop.look_up.current_shift, self._got_shift, self._say_error)
        self.refresh_tiles()

    def refresh_tiles(self) -> None:
        """Categories and tiles as the catalogue has them now."""
        category_id = self.state.category_id
        self._run(Lane.STORE, self._shop.look_up.categories, self._got_categories, self._say_error)
        self._run(
            Lane.STORE,
            lambda: self._shop.look_up.products("", category_id, MOST_TILES),
            lambda tiles: self._got_tiles(category_id, tiles),
            self._say_error,
        )

    def choose_category(self, category_id: str | None) -> None:
        self._put(category_id=category_id, left=Left.TILES)
        self.refresh_tiles()

    def step_category(self, by: int) -> None:
        """The chip to the left or right; the first is `often sold`."""
        ids = [None, *(category.id for category in self.state.categories)]
        place = ids.index(self.state.category_id) if self.state.category_id in ids else 0
        self.choose_category(ids[(place + by) % len(ids)])

    # --- the entry ---

    def edited(self, text: str) -> None:
        """The text as it stands after a key."""
        self._typed = text
        words = self._words_of(text)
        if words is None:
            self._forget_hits()
            return
        self._run(
            Lane.STORE,
            lambda: self._shop.look_up.products(words, None, MOST_HITS),
            lambda hits: self._found(text, hits),
            self._say_error,
        )

    def entered(self, text: str, is_scan: bool = False) -> None:
        """Enter. What the list shows for this very text is taken; anything else goes through the shop."""
        state = self.state
        picked = None
        if state.left is Left.HITS and state.hits and state.hits_for == text and not is_scan:
            picked = state.hits[state.hit]
        elif state.left is Left.TILES and re.fullmatch(r"[1-9]", text) and int(text) <= len(state.tiles):
            picked = state.tiles[int(text) - 1]
        self._view.clear_entry()
        self._typed = ""
        self._queue.append(Entered(text, is_scan, picked))
        self._next()

    def entered_nothing(self) -> None:
        """Enter on the empty entry: the next step of what is shown."""
        if self._is_busy or self.state.is_paying:
            return
        if self.state.left is Left.READ_BACK:
            self.confirm_read_back()
        elif self.state.left is Left.PHONE and self.state.hits:
            self.pick(self.state.hits[self.state.hit])
        elif self.state.left is Left.TILES and self.state.waiting_quantity and self.state.selected:
            self._set_quantity(self.state.selected, self.state.waiting_quantity)
        else:
            self.pay()

    def picks_digit(self, digit: int) -> bool:
        """A digit picks from the list that shows; False when it is to be typed."""
        state = self.state
        is_list = (state.left is Left.HITS and not self._typed.endswith(" ")) or (
            state.left is Left.PHONE and not self._typed
        )
        if not is_list or not 1 <= digit <= len(state.hits):
            return False
        self.pick(state.hits[digit - 1])
        return True

    def pick(self, product: Product) -> None:
        """A tile, a row or an offer was touched."""
        self._view.clear_entry()
        self._typed = ""
        self._queue.append(Entered("", picked=product))
        self._next()

    def move(self, by: int) -> None:
        """Up or down: in the list that shows, else through the lines of the basket."""
        state = self.state
        if state.left in (Left.HITS, Left.PHONE) and state.hits:
            self._put(hit=max(0, min(len(state.hits) - 1, state.hit + by)))
            return
        ids = [line.line_id for line in state.sale.lines]
        if ids:
            place = ids.index(state.selected) if state.selected in ids else len(ids)
            self._put(selected=ids[max(0, min(len(ids) - 1, place + by))])

    def back(self) -> None:
        """Esc: one step back, from the newest thing."""
        state = self.state
        if state.left is Left.READ_BACK and state.draft is not None:
            self._put(left=Left.PHONE if state.phone else Left.FIELDS, notice=None)
        elif state.left in (Left.HITS, Left.PHONE, Left.FIELDS, Left.DONE):
            self._home()
        else:
            self._put(notice=None, waiting_quantity=None)

    # --- the basket ---

    def step(self, line_id: str | None, by: int) -> None:
        """One more or one fewer; one fewer than the least is a removal only by Delete."""
        line = self._line(line_id)
        if line is not None:
            step = self.state.sale.line(line).product.limits.step
            self._set_quantity(line, self.state.sale.line(line).quantity + by * step)

    def remove(self, line_id: str | None) -> None:
        line = self._line(line_id)
        if line is None:
            return
        ids = [each.line_id for each in self.state.sale.lines]
        place = ids.index(line)
        sale = self.state.sale.without_line(line)
        rest = [each.line_id for each in sale.lines]
        self._basket(sale, rest[min(place, len(rest) - 1)] if rest else None)

    def choose(self, line_id: str) -> None:
        self._put(selected=line_id)

    def empty(self) -> None:
        """Away with the whole basket; it can be had back as long as the sentence stands."""
        if not self.state.sale.lines or self.state.is_paying:
            return
        self._emptied = self.state.sale
        self._basket(self._shop.new_sale(), None)
        self._put(notice=Notice(saying=Saying.EMPTIED))

    def take_back(self) -> None:
        """The basket that was just emptied."""
        if self._emptied is not None and not self.state.sale.lines:
            self._basket(self._emptied, None)
            self._emptied = None
            self._put(notice=None)

    # --- top-ups ---

    def fields_filled(self, values: Values) -> None:
        """The form is complete: is it an account? Then it is read back before it is added."""
        draft = self.state.draft
        if draft is None:
            return
        sale = self.state.sale
        self._work(
            lambda: self._shop.ring_up.top_up(sale, draft.product, values),
            lambda checked: self._put(
                left=Left.READ_BACK, draft=TopUpDraft(draft.product, checked.sale.lines[-1].fields), notice=None
            ),
        )

    def confirm_read_back(self) -> None:
        draft, sale = self.state.draft, self.state.sale
        if draft is None or self.state.left is not Left.READ_BACK:
            return
        self._work(lambda: self._shop.ring_up.top_up(sale, draft.product, draft.values), self._rung_up)

    # --- the shift ---

    def open_shift(self, text: str) -> None:
        try:
            cash = Money.read(text or "0", self._shop.currency)
        except ValueError:
            self._say_error(AmountInvalid(text=text))
            return
        cashier = self._session.who
        self._work(lambda: self._shop.open_shift(cashier, cash), self._got_shift)

    # --- paying ---

    def pay(self) -> None:
        """F9, or Enter on the empty entry."""
        if self._is_busy or self.state.is_paying:
            return
        if self.state.left is Left.SHIFT:
            self._say_error(ShiftNotOpen())
        elif self.state.sale.lines:
            self._put(is_paying=True, left=Left.TILES, notice=None, waiting_quantity=None)
            self._hands.pay(self.state.sale)
        elif self.state.left is not Left.DONE:
            self._say_error(EmptySale())

    def scanned_while_paying(self, text: str) -> None:
        """It waits: going back puts it into this sale, paying into the next."""
        self._queue.append(Entered(text, is_scan=True))
        self._put(waiting_scans=len(self._queue))

    def paid(self) -> None:
        """The money is in: the till is free for the next customer."""
        self.state = replace(self.state, is_paying=False, waiting_scans=0, marked=frozenset())
        self._emptied = None
        self._put(sale=self._shop.new_sale(), selected=None, left=Left.DONE, notice=None)
        self._next()

    def came_back(self, error: PosError | None, fresh: Sale | None = None) -> None:
        """No money was taken: the basket is as it was, or as the catalogue has it now."""
        before, sale = self.state.sale, fresh or self.state.sale
        if isinstance(error, ProductOff):
            for line in before.lines:
                if line.product.id == error.product_id and line in sale.lines:
                    sale = sale.without_line(line.line_id)
        old = {line.line_id: line.price for line in before.lines}
        changed = frozenset(
            line.product.id for line in sale.lines if old.get(line.line_id, line.price) != line.price
        )
        self.state = replace(self.state, is_paying=False, waiting_scans=0)
        self._basket(sale, self.state.selected)
        is_shift = isinstance(error, ShiftNotOpen)
        self._put(
            marked=changed,
            left=Left.SHIFT if is_shift else Left.TILES,
            notice=Notice(error, is_before_payment=True) if error else None,
        )
        if error is not None:
            self._hands.ask_catalogue()
        self._next()

    def say(self, notice: Notice) -> None:
        """Something about an earlier sale."""
        if not self.state.is_paying:
            self._put(notice=notice)

    # --- inside ---

    def _words_of(self, text: str) -> str | None:
        """What to look for while typing; None for what is a number, a quantity or nothing."""
        try:
            entry = read_entry(text)
        except QuantityInvalid:
            return None
        if entry.kind is not EntryKind.WORDS or not re.search(r"[^\s0-9*+.-]", entry.text):
            return None
        return entry.text

    def _forget_hits(self) -> None:
        if self.state.left is Left.HITS:
            self._put(left=Left.TILES, hits=(), hits_for="")
        elif self.state.left is Left.DONE and self._typed:
            self._put(left=Left.TILES)

    def _found(self, text: str, hits: tuple[Product, ...]) -> None:
        """Only for the text that stands there now; a slower answer comes too late."""
        if text == self._typed and self.state.left in (Left.TILES, Left.HITS, Left.DONE, Left.PHONE):
            self._put(left=Left.HITS, hits=hits, hits_for=text, hit=0, phone=None, notice=None)

    def _next(self) -> None:
        if self._is_busy or self.state.is_paying or not self._queue:
            return
        entry = self._queue.popleft()
        sale, quantity = self.state.sale, self.state.waiting_quantity
        if entry.picked is not None:
            self._pick(entry.picked, entry.text)
            return
        of_line = _OF_THE_LINE.fullmatch(entry.text.strip())
        if of_line and self._line(None) is not None:
            self._quantity_of_line(of_line.group(1))
            self._next()
            return
        self._work(
            lambda: self._shop.ring_up(sale, entry.text, quantity),
            lambda rung: self._rung(rung, entry),
        )

    def _pick(self, product: Product, text: str) -> None:
        sale, quantity = self.state.sale, self.state.waiting_quantity
        try:
            quantity = read_entry(text).quantity or quantity
        except QuantityInvalid:
            quantity = self.state.waiting_quantity
        phone = self.state.phone
        if phone is not None and self.state.left is Left.PHONE and product.kind is ProductKind.TOP_UP:
            self._put(draft=TopUpDraft(product))
            self.fields_filled(((product.fields[0].key, phone.digits),))
            return
        self._work(lambda: self._shop.ring_up.product(sale, product, quantity), self._rung_up)

    def _work(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        """One thing at a time on the store lane; then the next that waits."""
        self._is_busy = True

        def finished(result: object) -> None:
            self._is_busy = False
            done(result)
            self._next()

        def failed(error: PosError) -> None:
            self._is_busy = False
            self._say_error(error)
            self._next()

        self._run(Lane.STORE, work, finished, failed)
