"""Draws the shift: one panel at a time, in the middle of the page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pos_app.ui.shift.compare import Comparison
from pos_app.ui.shift.count import CountPanel
from pos_app.ui.shift.page import Said, ShiftPage, Step
from pos_app.ui.shift.panels import MovePanel, OpeningPanel, OpenPanel
from pos_app.ui.shift.presenter import ShiftPresenter
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.one_of import OneOf
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording

WIDEST = 720
_MOVES = (Step.CASH_IN, Step.CASH_OUT, Step.DRAWER)
_LEAVING = {
    **dict.fromkeys((*_MOVES, Step.COUNT), (Qt.Key.Key_Escape,)),
    Step.DONE: (Qt.Key.Key_Return, Qt.Key.Key_Enter),
}


class ShiftPageView(Page):
    """From opening cash to the closing slip."""

    presenter: ShiftPresenter

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wording = wording
        self._page: ShiftPage | None = None
        self.bar = MessageBar()
        self.opening, self.open, self.move_panel = OpeningPanel(wording), OpenPanel(wording), MovePanel()
        self.count, self.comparison, self.result = (
            CountPanel(wording),
            Comparison(wording),
            Comparison(wording),
        )
        self._compare_title, self._done_title = Text("body", "second"), Text("head")
        self.close_button, self._again = KeyButton("primary", "F9"), KeyButton("plain", "Esc", binds=False)
        self._print, self._finish = KeyButton("plain", "F5"), KeyButton("primary", "Enter", binds=False)
        compare, done = self._make_compare(), self._make_done()
        self._parts: dict[Step, QWidget] = {
            Step.READING: QWidget(),
            Step.CLOSED: _top(self.opening),
            Step.OPEN: _top(self.open),
            **dict.fromkeys(_MOVES, _top(self.move_panel)),
            Step.COUNT: self.count,
            Step.COMPARE: compare,
            Step.DONE: done,
        }
        self._stack = OneOf()
        for part in dict.fromkeys(self._parts.values()):
            self._stack.addWidget(part)
        self._lay_out()

    def bind(self, presenter: ShiftPresenter) -> None:
        self.presenter = presenter
        self.opening.opened.connect(presenter.open)
        self.opening.print_last.connect(presenter.print_closing)
        self.open.begun.connect(presenter.begin)
        self.open.count.connect(presenter.begin_count)
        self.move_panel.moved.connect(self._moved)
        self.move_panel.left.connect(presenter.leave)
        self.count.pieces.connect(presenter.set_pieces)
        self.count.loose.connect(presenter.set_loose)
        self.count.counted.connect(presenter.counted)
        self.count.left.connect(presenter.leave)
        self.close_button.clicked.connect(presenter.close)
        self._again.clicked.connect(presenter.begin_count)
        self._print.clicked.connect(presenter.print_closing)
        self._finish.clicked.connect(presenter.leave)

    def shown(self) -> None:
        self.presenter.come_up()
        self._focus()

    def draw(self, page: ShiftPage) -> None:
        """Draw this moment; a new step gets the focus where it is typed."""
        before, self._page = self._page, page
        self._tell(page)
        if page.step is Step.CLOSED:
            self.opening.draw(page.last_closing)
        elif page.step is Step.OPEN and page.shift is not None:
            self.open.draw(page.shift)
        elif page.step is Step.COUNT:
            self.count.draw(page)
        elif page.step is Step.COMPARE and page.expected is not None and page.totals is not None:
            self.comparison.put(page.expected, page.count.total, page.totals, page.open_items)
        elif page.step is Step.DONE and page.closing is not None:
            self.result.of_closing(page.closing)
        for part in (self.close_button, self._again):
            part.setEnabled(not page.is_busy)
        self._print.setEnabled(page.said is not Said.PRINTING)
        self._stack.setCurrentWidget(self._parts[page.step])
        if before is None or before.step is not page.step:
            self._focus()

    def retranslate(self) -> None:
        self.count.retranslate()
        self._compare_title.setText(self.tr("Compared with the books"))
        self._done_title.setText(self.tr("The shift is closed"))
        self.close_button.setText(self.tr("Close the shift"))
        self._again.setText(self.tr("Count again"))
        self._print.setText(self.tr("Print the slip again"))
        self._finish.setText(self.tr("Done"))
        if self._page is not None:
            if self._page.step in _MOVES:
                self.move_panel.draw(self._page.step)
            self.draw(self._page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._page.step if self._page else Step.READING
        if event.key() == Qt.Key.Key_Escape and step is Step.COMPARE:
            self.presenter.begin_count()
        elif event.key() in _LEAVING.get(step, ()):
            self.presenter.leave()
        else:
            super().keyPressEvent(event)

    def _focus(self) -> None:
        page = self._page
        if page is None:
            return
        if page.step is Step.CLOSED:
            self.opening.amount.clear()
            self.opening.amount.setFocus()
        elif page.step in _MOVES:
            self.move_panel.start(page.step)
        elif page.step is Step.COUNT:
            self.count.start(page)
        else:
            self.setFocus()

    def _moved(self, amount: str, reason: str) -> None:
        if self._page is not None and self._page.step is Step.DRAWER:
            self.presenter.open_drawer(reason)
        else:
            self.presenter.move_cash(amount, reason)

    def _tell(self, page: ShiftPage) -> None:
        if page.trouble is not None:
            self.bar.say(self._wording.sentence(page.trouble), "danger")
            return
        money = self._wording.money(page.moved) if page.moved else ""
        words, tone = {
            Said.OPENED: (self.tr("The shift is open. Good selling."), "ok"),
            Said.MOVED: (self.tr("{money} is booked.").format(money=money), "ok"),
            Said.DRAWER_OPENED: (self.tr("The drawer is open, and the reason is written down."), "ok"),
            Said.PRINTING: (self.tr("The closing slip is printing"), "warn"),
            Said.PRINTED: (self.tr("The closing slip is printed."), "ok"),
        }.get(page.said, ("", "info"))
        if words:
            self.bar.say(words, tone)
        else:
            self.bar.clear()

    def _make_compare(self) -> QWidget:
        made = QWidget()
        buttons = row(1, self._again, self.close_button, gap=12)
        made.setLayout(column(self._compare_title, self.comparison, buttons, 1, gap=12))
        return made

    def _make_done(self) -> QWidget:
        made = QWidget()
        buttons = row(1, self._print, self._finish, gap=12)
        made.setLayout(column(self._done_title, self.result, buttons, 1, gap=16))
        return made

    def _lay_out(self) -> None:
        body = QWidget()
        body.setMaximumWidth(scaled(WIDEST))
        inside = column(self.bar, self._stack, gap=12)
        inside.setStretch(1, 1)
        body.setLayout(inside)
        ground = QWidget()
        ground.setLayout(column(row(body, gap=0), margin=24))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(ground)
        self.setLayout(column(scroll))


def _top(panel: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(column(panel, 1))
    return made
