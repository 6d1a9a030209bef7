"""The papers of a sale as they come out: what each is, and how it went, with the picture when the printer is virtual."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.sale import SaleLine, TopUpState
from pos_app.ui.pay.state import PayState
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.line_table import account_text
from pos_app.ui.widgets.text import Text, row
from pos_app.ui.wording import Wording

PICTURE_WIDTH = 232


class Slips(QWidget):
    """One quiet line a paper, one a top-up."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = PayState()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(scaled(4))
        self._rows: list[tuple[IconLabel, Text, Text, QWidget]] = []

    def put(self, state: PayState) -> None:
        self._state = state
        facts = [*map(self._of_top_up, state.top_ups), *map(self._of_paper, state.papers)]
        while len(self._rows) < len(facts):
            self._rows.append(self._make_row())
        for number, (icon, what, how, whole) in enumerate(self._rows):
            whole.setVisible(number < len(facts))
            if number < len(facts):
                picture, tone, name, word = facts[number]
                icon.put(picture, tone)
                what.setText(name)
                how.setText(word)
                how.put_tone(tone)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.put(self._state)

    def _make_row(self) -> tuple[IconLabel, Text, Text, QWidget]:
        icon, what, how = IconLabel("printer", "second", 20), Text("body"), Text("body")
        whole = QWidget()
        line = row(icon, what, 1, how, gap=8)
        whole.setLayout(line)
        whole.setMinimumHeight(scaled(28))
        self._lines.addWidget(whole)
        return icon, what, how, whole

    def _of_paper(self, paper: Paper) -> tuple[str, str, str, str]:
        return (*self._how(paper), self._what(paper), self._how_word(paper))

    def _what(self, paper: Paper) -> str:
        codes = [each for each in self._state.papers if each.kind is PaperKind.CODE]
        if paper.kind is PaperKind.CODE:
            text = self.tr("Code slip {n} of {all}").format(n=codes.index(paper) + 1, all=len(codes))
        elif paper.kind is PaperKind.TOP_UP:
            text = self.tr("Top-up slip")
        else:
            text = self.tr("Receipt")
        return f"{text}  ({self.tr('copy {n}').format(n=paper.copy)})" if paper.copy > 1 else text

    def _how(self, paper: Paper) -> tuple[str, str]:
        return {
            PaperState.DUE: ("wait", "second"),
            PaperState.PRINTING: ("printer", "second"),
            PaperState.PRINTED: ("ok", "ok"),
            PaperState.UNKNOWN: ("warn", "warn"),
            PaperState.FAILED: ("danger", "danger"),
        }[paper.state]

    def _how_word(self, paper: Paper) -> str:
        return {
            PaperState.DUE: self.tr("waits"),
            PaperState.PRINTING: self.tr("printing"),
            PaperState.PRINTED: self.tr("lost, printed again")
            if paper.cause == "lost"
            else self.tr("printed"),
            PaperState.UNKNOWN: self.tr("please look"),
            PaperState.FAILED: self._wording.paper_cause(paper.cause),
        }[paper.state]

    def _of_top_up(self, line: SaleLine) -> tuple[str, str, str, str]:
        state = line.top_up.state if line.top_up else TopUpState.NEW
        name = f"{account_text(line.account or '')}   {self._wording.money(line.product.face)}"
        if state is TopUpState.OK:
            return ("ok", "ok", name, self.tr("topped up"))
        if state is TopUpState.FAILED_FINAL:
            return ("danger", "danger", name, self.tr("failed, give the money back"))
        return ("wait", "warn", name, self.tr("on its way"))


class PaperPictures(QScrollArea):
    """What the virtual printer printed, newest first: it is the paper, so the code stands on it in clear."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[bytes, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(scaled(12))
        self._column.addStretch(1)
        self.setWidget(self._inside)
        self.setFixedWidth(scaled(PICTURE_WIDTH + 20))

    def put(self, pictures: tuple[bytes, ...]) -> None:
        if pictures == self._shown:
            return
        if pictures[: len(self._shown)] != self._shown:
            self._forget()
        for picture in pictures[len(self._shown) :]:
            self._column.insertWidget(0, self._label(picture))
        self._shown = pictures
        self.verticalScrollBar().setValue(0)

    def _forget(self) -> None:
        self._shown = ()
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()

    def _label(self, picture: bytes) -> QLabel:
        pixmap = QPixmap()
        pixmap.loadFromData(picture)
        made = QLabel()
        made.setPixmap(
            pixmap.scaledToWidth(scaled(PICTURE_WIDTH), Qt.TransformationMode.SmoothTransformation)
        )
        made.setStyleSheet("background: #FFFFFF; border: 1px solid #D5DAE1;")
        return made
