"""The printer that is chosen at the moment, so that a shop can change it without a restart."""

from __future__ import annotations

from collections.abc import Callable

from pos_app.domain.receipt import Receipt
from pos_app.ports.printer import Printer
from pos_app.printing.escpos_printer import Style
from pos_app.printing.printers import make_printer
from pos_app.printing.virtual import VirtualPaper, VirtualPrinter


class ChosenPrinter:
    """Passes papers on to the present printer; a paper that is being printed ends where it began."""

    def __init__(self, kind: str, address: str, style: Style) -> None:
        self._listeners: tuple[Callable[[VirtualPaper], None], ...] = ()
        self._printer: Printer = make_printer(kind, address, style)

    def choose(self, kind: str, address: str, style: Style) -> None:
        """From the next paper on this one prints."""
        self._printer = make_printer(kind, address, style)
        for listener in self._listeners:
            self._attach(listener)

    def listen(self, listener: Callable[[VirtualPaper], None]) -> None:
        """`listener` hears of every paper that a virtual printer makes, on the lane that prints."""
        self._listeners = (*self._listeners, listener)
        self._attach(listener)

    def _attach(self, listener: Callable[[VirtualPaper], None]) -> None:
        if isinstance(self._printer, VirtualPrinter):
            self._printer.listen(listener)

    @property
    def virtual(self) -> VirtualPrinter | None:
        """The printer without paper, when that is the one."""
        return self._printer if isinstance(self._printer, VirtualPrinter) else None

    def print(self, receipt: Receipt) -> None:
        self._printer.print(receipt)

    def open_drawer(self) -> None:
        self._printer.open_drawer()
