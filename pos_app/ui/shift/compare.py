"""Counted beside expected: the difference in words, what is not finished with its money apart."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.money import Money
from pos_app.domain.shift import Closing, ShiftTotals
from pos_app.shop import SaleView
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording
from pos_app.ui.wording.payments import tender_name

MOST_ITEMS = 40
MOST_IN_SIGHT = 3
ROW_HEIGHT = 34


class Comparison(QWidget):
    """The same figures before closing and on the page that says it is closed."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._icon, self._verdict = IconLabel(size=28), Text("title").wrapped()
        self._names = [Text("body", "second") for _ in range(3)]
        self._figures = [MoneyLabel(32) for _ in range(3)]
        self._wallets: QVBoxLayout = column(gap=4, margin=16)
        self._wallets_card: QFrame = frame("card")
        self._wallets_card.setLayout(self._wallets)
        self._open_title = Text("strong")
        self._unsent = Text("body", "second")
        self._open: QVBoxLayout = column(gap=0)
        self._open_card = self._make_open_card()
        rows = column(gap=8, margin=16)
        for name, figure in zip(self._names, self._figures, strict=True):
            rows.addLayout(row(name, figure, gap=12))
        card: QFrame = frame("card")
        card.setLayout(rows)
        head = row(self._icon, self._verdict, gap=12)
        head.setStretch(1, 1)
        self.setLayout(column(head, card, self._wallets_card, self._open_card, gap=12))

    def put(self, expected: Money, counted: Money, totals: ShiftTotals, items: tuple[SaleView, ...]) -> None:
        """`items` are listed when they are at hand; their number and money are told in any case."""
        wording, difference = self._wording, counted - expected
        words, tone, icon = self.verdict(difference)
        self._icon.put(icon, tone)
        self._verdict.setText(words)
        self._verdict.put_tone(tone)
        texts = (self.tr("Counted"), self.tr("Expected by the books"), self.tr("Difference"))
        for name, figure, text, money in zip(
            self._names, self._figures, texts, (counted, expected, difference), strict=True
        ):
            name.setText(text)
            figure.put(wording.sign(money), wording.figure(money))
        self._figures[2].put_tone(tone)
        self._tell_wallets(totals)
        self._open_card.setVisible(totals.open_items > 0 or totals.unsent > 0)
        text = self.tr("Not finished, carried over: {n}, with {money}")
        money_text = wording.money(totals.open_money)
        self._open_title.setText(text.format(n=wording.number(totals.open_items), money=money_text))
        self._open_title.setVisible(totals.open_items > 0)
        unsent = self.tr("Not yet with the platform: {n}; it goes up by itself")
        self._unsent.setText(unsent.format(n=wording.number(totals.unsent)))
        self._unsent.setVisible(totals.unsent > 0)
        self._list(items)

    def _tell_wallets(self, totals: ShiftTotals) -> None:
        """Electronic money beside the drawer: what came, what went back, and what nobody knows yet."""
        _empty(self._wallets)
        for each in totals.by_tender:
            name = tender_name(each.tender)
            if each.payments:
                words = self.tr("{wallet} ({n})").format(wallet=name, n=each.payments)
                self._wallets.addWidget(self._figure_row(words, each.taken))
            if each.refunds:
                words = self.tr("Back to {wallet} ({n})").format(wallet=name, n=each.refunds)
                self._wallets.addWidget(self._figure_row(words, each.given_back * -1))
        if totals.checking and totals.checking_money is not None:
            words = self.tr("Still being checked: {n}").format(n=self._wording.number(totals.checking))
            self._wallets.addWidget(self._figure_row(words, totals.checking_money, "warn"))
        self._wallets_card.setVisible(bool(self._wallets.count()))

    def _figure_row(self, words: str, money: Money, tone: str = "second") -> QWidget:
        figure = MoneyLabel(15)
        figure.put(self._wording.sign(money), self._wording.figure(money))
        made = QWidget()
        made.setLayout(row(Text("body", tone, words), 1, figure))
        return made

    def wallets(self) -> list[str]:
        """Every word about electronic money, from top to bottom."""
        return [text.text() for text in self._wallets_card.findChildren(Text)]

    def of_closing(self, closing: Closing) -> None:
        self.put(closing.expected, closing.counted, closing.totals, ())

    def verdict(self, difference: Money) -> tuple[str, str, str]:
        """In words, with tone and icon."""
        if difference.is_zero:
            return self.tr("The drawer is right to the last coin"), "ok", "ok"
        if difference.minor < 0:
            short = self._wording.money(Money(-difference.minor, difference.currency))
            return (
                self.tr("{money} short: the drawer holds less than the books say").format(money=short),
                "danger",
                "danger",
            )
        over = self._wording.money(difference)
        return (
            self.tr("{money} over: the drawer holds more than the books say").format(money=over),
            "warn",
            "warn",
        )

    def words(self) -> str:
        """What the difference is called."""
        return self._verdict.text()

    def _list(self, items: tuple[SaleView, ...]) -> None:
        _empty(self._open)
        for view in items[:MOST_ITEMS]:
            sale = view.sale
            money = MoneyLabel(15)
            money.put(self._wording.sign(sale.open_money), self._wording.figure(sale.open_money))
            what = self._wording.name(sale.lines[0].product.names) if sale.lines else ""
            line = QWidget()
            line.setFixedHeight(scaled(ROW_HEIGHT))
            line.setLayout(
                row(
                    Text("body", "second", sale.receipt_number or "\u2013"), Text("body", text=what), 1, money
                )
            )
            self._open.addWidget(line)
        self._open.addStretch(1)
        self._scroll.setVisible(bool(items))
        self._scroll.setFixedHeight(scaled(ROW_HEIGHT) * min(len(items), MOST_IN_SIGHT))

    def _make_open_card(self) -> QFrame:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._open.setContentsMargins(0, 0, scaled(12), 0)
        inside.setLayout(self._open)
        self._scroll.setWidget(inside)
        made: QFrame = frame("card")
        made.setLayout(
            column(
                row(IconLabel("wait", "warn", 20), column(self._open_title, self._unsent, gap=4), 1),
                self._scroll,
                gap=8,
                margin=16,
            )
        )
        return made


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        taken = layout.takeAt(0)
        gone = taken.widget() if taken is not None else None
        if gone is not None:
            gone.setParent(None)
            gone.deleteLater()
