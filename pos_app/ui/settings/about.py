"""What this till is, where its data lie, and what the doctor found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from pos_app.ui.settings.presenter import SettingsPage
from pos_app.ui.settings.words import finding_text
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column, frame, row

FACTS = 6


class AboutPanel(QFrame):
    """The facts can be selected and copied, for whoever helps on the phone."""

    examined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._names = [Text("body", "second") for _ in range(FACTS)]
        self._facts = [Text("body").wrapped() for _ in range(FACTS)]
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(24))
        grid.setVerticalSpacing(scaled(8))
        grid.setColumnStretch(1, 1)
        for number, (name, fact) in enumerate(zip(self._names, self._facts, strict=True)):
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, number, 0)
            grid.addWidget(fact, number, 1)
        self._title = Text("strong")
        self._words = Text("body", "second").wrapped()
        self._examine = KeyButton("plain", "F5")
        self._examine.clicked.connect(self.examined)
        self._findings = column(gap=6)
        head = row(self._title, 1, self._examine)
        self.setLayout(column(table, frame("line"), head, self._words, self._findings, gap=12, margin=24))
        self._drawn: object = None

    def draw(self, page: SettingsPage) -> None:
        about = page.about
        names = (
            self.tr("Shop"),
            self.tr("Till"),
            self.tr("Platform"),
            self.tr("The data lie in"),
            self.tr("The keys lie in"),
            self.tr("Version"),
        )
        facts = (
            (about.shop, about.till_code, about.platform, about.data, self._keys(about.keys), about.version)
            if about
            else ("",) * FACTS
        )
        for label, text in zip((*self._names, *self._facts), (*names, *facts), strict=True):
            label.setText(text)
        self._title.setText(self.tr("Are the books in order?"))
        self._examine.setText(self.tr("Examining") if page.is_examining else self.tr("Examine"))
        self._examine.setEnabled(not page.is_examining)
        self._words.setVisible(page.findings is None)
        self._words.setText(
            self.tr("Every sale, code and figure on this till is checked. Nothing is changed.")
        )
        self._draw_findings(page)

    def findings(self) -> list[str]:
        """What is written under the doctor's eye."""
        return [text.text() for text in self.findChildren(Text) if text.property("finding")]

    def _keys(self, where: str) -> str:
        return {
            "keyring": self.tr("the keyring of this PC"),
            "folder": self.tr("the folder that was named for them"),
        }.get(
            where, self.tr("a file of yours, for this PC has no keyring: keep others away from your account")
        )

    def _draw_findings(self, page: SettingsPage) -> None:
        while self._findings.count():
            taken = self._findings.takeAt(0)
            gone = taken.widget() if taken is not None else None
            if gone is not None:
                gone.setParent(None)
                gone.deleteLater()
        for finding in page.findings or ():
            tone = "ok" if finding.holds else "danger"
            words = Text("body", "ink" if finding.holds else "danger", finding_text(finding)).wrapped()
            words.setProperty("finding", True)
            line = QWidget()
            inside = row(IconLabel(tone, tone, 20), words, gap=10)
            inside.setStretch(1, 1)
            line.setLayout(inside)
            self._findings.addWidget(line)
