"""Draws the selling page: entry and what lies under it on the left, the cart on the right, how the till stands below."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.catalogue import Product
from pos_app.ui.theme import scaled
from pos_app.ui.till.cart import Cart
from pos_app.ui.till.chips import Chips
from pos_app.ui.till.fields_form import FieldsForm
from pos_app.ui.till.notices import Notices
from pos_app.ui.till.panels import PhonePanel, ReadBackPanel, ShiftPanel
from pos_app.ui.till.state import Left, TillState
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.hit_list import HitList
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.number_pad import NumberPad
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.product_tiles import ProductTiles
from pos_app.ui.widgets.status_strip import StatusStrip
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.ui.till.presenter import TillPresenter

CART_WIDTH = 384
CART_SHARE = 0.4


class TillPage(Page):
    """`paying` covers the left side while money is taken; `done` lies under the entry until the next one."""

    def __init__(self, wording: Wording, paying: QWidget, done: QWidget) -> None:
        super().__init__()
        self._wording = wording
        self._presenter: TillPresenter | None = None
        self._state: TillState | None = None
        self.entry = Entry()
        self._f1 = KeyButton("plain", "F10")
        self._waiting = Text("strong", "accent")
        self.chips, self.tiles = Chips(wording), ProductTiles(wording)
        self.hits, self.phone = HitList(wording), PhonePanel(wording)
        self.fields, self.read_back, self.shift = (
            FieldsForm(wording),
            ReadBackPanel(wording),
            ShiftPanel(wording),
        )
        self.cart, self.strip = Cart(wording), StatusStrip(wording)
        self.pad = self._pad()
        self.paying, self.done = paying, done
        self._under = QStackedWidget()
        browse = column(self.chips, self.tiles, gap=8)
        browse.setStretch(1, 1)
        tiles_and_chips = QWidget()
        tiles_and_chips.setLayout(browse)
        self._panels: dict[Left, QWidget] = {
            Left.TILES: tiles_and_chips, Left.HITS: self.hits, Left.PHONE: self.phone, Left.FIELDS: self.fields,
            Left.READ_BACK: self.read_back, Left.SHIFT: self.shift, Left.DONE: done,
        }  # fmt: skip
        for panel in self._panels.values():
            self._under.addWidget(panel)
        self.left = QStackedWidget()
        self.left.addWidget(self._selling_side())
        self.left.addWidget(paying)
        self._lay_out()
        self.notices = Notices(wording, self.left)
        self.retranslate()

    def bind(self, presenter: TillPresenter) -> None:
        """Keys, fingers and scanner go to the presenter."""
        self._presenter = presenter
        self.entry.entered.connect(presenter.entered)
        self.entry.entered_nothing.connect(presenter.entered_nothing)
        self.entry.edited.connect(presenter.edited)
        self.entry.picks_digit = presenter.picks_digit
        self._bind_keys(presenter)
        self.chips.chosen.connect(presenter.choose_category)
        for grid in (self.tiles, self.hits, self.phone.tiles):
            grid.picked.connect(presenter.pick)
        for form in (self.fields, self.shift):
            form.scanned.connect(partial(self._scanned, presenter))
        self.fields.filled.connect(presenter.fields_filled)
        self.fields.back_asked.connect(presenter.back)
        self.read_back.confirmed.connect(presenter.confirm_read_back)
        self.read_back.back_asked.connect(presenter.back)
        self.shift.opened.connect(presenter.open_shift)
        self.cart.pay_asked.connect(presenter.pay)
        self.cart.empty_asked.connect(presenter.empty)
        self.cart.lines.chosen.connect(presenter.choose)
        self.cart.lines.stepped.connect(presenter.step)
        self.cart.lines.removed.connect(presenter.remove)
        self.cart.lines.quantity_asked.connect(self._ask_quantity)
        self.notices.taken_back.connect(presenter.take_back)

    # --- what the presenter says ---

    def draw(self, state: TillState) -> None:
        """The whole state; each part draws only what changed."""
        before, self._state = self._state, state
        is_new = before is None or before.left is not state.left or before.is_paying is not state.is_paying
        if state.left is not Left.FIELDS and state.left is not Left.READ_BACK:
            self.fields.forget()
        self.chips.put(state.categories, state.category_id)
        self.tiles.put(state.tiles, None if state.away is None else dict(state.away.pieces))
        if state.left is Left.HITS:
            self.hits.put(state.hits, state.hit)
        if state.left is Left.PHONE and state.phone is not None:
            self.phone.put(state.phone, state.hits)
        if state.left is Left.FIELDS and state.draft is not None:
            self.fields.put(state.draft)
        if state.left is Left.READ_BACK and state.draft is not None:
            self.read_back.put(state.draft)
        self._under.setCurrentWidget(self._panels[state.left])
        self.left.setCurrentIndex(1 if state.is_paying else 0)
        self.cart.show_state(state)
        self._waiting.setText(f"{state.waiting_quantity} \u00d7" if state.waiting_quantity else "")
        self._waiting.setVisible(bool(state.waiting_quantity))
        self.notices.put(state.notice, self._known(state))
        if is_new:
            self.take_focus()

    def clear_entry(self) -> None:
        self.entry.empty()

    # --- Qt ---

    def shown(self) -> None:
        if self._presenter is not None:
            self._presenter.shown()
        self.take_focus()

    def active_entry(self) -> QLineEdit:
        """Where every key goes now."""
        state = self._state
        if state is not None and state.is_paying:
            found = self.paying.focusProxy()
            return found if isinstance(found, QLineEdit) else self.entry
        if state is not None and state.left is Left.SHIFT:
            return self.shift.amount
        if state is not None and state.left is Left.FIELDS:
            return self.fields.first_field() or self.entry
        return self.entry

    def take_focus(self) -> None:
        self.active_entry().setFocus()

    def retranslate(self) -> None:
        self.entry.setPlaceholderText(self.tr("Scan, name, pinyin or phone"))
        self.entry.setAccessibleName(self.tr("Scan, name, pinyin or phone"))
        self._f1.setText(self.tr("Keypad"))
        for panel in (self.tiles, self.hits, self.phone.tiles, self.cart.lines):
            panel.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing anywhere goes to the entry."""
        entry = self.active_entry()
        if not entry.hasFocus() and event.text():
            entry.setFocus()
            QApplication.sendEvent(entry, event)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self._measure)

    # --- inside ---

    def _selling_side(self) -> QWidget:
        first = row(self._waiting, self.entry, self._f1, gap=12)
        first.setStretch(1, 1)
        beside = row(self._under, self.pad, gap=16)
        beside.setStretch(0, 1)
        lines = column(first, beside, gap=12)
        lines.setContentsMargins(scaled(16), scaled(16), scaled(4), scaled(4))
        lines.setStretch(1, 1)
        made = QWidget()
        made.setLayout(lines)
        return made

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        above.addWidget(self.left, 1)
        above.addWidget(self.cart)
        foot = row(1, self.strip)
        foot.setContentsMargins(scaled(16), scaled(6), scaled(6), scaled(6))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(above, 1)
        whole.addWidget(frame("line"))
        whole.addLayout(foot)

    def _pad(self) -> QWidget:
        """Digits for fingers; away until it is asked for."""
        digits = NumberPad("*")
        digits.pressed.connect(lambda key: self.entry.press(key))
        enter = KeyButton("primary", "Enter", binds=False)
        enter.setText("OK")
        enter.setMinimumHeight(scaled(56))
        enter.clicked.connect(self._press_enter)
        made = QWidget()
        made.setLayout(column(digits, enter, 1, gap=8))
        made.setFixedWidth(scaled(216))
        made.hide()
        self._f1.clicked.connect(lambda: made.setVisible(not made.isVisible()))
        return made

    def _press_enter(self) -> None:
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.active_entry(), key)

    def _bind_keys(self, presenter: TillPresenter) -> None:
        keys = self.entry.keys
        keys[Qt.Key.Key_Up] = (partial(presenter.move, -1), True)
        keys[Qt.Key.Key_Down] = (partial(presenter.move, 1), True)
        keys[Qt.Key.Key_Escape] = (partial(self._escape, presenter), True)
        keys[Qt.Key.Key_Delete] = (partial(presenter.remove, None), False)
        keys[Qt.Key.Key_Plus] = (partial(presenter.step, None, 1), False)
        keys[Qt.Key.Key_Minus] = (partial(presenter.step, None, -1), False)
        keys[Qt.Key.Key_Left] = (partial(presenter.step_category, -1), False)
        keys[Qt.Key.Key_Right] = (partial(presenter.step_category, 1), False)
        keys[Qt.Key.Key_F9] = (presenter.pay, True)
        keys[Qt.Key.Key_PageUp] = (partial(self._scroll, -1), True)
        keys[Qt.Key.Key_PageDown] = (partial(self._scroll, 1), True)

    def _escape(self, presenter: TillPresenter) -> None:
        if self.entry.text():
            self.entry.empty()
            presenter.edited("")
        else:
            presenter.back()

    def _scroll(self, by: int) -> None:
        bar = (self.hits if self._state and self._state.left is Left.HITS else self.tiles).verticalScrollBar()
        bar.setValue(bar.value() + by * bar.pageStep())

    def _scanned(self, presenter: TillPresenter, text: str) -> None:
        presenter.entered(text, True)

    def _ask_quantity(self, line_id: str) -> None:
        """The quantity was touched: the next number is for this line."""
        if self._presenter is not None:
            self._presenter.choose(line_id)
        self.entry.setText("*")
        self.pad.show()
        self.take_focus()

    def _known(self, state: TillState) -> Iterable[Product]:
        return (*state.tiles, *state.hits, *(line.product for line in state.sale.lines))

    def _measure(self) -> None:
        self.cart.setFixedWidth(min(scaled(CART_WIDTH), round(self.width() * CART_SHARE)))
        self.notices.place()
        self.tiles.measure()
