"""A printer without paper: it keeps the last slips in memory, never on disk, and shows them as a real one would print them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_app.domain.errors import PaperTrouble
from pos_app.domain.receipt import Receipt
from pos_app.printing.decoder import Printed, read_bytes
from pos_app.printing.escpos_printer import EscposPrinter, Style
from pos_app.printing.rows import Page

KEPT = 20
ALL_WELL, NO_PAPER = 0x12, 0x72  # answers to DLE EOT


@dataclass(frozen=True, slots=True, repr=False)
class VirtualPaper:
    """One paper that came out: its bytes, and the page behind them unless it was torn off half way."""

    number: int
    data: bytes
    width: int
    page: Page | None

    def read(self) -> Printed:
        return read_bytes(self.data, self.width)


class VirtualPrinter(EscposPrinter):
    """Prints into memory. Listeners are called on the lane that prints, with each new paper."""

    def __init__(self, style: Style, kept: int = KEPT) -> None:
        self._tray = _Tray()
        super().__init__(self._tray, style)
        self._width = style.paper.columns
        self._kept = kept
        self._count = 0
        self._papers: tuple[VirtualPaper, ...] = ()
        self._listeners: tuple[Callable[[VirtualPaper], None], ...] = ()
        self.drawer_kicks = 0

    def papers(self) -> tuple[VirtualPaper, ...]:
        """The last papers, oldest first."""
        return self._papers

    def listen(self, listener: Callable[[VirtualPaper], None]) -> None:
        self._listeners = (*self._listeners, listener)

    def run_out(self, after_bytes: int = 0) -> None:
        """Lets the paper end: at once, or in the middle of a slip."""
        self._tray.bytes_left = after_bytes

    def load(self) -> None:
        """Puts in a new roll."""
        self._tray.bytes_left = None

    def forget(self) -> None:
        """Throws the kept papers away."""
        self._papers = ()

    def print(self, receipt: Receipt) -> None:
        page = self._page(receipt)
        try:
            self.print_page(page)
        except PaperTrouble:
            self._keep(None)
            raise
        self._keep(page)

    def open_drawer(self) -> None:
        super().open_drawer()
        self.drawer_kicks += read_bytes(self._tray.take(), self._width).drawer_kicks

    def _keep(self, page: Page | None) -> None:
        data = self._tray.take()
        if not data:
            return
        self._count += 1
        paper = VirtualPaper(self._count, data, self._width, page)
        self._papers = (*self._papers, paper)[-self._kept :]
        for listener in self._listeners:
            listener(paper)


class _Tray:
    """The transport of a printer that is not there: takes bytes, answers questions, runs out when told."""

    def __init__(self) -> None:
        self.bytes_left: int | None = None
        self._taken = bytearray()
        self._answers = bytearray()

    @property
    def device(self) -> str:
        return "virtual"

    @property
    def can_answer(self) -> bool:
        return True

    def open(self) -> None:
        self._answers.clear()

    def write(self, data: bytes) -> None:
        if data.startswith(b"\x10\x04"):
            is_paper_question = data[2:3] == b"\x04"
            self._answers.append(NO_PAPER if self._is_out and is_paper_question else ALL_WELL)
        elif data.startswith(b"\x1dr"):
            self._answers += b"" if self._is_out else b"\0"
        elif self.bytes_left is None:
            self._taken += data
        else:
            self._taken += data[: self.bytes_left]
            self.bytes_left = max(self.bytes_left - len(data), 0)

    def read(self, timeout_s: float) -> bytes:
        del timeout_s
        answer = bytes(self._answers)
        self._answers.clear()
        return answer

    def state(self) -> str | None:
        return None

    def close(self) -> None:
        """Nothing to let go."""

    def take(self) -> bytes:
        taken = bytes(self._taken)
        self._taken.clear()
        return taken

    @property
    def _is_out(self) -> bool:
        return self.bytes_left == 0
