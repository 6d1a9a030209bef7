"""How the till stands, in one quiet line: each word has its icon, and colour only where it means something."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from pos_app.domain.till import TillStatus
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.text import Text
from pos_app.ui.wording import Wording

SKEW_THAT_MATTERS_S = 60


class StatusStrip(QWidget):
    """Line, wallet, unsent, catalogue; a wrong clock only when it is wrong."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._status: TillStatus | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(scaled(6))
        self._parts: dict[str, tuple[IconLabel, Text]] = {}
        for name in ("clock", "catalogue", "unsent", "wallet", "line"):
            icon, words = IconLabel(size=18), Text("small")
            self._parts[name] = (icon, words)
            layout.addWidget(icon)
            layout.addWidget(words)
            layout.addSpacing(scaled(10))
        self._draw()

    def put(self, status: TillStatus) -> None:
        self._status = status
        self._draw()

    def word(self, name: str) -> str:
        """What stands at clock, catalogue, unsent, wallet or line; empty when it is hidden."""
        return self._parts[name][1].text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._draw()

    def _draw(self) -> None:
        status = self._status
        if status is None:
            for name in self._parts:
                self._hide(name)
            return
        self._draw_line(status)
        self._draw_wallet(status)
        self._draw_catalogue(status)
        if status.unsent:
            self._say("unsent", "outbox", self.tr("{n} unsent").format(n=status.unsent), "second")
        else:
            self._say("unsent", "outbox", self.tr("all sent"), "second")
        minutes = abs(status.clock_skew_s) // 60
        if abs(status.clock_skew_s) > SKEW_THAT_MATTERS_S:
            self._say("clock", "clock", self.tr("clock is {n} min wrong").format(n=minutes), "danger")
        else:
            self._hide("clock")

    def _draw_line(self, status: TillStatus) -> None:
        if status.line_up is None:
            self._say("line", "wait", self.tr("asking"), "second")
        elif status.line_up:
            self._say("line", "line_up", self.tr("line up"), "ok")
        else:
            held = status.held.count if status.held is not None else 0
            words = self.tr("line down, {n} codes held here").format(n=held) if held else self.tr("line down")
            self._say("line", "line_down", words, "warn")

    def _draw_wallet(self, status: TillStatus) -> None:
        if status.account is None:
            self._hide("wallet")
            return
        text = self._wording.money(status.account.available)
        if status.is_wallet_low:
            self._say("wallet", "wallet", self.tr("wallet low {money}").format(money=text), "danger")
        else:
            self._say("wallet", "wallet", self.tr("wallet {money}").format(money=text), "second")

    def _draw_catalogue(self, status: TillStatus) -> None:
        held, total = status.catalogue.held, status.catalogue.total
        if status.catalogue.synced_at is None:
            text = self.tr("{held} of {total} products").format(held=held, total=total)
            self._say("catalogue", "catalogue", text, "warn")
            return
        at = self._wording.when(status.catalogue.synced_at)
        text = self.tr("{held} of {total} products, as of {time}").format(
            held=held, total=max(held, total), time=at
        )
        self._say("catalogue", "catalogue", text, "second" if held >= total else "warn")

    def _say(self, name: str, icon: str, text: str, tone: str) -> None:
        picture, words = self._parts[name]
        picture.put(icon, tone)
        words.setText(text)
        words.put_tone(tone)
        picture.show()
        words.show()

    def _hide(self, name: str) -> None:
        for part in self._parts[name]:
            part.hide()
        self._parts[name][1].setText("")
