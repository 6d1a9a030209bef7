"""Draws the backups panel."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from pos_app.ui.settings.backups.presenter import BackupsPage, BackupsPresenter
from pos_app.ui.widgets.backup_table import BackupTable
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording


class BackupsPanel(QFrame):
    """The list, what is said of it, and two buttons."""

    presenter: BackupsPresenter

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self._page = BackupsPage()
        self._words, self._tell = Text("body", "second").wrapped(), Text("strong").wrapped()
        self.table = BackupTable(wording)
        self.copy = KeyButton("plain", takes_focus=True)
        self.put_back = KeyButton("danger", takes_focus=True)
        buttons = row(self.copy, self.put_back, 1, gap=12)
        self.setLayout(column(self._words, self.table, self._tell, buttons, gap=16, margin=24))

    def bind(self, presenter: BackupsPresenter) -> None:
        self.presenter = presenter
        self.copy.clicked.connect(presenter.copy)
        self.put_back.clicked.connect(lambda: presenter.ask(self.table.chosen))
        self.table.picked.connect(lambda chosen: presenter.leave_it())

    def draw(self, page: BackupsPage) -> None:
        """Draw this moment."""
        self._page = page
        self._words.setText(
            self.tr(
                "A copy of the books is made by itself when a shift is closed and before an upgrade, and looked over before it "
                "counts. Copy the folder of the data to another disk now and then; the keys lie elsewhere and are needed too."
            )
        )
        self.table.show_backups(page.backups)
        self.copy.setText(self.tr("Make one now"))
        self.copy.setVisible(page.may_copy)
        self.copy.setEnabled(not page.is_copying)
        self.put_back.setVisible(page.may_put_back)
        self.put_back.setEnabled(bool(page.backups) and not page.is_copying)
        self.put_back.setText(self.tr("Yes, put it back") if page.asked else self.tr("Put it back"))
        words, tone = self._outcome(page)
        self._tell.setVisible(bool(words))
        self._tell.setText(words)
        self._tell.put_tone(tone)

    def retranslate(self) -> None:
        self.draw(self._page)

    @property
    def said(self) -> str:
        """What is said below the list; empty when nothing is."""
        return self._tell.text()

    def _outcome(self, page: BackupsPage) -> tuple[str, str]:
        if page.trouble is not None:
            return self._wording.sentence(page.trouble), "danger"
        if page.is_copying:
            return self.tr("The books are being copied. Go on selling."), "second"
        if page.asked is not None:
            text = self.tr(
                "The till closes and opens again with the books of {receipt}. What was sold after it is not in them; the "
                "present files are set aside, nothing is deleted. The till may ask to be enrolled anew before it sells."
            )
            return text.format(receipt=page.asked.receipt or "\u2013"), "warn"
        if page.made is not None:
            return self.tr("The backup is made and was looked over."), "ok"
        if not page.backups:
            return self.tr("There is none yet. The first one is made when a shift is closed."), "second"
        return "", "second"
