"""The settings of one till, and the printer that follows them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import DiskTrouble
from pos_app.places import Places, disk_cause, resources
from pos_app.settings import Settings, SettingsFile

if TYPE_CHECKING:
    from pos_app.printing.chosen import ChosenPrinter
    from pos_app.printing.escpos_printer import Style


class TillSettings:
    """The settings of this till and the printer that follows them."""

    def __init__(self, where: Places) -> None:
        self.where = where
        self._file = SettingsFile(where.settings)
        self._printer: ChosenPrinter | None = None

    def now(self) -> Settings:
        return self._file.read()

    def keep(self, changes: dict[str, Any]) -> Settings:
        """Keep these; ValueError for a value that cannot be, DiskTrouble when they cannot be written."""
        settings = replace(self.now(), **changes)
        try:
            self._file.write(settings)
        except OSError as error:
            raise DiskTrouble(path=str(self.where.settings), cause=disk_cause(error)) from error
        if self._printer is not None:
            self._printer.choose(settings.printer, settings.printer_address, paper_style(settings))
        return settings

    def printer(self) -> ChosenPrinter:
        """The one printer of this till, whatever it is at the moment."""
        from pos_app.printing.chosen import ChosenPrinter

        if self._printer is None:
            settings = self.now()
            style = paper_style(settings)
            self._printer = ChosenPrinter(settings.printer, settings.printer_address, style)
        return self._printer


def paper_style(settings: Settings) -> Style:
    """How slips look under these settings."""
    from pos_app.printing.escpos_printer import Style
    from pos_app.printing.rows import PAPER_58, PAPER_80
    from pos_app.printing.words import read_words

    language = settings.receipt_language or settings.language
    text = (resources() / "words" / f"receipt.{language}.json").read_text(encoding="utf-8")
    return Style(read_words(json.loads(text)), PAPER_58 if settings.paper_width_mm == 58 else PAPER_80)
