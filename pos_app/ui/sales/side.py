"""The side of the page of past sales: the sale, or the one thing that is asked about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from pos_app.domain.card_code import CardSecret, grouped
from pos_app.domain.sale import is_electronic
from pos_app.shop import SaleView
from pos_app.ui.afterwards import failed, reprintable, returnable, showable, unanswered
from pos_app.ui.sales.amount import AmountBack
from pos_app.ui.sales.details import SaleDetails
from pos_app.ui.sales.page import Ask, Deed, DeedKind, Said, SalesPage
from pos_app.ui.sales.words import copy_mark, paper_name, reasons_for
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.hand_over import HandOver
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.one_of import OneOf
from pos_app.ui.widgets.reasons import Reasons
from pos_app.ui.widgets.second_person import SecondPerson
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording

CODE_SHOWS_S = 20
CODE_PICTURE_WIDTH = 240
MOST_CHOICES = 9


class Side(QFrame):
    """Says what was pressed; the presenter decides."""

    reprint = Signal()
    show_code = Signal()
    main = Signal()  # F9: the next step of this sale
    lost = Signal()  # F10: the slip did not come out
    give = Signal()  # F11: money of a delivered line goes back
    chosen = Signal(int)
    left = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wording = wording
        self._page: SalesPage | None = None
        self._title = Text("head")
        self._under = Text("small")
        self.bar = MessageBar()
        self.details = SaleDetails(wording)
        self._reprint, self._show = KeyButton("plain", "F5"), KeyButton("plain", "F6")
        self.main_button, self._lost = KeyButton("primary", "F9"), KeyButton("plain", "F10")
        self._give = KeyButton("quiet", "F11")
        self.amount = AmountBack(wording)
        self._choices = [KeyButton("plain", str(number + 1)) for number in range(MOST_CHOICES)]
        self.reasons = Reasons()
        self.second = SecondPerson(wording)
        self.hand_over = HandOver(wording, 48)
        self._code = Text("title").wrapped()
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._left_s = Text("body", "second").wrapped()
        self._hide = KeyButton("primary", "Esc", binds=False)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._lay_out()
        self._connect()

    def put(self, page: SalesPage) -> None:
        """Draw this moment; the focus goes where it is asked to type."""
        before, self._page = self._page, page
        detail = page.detail
        self._title.setText(self._heading(page))
        self._title.setVisible(page.ask not in (Ask.GIVE, Ask.GIVEN))
        self._under.setVisible(page.ask is Ask.NOTHING and detail is not None)
        self._tell(page)
        self._stack.setCurrentWidget(self._parts[page.ask])
        if detail is not None and (before is None or before.detail is not detail):
            self.details.put(detail)
        self.details.setVisible(detail is not None)
        self._draw_buttons(page)
        self._draw_ask(page, before.ask if before else None)

    def retranslate(self) -> None:
        self._reprint.setText(self.tr("Print again"))
        self._show.setText(self.tr("Show code"))
        self._lost.setText(self.tr("No, print it again"))
        self._give.setText(self.tr("Give money back"))
        self._hide.setText(self.tr("Hide it now"))
        if self._page is not None:
            page, self._page = self._page, None
            self.put(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self._reprint.sizeHint().width() + self._show.sizeHint().width() + scaled(48)
        is_wide = self.width() >= wide
        self._pair.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )

    def _lay_out(self) -> None:
        self._pair = row(self._reprint, self._show, gap=8)
        actions = column(self._pair, self._give, self.main_button, self._lost, gap=8)
        sale = _page(self.details, actions)
        which = _page(*self._choices, 1)
        code = _page(self._code, self._left_s, self._hide, 1)
        self._parts: dict[Ask, QWidget] = {
            Ask.NOTHING: sale,
            Ask.WHICH: which,
            Ask.AMOUNT: _page(self.amount, 1),
            Ask.REASON: _page(self.reasons, 1),
            Ask.SECOND: _page(self.second, 1),
            Ask.CODE: code,
            Ask.GIVE: self.hand_over,
            Ask.GIVEN: self.hand_over,
        }
        self._stack = OneOf()
        for part in dict.fromkeys(self._parts.values()):
            self._stack.addWidget(part)
        layout: QVBoxLayout = column(self._title, self._under, self.bar, gap=6, margin=16)
        layout.addSpacing(scaled(8))
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self._reprint.clicked.connect(self.reprint)
        self._show.clicked.connect(self.show_code)
        self.main_button.clicked.connect(self.main)
        self._lost.clicked.connect(self.lost)
        self._give.clicked.connect(self.give)
        self._hide.clicked.connect(self.left)
        for number, made in enumerate(self._choices):
            made.clicked.connect(partial(self._choose, number))

    def _choose(self, number: int, _checked: bool = False) -> None:
        self.chosen.emit(number)

    def _heading(self, page: SalesPage) -> str:
        if page.ask is Ask.WHICH:
            return self.tr("Which one?")
        if page.ask is Ask.REASON:
            return {
                DeedKind.REPRINT: self.tr("Print again: why?"),
                DeedKind.SHOW: self.tr("Show the code: why?"),
                DeedKind.GIVE: self.tr("Give money back: why?"),
            }[page.deed.kind if page.deed else DeedKind.SHOW]
        if page.ask is Ask.AMOUNT:
            return self.tr("How much goes back?")
        if page.ask is Ask.SECOND:
            return self.tr("A second person must agree")
        if page.ask is Ask.CODE:
            return self.tr("The code")
        if page.detail is None:
            return ""
        sale = page.detail.sale
        at = sale.paid_at or sale.created_at
        self._under.setText(self._wording.when(at) if at else "")
        return sale.receipt_number or self.tr("Without a receipt")

    def _tell(self, page: SalesPage) -> None:
        if page.trouble is not None:
            products = [line.product for line in page.detail.sale.lines] if page.detail else []
            self.bar.say(self._wording.sentence(page.trouble, products), "danger")
        elif page.said is Said.PRINTING:
            self.bar.say(self.tr("It is printing"), "warn")
        elif page.said is Said.PRINTED:
            self.bar.say(self.tr("Printed."), "ok")
        elif page.said is Said.NOTED:
            self.bar.say(self.tr("Noted. This slip is settled."), "ok")
        elif page.ask is Ask.NOTHING and page.detail is not None and unanswered(page.detail):
            self.bar.say(
                self.tr("Printing broke off. Look at the printer: did the slip come out whole?"), "danger"
            )
        elif page.ask is Ask.NOTHING and page.detail is not None and failed(page.detail):
            cause = self._wording.paper_cause(failed(page.detail)[0].cause)
            self.bar.say(self.tr("A slip did not come out: {cause}.").format(cause=cause), "danger")
        else:
            self.bar.clear()

    def _draw_buttons(self, page: SalesPage) -> None:
        detail = page.detail
        self._reprint.setVisible(detail is not None)
        self._show.setVisible(detail is not None and bool(detail.cards))
        self._reprint.setEnabled(detail is not None and bool(reprintable(detail)) and not page.is_busy)
        self._show.setEnabled(detail is not None and bool(showable(detail)) and not page.is_busy)
        self._give.setVisible(detail is not None and bool(returnable(detail)))
        self._give.setEnabled(not page.is_busy)
        words = self._next_step(detail) if detail else ""
        self.main_button.setText(words)
        self.main_button.setVisible(bool(words))
        self.main_button.setEnabled(not page.is_busy)
        self._lost.setVisible(detail is not None and bool(unanswered(detail)))
        self._lost.setEnabled(not page.is_busy)

    def _next_step(self, detail: SaleView) -> str:
        if unanswered(detail):
            return self.tr("Yes, it came out")
        if failed(detail):
            return self.tr("Print it now")
        if detail.sale.refund_lines:
            amount = self._wording.money(detail.sale.refund_lines[0].kept)
            return self.tr("Give {money} back").format(money=amount)
        return ""

    def _draw_ask(self, page: SalesPage, before: Ask | None) -> None:
        is_new = page.ask is not before
        if is_new and page.ask in (Ask.WHICH, Ask.CODE, Ask.GIVE, Ask.GIVEN):
            self.setFocus()  # away from the entry, which would take the digits for a search
        if page.ask is not Ask.CODE:
            self._timer.stop()
            self._code.clear()  # a picture too, which an empty text would leave
        if page.ask is Ask.WHICH:
            for number, made in enumerate(self._choices):
                made.setVisible(number < len(page.choices))
                made.setText(self._choice(page, page.choices[number]) if number < len(page.choices) else "")
        elif page.ask is Ask.REASON:
            kind = page.deed.kind if page.deed else DeedKind.SHOW
            self.reasons.put(reasons_for(kind), self.tr("or in your own words"))
            if is_new:
                self.reasons.start()
        elif page.ask is Ask.SECOND:
            self.second.put(page.people)
            if is_new:
                self.second.start()
        elif page.ask is Ask.CODE and page.secret is not None:
            self._show_secret(page.secret, is_new)
        else:
            self._draw_money(page, is_new)

    def _draw_money(self, page: SalesPage, is_new: bool) -> None:
        if page.ask is Ask.AMOUNT and page.deed is not None and page.detail is not None:
            self.amount.draw(page, page.detail.sale.line(page.deed.subject))
            if is_new:
                self.amount.start()
        elif page.ask is Ask.GIVE and page.owed is not None:
            about = self._wording.name(page.owed.product.names)
            electronic = page.detail is not None and is_electronic(page.detail.sale)
            self.hand_over.ask(page.owed.kept, about, is_electronic=electronic)
        elif page.ask is Ask.GIVEN and page.given is not None:
            self.hand_over.tell(page.given.cash, page.given.electronic)

    def _choice(self, page: SalesPage, deed: Deed) -> str:
        detail = page.detail
        if detail is None:
            return ""
        paper = next((paper for paper in detail.papers if paper.id == deed.subject), None)
        card_id = paper.subject if paper else deed.subject
        card = next((card for card in detail.cards if card.card_id == card_id), None)
        line_id = card.line_id if card else card_id
        line = next((line for line in detail.sale.lines if line.line_id == line_id), None)
        parts = [paper_name(paper) if paper else "", copy_mark(paper) if paper else ""]
        parts.append(self._wording.name(line.product.names) if line else "")
        return " \u00b7 ".join(part for part in parts if part)

    def _show_secret(self, secret: CardSecret, is_new: bool) -> None:
        parts = [grouped(text) for text in (secret.number, secret.pin) if text]
        if secret.image is None:
            self._code.setText("\n".join([*parts, *([secret.link] if secret.link else [])]))
        else:
            picture = QPixmap()
            picture.loadFromData(secret.image)
            self._code.setPixmap(picture.scaledToWidth(scaled(CODE_PICTURE_WIDTH)))
        if is_new:
            self._ticks = CODE_SHOWS_S
            self._timer.start()
        words = self.tr("It hides itself in {n} seconds. It is written down who looked, and why.")
        self._left_s.setText(words.format(n=self._ticks))

    def _tick(self) -> None:
        self._ticks -= 1
        if self._ticks <= 0:
            self._timer.stop()
            self.left.emit()
        elif self._page is not None and self._page.secret is not None:
            self._show_secret(self._page.secret, is_new=False)


def _page(*items: QWidget | QVBoxLayout | int) -> QWidget:
    made = QWidget()
    made.setLayout(column(*items, gap=10))
    return made
