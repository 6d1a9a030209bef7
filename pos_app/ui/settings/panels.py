"""The panels of the settings that change something: language and look, and the printer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from pos_app.ui.settings.presenter import NEEDS_ADDRESS, PAPER_WIDTHS, SettingsPage
from pos_app.ui.settings.words import LANGUAGES, address_hint, looks, papers, printers
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.choice_row import ChoiceRow
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column, frame, row


class LookPanel(QFrame):
    """Both change at once, for everyone."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._language, self._look = Text("strong"), Text("strong")
        self.languages, self.looks = ChoiceRow(tuple(LANGUAGES)), ChoiceRow(("light", "dark", "large"))
        self.setLayout(column(self._language, self.languages, 0, self._look, self.looks, gap=12, margin=24))

    def draw(self, language: str, look: str) -> None:
        self._language.setText(self.tr("Language"))
        self._look.setText(self.tr("Look"))
        self.languages.put(LANGUAGES, language)
        self.looks.put(looks(), look)


class PrinterPanel(QFrame):
    """`changed` says name and value; `printed` asks for a test slip, `read` says what stands on it."""

    changed = Signal(str, str)
    printed = Signal()
    read = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._kind, self._width, self._test = Text("strong"), Text("strong"), Text("strong")
        self._guard = Text("body", "warn").wrapped()
        self.kinds, self.widths = ChoiceRow(tuple(printers()), across=3), ChoiceRow(PAPER_WIDTHS)
        self._hint, self.address = Text("small"), QLineEdit()
        self.address.setMaxLength(200)
        self._test_words = Text("body", "second").wrapped()
        self._print = KeyButton("plain", "F5")
        self.word = QLineEdit()
        self.word.setMaxLength(12)
        self.word.setFixedWidth(scaled(140))
        self._icon, self._verdict = IconLabel("ok", "ok", 24), Text("strong")
        self._connect()
        answer = row(self._print, self.word, self._icon, self._verdict, gap=12)
        answer.addStretch(1)
        self.setLayout(
            column(
                self._guard, self._kind, self.kinds, self._hint, self.address, self._width, self.widths,
                frame("line"), self._test, self._test_words, answer, gap=12, margin=24,
            )
        )  # fmt: skip

    def draw(self, page: SettingsPage) -> None:
        values = page.values
        self._guard.setText(
            self.tr("Only a supervisor or the owner changes the printer. The test slip is for all.")
        )
        self._guard.setVisible(not page.may_change_till)
        self._kind.setText(self.tr("How the printer is reached"))
        self._width.setText(self.tr("Paper"))
        self.kinds.put(printers(), values.printer)
        self.widths.put(papers(), values.paper)
        for part in (self.kinds, self.widths, self.address):
            part.setEnabled(page.may_change_till)
        needs_address = values.printer in NEEDS_ADDRESS
        self._hint.setText(address_hint(values.printer))
        self._hint.setVisible(needs_address)
        self.address.setVisible(needs_address)
        self.address.setAccessibleName(address_hint(values.printer))
        if not self.address.hasFocus():
            self.address.setText(values.printer_address)
        self._draw_test(page)

    def _draw_test(self, page: SettingsPage) -> None:
        self._test.setText(self.tr("Test slip"))
        self._print.setText(self.tr("Printing") if page.is_printing else self.tr("Print a test slip"))
        self._print.setEnabled(not page.is_printing)
        words = (
            self.tr("Which number stands on the slip? Type it here.")
            if page.word
            else self.tr("A number is printed that only the slip knows. Read it back, then you are sure.")
        )
        self._test_words.setText(words)
        if page.word and not self.word.isVisible():
            self.word.clear()
            self.word.show()
            self.word.setFocus()
        self.word.setVisible(bool(page.word))
        self.word.setAccessibleName(self.tr("The number on the slip"))
        is_told = page.is_word_right is not None
        self._icon.setVisible(is_told)
        self._verdict.setVisible(is_told)
        if page.is_word_right:
            self._icon.put("ok", "ok")
            self._verdict.setText(self.tr("Right. The printer works."))
        else:
            self._icon.put("danger", "danger")
            self._verdict.setText(self.tr("That was not printed. Look again, or print once more."))

    def _connect(self) -> None:
        self.kinds.picked.connect(lambda key: self.changed.emit("printer", key))
        self.widths.picked.connect(lambda key: self.changed.emit("paper", key))
        self.address.editingFinished.connect(
            lambda: self.changed.emit("printer_address", self.address.text().strip())
        )
        self._print.clicked.connect(self.printed)
        self.word.returnPressed.connect(lambda: self.read.emit(self.word.text()))
