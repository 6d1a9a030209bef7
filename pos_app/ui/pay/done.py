"""What stands there when the money is in: the change in the largest type, then codes and paper as they come."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pos_app.domain.errors import PaperTrouble, Unreachable
from pos_app.domain.paper import PaperState
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import Wallet
from pos_app.domain.sale import Sale, SaleState
from pos_app.ui.pay.slips import PaperPictures, Slips
from pos_app.ui.pay.state import PayState
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording, payments


class DonePanel(QWidget):
    """Nothing here has to be closed: the next scan starts the next sale."""

    print_again_asked = Signal()
    answered = Signal(bool)
    stand_in_asked = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = PayState()
        self._icon, self._head = IconLabel("ok", "ok", 28), Text("title").wrapped()
        self._change_word, self._change = Text("lead", "second"), MoneyLabel(96, is_left=True)
        self._sums = Text("lead", "second").wrapped()
        self._said = MessageBar()
        self.again, self.yes, self.no = (
            KeyButton("primary", "F6"),
            KeyButton("primary", "F5"),
            KeyButton("plain", "F6"),
        )
        self.instead = KeyButton("primary", "F6")
        self.slips, self.pictures = Slips(wording), PaperPictures()
        self._next = Text("small")
        self.again.clicked.connect(self.print_again_asked)
        self.yes.clicked.connect(lambda: self.answered.emit(True))
        self.no.clicked.connect(lambda: self.answered.emit(False))
        self.instead.clicked.connect(self.stand_in_asked)
        head = row(self._icon, self._head, gap=12)
        head.setStretch(1, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QWidget()
        middle.setLayout(column(self.slips, 1))
        scroll.setWidget(middle)
        inside = column(
            head, self._change_word, self._change, self._sums, self._said,
            row(self.yes, self.no, self.again, self.instead, 1, gap=12), scroll, self._next, gap=8, margin=24,
        )  # fmt: skip
        inside.setStretch(6, 1)
        card = frame("card")
        card.setLayout(inside)
        whole = row(card, self.pictures, gap=16)
        whole.setContentsMargins(0, 0, scaled(12), scaled(12))
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.put(self._state)

    def put(self, state: PayState) -> None:
        self._state = state
        sale = state.sale
        self.pictures.put(state.pictures)
        if sale is None:
            return
        # Whoever paid by wallet alone gets no change: the amount that came in stands there.
        shown = sale.change if _has_cash(sale) else sale.total
        self._change.put(self._wording.sign(shown), self._wording.figure(shown))
        self._change.put_tone("ink" if _has_cash(sale) else "ok")
        self.slips.put(state)
        is_unknown = bool(state.papers_in(PaperState.UNKNOWN))
        self.yes.setVisible(is_unknown)
        self.no.setVisible(is_unknown)
        self.again.setVisible(bool(state.papers_in(PaperState.FAILED)) and not is_unknown)
        self.instead.setVisible(state.can_stand_in and state.is_waiting)
        self._put_words()
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        """Pictures only where they leave room for the words; a low screen draws the change smaller."""
        self.pictures.setVisible(bool(self._state.pictures) and self.width() >= scaled(680))
        is_lowest = self.height() < scaled(420)
        self._change.put_size(48 if is_lowest else 96 if self.height() >= scaled(560) else 72)
        self._sums.setVisible(not is_lowest)
        self._change_word.setVisible(not (is_lowest and self._said.sentence))
        self._next.setVisible(not is_lowest)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.put(self._state)

    @property
    def sentence(self) -> str:
        """What is said about codes or paper; empty when all is well."""
        return self._said.sentence

    @property
    def change(self) -> str:
        return self._change.text()

    def _put_words(self) -> None:
        state, sale = self._state, self._state.sale
        if sale is None:
            return
        self._change_word.setText(self.tr("Change") if _has_cash(sale) else self._wallets(sale))
        self._sums.setText(self._told_sums(sale))
        self.again.setText(self.tr("Try printing again"))
        self.yes.setText(self.tr("Yes, it is here"))
        self.no.setText(self.tr("No, print it again"))
        self.instead.setText(self.tr("Give codes that are held here"))
        self._next.setText(self.tr("The next scan starts the next sale."))
        self._put_head(state)
        self._put_said(state)

    def _wallets(self, sale: Sale) -> str:
        names = dict.fromkeys(
            payments.wallet_name(Wallet(payment.tender.value))
            for payment in sale.payments
            if payment.tender is not Tender.CASH
        )
        return self.tr("{wallet} received").format(wallet=" + ".join(names))

    def _told_sums(self, sale: Sale) -> str:
        """What was handed over in cash, what came by wallet, and the number."""
        number = sale.receipt_number or ""
        if sale.is_offline:
            number = self.tr("{number}, from what is held here").format(number=number)
        money = self._wording.money
        cash = [payment for payment in sale.payments if payment.tender is Tender.CASH]
        if not cash:
            return self.tr("no. {number}").format(number=number)
        received, total = money(cash[0].received), money(sale.total)
        if len(sale.payments) == 1:
            sums = self.tr("received {received} for {total}   no. {number}")
            return sums.format(received=received, total=total, number=number)
        sums = self.tr("{wallet} by wallet, received {received} for {total}   no. {number}")
        wallet = money(sale.total - cash[0].amount)
        return sums.format(wallet=wallet, received=received, total=total, number=number)

    def _put_head(self, state: PayState) -> None:
        """One word on how it stands: money in, or handed over, or what is missing."""
        if state.is_refund_due:
            self._icon.put("danger", "danger")
            self._head.setText(self.tr("Give the money back"))
        elif state.is_waiting:
            self._icon.put("wait", "warn")
            self._head.setText(self.tr("Paid, the code is on its way"))
        elif state.papers_in(PaperState.FAILED, PaperState.UNKNOWN):
            self._icon.put("warn", "danger")
            self._head.setText(self.tr("Paid, a slip is missing"))
        elif state.papers_in(PaperState.DUE, PaperState.PRINTING):
            self._icon.put("printer", "second")
            self._head.setText(self.tr("Paid, printing"))
        elif any(line.top_up is not None and not line.top_up.state.is_final for line in state.top_ups):
            self._icon.put("wait", "warn")
            self._head.setText(self.tr("Paid, the top-up is on its way"))
        else:
            self._icon.put("ok", "ok")
            self._head.setText(self.tr("Handed over"))

    def _put_said(self, state: PayState) -> None:
        trouble = state.trouble
        unknown = state.papers_in(PaperState.UNKNOWN)
        if state.sale is not None and state.sale.state is SaleState.REFUND_DUE:
            code = self._wording.rejection(state.sale.trouble or "")
            self._said.say(self.tr("{why} It waits under To do.").format(why=code), "danger")
        elif unknown:
            cause = self._wording.paper_cause(unknown[0].cause)
            text = self.tr("Did the slip come out readable? Printing broke off: {cause}.").format(cause=cause)
            self._said.say(text, "warn")
        elif isinstance(trouble, PaperTrouble):
            self._said.say(self._wording.sentence(trouble), "danger")
        elif state.is_waiting and state.sale is not None and state.sale.codes_at is not None:
            at = self._wording.clock(state.sale.codes_at)
            text = self.tr("High sums wait a while: the codes come at {time} and print by themselves.")
            self._said.say(text.format(time=at), "warn")
        elif state.is_waiting and state.can_stand_in:
            text = self.tr(
                "The platform does not answer. Other codes of the same goods are held here; the order is"
                " withdrawn, and the customer gets only one of both."
            )
            self._said.say(text, "warn")
        elif isinstance(trouble, Unreachable):
            text = self.tr("The platform does not answer. The money is safe; the code will follow by itself.")
            self._said.say(text, "warn")
        elif trouble is not None:
            self._said.say(self._wording.sentence(trouble), "danger")
        else:
            self._said.clear()


def _has_cash(sale: Sale) -> bool:
    return any(payment.tender is Tender.CASH for payment in sale.payments)
