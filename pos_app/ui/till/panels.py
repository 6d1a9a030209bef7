"""What may lie under the entry beside tiles and hits: a phone number's offers, a read-back, opening the shift."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from pos_app.domain.catalogue import Product
from pos_app.domain.entry import PhoneNumber
from pos_app.ui.theme import scaled
from pos_app.ui.till.state import TopUpDraft
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.line_table import account_text
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.number_pad import NumberPad
from pos_app.ui.widgets.product_tiles import ProductTiles
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording


class Panel(QWidget):
    """A part of the page whose words follow the language."""

    def retranslate(self) -> None:
        """Set every text anew."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class PhonePanel(Panel):
    """The number 3-4-4 with carrier and place, and what can be put on it."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._phone: PhoneNumber | None = None
        self._number, self._place, self._ask = Text("big"), Text("lead", "second"), Text("small")
        self.tiles = ProductTiles(wording)
        whole = column(row(self._number, self._place, 1, gap=16), self._ask, self.tiles, gap=8)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def put(self, phone: PhoneNumber, offers: tuple[Product, ...]) -> None:
        self._phone = phone
        self.tiles.put(offers)
        self.retranslate()

    def retranslate(self) -> None:
        if self._phone is None:
            return
        self._number.setText(account_text(self._phone.digits))
        place = self._phone.place_zh if self._wording.language == "zh" else self._phone.place_en
        words = [self.carrier(self._phone.carrier), place]
        self._place.setText(" \u00b7 ".join(word for word in words if word))
        self._ask.setText(
            self.tr("How much? 1\u20139 picks, Esc goes back. A ported number may have another carrier.")
        )

    def carrier(self, slug: str | None) -> str:
        return {
            "mobile": self.tr("China Mobile"),
            "unicom": self.tr("China Unicom"),
            "telecom": self.tr("China Telecom"),
            "broadnet": self.tr("China Broadnet"),
        }.get(slug or "", self.tr("carrier not known"))


class ReadBackPanel(Panel):
    """The account in the largest type that fits, to be read to the customer before it is added."""

    confirmed = Signal()
    back_asked = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._draft: TopUpDraft | None = None
        self._ask, self._product = Text("lead", "second").wrapped(), Text("title").wrapped()
        self._account = MoneyLabel(72, is_left=True)  # no money, but drawn as figures are: smaller, never cut
        self._more = Text("lead", "second").wrapped()
        self._price = MoneyLabel(48, is_left=True)
        self._yes, self._no = (
            KeyButton("primary", "Enter", binds=False),
            KeyButton("plain", "Esc", binds=False),
        )
        for made in (self._yes, self._no):
            made.setMinimumHeight(scaled(64))
        self._yes.clicked.connect(self.confirmed)
        self._no.clicked.connect(self.back_asked)
        answers = row(self._yes, self._no, gap=12)
        answers.setStretch(0, 2)
        answers.setStretch(1, 1)
        inside = column(
            self._ask, self._account, self._more, self._product, self._price, answers,
            gap=12, margin=24,
        )  # fmt: skip
        card = frame("card")
        card.setLayout(inside)
        self.setLayout(column(card, 1))

    def put(self, draft: TopUpDraft) -> None:
        self._draft = draft
        self.retranslate()

    def retranslate(self) -> None:
        if self._draft is None:
            return
        product, values = self._draft.product, dict(self._draft.values)
        labels = {spec.key: self._wording.name(spec.label) for spec in product.fields}
        shown = {
            spec.key: _choice(spec.options, values.get(spec.key, ""), self._wording)
            for spec in product.fields
        }
        keys = list(shown)
        self._ask.setText(self.tr("Read it to the customer. A top-up cannot be taken back."))
        account = account_text(shown[keys[0]]) if keys else ""
        self._account.put("", account)
        rest = [f"{labels[key]}: {shown[key]}" for key in keys[1:] if shown[key]]
        self._more.setText("   ".join(rest))
        self._more.setVisible(bool(rest))
        self._product.setText(self._wording.name(product.names))
        self._price.put(self._wording.sign(product.price), self._wording.figure(product.price))
        self._yes.setText(self.tr("That is right, add it"))
        self._no.setText(self.tr("Change it"))

    @property
    def account(self) -> str:
        return self._account.text()


class ShiftPanel(Panel):
    """No shift is open: count what lies in the drawer, then open."""

    opened = Signal(str)
    scanned = Signal(str)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._title, self._words = Text("title"), Text("body", "second").wrapped()
        self.amount = Entry("amount", groups_numbers=False)
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._open = KeyButton("primary", "Enter", binds=False)
        self._open.setMinimumHeight(scaled(64))
        pad = NumberPad()
        pad.pressed.connect(self.amount.press)
        self._open.clicked.connect(lambda: self.opened.emit(self.amount.plain()))
        self.amount.entered_nothing.connect(lambda: self.opened.emit(""))
        self.amount.entered.connect(self._entered)
        words = column(self._title, self._words, self.amount, 1, self._open, gap=12)
        inside = row(words, pad, gap=24, margin=24)
        inside.setStretch(0, 3)
        inside.setStretch(1, 2)
        card = frame("card")
        card.setLayout(inside)
        whole = column(card, 1)
        whole.setContentsMargins(0, 0, scaled(12), 0)
        self.setLayout(whole)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Open the shift"))
        self._words.setText(self.tr("Count the cash in the drawer. From here on money can be taken."))
        self.amount.setPlaceholderText("0.00")
        self._open.setText(self.tr("Open the shift"))

    def _entered(self, text: str, is_scan: bool) -> None:
        if is_scan:
            self.amount.empty()
            self.scanned.emit(text)
        else:
            self.opened.emit(text)


def _choice(options: tuple[object, ...], value: str, wording: Wording) -> str:
    """The words of a chosen option, else the value as typed."""
    for option in options:
        if getattr(option, "value", None) == value:
            return wording.name(option.label)  # type: ignore[attr-defined]
    return value
