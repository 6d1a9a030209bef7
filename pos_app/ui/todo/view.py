"""Draws the attention list: people's things first, and calm when there is nothing."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.attention import AttentionItem, Waits
from pos_app.ui.theme import scaled
from pos_app.ui.todo.card import TodoCard
from pos_app.ui.todo.leave import LeaveMessagePanel
from pos_app.ui.todo.presenter import TodoPage, TodoPresenter
from pos_app.ui.todo.words import goods
from pos_app.ui.widgets.hand_over import HandOver
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.one_of import OneOf
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording

MOST_CARDS = 60  # more than anyone reads; the rest comes up as these are settled
WIDEST = 980
LOOK_AGAIN_MS = 5_000


class TodoPageView(Page):
    """The arrows walk the cards, Enter does the one right thing."""

    presenter: TodoPresenter

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wording = wording
        self._page: TodoPage | None = None
        self._title, self._under = Text("title"), Text("body", "second").wrapped()
        self._refresh = KeyButton("quiet", "F5")
        self.bar = MessageBar()
        self.cards: list[TodoCard] = []
        self._drawn: tuple[tuple[AttentionItem, ...], datetime] | None = None
        self._list: QVBoxLayout = column(gap=8)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._list.setContentsMargins(0, 0, scaled(14), 0)
        inside.setLayout(self._list)
        self._scroll.setWidget(inside)
        self._calm_title = Text("title")
        self._calm_words = Text("lead", "second").wrapped()
        self.hand_over = HandOver(wording, 96)
        self.leave_panel = LeaveMessagePanel()
        self._stack = OneOf()
        self._calm = self._make_calm()
        for part in (self._scroll, self._calm, self.hand_over, self.leave_panel):
            self._stack.addWidget(part)
        self.setLayout(self._lay_out())
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look_again)

    def bind(self, presenter: TodoPresenter) -> None:
        self.presenter = presenter
        self._refresh.clicked.connect(presenter.look_again)
        self.hand_over.agreed.connect(presenter.give_back)
        self.hand_over.left.connect(presenter.leave)
        self.leave_panel.chosen.connect(presenter.leave_message)
        self.leave_panel.left.connect(presenter.leave)

    def shown(self) -> None:
        self.setFocus()
        self.presenter.come_up()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def draw(self, page: TodoPage) -> None:
        """Draw this moment."""
        self._page = page
        self._draw_head(page)
        if page.asking is not None and page.asking.money is not None:
            about = goods(page.asking, self._wording)
            self.hand_over.ask(page.asking.money, about, is_electronic=page.asking.is_electronic)
        elif page.given is not None:
            self.hand_over.tell(page.given.cash, page.given.electronic)
        minute = (page.items, page.now.replace(second=0, microsecond=0))
        if minute != self._drawn:
            self._draw_cards(page)
            self._drawn = minute
        for number, card in enumerate(self.cards):
            card.mark(is_selected=number == page.selected, is_busy=page.busy is not None)
        if page.selected < len(self.cards):
            self._scroll.ensureWidgetVisible(self.cards[page.selected], 0, scaled(24))
        self._show_part(page)

    def retranslate(self) -> None:
        self._refresh.setText(self.tr("Look again"))
        self._calm_title.setText(self.tr("Nothing waits for you"))
        words = self.tr(
            "Every sale of this till is delivered and paid for. What is not will stand here by itself."
        )
        self._calm_words.setText(words)
        self._drawn = None
        if self._page is not None:
            self.draw(self._page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key = self._page, event.key()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if page is None or self._is_asking(page):
            super().keyPressEvent(event)
        elif key in steps:
            self.presenter.select(page.selected + steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.presenter.do()
        elif key == Qt.Key.Key_1 and self._asks(page):
            self.presenter.answer(came_out=True)
        elif key == Qt.Key.Key_2:
            self.presenter.do_other()
        else:
            super().keyPressEvent(event)

    def _look_again(self) -> None:
        """What the till does by itself is seen to be done; never while a person is in the middle of something."""
        page = self._page
        if page is not None and page.asking is None and page.leaving is None and page.busy is None:
            self.presenter.refresh()

    @staticmethod
    def _is_asking(page: TodoPage) -> bool:
        return page.asking is not None or page.leaving is not None or page.given is not None

    def _asks(self, page: TodoPage) -> bool:
        return page.selected < len(page.items) and page.items[page.selected].waits is Waits.SLIP_ASKED

    def _draw_head(self, page: TodoPage) -> None:
        self._title.setText(self.tr("To do"))
        by_itself = len(page.items) - page.for_people
        parts = []
        if page.for_people == 1:
            parts.append(self.tr("1 thing waits for you"))
        elif page.for_people:
            parts.append(self.tr("{n} things wait for you").format(n=page.for_people))
        if by_itself:
            parts.append(self.tr("the till does {n} by itself").format(n=by_itself))
        self._under.setText(" \u00b7 ".join(parts))
        if page.trouble is not None:
            products = [line.product for line in page.busy.goods] if page.busy else []
            self.bar.say(self._wording.sentence(page.trouble, products), "danger")
        elif page.busy is not None and page.busy.waits.asks_platform:
            self.bar.say(self.tr("Asking the platform"), "warn")
        else:
            self.bar.clear()

    def _draw_cards(self, page: TodoPage) -> None:
        while self._list.count():
            taken = self._list.takeAt(0)
            gone = taken.widget() if taken is not None else None
            if gone is not None:
                gone.setParent(None)
                gone.deleteLater()
        self.cards = []
        group: bool | None = None
        for number, item in enumerate(page.items[:MOST_CARDS]):
            if item.waits.needs_person is not group:
                group = item.waits.needs_person
                words = self.tr("Needs you") if group else self.tr("Goes on by itself")
                self._list.addWidget(Text("small", "second", words))
            card = TodoCard(item, self._wording)
            card.touched.connect(partial(self.presenter.select, number))
            card.done.connect(self._pressed)
            card.other.connect(self.presenter.do_other)
            self.cards.append(card)
            self._list.addWidget(card)
        self._list.addStretch(1)

    def _pressed(self) -> None:
        if self._page is not None and self._asks(self._page):
            self.presenter.answer(came_out=True)
        else:
            self.presenter.do()

    def _show_part(self, page: TodoPage) -> None:
        part: QWidget = self._scroll
        if page.asking is not None or page.given is not None:
            part = self.hand_over
        elif page.leaving is not None:
            part = self.leave_panel
        elif not page.items:
            part = self._calm
        self._calm.setVisible(part is self._calm and page.is_read)
        before = self._stack.currentWidget()
        self._stack.setCurrentWidget(part)
        if part is self.leave_panel and before is not part:
            self.leave_panel.ask()
        elif before is self.leave_panel and part is not before:
            self.setFocus()  # its line had it
        self._under.setVisible(bool(page.items))

    def _make_calm(self) -> QWidget:
        self._calm_title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._calm_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        made = QWidget()
        icon = IconLabel("ok", "ok", 56)
        layout = column(1, icon, self._calm_title, self._calm_words, 2, gap=16)
        layout.setAlignment(icon, Qt.AlignmentFlag.AlignHCenter)
        made.setLayout(layout)
        return made

    def _lay_out(self) -> QVBoxLayout:
        head = row(self._title, 1, self._refresh)
        body = QWidget()
        body.setMaximumWidth(scaled(WIDEST))
        inside = column(head, self._under, self.bar, self._stack, gap=12)
        inside.setStretch(3, 1)
        body.setLayout(inside)
        across = row(body, gap=0)
        return column(across, margin=24)
