"""Decides on the selling page: what an entry means, what is shown under it, and when it is time to pay."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pos_app.domain.catalogue import Category, Product, ProductKind
from pos_app.domain.entry import EntryKind, read_entry
from pos_app.domain.errors import (
    EmptySale,
    NothingFound,
    PosError,
    ProductOff,
    QuantityInvalid,
    ShiftNotOpen,
    UnknownBarcode,
)
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale
from pos_app.ui.run import Lane
from pos_app.ui.till.asking import Asking
from pos_app.ui.till.basket import TillView
from pos_app.ui.till.state import Left, Notice, Saying, TopUpDraft

if TYPE_CHECKING:
    from pos_app.domain.till import TillStatus
    from pos_app.shop import RungUp, Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session

MOST_TILES = 60
MOST_HITS = 30
_OF_THE_LINE = re.compile(r"[*x\u00d7\uff0a]\s*([0-9]+)")
_OF_THE_LINE_DOWN = (Saying.LINE_DOWN, Saying.LINE_DOWN_EMPTY)
_ASKS_FOR_MORE = re.compile(r"[^\s0-9*+.-]")


@dataclass(frozen=True)
class Entered:
    """One Enter of the entry: typed or scanned, and the product that was marked when it was pressed."""

    text: str
    is_scan: bool = False
    is_late: bool = False  # it came while the sale before was being paid
    picked: Product | None = None


@dataclass(frozen=True)
class TillHands:
    """What only the window can do: start paying, with the customer's code if it was scanned; ask for a fresh catalogue."""

    pay: Callable[[Sale, PaymentCode | None], None]
    ask_catalogue: Callable[[], None]


class TillPresenter(Asking):
    """One entry at a time goes through the shop; what comes meanwhile waits in `_queue`, and nothing is dropped."""

    def __init__(self, view: TillView, shop: Shop, run: Run, session: Session, hands: TillHands) -> None:
        super().__init__(view, shop, run, session)
        self._hands = hands
        self._queue: deque[Entered] = deque()
        self._typed = ""
        self._is_taken_up = False

    # --- the page comes up ---

    def shown(self) -> None:
        """Read what may have changed; the first time, also the basket of the last run."""
        if not self._is_taken_up:
            self._is_taken_up = True
            self._work(self._shop.take_up_basket, self._taken_up)
        self._run(Lane.STORE, self._shop.look_up.current_shift, self._got_shift, self._say_error)
        self.refresh_tiles()

    def refresh_tiles(self, *, in_place: bool = False) -> None:
        """Categories and tiles as the catalogue has them now; `in_place` lets no tile move under a finger."""
        category_id = self.state.category_id
        self._run(Lane.STORE, self._shop.look_up.categories, self._got_categories, self._say_error)
        self._run(
            Lane.STORE,
            lambda: self._shop.look_up.products("", category_id, MOST_TILES),
            lambda tiles: self._got_tiles(category_id, tiles, in_place),
            self._say_error,
        )

    def choose_category(self, category_id: str | None) -> None:
        """None is what sells most."""
        left = self.state.left if self.state.left is Left.SHIFT else Left.TILES
        self._put(category_id=category_id, left=left)
        self.refresh_tiles()

    def step_category(self, by: int) -> None:
        """The chip to the left or right."""
        ids = [None, *(category.id for category in self.state.categories)]
        place = ids.index(self.state.category_id) if self.state.category_id in ids else 0
        self.choose_category(ids[(place + by) % len(ids)])

    # --- the entry ---

    def edited(self, text: str) -> None:
        """The text as it stands after a key."""
        self._typed = text
        kind, words = self._kind_of(text)
        if kind is EntryKind.PHONE:
            sale, ring_up = self.state.sale, self._shop.ring_up
            self._run(
                Lane.STORE,
                lambda: ring_up(sale, text),
                lambda rung: self._live_phone(text, rung),
                self._wait_for_enter,
            )
        elif words:
            self._run(
                Lane.STORE,
                lambda: self._shop.look_up.products(words, None, MOST_HITS),
                lambda hits: self._found(text, hits),
                self._say_error,
            )
        else:
            self._forget_hits()

    def entered(self, text: str, is_scan: bool = False) -> None:
        """Enter. What the list shows for this very text is taken; anything else goes through the shop."""
        state = self.state
        picked = None
        if state.left is Left.HITS and state.hits and state.hits_for == text and not is_scan:
            picked = state.hits[state.hit]
        elif state.left is Left.TILES and re.fullmatch(r"[1-9]", text) and int(text) <= len(state.tiles):
            picked = state.tiles[int(text) - 1]
        self._accept(Entered(text, is_scan, picked=picked))

    def entered_nothing(self) -> None:
        """Enter on the empty entry: the next step of what is shown."""
        state = self.state
        if self._is_busy or state.is_paying:
            return
        if state.left is Left.READ_BACK:
            self.confirm_read_back()
        elif state.left is Left.PHONE and state.hits:
            self.pick(state.hits[state.hit])
        elif state.left is Left.TILES and state.waiting_quantity and state.sale.lines:
            self._quantity_of_line(str(state.waiting_quantity))
        else:
            self.pay()

    def picks_digit(self, digit: int) -> bool:
        """A digit picks from the list that shows; False when it is to be typed."""
        state = self.state
        is_figure = self._typed[-1:] in " 0123456789"  # one is being typed, as in "xh 100"
        is_found = state.left is Left.HITS and state.hits_for == self._typed and not is_figure
        is_offered = state.left is Left.PHONE and not self._typed
        if not (is_found or is_offered) or not 1 <= digit <= len(state.hits):
            return False
        self.pick(state.hits[digit - 1])
        return True

    def pick(self, product: Product) -> None:
        """A tile, a row or an offer was touched, or its digit pressed."""
        self._accept(Entered(self._typed, picked=product))

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
        if state.left is Left.READ_BACK:
            self._put(left=Left.PHONE if state.phone else Left.FIELDS, notice=None)
        elif state.left in (Left.HITS, Left.PHONE, Left.FIELDS, Left.DONE):
            self._put(left=Left.TILES, hits=(), hits_for="", phone=None, draft=None, notice=None)
        else:
            self._put(notice=None, waiting_quantity=None)

    # --- paying ---

    def pay(self, code: PaymentCode | None = None) -> None:
        """F9, or Enter on the empty entry, or a customer's code."""
        state = self.state
        if self._is_busy or state.is_paying:
            return
        if state.left is Left.SHIFT:
            self._say_error(ShiftNotOpen())
        elif state.sale.lines:
            self._put(is_paying=True, left=Left.TILES, notice=None, waiting_quantity=None, marked=frozenset())
            self._hands.pay(state.sale, code)
        elif state.left is not Left.DONE:
            self._say_error(EmptySale())

    def scanned_while_paying(self, text: str) -> None:
        """It waits: going back puts it into this sale, paying into the next."""
        self._queue.append(Entered(text, is_scan=True, is_late=True))
        self._put(waiting_scans=len(self._queue))

    def paid(self) -> None:
        """The money is in: the till is free for the next customer."""
        self._free(Left.DONE, None)

    def parked(self) -> None:
        """The sale ends by itself with its payment: the till is free for the next customer."""
        self._free(Left.TILES, Notice(saying=Saying.PARKED))

    def _free(self, left: Left, notice: Notice | None) -> None:
        self._emptied = None
        self._put(
            is_paying=False,
            waiting_scans=0,
            sale=self._shop.new_sale(),
            selected=None,
            left=left,
            notice=notice,
        )
        self._next()

    def came_back(self, error: PosError | None, fresh: Sale | None = None) -> None:
        """No money was taken: the basket is as it was, or as the catalogue has it now."""
        before, sale = self.state.sale, fresh or self.state.sale
        if isinstance(error, ProductOff):
            for line in sale.lines:
                if line.product.id == error.product_id:
                    sale = sale.without_line(line.line_id)
        old = {line.line_id: line.price for line in before.lines}
        changed = frozenset(line.product.id for line in sale.lines if old.get(line.line_id) != line.price)
        self.state = replace(self.state, is_paying=False, waiting_scans=0)
        self._keep(sale, self.state.selected)
        notice = (
            Notice(error, is_before_payment=True, products=tuple(line.product for line in before.lines))
            if error
            else None
        )
        self._put(
            marked=changed, left=Left.SHIFT if isinstance(error, ShiftNotOpen) else Left.TILES, notice=notice
        )
        if error is not None:
            self._hands.ask_catalogue()
        self._next()

    def stands(self, status: TillStatus) -> None:
        """How the till stands: while the line is down the tiles show what is held here, and it is said once."""
        state = self.state
        away = status.held if status.line_up is False else None
        if away == state.away:
            return
        notice = state.notice
        if away is not None and state.away is None and notice is None and not state.is_paying:
            notice = Notice(saying=Saying.LINE_DOWN if away.count else Saying.LINE_DOWN_EMPTY)
        elif away is None and notice is not None and notice.saying in _OF_THE_LINE_DOWN:
            notice = None
        self._put(away=away, notice=notice)

    def say(self, notice: Notice | None) -> None:
        """Something about an earlier sale."""
        if not self.state.is_paying:
            self._put(notice=notice)

    # --- inside ---

    def _accept(self, entry: Entered) -> None:
        self._view.clear_entry()
        self._typed = ""
        self._queue.append(entry)
        self._next()

    def _kind_of(self, text: str) -> tuple[EntryKind, str]:
        """What is being typed, and the words to look for; digits alone are looked for by Enter only."""
        try:
            entry = read_entry(text)
        except QuantityInvalid:
            return EntryKind.EMPTY, ""
        is_words = entry.kind is EntryKind.WORDS and _ASKS_FOR_MORE.search(entry.text)
        return entry.kind, entry.text if is_words else ""

    def _forget_hits(self) -> None:
        if self.state.left is Left.HITS or (self.state.left in (Left.DONE, Left.PHONE) and self._typed):
            self._put(left=Left.TILES, hits=(), hits_for="", phone=None)

    def _found(self, text: str, hits: tuple[Product, ...]) -> None:
        """Only for the text that stands there now; a slower answer comes too late."""
        if text == self._typed and self.state.left in (Left.TILES, Left.HITS, Left.DONE, Left.PHONE):
            self._put(left=Left.HITS, hits=hits, hits_for=text, hit=0, phone=None, notice=None)

    def _live_phone(self, text: str, rung: RungUp) -> None:
        if text == self._typed and self.state.left is not Left.SHIFT:
            self._show_phone(rung)

    def _show_phone(self, rung: RungUp) -> None:
        notice = None if rung.offers or rung.phone is None else Notice(NothingFound(rung.phone.digits))
        self._put(
            left=Left.PHONE, phone=rung.phone, hits=rung.offers, hits_for="", hit=0, draft=None, notice=notice
        )

    def _next(self) -> None:
        if self._is_busy or self.state.is_paying or not self._queue:
            return
        entry = self._queue.popleft()
        of_line = _OF_THE_LINE.fullmatch(entry.text.strip())
        if entry.picked is not None:
            self._ring_up_picked(entry.picked, entry.text)
        elif of_line and self.state.sale.lines:
            self._quantity_of_line(of_line.group(1))
            self._next()
        else:
            sale, quantity = self.state.sale, self.state.waiting_quantity
            ring_up = self._shop.ring_up
            self._work(lambda: ring_up(sale, entry.text, quantity), lambda rung: self._rung(rung, entry))

    def _ring_up_picked(self, product: Product, text: str) -> None:
        sale, quantity, phone = self.state.sale, self.state.waiting_quantity, self.state.phone
        if phone is not None and self.state.left is Left.PHONE and product.kind is ProductKind.TOP_UP:
            self._put(draft=TopUpDraft(product))
            self.fields_filled(((product.fields[0].key, phone.digits),))
            return
        wanted = re.match(r"([0-9]{1,3})\s*[*x\u00d7\uff0a]", text)
        times = int(wanted.group(1)) if wanted else quantity
        self._work(lambda: self._shop.ring_up.product(sale, product, times), self._rung_up)

    def _rung(self, rung: RungUp, entry: Entered) -> None:
        """What came of an entry that was not a pick."""
        if entry.is_late and rung.chosen is not None:
            self._keep(rung.sale, rung.sale.lines[-1].line_id)  # the change that is due stays in sight
        elif rung.payment_code is not None:
            self.pay(rung.payment_code)
        elif rung.chosen is not None or rung.needs_fields is not None:
            self._rung_up(rung)
        elif rung.phone is not None:
            self._show_phone(rung)
        elif rung.offers and entry.is_scan:
            self._say_error(UnknownBarcode(entry.text))
        elif rung.offers:
            self._queue.appendleft(Entered(entry.text, picked=rung.offers[0]))
        elif rung.quantity:
            self._put(waiting_quantity=rung.quantity, notice=None)

    def _rung_up(self, rung: RungUp, is_asked: bool = False) -> None:
        """A product joined the basket, or asks for its account first; a scan leaves an open question standing."""
        if rung.needs_fields is not None:
            self._put(
                left=Left.FIELDS,
                draft=TopUpDraft(rung.needs_fields),
                phone=None,
                hits=(),
                hits_for="",
                notice=None,
            )
            return
        chosen = [line.line_id for line in rung.sale.lines if line.product == rung.chosen]
        if is_asked or self.state.left not in (Left.FIELDS, Left.READ_BACK, Left.SHIFT):
            self.state = replace(self.state, left=Left.TILES, hits=(), hits_for="", phone=None, draft=None)
        self._keep(rung.sale, chosen[-1] if chosen else None)

    def _taken_up(self, sale: Sale) -> None:
        if sale.lines and not self.state.sale.lines:
            self._put(sale=sale, selected=sale.lines[-1].line_id, notice=Notice(saying=Saying.TAKEN_UP))

    def _got_categories(self, categories: tuple[Category, ...]) -> None:
        if categories != self.state.categories:
            self._put(categories=categories)

    def _got_tiles(self, category_id: str | None, tiles: tuple[Product, ...], in_place: bool) -> None:
        if category_id != self.state.category_id:
            return
        if in_place:
            fresh = {product.id: product for product in tiles}
            kept = tuple(fresh.pop(old.id) for old in self.state.tiles if old.id in fresh)
            tiles = (*kept, *fresh.values())
        if tiles != self.state.tiles:
            self._put(tiles=tiles)

    def _wait_for_enter(self, error: PosError) -> None:
        """A number that is only being typed is not scolded; Enter says what is wrong with it."""
