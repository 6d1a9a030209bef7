"""Draws one past sale: its lines, its money and the tries at wallets, its papers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.attempt import Attempt
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperKind
from pos_app.domain.payment import Tender
from pos_app.domain.refund import Refund
from pos_app.domain.sale import SaleLine
from pos_app.shop import SaleView
from pos_app.ui.sales.words import (
    State,
    account_text,
    attempt_state,
    copy_mark,
    paper_name,
    paper_state,
    refund_state,
    top_up_state,
)
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording
from pos_app.ui.wording.payments import tender_name, wallet_name


class SaleDetails(QScrollArea):
    """Grows with the sale and scrolls when it must; the window's keys never get lost in it."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumHeight(scaled(60))

    def put(self, view: SaleView) -> None:
        """Draw this sale anew."""
        parts = column(gap=10)
        for line in view.sale.lines:
            parts.addLayout(self._line(line))
        parts.addWidget(frame("line"))
        self._add_money(parts, view)
        if view.attempts or view.refunds:
            parts.addWidget(frame("line"))
            for attempt in view.attempts:
                parts.addLayout(self._attempt(attempt))
            for refund in view.refunds:
                parts.addLayout(self._refund(refund))
        if view.papers:
            parts.addWidget(frame("line"))
            for paper in view.papers:
                parts.addLayout(self._paper(view, paper))
        parts.addStretch(1)
        parts.setContentsMargins(0, 0, scaled(12), 0)
        inside = QWidget()
        inside.setLayout(parts)
        self.setWidget(inside)

    def words(self) -> list[str]:
        """Everything that is written in it, from top to bottom."""
        inside = self.widget()
        return [label.text() for label in inside.findChildren(Text)] if inside else []

    def _line(self, line: SaleLine) -> QBoxLayout:
        name = Text("body", text=self._wording.name(line.product.names)).wrapped()
        total = _figure(self._wording, line.total, 15)
        parts: list[QWidget | QBoxLayout | int] = [row(_stretched(name), total, gap=12)]
        if line.quantity > 1:
            each = f"{self._wording.number(line.quantity)} \u00d7 {self._wording.figure(line.price)}"
            parts.append(Text("small", text=each))
        if line.account:
            parts.append(Text("small", text=account_text(line)))
        if line.top_up is not None:
            parts.append(_state(top_up_state(line.top_up.state)))
        if line.refunded is not None:
            given = self.tr("{money} given back").format(money=self._wording.money(line.refunded))
            parts.append(_state(State(given, "back", "second")))
        return column(*parts, gap=2)

    def _add_money(self, parts: QVBoxLayout, view: SaleView) -> None:
        sale = view.sale
        parts.addLayout(row(Text("strong", text=self.tr("Total")), 1, _figure(self._wording, sale.total, 24)))
        if sale.is_offline:
            mark = State(self.tr("from what was held here, without the platform"), "line_down", "second")
            parts.addLayout(_state(mark))
        for payment in sale.payments:
            is_cash = payment.tender is Tender.CASH
            word = self.tr("Cash received") if is_cash else tender_name(payment.tender)
            parts.addLayout(self._sum(word, payment.received))
            if not payment.change.is_zero:
                parts.addLayout(self._sum(self.tr("Change"), payment.change))

    def _sum(self, word: str, money: Money) -> QBoxLayout:
        return row(Text("body", "second", word), 1, _figure(self._wording, money, 15))

    def _attempt(self, attempt: Attempt) -> QBoxLayout:
        """One try at a wallet, with the number that the customer's bill shows."""
        state = attempt_state(attempt)
        name = Text("body", text=f"{wallet_name(attempt.wallet)} {self._wording.money(attempt.amount)}")
        when = self._wording.when(attempt.ended_at or attempt.sent_at)
        number = Text("small", text=f"{attempt.number} \u00b7 {when}").wrapped()
        return column(row(name, 1, *_state_parts(state), gap=6), number, gap=2)

    def _refund(self, refund: Refund) -> QBoxLayout:
        back = self.tr("{money} back to {wallet}") if refund.order else self.tr("{money} back in cash")
        money, wallet = self._wording.money(refund.amount), tender_name(refund.tender)
        name = Text("body", text=back.format(money=money, wallet=wallet))
        about = [self._wording.when(refund.at), refund.reason]
        under = Text("small", text=" \u00b7 ".join(part for part in about if part)).wrapped()
        return column(row(name, 1, gap=6), row(*_state_parts(refund_state(refund)), 1, gap=6), under, gap=2)

    def _paper(self, view: SaleView, paper: Paper) -> QBoxLayout:
        mark = copy_mark(paper)
        name = Text("body", text=" \u00b7 ".join(part for part in (paper_name(paper), mark) if part))
        state = paper_state(paper)
        top = row(name, 1, IconLabel(state.icon, state.tone, 18), Text("body", state.tone, state.word), gap=6)
        about = self._about(view, paper)
        if paper.cause and state.tone == "danger":
            cause = self._wording.paper_cause(paper.cause)
            about = f"{about} \u00b7 {cause}" if about else cause
        return column(top, Text("small", text=about).wrapped(), gap=2) if about else column(top)

    def _about(self, view: SaleView, paper: Paper) -> str:
        """Which goods a slip belongs to; a receipt belongs to all of them."""
        if paper.kind is PaperKind.TOP_UP:
            return self._wording.name(view.sale.line(paper.subject).product.names)
        card = next((card for card in view.cards if card.card_id == paper.subject), None)
        if card is None:
            return ""
        return self._wording.name(view.sale.line(card.line_id).product.names)


def _figure(wording: Wording, money: Money, size: int) -> MoneyLabel:
    made = MoneyLabel(size)
    made.put(wording.sign(money), wording.figure(money))
    return made


def _state(state: State) -> QBoxLayout:
    return row(*_state_parts(state), 1, gap=6)


def _state_parts(state: State) -> tuple[QWidget, QWidget]:
    return IconLabel(state.icon, state.tone, 18), Text("body", state.tone, state.word)


def _stretched(text: Text) -> Text:
    policy = text.sizePolicy()
    policy.setHorizontalStretch(1)
    text.setSizePolicy(policy)
    return text
