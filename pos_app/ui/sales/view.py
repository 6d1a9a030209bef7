"""Draws past sales: one entry, the day, the list; the sale that is looked at stands at the side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.ui.sales.page import Ask, SalesPage
from pos_app.ui.sales.presenter import SalesPresenter
from pos_app.ui.sales.side import Side
from pos_app.ui.sales.words import sale_state
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.rows_table import Cell, Column, RowsTable
from pos_app.ui.widgets.text import Text, column, restyle, row
from pos_app.ui.wording import Wording

T = TypeVar("T")

SIDE_WIDTH = 400
SIDE_SHARE = 0.42
NARROW_SHARE = 0.36
NARROW = 1000
TIGHT = 800


class SalesPageView(Page):
    """The entry keeps the focus; arrows walk the list, and the days while the entry is empty."""

    presenter: SalesPresenter

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._page: SalesPage | None = None
        self._is_tight = False
        self._day = Text("title").wrapped()
        self._earlier, self._later = (
            KeyButton("quiet", "\u2190", binds=False),
            KeyButton("quiet", "\u2192", binds=False),
        )
        self.entry = QLineEdit()
        self.entry.setProperty("role", "entry")
        self.entry.setMaxLength(64)
        self.entry.installEventFilter(self)
        self._note = Text("body", "second").wrapped()
        self.table = RowsTable()
        self._empty = Text("lead", "second").wrapped()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.side = Side(wording)
        self.side.setFixedWidth(scaled(SIDE_WIDTH) // 2)
        left = QWidget()
        head = row(self._day, self._earlier, self._later, gap=8)
        head.setStretch(0, 1)
        left.setLayout(column(head, self.entry, self._note, self._empty, self.table, gap=12, margin=24))
        layout = row(left, self.side, gap=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def bind(self, presenter: SalesPresenter) -> None:
        """Tie the keys to who decides."""
        self.presenter = presenter
        self._earlier.clicked.connect(lambda: presenter.move_day(-1))
        self._later.clicked.connect(lambda: presenter.move_day(1))
        self.entry.textChanged.connect(presenter.search)
        self.entry.returnPressed.connect(self._open)
        self.table.picked.connect(self._picked)
        side = self.side
        side.reprint.connect(presenter.print_again)
        side.show_code.connect(presenter.show_code)
        side.main.connect(presenter.next_step)
        side.give.connect(presenter.return_line)
        side.amount.edited.connect(presenter.set_amount)
        side.amount.entered.connect(presenter.amount_given)
        side.lost.connect(lambda: presenter.answer(came_out=False))
        side.chosen.connect(presenter.choose)
        side.left.connect(self._leave)
        side.reasons.chosen.connect(presenter.give_reason)
        side.second.entered.connect(presenter.authorise)
        side.hand_over.agreed.connect(presenter.give_back)
        side.hand_over.left.connect(self._leave)

    def shown(self) -> None:
        self.entry.blockSignals(True)
        self.entry.clear()
        self.entry.blockSignals(False)
        self.entry.setFocus()
        self.presenter.come_up()

    def shown_with(self, subject: object) -> None:
        """One sale, handed over by another page, whatever its day."""
        self.entry.blockSignals(True)
        self.entry.clear()
        self.entry.blockSignals(False)
        self.entry.setFocus()
        self.presenter.come_up(str(subject))

    def draw(self, page: SalesPage) -> None:
        self._page = page
        day = self._wording.day(page.day)
        is_told = page.day == page.today and not self._is_narrow
        self._day.setText(self.tr("Today, {day}").format(day=day) if is_told else day)
        self._later.setEnabled(page.day < page.today)
        note = self.tr("Nothing that day. These are from other days.") if page.is_everywhere else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._draw_rows(page)
        is_asking = page.ask is not Ask.NOTHING
        self.side.put(page)
        self.side.setVisible(page.detail is not None)
        if not is_asking and not self.entry.hasFocus() and self.isVisible():
            self.entry.setFocus()

    def retranslate(self) -> None:
        self.entry.setPlaceholderText(self.tr("Number, amount, phone's end, 14:30"))
        self.entry.setAccessibleName(self.tr("Look for a sale"))
        self._name_days()
        self.side.retranslate()
        if self._page is not None:
            self.draw(self._page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._page is not None:
            if self._page.ask is not Ask.NOTHING:
                self._leave()
            else:
                self.entry.clear()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.entry and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._walked(event.key())
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._page is not None and self._page.secret is not None:
            self.presenter.leave()  # a code never waits behind another page
        super().hideEvent(event)

    def _fit(self) -> None:
        """The side leaves the list its room; where it is narrow, the day's keys stand without words."""
        was_tight = self._is_tight
        share = NARROW_SHARE if self._is_narrow and self.width() >= scaled(TIGHT) else SIDE_SHARE
        self.side.setFixedWidth(min(scaled(SIDE_WIDTH), round(self.width() * share)))
        self._is_tight = self.width() < scaled(TIGHT)
        self._name_days()
        if self._page is not None and was_tight is not self._is_tight:
            self._draw_rows(self._page)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < scaled(NARROW)

    def _name_days(self) -> None:
        self._day.setProperty("role", "head" if self._is_narrow else "title")
        restyle(self._day)
        for made, word in ((self._earlier, self.tr("Earlier")), (self._later, self.tr("Later"))):
            made.setText("" if self._is_narrow else word)
            made.setAccessibleName(word)

    def _walked(self, key: int) -> bool:
        rows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in rows:
            self.table.step(rows[Qt.Key(key)])
            return True
        if key in days and not self.entry.text():
            self.presenter.move_day(days[Qt.Key(key)])
            return True
        if key == Qt.Key.Key_Home and not self.entry.text():
            self.presenter.go_to_today()
            return True
        return False

    def _open(self) -> None:
        """Enter: the next step of the sale, if it has one, comes under the keys."""
        if self._page is not None and self._page.ask is Ask.NOTHING and self._page.detail is not None:
            self.side.details.verticalScrollBar().setValue(0)

    def _picked(self, number: int) -> None:
        if self._page is not None and number < len(self._page.rows):
            self.presenter.select(self._page.rows[number].sale_id)

    def _leave(self) -> None:
        self.presenter.leave()
        self.entry.setFocus()

    def _draw_rows(self, page: SalesPage) -> None:
        columns = [
            Column(self.tr("Receipt")),
            Column(self.tr("Time"), share=self._is_tight),
            Column(self.tr("What"), share=True),
            Column(self.tr("Total"), is_right=True),
            Column("" if self._is_tight else self.tr("State")),
        ]
        rows: list[list[Cell]] = []
        for sale in page.rows:
            state = sale_state(sale)
            first = self._wording.name(sale.first_line)
            more = self.tr("{what} and {n} more").format(what=first, n=sale.lines - 1)
            at = self._wording.clock(sale.at)
            if page.is_everywhere:
                at = f"{sale.business_date.isoformat()} {at}"
            rows.append(
                [
                    Cell(sale.receipt_number or "\u2013", is_bold=True),
                    Cell(at, "second"),
                    Cell(more if sale.lines > 1 else first),
                    Cell(self._wording.figure(sale.total), is_bold=True),
                    Cell("" if self._is_tight else state.word, state.tone, state.icon),
                ]
            )
        if self._is_tight:  # large print on a small screen: the side says what it was and how it stands
            columns, rows = _without(2, columns), [_without(2, cells) for cells in rows]
        elif self._is_narrow and not page.is_everywhere:  # the goods need the room; the side says when
            columns, rows = _without(1, columns), [_without(1, cells) for cells in rows]
        ids = [sale.sale_id for sale in page.rows]
        selected = ids.index(page.selected) if page.selected in ids else -1
        self.table.put(columns, rows, selected)
        self.table.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        words = (
            self.tr("No sale like that. Try the amount or the time.")
            if page.text
            else self.tr("No sales that day.")
        )
        self._empty.setText(words)


def _without(number: int, cells: Sequence[T]) -> list[T]:
    """All but the column of that number."""
    return [*cells[:number], *cells[number + 1 :]]
