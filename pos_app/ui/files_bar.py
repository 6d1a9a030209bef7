"""One calm line over the whole window when something is to be said of the till's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

from pos_app.domain.errors import DiskNearlyFull
from pos_app.ui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from pos_app.ui.files_beat import FilesBeat
    from pos_app.ui.wording import Wording


class FilesBar(MessageBar):
    """Away while all is well. The gravest thing is said, the others wait for their turn."""

    def __init__(self, beat: FilesBeat, wording: Wording) -> None:
        super().__init__()
        self._beat, self._wording = beat, wording
        beat.changed.connect(
            self._draw
        )  # not earlier: shown before it lies in the window it would be one of its own

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._draw()

    def _draw(self) -> None:
        words, tone = self._words_now()
        if (words, tone) == (self.sentence, self.property("tone")):
            return
        if words:
            self.say(words, tone)
        else:
            self.clear()

    def _words_now(self) -> tuple[str, str]:
        beat, state = self._beat, self._beat.state
        if state.trouble is not None:
            from pos_app.ui.wording.files import no_more_is_written

            return no_more_is_written(state.trouble), "danger"
        if not beat.is_checked:
            return self.tr("The books are being looked over. Selling begins in a moment."), "info"
        megabytes = (state.free_bytes or 0) // 1_000_000
        if state.has_no_room_to_sell:
            return self._wording.sentence(DiskNearlyFull(free_mb=megabytes)), "danger"
        if state.has_little_room:
            text = self.tr(
                "Only {n} MB are left on the disk. Below 200 MB no new sale begins: make room soon."
            )
            return text.format(n=megabytes), "warn"
        if beat.no_backup is not None:
            text = self.tr("The closed shift has no backup yet; the till tries again by itself. {why}")
            return text.format(why=self._wording.sentence(beat.no_backup)), "warn"
        return "", ""
